//! One process to a data folder: a lock that goes when the process goes, however it goes.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, Write};
use std::path::Path;

use rustix::fs::{FlockOperation, flock};

const FILE: &str = "lock";

/// Held as long as the store is open.
#[derive(Debug)]
pub(crate) struct FolderLock {
    file: File,
}

/// Why the folder could not be taken.
#[derive(Debug)]
pub(crate) enum Taken {
    /// Another process holds it; its id, if it could be read.
    By(String),
    /// The lock file cannot be written.
    Unwritable(io::Error),
}

impl FolderLock {
    /// Takes the folder, and writes this process's id into the lock file for whoever comes second.
    pub(crate) fn take(folder: &Path) -> Result<Self, Taken> {
        let open = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(folder.join(FILE));
        let mut file = open.map_err(Taken::Unwritable)?;
        if flock(&file, FlockOperation::NonBlockingLockExclusive).is_err() {
            let mut holder = String::new();
            let _ = file.read_to_string(&mut holder);
            return Err(Taken::By(holder.trim().to_owned()));
        }
        let mut write = || {
            file.set_len(0)?;
            file.rewind()?;
            write!(file, "{}", std::process::id())
        };
        write().map_err(Taken::Unwritable)?;
        Ok(Self { file })
    }
}

/// Closing the file is not enough: sled starts a program (`sync`) for each database that it makes, and until that has
/// begun it holds every file of this process, and so the lock, a moment longer.
impl Drop for FolderLock {
    fn drop(&mut self) {
        let _ = flock(&self.file, FlockOperation::Unlock);
    }
}
