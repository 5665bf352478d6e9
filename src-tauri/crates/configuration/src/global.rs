//! The section `global`: defaults for everything else, and the labels that name this instance to others.

use std::time::Duration;

use watchglass_model::{Labels, LabelsBuilder};

use crate::fault::Reading;
use crate::names::Names;
use crate::protocols;
use crate::yaml::{Fields, Node, text};

/// Defaults for every scrape and every group of rules.
#[derive(Debug, Clone, PartialEq)]
pub struct Global {
    /// How often targets are scraped.
    pub scrape_interval: Duration,
    /// How long a scrape may take.
    pub scrape_timeout: Duration,
    /// How often rules are evaluated.
    pub evaluation_interval: Duration,
    /// How far in the past rules are evaluated.
    pub rule_query_offset: Duration,
    /// What names this instance to others, references to the environment resolved.
    pub external_labels: Labels,
    /// Where queries are logged.
    pub query_log_file: String,
    /// Where failed scrapes are logged.
    pub scrape_failure_log_file: String,
    /// The formats that targets are asked for, best first, if the file says.
    pub scrape_protocols: Option<Vec<String>>,
    /// The limits of a scrape.
    pub limits: Limits,
    /// How histograms are scraped.
    pub histograms: HistogramChoice,
    /// Whether scrapes report on themselves in more detail.
    pub extra_scrape_metrics: bool,
    /// Which names are valid.
    pub names: Names,
    /// How names that are not classic are asked for, if the file says.
    pub escaping: String,
}

/// Limits of a scrape; zero is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Limits {
    /// Bytes of an answer after decompression.
    pub body_size: u64,
    /// Samples after relabelling.
    pub samples: u64,
    /// Targets of a job.
    pub targets: u64,
    /// Labels of a sample.
    pub labels: u64,
    /// Bytes of a label's name.
    pub label_name_length: u64,
    /// Bytes of a label's value.
    pub label_value_length: u64,
    /// Dropped targets that are remembered.
    pub keep_dropped_targets: u64,
}

impl Limits {
    /// The limits that fields name; `or` where they do not.
    pub(crate) fn read(fields: &Fields<'_>, or: Self) -> Self {
        let count = |name, or| match fields.count(name) {
            None | Some(0) => or,
            Some(count) => count,
        };
        Self {
            body_size: fields
                .size("body_size_limit")
                .filter(|size| *size > 0)
                .unwrap_or(or.body_size),
            samples: count("sample_limit", or.samples),
            targets: count("target_limit", or.targets),
            labels: count("label_limit", or.labels),
            label_name_length: count("label_name_length_limit", or.label_name_length),
            label_value_length: count("label_value_length_limit", or.label_value_length),
            keep_dropped_targets: count("keep_dropped_targets", or.keep_dropped_targets),
        }
    }
}

/// How histograms are scraped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct HistogramChoice {
    /// Whether native ones are.
    pub native: bool,
    /// Whether classic ones are kept beside native ones.
    pub always_classic: bool,
    /// Whether classic ones become native ones with custom buckets.
    pub classic_to_custom: bool,
}

impl HistogramChoice {
    /// The choice that fields make; `or` where they do not.
    pub(crate) fn read(fields: &Fields<'_>, or: Self) -> Self {
        let flag = |name, or| fields.flag(name).unwrap_or(or);
        Self {
            native: flag("scrape_native_histograms", or.native),
            always_classic: flag("always_scrape_classic_histograms", or.always_classic),
            classic_to_custom: flag("convert_classic_histograms_to_nhcb", or.classic_to_custom),
        }
    }
}

const MINUTE: Duration = Duration::from_mins(1);
const TEN_SECONDS: Duration = Duration::from_secs(10);

/// Zero stands for a duration that is not given.
pub(crate) fn given(duration: Option<Duration>) -> Option<Duration> {
    duration.filter(|duration| !duration.is_zero())
}

impl Global {
    pub(crate) fn read(
        node: &Node,
        environment: &dyn Fn(&str) -> Option<String>,
        reading: &Reading,
    ) -> Self {
        let fields = Fields::of(node, "config.plain", reading);
        let names = names(&fields).unwrap_or_default();
        let scrape_interval = given(fields.duration("scrape_interval")).unwrap_or(MINUTE);
        let scrape_timeout = given(fields.duration("scrape_timeout"));
        if scrape_timeout.is_some_and(|timeout| timeout > scrape_interval) {
            fields.fault("scrape_timeout", "global scrape timeout greater than scrape interval");
        }
        let scrape_protocols = fields.texts("scrape_protocols");
        if let Some(protocols) = &scrape_protocols
            && let Err(message) = protocols::check(protocols)
        {
            fields.fault("scrape_protocols", format!("{message} for global config"));
        }
        let global = Self {
            scrape_interval,
            scrape_timeout: scrape_timeout.unwrap_or(TEN_SECONDS.min(scrape_interval)),
            evaluation_interval: given(fields.duration("evaluation_interval")).unwrap_or(MINUTE),
            rule_query_offset: fields.duration("rule_query_offset").unwrap_or_default(),
            external_labels: external_labels(&fields, names, environment),
            query_log_file: fields.text("query_log_file").unwrap_or_default(),
            scrape_failure_log_file: fields.text("scrape_failure_log_file").unwrap_or_default(),
            scrape_protocols,
            limits: Limits::read(&fields, Limits::default()),
            histograms: HistogramChoice::read(&fields, HistogramChoice::default()),
            extra_scrape_metrics: fields.flag("extra_scrape_metrics").unwrap_or(false),
            names,
            escaping: fields.text("metric_name_escaping_scheme").unwrap_or_default(),
        };
        fields.finish();
        global
    }
}

/// The field `metric_name_validation_scheme`.
pub(crate) fn names(fields: &Fields<'_>) -> Option<Names> {
    match fields.text("metric_name_validation_scheme")?.as_str() {
        "" => None,
        "utf8" => Some(Names::Utf8),
        "legacy" => Some(Names::Legacy),
        other => {
            let message = format!("unrecognized ValidationScheme: {other:?}");
            fields.fault("metric_name_validation_scheme", message);
            None
        }
    }
}

fn external_labels(
    fields: &Fields<'_>,
    names: Names,
    environment: &dyn Fn(&str) -> Option<String>,
) -> Labels {
    let mut labels = LabelsBuilder::default();
    for (key, node) in fields.pairs("external_labels") {
        if !names.is_label(&key.text) {
            fields.reading.fault(key.place, format!("{:?} is not a valid label name", key.text));
        }
        labels.set(key.text.as_str(), expand(&text(node, fields.reading), environment));
    }
    labels.build()
}

/// Go's `os.Expand`: `$name` and `${name}`; `$$` is a dollar.
fn expand(text: &str, environment: &dyn Fn(&str) -> Option<String>) -> String {
    let (mut expanded, mut rest) = (String::new(), text);
    while let Some((before, behind)) = rest.split_once('$') {
        expanded.push_str(before);
        let (name, behind) = match behind.strip_prefix('{').and_then(|inner| inner.split_once('}'))
        {
            Some(found) => found,
            None if behind.starts_with('$') => behind.split_at(1),
            None => {
                let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
                behind.split_at(behind.bytes().take_while(is_part).count())
            }
        };
        match name {
            "$" => expanded.push('$'),
            "" => expanded.push_str(if behind.is_empty() { "$" } else { "" }),
            name => expanded.push_str(&environment(name).unwrap_or_default()),
        }
        rest = behind;
    }
    expanded + rest
}
