//! The workspace's `prometheus.yml` and `watchglass.yaml`: watched, read again when they change, and in force from then
//! on. A file with a fault changes nothing: the last good version stays in force, and the fault is kept.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use parking_lot::RwLock;
use watchglass_configuration::{
    Configuration, Fault, Faults, NamedText, Place, PromqlSettings, Surroundings, WorkspaceSettings,
};
use watchglass_ingest::files::matching;
use watchglass_ingest::scrape::{PoolStatus, Scrapes};
use watchglass_ingest::{Naming, Promotion, Refresh, TranslationSettings};
use watchglass_model::{Millis, Timestamp};
use watchglass_promql::EngineOptions;
use watchglass_promql::syntax::ParserOptions;

use crate::watched::WatchedFile;
use crate::workbench::{Settings, Workbench};

/// Whom to scrape.
const PROMETHEUS: &str = "prometheus.yml";
/// How Watchglass itself behaves.
const SETTINGS: &str = "watchglass.yaml";

/// What is wrong with a file of the workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigurationFault {
    /// The file.
    pub file: PathBuf,
    /// What it says; empty where it cannot be read.
    pub text: String,
    /// Every fault in it, by place; never empty.
    pub faults: Vec<Fault>,
}

impl ConfigurationFault {
    /// The line of a fault as it stands in the file, without its end.
    pub fn line_of(&self, fault: &Fault) -> &str {
        self.text.lines().nth(fault.place.line.saturating_sub(1)).unwrap_or_default()
    }

    /// Each fault as `file:line:column: message`.
    pub(crate) fn lines(&self) -> impl Iterator<Item = String> {
        self.faults.iter().map(|fault| {
            let Place { line, column } = fault.place;
            format!("{}:{line}:{column}: {}", self.file.display(), fault.message)
        })
    }
}

impl std::fmt::Display for ConfigurationFault {
    /// `file:line:column: message`, a line for each.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.lines().collect::<Vec<_>>().join("\n"))
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
    /// What of `watchglass.yaml` is in force.
    pub settings: WorkspaceSettings,
    /// Why that file as it is now is not in force, if it is not.
    pub settings_fault: Option<ConfigurationFault>,
}

impl ConfigurationStatus {
    /// Whether the files as they are now are in force.
    pub const fn is_whole(&self) -> bool {
        self.fault.is_none() && self.settings_fault.is_none()
    }

    /// What is wrong with the files as they are now: `file:line:column: message`.
    pub fn faults(&self) -> Vec<String> {
        let files = self.fault.iter().chain(&self.settings_fault);
        files.flat_map(ConfigurationFault::lines).collect()
    }
}

/// How `prometheus.yml` stands, without what it says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ConfigurationOutline {
    /// Where it is or would be; empty where there is no workspace.
    pub file: PathBuf,
    /// When what is in force was read; none where there was never a good file.
    pub since: Option<Timestamp>,
    /// How many jobs are in force.
    pub jobs: usize,
    /// Why the file as it is now is not in force, if it is not.
    pub fault: Option<ConfigurationFault>,
}

/// The files and what came of them.
#[derive(Debug)]
pub(crate) struct ConfigurationFile {
    /// None without a workspace, or where nothing may be scraped.
    prometheus: Option<WatchedFile>,
    /// None without a workspace.
    settings: Option<WatchedFile>,
    status: RwLock<ConfigurationStatus>,
    scrapes: Scrapes,
    refresh: Refresh,
}

impl ConfigurationFile {
    /// The files of a workspace; without a workspace there are none.
    pub(crate) fn new(settings: &Settings, scrapes: Scrapes, refresh: Refresh) -> Self {
        let folder = (!settings.workspace.is_empty()).then(|| Path::new(&settings.workspace));
        let file = |name: &str| folder.map(|folder| WatchedFile::new(folder.join(name)));
        let prometheus = file(PROMETHEUS).filter(|_| !settings.only_reads);
        let settings = file(SETTINGS);
        Self { prometheus, settings, status: RwLock::default(), scrapes, refresh }
    }

    /// Reads what has changed; says whether anything had. To be called within a tokio runtime, for jobs may start.
    pub(crate) fn watch(&self, now: Timestamp) -> bool {
        let changed =
            |file: &Option<WatchedFile>| file.as_ref().is_some_and(WatchedFile::has_changed);
        let (prometheus, settings) = (changed(&self.prometheus), changed(&self.settings));
        let mut outcomes = Vec::new();
        if prometheus {
            outcomes.push(self.reload_prometheus(now));
        }
        if settings {
            outcomes.push(self.reload_settings());
        }
        for fault in outcomes.into_iter().filter_map(Result::err) {
            tracing::warn!("{fault}");
        }
        prometheus || settings
    }

    /// Reads both files whether they have changed or not.
    pub(crate) fn reload(&self, now: Timestamp) -> Result<(), ConfigurationFault> {
        let settings = self.reload_settings();
        self.reload_prometheus(now).and(settings)
    }

    fn reload_prometheus(&self, now: Timestamp) -> Result<(), ConfigurationFault> {
        let Some(file) = &self.prometheus else { return Ok(()) };
        let read = file.read(|text| Ok((text.to_owned(), configuration(text, &file.path)?)));
        let fault = match read {
            Ok((text, configuration)) => {
                self.scrapes.apply(&configuration);
                self.refresh.set(refresh_interval(&text, &configuration));
                let mut status = self.status.write();
                status.configuration = Some(Arc::new(configuration));
                (status.text, status.since) = (text, Some(now));
                None
            }
            Err(fault) => Some(fault),
        };
        self.status.write().fault.clone_from(&fault);
        fault.map_or(Ok(()), Err)
    }

