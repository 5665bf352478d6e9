//! From the start of the process to its ready line, with nothing stored and with one gigabyte.

use std::path::Path;

use watchglass_storage::Signal;
use watchglass_store::DiskStore;

use crate::instance::Instance;
use crate::measure::{disk_of, memory_of};
use crate::store::{fill, roomy};
use crate::traffic::Traffic;

const GIGABYTE: u64 = 1 << 30;

pub(crate) fn table() {
    println!("stored MiB  ready ms  idle MiB");
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    line(folder.path());
    let mut traffic = Traffic::new(9);
    while disk_of(folder.path()) < GIGABYTE {
        let store = DiskStore::open(folder.path(), &roomy()).unwrap();
        for signal in Signal::ALL {
            fill(&store, signal, traffic.requests(signal, 4_000));
        }
    }
    line(folder.path());
}

fn line(folder: &Path) {
    for _ in 0..3 {
        let instance = Instance::start(folder);
        let (idle, _) = memory_of(instance.process());
        let ready = instance.ready_after.as_millis();
        println!("{:>10}{ready:>10}{idle:>10}", disk_of(folder) >> 20);
    }
}
