//! A store that is opened only to be read answers as the one that wrote it, and leaves everything as it found it.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::channel;

use watchglass_storage::contract::{SERIES_WINDOW, check_same_answers, check_same_series_answers};
use watchglass_storage::{
    Catalog, Matcher, MemorySeries, MillisRange, SeriesWrite, SeriesWriter, WriteError,
};
use watchglass_store::{DiskStore, OpenError};

use crate::series::{restless, write};
use crate::workload::{Pair, small};

/// Journals and manifest of a folder; sled's files are its own business.
fn left(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let journals = std::fs::read_dir(folder.join("journal")).unwrap();
    let files = journals.map(|file| file.unwrap().path()).chain([folder.join("manifest.json")]);
    let files = files.filter_map(|path| Some((path.clone(), std::fs::read(path).ok()?)));
    files.map(|(path, content)| (path.display().to_string(), content)).collect()
}

#[test]
fn rows_are_read_in_whatever_state_they_lie() {
    let folder = tempfile::tempdir().unwrap();
    let mut pair = Pair::open(folder.path(), &small(), 7);
    for round in 0..5 {
        pair.write(60);
        if round == 2 {
            pair.seal_all();
        }
        pair = pair.between(|reference| {
            let before = left(folder.path());
            check_same_answers(&DiskStore::open_to_read(folder.path()).unwrap(), reference);
            assert_eq!(left(folder.path()), before);
            DiskStore::open(folder.path(), &small()).unwrap()
        });
    }
    pair.check();
}

#[test]
fn series_are_read_in_whatever_state_they_lie() {
    let folder = tempfile::tempdir().unwrap();
    let reference = MemorySeries::new(SERIES_WINDOW);
    for minute in 0..12 {
        let store = DiskStore::open(folder.path(), &restless()).unwrap();
        for part in 0..3 {
            write(&store, &reference, minute * 3 + part);
        }
        if minute % 4 == 1 {
            let gone = [Matcher::equal("number", minute.to_string())];
            store.delete(&gone, MillisRange::ALL).unwrap();
            reference.delete(&gone, MillisRange::ALL).unwrap();
        }
        if minute % 5 == 4 {
            store.seal_all();
        }
        drop(store);
        let before = left(folder.path());
        let read = DiskStore::open_to_read(folder.path()).unwrap();
        check_same_series_answers(&read, &reference);
        assert_eq!(left(folder.path()), before);
    }
}

#[test]
fn a_store_to_read_refuses_writes_and_a_second_opening() {
    let folder = tempfile::tempdir().unwrap();
    let refused = DiskStore::open_to_read(folder.path()).unwrap_err();
    assert!(refused.to_string().contains("stored anything there"), "{refused}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "it made something");
    let store = DiskStore::open(folder.path(), &small()).unwrap();
    store.put("run", "1", "first").unwrap();
    let refused = DiskStore::open_to_read(folder.path()).unwrap_err();
    assert!(matches!(refused, OpenError::InUse { .. }), "{refused}");
    drop(store);
    let store = DiskStore::open_to_read(folder.path()).unwrap();
    assert_eq!(store.list("run").unwrap(), [("1".to_owned(), "first".to_owned())]);
    let is_refused = |error: &WriteError| error.to_string().contains("only to be read");
    assert!(is_refused(&store.put("run", "2", "second").unwrap_err()));
    assert!(is_refused(&store.delete(&[], MillisRange::ALL).unwrap_err()));
    let (tell, told) = channel();
    store.write(
        Arc::new(SeriesWrite::default()),
        Box::new(move |written| tell.send(written).unwrap()),
    );
    assert!(is_refused(&told.recv().unwrap().unwrap_err()));
}
