//! Damage costs what it hit, never the start.

use std::fs;
use std::path::{Path, PathBuf};

use watchglass_model::TimeRange;
use watchglass_storage::contract::{check_same_answers, spans};
use watchglass_storage::{Detail, SpanFilter, SpanScan};
use watchglass_store::{DiskStore, OpenError, Settings};

use crate::workload::{Pair, small};

const ALL: SpanScan = SpanScan {
    range: TimeRange::ALL,
    filter: SpanFilter {
        traces: None,
        service: None,
        operation: None,
        status: None,
        min_duration: None,
        max_duration: None,
        attributes: Vec::new(),
    },
    detail: Detail::Core,
};

#[test]
fn a_torn_end_of_the_journal_costs_nothing_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    let mut pair = Pair::open(folder.path(), &small(), 11);
    pair.write(30);
    let reference = pair.reference;
    drop(pair.store);
    let journal = last_journal(folder.path());
    let mut bytes = fs::read(&journal).unwrap();
    bytes.extend_from_slice(b"WGfr\x01\x02\x03\x04\xff\x00\x00\x00half a frame");
    fs::write(&journal, bytes).unwrap();
    let store = DiskStore::open(folder.path(), &small()).unwrap();
    check_same_answers(&store, &reference);
}

#[test]
fn a_damaged_frame_costs_that_frame() {
    let folder = tempfile::tempdir().unwrap();
    let mut pair = Pair::open(folder.path(), &small(), 12);
    for _ in 0..20 {
        pair.write(1);
    }
    let before = pair.store.size().rows;
    drop(pair.store);
    let journal = last_journal(folder.path());
    let mut bytes = fs::read(&journal).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0xff;
    fs::write(&journal, bytes).unwrap();
    let store = DiskStore::open(folder.path(), &small()).unwrap();
    let after = store.size().rows;
    assert!(after != before, "the damage hit nothing");
    let (before, after) = (before.iter().sum::<u64>(), after.iter().sum::<u64>());
    assert!(after * 2 > before, "{after} of {before} rows are left");
}

#[test]
fn a_partition_that_does_not_open_is_put_aside_and_made_anew_from_its_journals() {
    let folder = tempfile::tempdir().unwrap();
    let settings = large();
    let mut pair = Pair::open(folder.path(), &settings, 13);
    pair.write(200);
    let reference = pair.reference;
    drop(pair.store);
    spoil_database(&folder.path().join("partitions/00000000"));
    let store = DiskStore::open(folder.path(), &settings).unwrap();
    assert_eq!(store.size().quarantined.len(), 1);
    check_same_answers(&store, &reference);
}

#[test]
fn a_sealed_partition_that_does_not_open_costs_that_partition() {
    let folder = tempfile::tempdir().unwrap();
    let mut pair = Pair::open(folder.path(), &large(), 14);
    for _ in 0..2 {
        pair.write(100);
        pair.seal_all();
    }
    pair.write(20);
    let before = spans(&pair.store, &ALL).len();
    drop(pair.store);
    spoil_database(&oldest_partition(folder.path()));
    let store = DiskStore::open(folder.path(), &large()).unwrap();
    let after = spans(&store, &ALL).len();
    assert!(0 < after && after < before, "{after} of {before} spans are left");
    assert!(store.size().damaged_blocks > 0);
}

#[test]
fn a_damaged_block_costs_that_block_and_a_damaged_header_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut pair = Pair::open(folder.path(), &large(), 15);
    for _ in 0..10 {
        // What waits together goes into one head, so these must not.
        pair.write(15);
    }
    pair.seal_all();
    let before = spans(&pair.store, &ALL).len();
    drop(pair.store);
    let (header, core) = ([0, 0, 0, 1, 0, 0, 0, 0, 0], [0, 0, 0, 1, 1, 0, 0, 0, 0]);
    spoil_record(&oldest_partition(folder.path()), &header);
    let store = DiskStore::open(folder.path(), &large()).unwrap();
    check_same_answers(&store, &pair.reference);
    assert_eq!(store.size().damaged_blocks, 1);
    drop(store);
    spoil_record(&oldest_partition(folder.path()), &core);
    let store = DiskStore::open(folder.path(), &large()).unwrap();
    let after = spans(&store, &ALL).len();
    assert!(0 < after && after < before, "{after} of {before} spans are left");
}

#[test]
fn a_folder_in_use_is_refused_with_one_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let _first = DiskStore::open(folder.path(), &small()).unwrap();
    let error = DiskStore::open(folder.path(), &small()).unwrap_err();
    assert!(matches!(error, OpenError::InUse { .. }), "{error}");
    let own = std::process::id().to_string();
    assert!(error.to_string().contains(&own), "{error}");
}

#[test]
fn a_folder_of_an_older_format_is_refused_with_one_sentence() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(
        folder.path().join("manifest.json"),
        r#"{"version":1,"partitions":[],"next_partition":0}"#,
    )
    .unwrap();
    let error = DiskStore::open(folder.path(), &small()).unwrap_err().to_string();
    assert!(error.contains("version 1") && error.contains("older Watchglass"), "{error}");
}

#[test]
fn a_file_where_the_folder_should_be_is_refused_with_one_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    let error = DiskStore::open(&file, &small()).unwrap_err();
    assert!(matches!(error, OpenError::Unwritable { .. }), "{error}");
}

/// Partitions that are sealed only when the test says so, so that it knows their names.
fn large() -> Settings {
    Settings { partition_bytes: 1 << 30, ..small() }
}

/// Sealing may have written it anew, under another number.
fn oldest_partition(folder: &Path) -> PathBuf {
    let folders = fs::read_dir(folder.join("partitions")).unwrap();
    folders.map(|folder| folder.unwrap().path()).min().unwrap()
}

fn last_journal(folder: &Path) -> PathBuf {
    let files = fs::read_dir(folder.join("journal")).unwrap();
    files.map(|file| file.unwrap().path()).max().unwrap()
}

/// Flips a bit of a record, as FORMAT.md gives its key.
pub(crate) fn spoil_record(folder: &Path, key: &[u8]) {
    let db: sled::Db<16> = sled::Config::new().path(folder).flush_every_ms(None).open().unwrap();
    let mut record = db.get(key).unwrap().unwrap().to_vec();
    *record.last_mut().unwrap() ^= 1;
    db.insert(key, record).unwrap();
}

/// Overwrites the beginning of every file of a sled database.
fn spoil_database(folder: &Path) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            spoil_database(&path);
        } else {
            let mut bytes = fs::read(&path).unwrap();
            bytes.iter_mut().take(64).for_each(|byte| *byte = 0xa5);
            fs::write(&path, bytes).unwrap();
        }
    }
}
