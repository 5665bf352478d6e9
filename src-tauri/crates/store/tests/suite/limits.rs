//! The store stays within its age and its size, and gives the disk back.

use std::time::Duration;

use watchglass_model::Timestamp;
use watchglass_storage::{Catalog, WriteError, Writer};
use watchglass_store::{DiskStore, Settings};

use crate::workload::{Pair, small};

#[test]
fn a_store_larger_than_its_limit_removes_its_oldest_partitions() {
    let folder = tempfile::tempdir().unwrap();
    let settings = Settings { max_disk: 1_500_000, ..small() };
    let mut pair = Pair::open(folder.path(), &settings, 21);
    for _ in 0..45 {
        pair.write(60);
    }
    pair.seal_all();
    for _ in 0..500 {
        if pair.store.size().disk_bytes <= settings.max_disk {
            break;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    let written = pair.reference.rows().iter().sum::<u64>();
    let size = pair.store.size();
    assert!(size.rows.iter().sum::<u64>() < written, "nothing was removed: {size:?}");
    assert!(size.disk_bytes <= settings.max_disk, "{size:?}");
    assert!(occupied(folder.path()) <= settings.max_disk * 105 / 100, "{size:?}");
}

#[test]
fn journals_of_small_requests_do_not_pile_up() {
    let folder = tempfile::tempdir().unwrap();
    let settings = Settings { head_bytes: 64 << 10, partition_bytes: 300 << 10, ..small() };
    let mut pair = Pair::open(folder.path(), &settings, 24);
    for _ in 0..400 {
        pair.write(1);
    }
    let most = 2 * settings.partition_bytes;
    for _ in 0..500 {
        if pair.store.size().journal_bytes < most {
            break;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    assert!(pair.store.size().journal_bytes < most, "{:?}", pair.store.size());
    pair.check();
}

#[test]
fn what_is_older_than_the_retention_goes() {
    let folder = tempfile::tempdir().unwrap();
    let mut pair = Pair::open(folder.path(), &small(), 22);
    pair.write(50);
    pair.seal_all();
    let received = 1_700_000_000_000_000_000;
    let days = |count: u64| Timestamp(received + count * 24 * 3600 * 1_000_000_000);
    pair.store.tick(days(6));
    std::thread::sleep(Duration::from_millis(200));
    assert!(pair.store.size().rows.iter().sum::<u64>() > 0);
    pair.store.tick(days(8));
    for _ in 0..500 {
        if partitions(folder.path()) == 0 {
            break;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    assert_eq!(pair.store.size().rows, [0; 3]);
    assert_eq!(std::fs::read_dir(folder.path().join("partitions")).unwrap().count(), 0);
}

#[test]
fn a_disk_without_room_refuses_writes_and_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let settings = Settings { min_free: u64::MAX, ..small() };
    let mut pair = Pair::open(folder.path(), &small(), 23);
    pair.write(5);
    let pair = pair.reopen(folder.path(), &settings);
    pair.store.tick(Timestamp(1_700_000_001_000_000_000));
    for _ in 0..500 {
        if pair.store.size().read_only.is_some() {
            break;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    let (tell, told) = std::sync::mpsc::channel();
    let arrival = watchglass_storage::Arrival {
        received: Timestamp(1),
        batch: watchglass_storage::Batch::Logs(std::sync::Arc::default()),
        wire: Vec::new().into(),
    };
    pair.store.append(arrival, Box::new(move |outcome| tell.send(outcome).unwrap()));
    let refused = told.recv().unwrap().unwrap_err();
    assert!(matches!(&refused, WriteError::Disk(why) if why.contains("free")), "{refused}");
    pair.check();
}

#[test]
fn documents_are_kept_over_restarts_and_over_the_loss_of_their_database() {
    let folder = tempfile::tempdir().unwrap();
    let store = DiskStore::open(folder.path(), &small()).unwrap();
    store.put("run", "2", "second").unwrap();
    store.put("run", "1", "first").unwrap();
    store.put("setting", "theme", "dark").unwrap();
    store.put("run", "2", "changed").unwrap();
    drop(store);
    let expected = [("1", "first"), ("2", "changed")].map(|(k, d)| (k.to_owned(), d.to_owned()));
    let store = DiskStore::open(folder.path(), &small()).unwrap();
    assert_eq!(store.list("run").unwrap(), expected);
    drop(store);
    std::fs::remove_dir_all(folder.path().join("catalog")).unwrap();
    std::fs::write(folder.path().join("catalog"), "not a folder").unwrap();
    let store = DiskStore::open(folder.path(), &small()).unwrap();
    assert_eq!(store.list("run").unwrap(), expected);
    assert!(store.list("nothing").unwrap().is_empty());
}

fn partitions(folder: &std::path::Path) -> usize {
    std::fs::read_dir(folder.join("partitions")).unwrap().count()
}

/// Bytes on disk of a folder, holes not counted.
fn occupied(folder: &std::path::Path) -> u64 {
    use std::os::unix::fs::MetadataExt;
    let entries = std::fs::read_dir(folder).unwrap().map(Result::unwrap);
    let sizes = entries.map(|entry| match entry.metadata().unwrap() {
        metadata if metadata.is_dir() => occupied(&entry.path()),
        metadata => metadata.blocks() * 512,
    });
    sizes.sum()
}
