//! Series on a real disk: the same answers as the store in memory, however often heads become segments and the store
//! is closed between.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, RwLock};
use std::time::Duration;

use watchglass_model::{Labels, Sample, SampleValue, Samples, Timestamp};
use watchglass_storage::contract::{SERIES_WINDOW, check_same_series_answers, check_series_store};
use watchglass_storage::{
    MatchOperator, Matcher, MemorySeries, MetricMetadata, MillisRange, ReadError, SeriesCursor,
    SeriesExemplar, SeriesExtent, SeriesReader, SeriesWrite, SeriesWriter, WriteDone, WriteError,
};
use watchglass_store::{DiskStore, Settings};

use crate::damage::spoil_record;
use crate::restart::copy_folder;
use crate::workload::small;

fn settings() -> Settings {
    Settings { out_of_order: Duration::from_millis(SERIES_WINDOW.unsigned_abs()), ..small() }
}

fn open(folder: &Path, settings: &Settings) -> DiskStore {
    DiskStore::open(folder, settings).unwrap()
}

/// Heads so small that a partition has several segments when it is sealed, and is small enough to be gathered.
pub(crate) fn restless() -> Settings {
    Settings { head_samples: 20, partition_bytes: 4 << 20, ..settings() }
}

#[test]
fn series_on_disk_answer_like_series_in_memory() {
    for seed in 0..20 {
        let folder = tempfile::tempdir().unwrap();
        check_series_store(&open(folder.path(), &settings()), seed);
    }
}

#[test]
fn series_answer_the_same_when_heads_become_segments_at_every_turn() {
    for seed in 100..110 {
        let folder = tempfile::tempdir().unwrap();
        check_series_store(&open(folder.path(), &restless()), seed);
    }
}

#[test]
fn series_answer_the_same_over_seals_and_restarts() {
    for seed in 200..205 {
        let folder = tempfile::tempdir().unwrap();
        check_series_store(&Restless::open(folder.path(), 3), seed);
    }
}

