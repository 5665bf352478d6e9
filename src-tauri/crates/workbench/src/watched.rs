//! A file of the workspace that is read again when it changes.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use parking_lot::Mutex;
use watchglass_configuration::{Fault, Faults, Place};

use crate::configuration::ConfigurationFault;

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

    /// Reads it and makes something of its text; a fault has the text in which it stands. A file that is not there is an
    /// empty one.
    pub(crate) fn read<T>(
        &self,
        meaning: impl FnOnce(&str) -> Result<T, Faults>,
    ) -> Result<T, ConfigurationFault> {
        *self.stamp.lock() = stamp(&self.path);
        let (text, read) = match std::fs::read_to_string(&self.path) {
            Err(fault) if fault.kind() != std::io::ErrorKind::NotFound => {
                let place = Place { line: 1, column: 1 };
                (String::new(), Err(Fault { place, message: fault.to_string() }.into()))
            }
            read => {
                let text = read.unwrap_or_default();
                let meant = meaning(&text);
                (text, meant)
            }
        };
        read.map_err(|faults| {
            let faults = faults.iter().cloned().collect();
            ConfigurationFault { file: self.path.clone(), text, faults }
        })
    }
}

fn stamp(path: &Path) -> Option<(SystemTime, u64)> {
    let metadata = path.metadata().ok()?;
    Some((metadata.modified().ok()?, metadata.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_while_a_fault_is_found_is_not_taken_for_what_was_read() {
        let folder = tempfile::tempdir().unwrap();
        let file = WatchedFile::new(folder.path().join("a.yml"));
        std::fs::write(&file.path, "wrong").unwrap();
        let read: Result<(), _> = file.read(|_| {
            std::fs::write(&file.path, "mended meanwhile").unwrap();
            Err(Fault { place: Place { line: 1, column: 1 }, message: "it is wrong".into() }.into())
        });
        assert_eq!(read.unwrap_err().text, "wrong");
        assert!(file.has_changed());
    }
}
