//! A file of the workspace that is read again when it changes.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use parking_lot::Mutex;
use watchglass_configuration::{Fault, Faults, Place};

/// The file, and how it looked last.
#[derive(Debug)]
pub(crate) struct WatchedFile {
    pub(crate) path: PathBuf,
    /// When it was written and how long it was; none where it was not there.
    stamp: Mutex<Option<(SystemTime, u64)>>,
}

impl WatchedFile {
    /// A file that was not looked at yet.
    pub(crate) fn new(path: PathBuf) -> Self {
        Self { path, stamp: Mutex::default() }
    }

    /// Whether it is something else than what was read last.
    pub(crate) fn has_changed(&self) -> bool {
        *self.stamp.lock() != stamp(&self.path)
    }

    /// Its text. A file that is not there is an empty one.
    pub(crate) fn read(&self) -> Result<String, Faults> {
        *self.stamp.lock() = stamp(&self.path);
        match std::fs::read_to_string(&self.path) {
            Err(fault) if fault.kind() != std::io::ErrorKind::NotFound => {
                let place = Place { line: 1, column: 1 };
                Err(Fault { place, message: fault.to_string() }.into())
            }
            read => Ok(read.unwrap_or_default()),
        }
    }
}

fn stamp(path: &Path) -> Option<(SystemTime, u64)> {
    let metadata = path.metadata().ok()?;
    Some((metadata.modified().ok()?, metadata.len()))
}
