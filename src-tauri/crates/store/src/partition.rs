//! A partition: one sled database in one folder, written segment by segment and then only read. The only file
//! besides `catalog` that knows sled, with what was learned about it: no default fanout, no timed flush, no clones
//! (each flushes when it goes), no ranges with an upper bound, and never dropped after a write has failed.

use std::fs::{self, File};
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Weak};
use std::time::Duration;

use parking_lot::Mutex;
use sled::Db;

use crate::segment::{Key, Record};

/// Blocks are large, so few of them share a leaf; sled rewrites leaves as a whole.
const FANOUT: usize = 16;
/// Leaves are read for one block at a time; what is worth keeping is kept decoded.
const CACHE_BYTES: usize = 8 << 20;
/// Each open database holds some 80 files.
const MOST_OPEN: usize = 6;
/// A database that was closed a moment ago can be locked still: sled starts a program (`sync`) whenever it opens one,
/// and until that has begun it holds every file of this process. So often is it tried again,
const PATIENCE: u32 = 100;
/// after so long each time.
const MOMENT: Duration = Duration::from_millis(5);

/// A database of segments.
#[derive(Debug)]
pub(crate) struct Partition {
    /// The folder's name.
    pub(crate) name: String,
    /// The same as a number.
    pub(crate) number: u32,
    folder: PathBuf,
    open: Mutex<Option<Db<FANOUT>>>,
    used: AtomicU64,
    writing: AtomicBool,
    openings: Arc<Openings>,
}

/// Which partitions are open, so that only a few are.
#[derive(Debug, Default)]
pub(crate) struct Openings {
    clock: AtomicU64,
    open: Mutex<Vec<Weak<Partition>>>,
}

impl Partition {
    /// The partition `name` under `root`; its database is opened when it is first used.
    pub(crate) fn at(root: &Path, name: &str, openings: &Arc<Openings>) -> Arc<Self> {
        Arc::new(Self {
            name: name.to_owned(),
            number: name.parse().unwrap_or(u32::MAX),
            folder: root.join(name),
            open: Mutex::new(None),
            used: AtomicU64::new(0),
            writing: AtomicBool::new(false),
            openings: Arc::clone(openings),
        })
    }

    /// Adds the records of a segment; they are safe on disk when it returns.
    pub(crate) fn append(self: &Arc<Self>, records: &[Record]) -> io::Result<()> {
        self.writing.store(true, Ordering::Relaxed);
        let written = self.with(|db| {
            for (key, value) in records {
                db.insert(key.bytes(), value.as_slice())?;
            }
            db.flush().map(|_| ())
        });
        if written.is_err()
            && let Some(db) = self.open.lock().take()
        {
            // Dropping a database that could not write hangs; its files are closed with the process.
            std::mem::forget(db);
        }
        written
    }

    /// Shows every record, in the order of keys.
    pub(crate) fn each(
        self: &Arc<Self>,
        mut visit: impl FnMut(Key, &[u8]) -> io::Result<()>,
    ) -> io::Result<()> {
        self.with(|db| {
            for record in db.iter() {
                let (key, value) = record?;
                if let Some(key) = Key::of(&key) {
                    visit(key, &value)?;
                }
            }
            Ok(())
        })
    }

    /// The record under `key`.
    pub(crate) fn get(self: &Arc<Self>, key: Key) -> io::Result<Option<Vec<u8>>> {
        self.with(|db| Ok(db.get(key.bytes())?.map(|value| value.to_vec())))
    }

    /// Closes the database and makes sure that every file of it is on disk.
    pub(crate) fn seal(&self) -> io::Result<()> {
        self.close();
        self.writing.store(false, Ordering::Relaxed);
        sync_folder(&self.folder)
    }

    /// Closes the database; the next use opens it again.
    pub(crate) fn close(&self) {
        drop(self.open.lock().take());
    }

    /// Whether its database is open; one in use is.
    fn is_open(&self) -> bool {
        self.open.try_lock().is_none_or(|open| open.is_some())
    }

    /// Removes the partition from the disk.
    pub(crate) fn remove(&self) -> io::Result<()> {
        self.close();
        fs::remove_dir_all(&self.folder)
    }

    /// Moves the partition's folder out of the way, into `quarantine`.
    pub(crate) fn put_aside(&self, quarantine: &Path) -> io::Result<()> {
        self.close();
        fs::create_dir_all(quarantine)?;
        fs::rename(&self.folder, quarantine.join(&self.name))
    }

