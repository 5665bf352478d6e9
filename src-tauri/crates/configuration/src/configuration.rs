//! The whole file, and what must hold between its sections.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use crate::alerting::Alerting;
use crate::fault::{Faults, Place, Reading};
use crate::global::Global;
use crate::names::Names;
use crate::otlp::Otlp;
use crate::remote::Remote;
use crate::scrape::ScrapeConfig;
use crate::storage::{Storage, check_runtime, check_tracing};
use crate::yaml::{Fields, Node, Value, tree};

/// A file's path and its text, if it can be read.
pub type NamedText = (PathBuf, std::io::Result<String>);

/// What a file is read in: its folder, the environment, and the way to other files.
pub struct Surroundings<'s> {
    /// The folder that relative paths begin at.
    pub folder: &'s Path,
    /// The value of a variable that `external_labels` refer to.
    pub environment: &'s dyn Fn(&str) -> Option<String>,
    /// The files that a path with `*` in its last part names, each with its text.
    pub files: &'s dyn Fn(&Path) -> Vec<NamedText>,
}

impl fmt::Debug for Surroundings<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Surroundings").field("folder", &self.folder).finish_non_exhaustive()
    }
}

/// A whole `prometheus.yml`.
#[derive(Debug, Clone, PartialEq)]
pub struct Configuration {
    /// Defaults.
    pub global: Global,
    /// Files of rules: paths whose last part may hold a `*`.
    pub rule_files: Vec<PathBuf>,
    /// Files of further jobs.
    pub scrape_config_files: Vec<PathBuf>,
    /// The jobs, those of other files among them.
    pub scrape_configs: Vec<ScrapeConfig>,
    /// Where alerts go.
    pub alerting: Alerting,
    /// Stores that are written to.
    pub remote_write: Vec<Remote>,
    /// Stores that are read from.
    pub remote_read: Vec<Remote>,
    /// How metrics of OpenTelemetry become series.
    pub otlp: Otlp,
    /// How samples are stored.
    pub storage: Storage,
}

const JOB: &str = "empty or null scrape config section";

impl Configuration {
    /// Reads a file's text.
    pub fn read(text: &str, surroundings: &Surroundings<'_>) -> Result<Self, Faults> {
        let (node, reading) = (tree(text)?, Reading::within(surroundings.folder));
        let configuration = Self::of(&node, surroundings, &reading);
        reading.verdict(configuration)
    }

    fn of(node: &Node, surroundings: &Surroundings<'_>, reading: &Reading) -> Self {
        let fields = Fields::of(node, "config.plain", reading);
        let nothing = Node { place: node.place, value: Value::Null };
        let global = fields.section("global").unwrap_or(&nothing);
        let global = Global::read(global, surroundings.environment, reading);
        let names = global.names;
        let section = |name| fields.section(name);
        if let Some(node) = section("runtime") {
            check_runtime(node, reading);
        }
        if let Some(node) = section("tracing") {
            check_tracing(node, reading);
        }
        let configuration = Self {
            rule_files: paths(&fields, "rule_files", "invalid rule file path"),
            scrape_config_files: paths(
                &fields,
                "scrape_config_files",
                "invalid scrape config file path",
            ),
            scrape_configs: jobs(&fields, &global, surroundings),
            alerting: section("alerting")
                .map(|node| Alerting::read(node, names, reading))
                .unwrap_or_default(),
            remote_write: remote_write(&fields, names),
            remote_read: remote_read(&fields),
            otlp: section("otlp").map(|node| Otlp::read(node, names, reading)).unwrap_or_default(),
            storage: section("storage")
                .map(|node| Storage::read(node, reading))
                .unwrap_or_default(),
            global,
        };
        fields.finish();
        configuration
    }
}

/// Paths whose last part may hold a `*`.
fn paths(fields: &Fields<'_>, name: &'static str, complaint: &str) -> Vec<PathBuf> {
    let items = fields.items(name).unwrap_or_default();
    let read = |node: &Node| {
        let path = crate::yaml::text(node, fields.reading);
        if path.rsplit_once('/').is_some_and(|(folders, _)| folders.contains('*')) {
            fields.reading.fault(node.place, format!("{complaint} {path:?}"));
        }
        fields.reading.path(&path)
    };
    items.iter().map(read).collect()
}

/// The jobs of the file, and then those of the files that it names. No two have the same name.
fn jobs(
    fields: &Fields<'_>,
    global: &Global,
    surroundings: &Surroundings<'_>,
) -> Vec<ScrapeConfig> {
    let read = |node: &Node, reading: &Reading| {
        (name_place(node), ScrapeConfig::read(node, global, reading))
    };
    let mut jobs = fields.sections("scrape_configs", JOB, read);
    for node in fields.items("scrape_config_files").unwrap_or_default() {
        let pattern = fields.reading.path(&crate::yaml::text(node, fields.reading));
        for (path, text) in (surroundings.files)(&pattern) {
            let found = match text {
                Ok(text) => jobs_of_file(&path, &text, global).map_err(|faults| faults.to_string()),
                Err(fault) => Err(fault.to_string()),
            };
            match found {
                Ok(found) => jobs.extend(found.into_iter().map(|job| (node.place, job))),
                Err(fault) => fields
                    .reading
                    .fault(node.place, format!("{:?}: {fault}", path.display().to_string())),
            }
        }
    }
    let mut seen = BTreeMap::new();
    for (place, job) in &jobs {
        if seen.insert(&job.job_name, place).is_some() && !job.job_name.is_empty() {
            let message = format!("found multiple scrape configs with job name {:?}", job.job_name);
            fields.reading.fault(*place, message);
        }
    }
    jobs.into_iter().map(|(_, job)| job).collect()
}

fn name_place(node: &Node) -> Place {
    let Value::Map(pairs) = &node.value else { return node.place };
    pairs.iter().find(|(key, _)| key.text == "job_name").map_or(node.place, |(key, _)| key.place)
}

fn jobs_of_file(path: &Path, text: &str, global: &Global) -> Result<Vec<ScrapeConfig>, Faults> {
    let folder = path.parent().unwrap_or(path);
    let (node, reading) = (tree(text)?, Reading::within(folder));
    let fields = Fields::of(&node, "config.ScrapeConfigs", &reading);
    let jobs = fields
        .sections("scrape_configs", JOB, |node, reading| ScrapeConfig::read(node, global, reading));
    fields.finish();
    reading.verdict(jobs)
}

fn remote_write(fields: &Fields<'_>, names: Names) -> Vec<Remote> {
    let read = |node: &Node, reading: &Reading| Remote::read_write(node, names, reading);
    let remotes =
        fields.sections("remote_write", "empty or null remote write config section", read);
    refuse_same_names(fields, &remotes, "found multiple remote write configs with job name");
    remotes
}

fn remote_read(fields: &Fields<'_>) -> Vec<Remote> {
    let remotes = fields.sections(
        "remote_read",
        "empty or null remote read config section",
        Remote::read_read,
    );
    refuse_same_names(fields, &remotes, "found multiple remote read configs with job name");
    remotes
}

fn refuse_same_names(fields: &Fields<'_>, remotes: &[Remote], complaint: &str) {
    for (place, remote) in remotes.iter().enumerate() {
        let mut earlier = remotes.iter().take(place);
        if !remote.name.is_empty() && earlier.any(|earlier| earlier.name == remote.name) {
            fields.reading.fault(remote.place, format!("{complaint} {:?}", remote.name));
        }
    }
}