    fn reload_settings(&self) -> Result<(), ConfigurationFault> {
        let Some(file) = &self.settings else { return Ok(()) };
        let read = file.read(WorkspaceSettings::read);
        let mut status = self.status.write();
        status.settings_fault = read.as_ref().err().cloned();
        status.settings = read?;
        Ok(())
    }

    /// How metrics of OpenTelemetry become series.
    fn translation(&self) -> TranslationSettings {
        let status = self.status.read();
        let otlp = status.configuration.as_ref().map(|one| one.otlp.clone()).unwrap_or_default();
        let ignored = otlp.ignore_resource_attributes.into_iter().collect();
        let promoted = otlp.promote_resource_attributes.into_iter().collect();
        TranslationSettings {
            naming: naming(&otlp.translation_strategy),
            namespace: Some(status.settings.otlp_namespace.clone()).filter(|one| !one.is_empty()),
            promotion: if otlp.promote_all_resource_attributes {
                Promotion::AllBut(ignored)
            } else {
                Promotion::Only(promoted)
            },
            keep_identifying: otlp.keep_identifying_resource_attributes,
            custom_buckets: otlp.convert_histograms_to_nhcb,
            scope_labels: otlp.promote_scope_metadata,
            sanitize_underscores: otlp.label_name_underscore_sanitization,
            keep_underscores: otlp.label_name_preserve_multiple_underscores,
        }
    }

    /// How queries are read and evaluated.
    fn engine_options(&self) -> EngineOptions {
        let status = self.status.read();
        let PromqlSettings { experimental, delayed_name_removal, use_start_timestamps } =
            status.settings.promql;
        let usual = EngineOptions::default();
        let interval = status.configuration.as_ref().map(|one| one.global.evaluation_interval);
        let interval = interval.and_then(|one| Millis::try_from(one.as_millis()).ok());
        EngineOptions {
            default_subquery_step: interval.unwrap_or(usual.default_subquery_step),
            delayed_name_removal,
            use_start_timestamps,
            parser: if experimental { ParserOptions::ALL } else { usual.parser },
            ..usual
        }
    }
}

/// How often a Prometheus with this file would scrape a gateway; without a file, more often than its default says.
fn refresh_interval(text: &str, configuration: &Configuration) -> Duration {
    if text.is_empty() { Refresh::USUAL } else { configuration.global.scrape_interval }
}

/// A strategy as Prometheus's configuration names it.
fn naming(strategy: &str) -> Naming {
    match strategy {
        "UnderscoreEscapingWithoutSuffixes" => Naming::UnderscoresWithoutSuffixes,
        "NoUTF8EscapingWithSuffixes" => Naming::Utf8WithSuffixes,
        "NoTranslation" => Naming::Untouched,
        _ => Naming::UnderscoresWithSuffixes,
    }
}

fn configuration(text: &str, path: &Path) -> Result<Configuration, Faults> {
    let files = |pattern: &Path| -> Vec<NamedText> {
        let paths = matching(pattern).into_iter();
        paths.map(|path| (path.clone(), std::fs::read_to_string(path))).collect()
    };
    let surroundings = Surroundings {
        folder: path.parent().unwrap_or(path),
        environment: &|name| std::env::var(name).ok(),
        files: &files,
    };
    Configuration::read(text, &surroundings)
}

impl Workbench {
    /// Reads the workspace's files again, and what they say comes into force.
    pub fn reload(&self) -> Result<(), ConfigurationFault> {
        let mappings = self.mapping_file().reload();
        let reloaded = self.configuration_file().reload(self.now());
        self.configure();
        reloaded.and(mappings)
    }

    /// Reads the workspace's files for the first time.
    pub(crate) fn read_files(&self) {
        self.configuration_file().watch(self.now());
        self.mapping_file().watch();
        self.configure();
    }

    /// Reads those of the workspace's files that have changed, and what they say comes into force.
    pub(crate) fn watch_files(&self) {
        self.mapping_file().watch();
        if self.configuration_file().watch(self.now()) {
            self.configure();
        }
    }

    /// What the files say comes into force for queries and for what arrives.
    fn configure(&self) {
        self.pipeline().set_translation(self.configuration_file().translation());
        self.set_promql_options(self.configuration_file().engine_options());
    }

    /// What of `prometheus.yml` and `watchglass.yaml` is in force, and what is wrong with them.
    pub fn configuration(&self) -> ConfigurationStatus {
        self.configuration_file().status.read().clone()
    }

    /// What is wrong with these files as they are now: `file:line:column: message`.
    pub(crate) fn configuration_faults(&self) -> Vec<String> {
        self.configuration_file().status.read().faults()
    }

    /// The same in short, without the texts: to be told often.
    pub(crate) fn configuration_outline(&self) -> ConfigurationOutline {
        let ConfigurationFile { prometheus, status, .. } = self.configuration_file();
        let status = status.read();
        ConfigurationOutline {
            file: prometheus.as_ref().map(|file| file.path.clone()).unwrap_or_default(),
            since: status.since,
            jobs: status.configuration.as_ref().map_or(0, |one| one.scrape_configs.len()),
            fault: status.fault.clone(),
        }
    }

    /// The jobs that scrape, by name, and their targets.
    pub fn scrape_pools(&self) -> Vec<PoolStatus> {
        self.configuration_file().scrapes.pools()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_is_shown_with_its_line_as_it_stands_in_the_file() {
        let fault = |line| Fault { place: Place { line, column: 1 }, message: String::new() };
        let faults = vec![fault(2), fault(9)];
        let found =
            ConfigurationFault { file: PathBuf::new(), text: "a: 1\r\n b: 2\r\n".into(), faults };
        assert_eq!(
            found.faults.iter().map(|one| found.line_of(one)).collect::<Vec<_>>(),
            [" b: 2", ""]
        );
    }
}
