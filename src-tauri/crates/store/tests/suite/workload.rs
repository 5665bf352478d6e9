//! Made-up arrivals, and a store with a reference in memory that took the same ones.

use std::path::Path;
use std::sync::mpsc::channel;
use std::time::Duration;

use prost::Message;
use watchglass_model::Timestamp;
use watchglass_storage::contract::check_same_answers;
use watchglass_storage::{Arrival, Batch, MemoryStore, Writer};
use watchglass_store::{DiskStore, Settings};

use crate::dice::Dice;
use crate::requests;

/// Small enough that a few hundred arrivals make heads, segments and partitions.
pub(crate) fn small() -> Settings {
    Settings {
        head_bytes: 256 << 10,
        partition_bytes: 200 << 10,
        min_free: 0,
        ..Settings::within(Duration::from_hours(168), 1 << 30)
    }
}

/// A store on disk and what it should hold.
pub(crate) struct Pair {
    pub(crate) store: DiskStore,
    pub(crate) reference: MemoryStore,
    dice: Dice,
    now: u64,
}

impl Pair {
    pub(crate) fn open(folder: &Path, settings: &Settings, seed: u64) -> Self {
        let store = DiskStore::open(folder, settings).unwrap();
        let now = 1_700_000_000_000_000_000;
        Self { store, reference: MemoryStore::new(), dice: Dice::new(seed), now }
    }

    /// Closes the store and opens it again.
    pub(crate) fn reopen(self, folder: &Path, settings: &Settings) -> Self {
        self.between(|_| DiskStore::open(folder, settings).unwrap())
    }

    /// Closes the store and goes on with the one that `open` gives, which may look at the folder before.
    pub(crate) fn between(self, open: impl FnOnce(&MemoryStore) -> DiskStore) -> Self {
        let Self { store, reference, dice, now } = self;
        drop(store);
        Self { store: open(&reference), reference, dice, now }
    }

    /// Writes so many arrivals and waits until all of them are acknowledged.
    pub(crate) fn write(&mut self, count: usize) {
        let (acknowledge, acknowledged) = channel();
        for _ in 0..count {
            let arrival = self.arrival();
            self.reference.keep(&arrival.batch);
            let acknowledge = acknowledge.clone();
            self.store.append(arrival, Box::new(move |outcome| acknowledge.send(outcome).unwrap()));
        }
        for _ in 0..count {
            acknowledged.recv().unwrap().unwrap();
        }
    }

    pub(crate) fn check(&self) {
        check_same_answers(&self.store, &self.reference);
    }

    fn arrival(&mut self) -> Arrival {
        self.now += 1_000_000;
        let (wire, batch) = match self.dice.below(3) {
            0 => {
                let wire = requests::traces(&mut self.dice).encode_to_vec();
                let mut spans = watchglass_otlp::decode_traces(&wire).unwrap();
                watchglass_otlp::reject_invalid(&mut spans);
                (wire, Batch::Spans(spans.into()))
            }
            1 => {
                let wire = requests::logs(&mut self.dice).encode_to_vec();
                let mut logs = watchglass_otlp::decode_logs(&wire).unwrap();
                watchglass_otlp::clear_invalid(&mut logs);
                watchglass_detection::derive(&mut logs);
                (wire, Batch::Logs(logs.into()))
            }
            _ => {
                let wire = requests::metrics(&mut self.dice).encode_to_vec();
                let points = watchglass_otlp::decode_metrics(&wire).unwrap();
                (wire, Batch::Points(points.into()))
            }
        };
        Arrival { received: Timestamp(self.now), batch, wire: wire.into() }
    }

    /// Seals everything and waits until that is done.
    pub(crate) fn seal_all(&self) {
        self.store.seal_all();
        for _ in 0..500 {
            let size = self.store.size();
            if size.head_bytes == 0 && size.journal_bytes < 8 << 10 {
                return;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        panic!("the store did not seal: {:?}", self.store.size());
    }
}
