//! Series alone: what a sample costs on disk by kind and in a mix, what a series costs in memory, how fast they are
//! taken, and how soon a store with many of them is open again.
#![expect(clippy::cast_precision_loss, reason = "a table shows three digits")]

use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use watchglass_model::{Millis, Samples, Timestamp};
use watchglass_storage::{Matcher, MillisRange, SeriesReader, SeriesWriter};
use watchglass_store::DiskStore;

use crate::measure::{bytes_each, each, memory_of, own_cpu};
use crate::mix::{Chance, INTERVAL, KINDS, START, Target, mixed, targets};
use crate::store::roomy;

/// Scrapes of a day.
const DAY: usize = 5_760;

pub(crate) fn table() {
    println!("kind               samples  disk B  µs each");
    for (kind, _) in KINDS {
        let kinds = vec![kind; 1_000];
        line(kind, &kinds, DAY / 3);
    }
    line("mix, a day", &mixed(10_000), DAY);
    active(200_000);
}

fn line(name: &str, kinds: &[&'static str], scrapes: usize) {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let store = DiskStore::open(folder.path(), &roomy()).unwrap();
    let mut targets = targets(kinds);
    let started = own_cpu();
    fill(&store, &mut targets, 0..scrapes);
    let cost = own_cpu().saturating_sub(started);
    let samples = kinds.len() * scrapes;
    let before = store.size();
    if scrapes == DAY {
        let journal = bytes_each(before.journal_bytes, samples);
        println!(
            "    before the last seal: {:.3} bytes, {journal:.3} of them journal",
            bytes_each(before.disk_bytes, samples)
        );
        drop(store);
        let store = reopen(folder.path());
        seal(&store);
        disk(name, &store, samples, cost);
        questions(&store);
        drop(store);
        drop(reopen(folder.path()));
    } else {
        seal(&store);
        disk(name, &store, samples, cost);
    }
}

fn disk(name: &str, store: &DiskStore, samples: usize, cost: Duration) {
    let size = store.size();
    let bytes = bytes_each(size.disk_bytes - size.journal_bytes, samples);
    println!("{name:<16}{samples:>10}{bytes:>8.3}{:>9.3}", each(cost, samples));
}

fn reopen(folder: &Path) -> DiskStore {
    let started = Instant::now();
    let store = DiskStore::open(folder, &roomy()).unwrap();
    println!(
        "    open again: {} ms, {} partitions",
        started.elapsed().as_millis(),
        store.size().partitions
    );
    store
}

fn seal(store: &DiskStore) {
    store.seal_all();
    while store.size().head_bytes > 0 || store.size().journal_bytes > 100_000 {
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// What it takes to read one series, and all of a metric, over all time.
fn questions(store: &DiskStore) {
    let one = [Matcher::metric("counter_45"), Matcher::equal("instance", "host-007:9100")];
    let all = [Matcher::metric("counter_45")];
    for matchers in [&one[..], &all[..], &all[..]] {
        let started = Instant::now();
        let found = store.select(matchers, MillisRange::ALL).unwrap();
        let mut read = Samples::default();
        let mut samples = 0;
        for cursor in &found {
            cursor.read(MillisRange::ALL, &mut read).unwrap();
            samples += read.len();
        }
        let (count, took) = (found.len(), started.elapsed().as_secs_f64() * 1e3);
        println!("    {count} series, {samples} samples read in {took:.1} ms");
    }
}

/// Memory and time with so many series, each with a few samples.
fn active(series: usize) {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let store = DiskStore::open(folder.path(), &roomy()).unwrap();
    let process = std::process::id();
    let (before, _) = memory_of(process);
    let mut targets = targets(&mixed(series));

    let started = Instant::now();
    fill(&store, &mut targets, 0..1);
    let new = series as f64 / started.elapsed().as_secs_f64();
    let started = Instant::now();
    fill(&store, &mut targets, 1..25);
    let rate = (24 * series) as f64 / started.elapsed().as_secs_f64();
    let (after, _) = memory_of(process);
    println!("{series} series: {new:.0} new a second, then {rate:.0} samples a second");
    println!(
        "    {:.0} bytes a series after 25 scrapes; head {:.0}",
        ((after - before) << 20) as f64 / series as f64,
        store.size().head_bytes as f64 / series as f64
    );
}

/// Scrapes all targets, a write each, 64 in flight.
fn fill(store: &DiskStore, targets: &mut [Target], scrapes: std::ops::Range<usize>) {
    let mut chance = Chance(11);
    let (tell, told) = channel();
    let mut waiting = 0;
    for scrape in scrapes {
        let due = START + INTERVAL * Millis::try_from(scrape).unwrap();
        store.tick(Timestamp(due.unsigned_abs() * 1_000_000));
        for target in targets.iter_mut() {
            let time = target.time(scrape, &mut chance);
            let write = Arc::new(target.scrape(time, &mut chance));
            let tell = tell.clone();
            store.write(write, Box::new(move |outcome| tell.send(outcome.unwrap()).unwrap()));
            waiting += 1;
            if waiting > 64 {
                let written = told.recv().unwrap();
                assert_eq!(written.refused, []);
                waiting -= 1;
            }
        }
    }
    (0..waiting).for_each(|_| assert_eq!(told.recv().unwrap().refused, []));
}
