//! The workspace's `statsd_mapping.yml`: watched, read again when it changes, and in force from then on. A file with a
//! fault changes nothing.

use std::path::{Path, PathBuf};

use parking_lot::Mutex;
use watchglass_configuration::{Fault, Faults, Place, StatsdMappings};
use watchglass_ingest::Statsd;

use crate::configuration::{ConfigurationFault, Stamp, stamp};

/// The file's name in the workspace.
const NAME: &str = "statsd_mapping.yml";

/// The file and what came of it.
#[derive(Debug)]
pub(crate) struct MappingFile {
    path: Option<PathBuf>,
    /// What was looked at last.
    stamp: Mutex<Stamp>,
    statsd: Statsd,
}

impl MappingFile {
    /// The file of a workspace; without a workspace there is none.
    pub(crate) fn new(workspace: &str, statsd: Statsd) -> Self {
        let path = (!workspace.is_empty()).then(|| Path::new(workspace).join(NAME));
        Self { path, stamp: Mutex::default(), statsd }
    }

    /// Reads the file if it has changed.
    pub(crate) fn watch(&self) {
        let Some(path) = &self.path else { return };
        let is_same = *self.stamp.lock() == stamp(path);
        if !is_same && let Err(fault) = self.reload() {
            tracing::warn!("{fault}");
        }
    }

    /// Reads the file whether it has changed or not. A file that is not there is an empty one.
    pub(crate) fn reload(&self) -> Result<(), ConfigurationFault> {
        let Some(path) = &self.path else { return Ok(()) };
        *self.stamp.lock() = stamp(path);
        match read(path) {
            Ok(mappings) => {
                self.statsd.set_mappings(mappings);
                Ok(())
            }
            Err(faults) => {
                let faults = faults.iter().cloned().collect();
                Err(ConfigurationFault { file: path.clone(), faults })
            }
        }
    }
}

fn read(path: &Path) -> Result<StatsdMappings, Faults> {
    match std::fs::read_to_string(path) {
        Ok(text) => StatsdMappings::read(&text),
        Err(fault) if fault.kind() == std::io::ErrorKind::NotFound => Ok(StatsdMappings::default()),
        Err(fault) => {
            let place = Place { line: 1, column: 1 };
            Err(Fault { place, message: fault.to_string() }.into())
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use watchglass_ingest::{Limits, Pipeline, TranslationSettings};
    use watchglass_storage::{MemorySeries, MemoryStore};

    use super::*;

    #[test]
    fn a_fault_is_told_with_its_place_and_the_last_good_file_stays_in_force() {
        let folder = tempfile::tempdir().unwrap();
        let statsd = Statsd::new(Pipeline::new(
            Arc::new(MemoryStore::new()),
            Arc::new(MemorySeries::new(0)),
            TranslationSettings::default(),
            Limits::default(),
        ));
        let file = MappingFile::new(&folder.path().to_string_lossy(), statsd.clone());
        file.reload().unwrap();
        let path = folder.path().join(NAME);
        std::fs::write(&path, "mappings:\n- {match: a.b, name: c}\n").unwrap();
        file.watch();
        assert_eq!(statsd.counts().mappings, 1);
        std::fs::write(&path, "mappings:\n- {match: a.b}\n").unwrap();
        let told = file.reload().unwrap_err().to_string();
        let expected = format!("{}:2:3: metric mapping didn't set a metric name", path.display());
        assert_eq!((told, statsd.counts().mappings), (expected, 1));
        std::fs::remove_file(&path).unwrap();
        file.watch();
        assert_eq!(statsd.counts().mappings, 0);
    }
}