    /// Bytes on disk.
    pub(crate) fn size(&self) -> u64 {
        folder_size(&self.folder)
    }

    fn with<T>(
        self: &Arc<Self>,
        use_it: impl FnOnce(&Db<FANOUT>) -> io::Result<T>,
    ) -> io::Result<T> {
        self.used.store(self.openings.clock.fetch_add(1, Ordering::Relaxed), Ordering::Relaxed);
        let mut opened = false;
        let result = {
            let mut open = self.open.lock();
            let db = if let Some(db) = open.as_ref() {
                db
            } else {
                opened = true;
                open.insert(open_database(&self.folder)?)
            };
            guarded(|| use_it(db))
        };
        if opened {
            self.openings.opened(self);
        }
        result
    }
}

impl Openings {
    /// Remembers that `partition` is open and closes the one that was not used for longest, if there are too many. It
    /// never waits for a partition: one whose lock is held is in use, perhaps by this very thread, which reads it and
    /// writes what it reads into `partition`.
    fn opened(&self, partition: &Arc<Partition>) {
        let mut all = self.open.lock();
        all.retain(|one| one.upgrade().is_some_and(|one| one.is_open()));
        if !all.iter().any(|one| one.ptr_eq(&Arc::downgrade(partition))) {
            all.push(Arc::downgrade(partition));
        }
        if all.len() > MOST_OPEN {
            let mut closable: Vec<_> = all.iter().filter_map(Weak::upgrade).collect();
            closable
                .retain(|one| !one.writing.load(Ordering::Relaxed) && !Arc::ptr_eq(one, partition));
            closable.sort_by_key(|one| one.used.load(Ordering::Relaxed));
            let _ = closable.iter().find_map(|one| one.open.try_lock()?.take());
        }
    }
}

fn open_database(folder: &Path) -> io::Result<Db<FANOUT>> {
    let config = sled::Config::new()
        .path(folder)
        .cache_capacity_bytes(CACHE_BYTES)
        .flush_every_ms(None)
        .zstd_compression_level(1);
    let mut patience = PATIENCE;
    loop {
        match guarded(|| config.open::<FANOUT>()) {
            Err(error) if error.kind() == io::ErrorKind::WouldBlock && patience > 0 => {
                patience -= 1;
                std::thread::sleep(MOMENT);
            }
            opened => return opened,
        }
    }
}

/// sled panics on some damage; here that is an error like any other.
pub(crate) fn guarded<T>(risky: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
    catch_unwind(AssertUnwindSafe(risky))
        .unwrap_or_else(|_| Err(io::Error::other("the database panicked")))
}

/// Makes sure that a folder and all files in it are on disk.
pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() { sync_folder(&path)? } else { File::open(&path)?.sync_all()? }
    }
    File::open(folder)?.sync_all()
}

/// Bytes that the files of a folder occupy on disk.
pub(crate) fn folder_size(folder: &Path) -> u64 {
    let Ok(entries) = fs::read_dir(folder) else {
        return 0;
    };
    let sizes = entries.flatten().map(|entry| match entry.metadata() {
        Ok(metadata) if metadata.is_dir() => folder_size(&entry.path()),
        Ok(metadata) => occupied(&metadata),
        Err(_) => 0,
    });
    sizes.sum()
}

/// sled's files have holes: what counts is what lies on the disk.
#[cfg(unix)]
fn occupied(metadata: &fs::Metadata) -> u64 {
    use std::os::unix::fs::MetadataExt;
    metadata.blocks() * 512
}

#[cfg(not(unix))]
fn occupied(metadata: &fs::Metadata) -> u64 {
    metadata.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::segment::Part;

    fn record(block: u32) -> Record {
        (Key { segment: 1, part: Part::SpanCore, block }, vec![7; 9])
    }

    #[test]
    fn one_partition_is_opened_while_another_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let openings = Arc::new(Openings::default());
        let partitions: Vec<_> = (0..=MOST_OPEN)
            .map(|number| Partition::at(folder.path(), &number.to_string(), &openings))
            .collect();
        let (from, others) = partitions.split_first().unwrap();
        from.append(&[record(1)]).unwrap();
        from.seal().unwrap();
        let mut seen = 0;
        from.each(|_, _| {
            seen += 1;
            others.iter().try_for_each(|to| to.append(&[record(1)]).and_then(|()| to.seal()))
        })
        .unwrap();
        assert_eq!(seen, 1);
        assert!(openings.open.lock().len() <= MOST_OPEN);
    }
}
