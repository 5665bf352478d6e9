//! The workspace's `prometheus.yml`: watched, read again when it changes, and in force from then on. A file with a fault
//! changes nothing: the last good version stays in force, and the fault is kept.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use parking_lot::{Mutex, RwLock};
use watchglass_configuration::{Configuration, Fault, Faults, NamedText, Place, Surroundings};
use watchglass_ingest::Refresh;
use watchglass_ingest::files::matching;
use watchglass_ingest::scrape::{PoolStatus, Scrapes};
use watchglass_model::Timestamp;

use crate::workbench::Workbench;

/// The file's name in the workspace.
const NAME: &str = "prometheus.yml";

/// What is wrong with a file of the workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigurationFault {
    /// The file.
    pub file: PathBuf,
    /// Every fault in it, by place; never empty.
    pub faults: Vec<Fault>,
}

impl std::fmt::Display for ConfigurationFault {
    /// `file:line:column: message`, a line for each.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (place, fault) in self.faults.iter().enumerate() {
            let (separator, Place { line, column }) =
                (if place == 0 { "" } else { "\n" }, fault.place);
            write!(f, "{separator}{}:{line}:{column}: {}", self.file.display(), fault.message)?;
        }
        Ok(())
    }
}

/// What is in force, and what is wrong with what should be.
#[derive(Debug, Clone, Default)]
pub struct ConfigurationStatus {
    /// What is in force; none where there was never a good file.
    pub configuration: Option<Arc<Configuration>>,
    /// Its text.
    pub text: String,
    /// When it came into force.
    pub since: Option<Timestamp>,
    /// Why the file as it is now is not in force, if it is not.
    pub fault: Option<ConfigurationFault>,
}

/// When a file was written and how long it is; none where it is not there.
pub(crate) type Stamp = Option<(SystemTime, u64)>;

/// The file and what came of it.
#[derive(Debug)]
pub(crate) struct ConfigurationFile {
    path: Option<PathBuf>,
    /// What was looked at last: reading goes on only when it is something else.
    stamp: Mutex<Stamp>,
    status: RwLock<ConfigurationStatus>,
    scrapes: Scrapes,
    refresh: Refresh,
}

impl ConfigurationFile {
    /// The file of a workspace; without a workspace there is none.
    pub(crate) fn new(workspace: &str, scrapes: Scrapes, refresh: Refresh) -> Self {
        let path = (!workspace.is_empty()).then(|| Path::new(workspace).join(NAME));
        Self { path, stamp: Mutex::default(), status: RwLock::default(), scrapes, refresh }
    }

    /// Reads the file if it has changed. To be called within a tokio runtime, for jobs may start.
    pub(crate) fn watch(&self, now: Timestamp) {
        let Some(path) = &self.path else { return };
        let stamp = stamp(path);
        if *self.stamp.lock() == stamp {
            return;
        }
        if let Err(fault) = self.reload(now) {
            tracing::warn!("{fault}");
        }
    }

    /// Reads the file whether it has changed or not. A file that is not there is an empty one.
    pub(crate) fn reload(&self, now: Timestamp) -> Result<(), ConfigurationFault> {
        let Some(path) = &self.path else { return Ok(()) };
        *self.stamp.lock() = stamp(path);
        match read(path) {
            Ok((text, configuration)) => {
                self.scrapes.apply(&configuration);
                self.refresh.set(refresh_interval(&text, &configuration));
                let configuration = Some(Arc::new(configuration));
                let status =
                    ConfigurationStatus { configuration, text, since: Some(now), fault: None };
                *self.status.write() = status;
                Ok(())
            }
            Err(faults) => {
                let faults = faults.iter().cloned().collect();
                let fault = ConfigurationFault { file: path.clone(), faults };
                self.status.write().fault = Some(fault.clone());
                Err(fault)
            }
        }
    }
}

/// How often a Prometheus with this file would scrape a gateway; without a file, more often than its default says.
fn refresh_interval(text: &str, configuration: &Configuration) -> Duration {
    if text.is_empty() { Refresh::USUAL } else { configuration.global.scrape_interval }
}

/// The stamp of a file now.
pub(crate) fn stamp(path: &Path) -> Stamp {
    let metadata = path.metadata().ok()?;
    Some((metadata.modified().ok()?, metadata.len()))
}

fn read(path: &Path) -> Result<(String, Configuration), Faults> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(fault) if fault.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(fault) => {
            let place = Place { line: 1, column: 1 };
            return Err(Fault { place, message: fault.to_string() }.into());
        }
    };
    let files = |pattern: &Path| -> Vec<NamedText> {
        let paths = matching(pattern).into_iter();
        paths.map(|path| (path.clone(), std::fs::read_to_string(path))).collect()
    };
    let surroundings = Surroundings {
        folder: path.parent().unwrap_or(path),
        environment: &|name| std::env::var(name).ok(),
        files: &files,
    };
    let configuration = Configuration::read(&text, &surroundings)?;
    Ok((text, configuration))
}

impl Workbench {
    /// Reads the workspace's files again, and what they say comes into force.
    pub fn reload(&self) -> Result<(), ConfigurationFault> {
        let mappings = self.mapping_file().reload();
        self.configuration_file().reload(self.now()).and(mappings)
    }

    /// What of `prometheus.yml` is in force, and what is wrong with it.
    pub fn configuration(&self) -> ConfigurationStatus {
        self.configuration_file().status.read().clone()
    }

    /// The jobs that scrape, by name, and their targets.
    pub fn scrape_pools(&self) -> Vec<PoolStatus> {
        self.configuration_file().scrapes.pools()
    }
}
