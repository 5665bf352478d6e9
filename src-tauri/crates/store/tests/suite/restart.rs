//! What was acknowledged is there again, however the store went and however it lay.

use watchglass_storage::Catalog;
use watchglass_store::DiskStore;

use crate::workload::{Pair, small};

#[test]
fn a_store_on_disk_answers_like_the_store_in_memory() {
    let folder = tempfile::tempdir().unwrap();
    let mut pair = Pair::open(folder.path(), &small(), 1);
    pair.check();
    for _ in 0..3 {
        pair.write(120);
        pair.check();
    }
    pair.seal_all();
    pair.check();
}

#[test]
fn a_restart_in_any_state_changes_no_answer() {
    let folder = tempfile::tempdir().unwrap();
    let mut pair = Pair::open(folder.path(), &small(), 2);
    for round in 0..8 {
        pair.write(40 + 10 * round);
        if round % 3 == 2 {
            pair.seal_all();
        }
        pair = pair.reopen(folder.path(), &small());
        pair.check();
    }
}

#[test]
fn a_folder_copied_while_the_store_runs_opens_with_all_that_was_acknowledged() {
    let (folder, copy) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut pair = Pair::open(folder.path(), &small(), 3);
    pair.write(30);
    // Nothing is written between the last acknowledgement and the copy, as if the process had been killed there.
    copy_folder(folder.path(), copy.path());
    let copied = DiskStore::open(copy.path(), &small()).unwrap();
    watchglass_storage::contract::check_same_answers(&copied, &pair.reference);
}

#[test]
fn a_document_that_was_removed_does_not_come_back() {
    let folder = tempfile::tempdir().unwrap();
    let store = DiskStore::open(folder.path(), &small()).unwrap();
    for key in ["one", "two"] {
        store.put("things", key, key).unwrap();
    }
    store.remove("things", "one").unwrap();
    store.remove("things", "none").unwrap();
    let rest = [("two".to_owned(), "two".to_owned())];
    assert_eq!(store.list("things").unwrap(), rest);
    drop(store);
    let store = DiskStore::open(folder.path(), &small()).unwrap();
    assert_eq!(store.list("things").unwrap(), rest);
}

pub(crate) fn copy_folder(from: &std::path::Path, to: &std::path::Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}
