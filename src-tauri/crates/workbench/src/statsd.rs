//! The workspace's `statsd_mapping.yml`: watched, read again when it changes, and in force from then on. A file with a
//! fault changes nothing: the last good version stays in force, and the fault is kept.

use std::path::Path;

use parking_lot::RwLock;
use watchglass_configuration::StatsdMappings;
use watchglass_ingest::Statsd;

use crate::configuration::ConfigurationFault;
use crate::watched::WatchedFile;
use crate::workbench::Settings;

/// The file's name in the workspace.
const NAME: &str = "statsd_mapping.yml";

/// The file and what came of it.
#[derive(Debug)]
pub(crate) struct MappingFile {
    /// None without a workspace.
    file: Option<WatchedFile>,
    fault: RwLock<Option<ConfigurationFault>>,
    statsd: Statsd,
}

impl MappingFile {
    /// The file of a workspace; without a workspace there is none.
    pub(crate) fn new(settings: &Settings, statsd: Statsd) -> Self {
        let folder = (!settings.workspace.is_empty()).then(|| Path::new(&settings.workspace));
        let file = folder.map(|folder| WatchedFile::new(folder.join(NAME)));
        Self { file, fault: RwLock::default(), statsd }
    }

    /// Reads the file if it has changed.
    pub(crate) fn watch(&self) {
        let has_changed = self.file.as_ref().is_some_and(WatchedFile::has_changed);
        if has_changed && let Err(fault) = self.reload() {
            tracing::warn!("{fault}");
        }
    }

    /// Reads the file whether it has changed or not. A file that is not there is an empty one.
    pub(crate) fn reload(&self) -> Result<(), ConfigurationFault> {
        let Some(file) = &self.file else { return Ok(()) };
        let read = file.read(StatsdMappings::read);
        *self.fault.write() = read.as_ref().err().cloned();
        self.statsd.set_mappings(read?);
        Ok(())
    }

    /// What is wrong with the file as it is now: `file:line:column: message`.
    pub(crate) fn faults(&self) -> Vec<String> {
        self.fault.read().iter().flat_map(ConfigurationFault::lines).collect()
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
        let workspace = folder.path().to_string_lossy().into_owned();
        let settings = Settings { workspace, ..Settings::default() };
        let file = MappingFile::new(&settings, statsd.clone());
        file.reload().unwrap();
        let path = folder.path().join(NAME);
        std::fs::write(&path, "mappings:\n- {match: a.b, name: c}\n").unwrap();
        file.watch();
        assert_eq!(statsd.counts().mappings, 1);
        std::fs::write(&path, "mappings:\n- {match: a.b}\n").unwrap();
        let told = file.reload().unwrap_err().to_string();
        let expected = format!("{}:2:3: metric mapping didn't set a metric name", path.display());
        assert_eq!((&told, statsd.counts().mappings), (&expected, 1));
        assert_eq!(file.faults(), [expected]);
        std::fs::remove_file(&path).unwrap();
        file.watch();
        assert_eq!((statsd.counts().mappings, file.faults().len()), (0, 0));
    }
}