#[test]
fn what_was_acknowledged_is_there_when_the_process_is_killed() {
    let (folder, copy) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let store = open(folder.path(), &settings());
    let reference = MemorySeries::new(SERIES_WINDOW);
    for minute in 0..50 {
        write(&store, &reference, minute);
        if minute % 20 == 10 {
            store.seal_all();
        }
    }
    // Nothing is written between the last acknowledgement and the copy, as if the process had been killed there; a copy
    // takes longer than a kill, so what is being sealed must be done.
    let count = |name: &str| std::fs::read_dir(folder.path().join(name)).unwrap().count();
    for _ in 0..500 {
        store.tick(Timestamp::ZERO);
        if count("journal") == 1 && count("partitions") as u64 == store.size().partitions {
            break;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    copy_folder(folder.path(), copy.path());
    check_same_series_answers(&open(copy.path(), &settings()), &reference);
}

#[test]
fn small_partitions_become_one_and_no_answer_changes() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path(), &restless());
    let reference = MemorySeries::new(SERIES_WINDOW);
    for minute in 0..8 {
        write(&store, &reference, minute);
        store.seal_all();
    }
    let journals = || std::fs::read_dir(folder.path().join("journal")).unwrap().count();
    for _ in 0..500 {
        if journals() == 1 && store.size().partitions <= 4 {
            break;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    assert!(journals() == 1 && store.size().partitions <= 4, "{:?}", store.size());
    check_same_series_answers(&store, &reference);
    drop(store);
    check_same_series_answers(&open(folder.path(), &restless()), &reference);
}

#[test]
fn samples_that_are_older_than_the_retention_go_with_their_partition() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path(), &settings());
    let reference = MemorySeries::new(SERIES_WINDOW);
    store.tick(Timestamp(BASE * 1_000_000));
    write(&store, &reference, 0);
    store.seal_all();
    let later = Duration::from_hours(169);
    let later = Timestamp(BASE * 1_000_000 + u64::try_from(later.as_nanos()).unwrap());
    for _ in 0..500 {
        store.tick(later);
        if store.select(&[], MillisRange::ALL).unwrap().is_empty() {
            return;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    panic!("the samples are still there");
}

#[test]
fn deleted_samples_give_back_their_place() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path(), &restless());
    let reference = MemorySeries::new(SERIES_WINDOW);
    for minute in 0..30 {
        write(&store, &reference, minute);
    }
    store.seal_all();
    let gone = [Matcher::new("number", MatchOperator::NotEqual, "3").unwrap()];
    store.delete(&gone, MillisRange::ALL).unwrap();
    reference.delete(&gone, MillisRange::ALL).unwrap();
    write(&store, &reference, 30);
    store.clean();
    // What the table of each segment still names, whether it is shown or not.
    let left = || -> u64 {
        let extent = store.extent().unwrap();
        extent.blocks.iter().map(|block| block.samples).sum()
    };
    // Minute 30 has all twelve series, of the thirty before it one was left.
    for _ in 0..500 {
        if left() == 42 {
            break;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    assert_eq!(left(), 42);
    check_same_series_answers(&store, &reference);
    drop(store);
    check_same_series_answers(&open(folder.path(), &restless()), &reference);
}

#[test]
fn damage_to_any_block_of_series_costs_no_more_than_it_hit() {
    let folder = tempfile::tempdir().unwrap();
    let reference = MemorySeries::new(SERIES_WINDOW);
    let store = open(folder.path(), &restless());
    for minute in 0..40 {
        write(&store, &reference, minute);
    }
    store.seal_all();
    store.close();
    drop(store);
    let partition = folder.path().join("partitions");
    let partition = std::fs::read_dir(partition).unwrap().next().unwrap().unwrap().path();
    let mut hit = 0;
    for key in series_keys(&partition) {
        spoil_record(&partition, &key);
        let store = open(folder.path(), &restless());
        let mut read = Samples::default();
        for cursor in store.select(&[], MillisRange::ALL).unwrap() {
            cursor.read(MillisRange::ALL, &mut read).unwrap();
            hit += usize::from(read.is_empty());
        }
        assert!(store.size().damaged_blocks > 0 || key[4] == 8, "{key:?} was not missed");
        drop(store);
        spoil_record(&partition, &key);
    }
    assert!(hit > 0, "no damage hit a sample");
    check_same_series_answers(&open(folder.path(), &restless()), &reference);
}

/// When samples begin, 2025-01-01.
const BASE: u64 = 1_735_689_600_000;

/// A few series of one minute, written and acknowledged.
pub(crate) fn write(store: &DiskStore, reference: &MemorySeries, minute: u32) {
    let sample = |number: u32| Sample {
        time: i64::try_from(BASE).unwrap() + i64::from(minute) * 60_000,
        value: SampleValue::Float(f64::from(number * minute)),
        start: 0,
    };
    let series = (0..12_u32).map(|number| {
        let labels = Labels::from_pairs([("__name__", "m"), ("number", &number.to_string())]);
        (labels, vec![sample(number)])
    });
    let write = Arc::new(SeriesWrite { samples: series.collect(), ..SeriesWrite::default() });
    let (tell, told) = std::sync::mpsc::channel();
    store.write(Arc::clone(&write), Box::new(move |written| tell.send(written).unwrap()));
    assert_eq!(told.recv().unwrap().unwrap(), reference.keep(&write));
}

/// The keys of the records of series in a partition.
fn series_keys(partition: &Path) -> Vec<Vec<u8>> {
    let db: sled::Db<16> = sled::Config::new().path(partition).flush_every_ms(None).open().unwrap();
    let keys = db.iter().map(|record| record.unwrap().0.to_vec());
    keys.filter(|key| key[4] >= 6).collect()
}

/// A store that is closed and opened again, or told to seal, after each few writes.
struct Restless {
    folder: PathBuf,
    store: RwLock<Option<DiskStore>>,
    writes: AtomicU32,
    every: u32,
}

impl Restless {
    fn open(folder: &Path, every: u32) -> Self {
        let store = open(folder, &restless());
        let (store, writes) = (RwLock::new(Some(store)), AtomicU32::new(0));
        Self { folder: folder.to_owned(), store, writes, every }
    }

    fn with<T>(&self, use_it: impl FnOnce(&DiskStore) -> T) -> T {
        use_it(self.store.read().unwrap().as_ref().unwrap())
    }

    fn rest(&self) {
        let writes = self.writes.fetch_add(1, Ordering::Relaxed);
        if writes % 5 == 4 {
            self.with(DiskStore::seal_all);
        }
        if writes.is_multiple_of(self.every) {
            let mut store = self.store.write().unwrap();
            // Closed before it is opened again: a folder has one store.
            drop(store.take());
            *store = Some(open(&self.folder, &restless()));
        }
    }
}

impl SeriesWriter for Restless {
    fn write(&self, write: Arc<SeriesWrite>, done: WriteDone) {
        self.rest();
        self.with(|store| store.write(write, done));
    }

    fn delete(&self, matchers: &[Matcher], range: MillisRange) -> Result<(), WriteError> {
        self.with(|store| store.delete(matchers, range))
    }
}

impl SeriesReader for Restless {
    fn select(
        &self,
        matchers: &[Matcher],
        range: MillisRange,
    ) -> Result<Vec<Box<dyn SeriesCursor>>, ReadError> {
        self.with(|store| store.select(matchers, range))
    }

    fn label_names(
        &self,
        matchers: &[Matcher],
        range: MillisRange,
    ) -> Result<Vec<String>, ReadError> {
        self.with(|store| store.label_names(matchers, range))
    }

    fn label_values(
        &self,
        name: &str,
        matchers: &[Matcher],
        range: MillisRange,
    ) -> Result<Vec<String>, ReadError> {
        self.with(|store| store.label_values(name, matchers, range))
    }

    fn exemplars(
        &self,
        matchers: &[Matcher],
        range: MillisRange,
    ) -> Result<Vec<(Labels, Vec<SeriesExemplar>)>, ReadError> {
        self.with(|store| store.exemplars(matchers, range))
    }

    fn metadata(
        &self,
        metric: Option<&str>,
    ) -> Result<Vec<(String, Vec<MetricMetadata>)>, ReadError> {
        self.with(|store| store.metadata(metric))
    }

    fn extent(&self) -> Result<SeriesExtent, ReadError> {
        self.with(SeriesReader::extent)
    }
}
