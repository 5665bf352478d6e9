//! One mapping: what it matches, and what it makes of a name.

use std::time::Duration;

use watchglass_pattern::{Pattern, quote_pattern};

use super::StatsdDefaults;
use super::options::{ObserverType, Observers, SummaryOptions, go_duration};
use crate::fault::Reading;
use crate::names::Names;
use crate::yaml::{Fields, Node};

/// What kind of metric an event is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum StatsdKind {
    /// `c`
    Counter,
    /// `g`
    Gauge,
    /// `ms`, `h` and `d`
    Observer,
}

/// What is done with an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StatsdAction {
    /// It is counted under its new name.
    Map,
    /// It is forgotten.
    Drop,
}

/// One mapping, the defaults filled in.
#[derive(Debug, Clone, PartialEq)]
pub struct StatsdMapping {
    pattern: Pattern,
    /// For each word of a glob whether it is `*`; none where the mapping is a regular expression.
    words: Option<Vec<bool>>,
    name: String,
    labels: Vec<(String, String)>,
    kind: Option<StatsdKind>,
    /// What is done with events.
    pub action: StatsdAction,
    /// Whether labels of the event count more than those of the mapping.
    pub honor_labels: bool,
    /// What values are multiplied by.
    pub scale: Option<f64>,
    /// What the metric tells.
    pub help: String,
    /// How timers are observed.
    pub observer: ObserverType,
    /// Upper bounds of a histogram's buckets, without `+Inf`.
    pub buckets: Vec<f64>,
    /// What a summary tells.
    pub summary: SummaryOptions,
    /// How long a series stays after its last event; none where it stays.
    pub ttl: Option<Duration>,
}

/// What a mapping makes of a name.
#[derive(Debug, Clone, PartialEq)]
pub struct Mapped<'m> {
    /// The mapping.
    pub mapping: &'m StatsdMapping,
    /// The metric's name.
    pub name: String,
    /// The labels that it gets.
    pub labels: Vec<(String, String)>,
}

/// Whether `match_type` says that matches are regular expressions; none where it does not say.
pub(super) fn is_regex(fields: &Fields<'_>) -> Option<bool> {
    match fields.text("match_type")?.as_str() {
        "" => None,
        "glob" => Some(false),
        "regex" => Some(true),
        other => {
            fields.fault("match_type", format!("invalid match type {other:?}"));
            None
        }
    }
}

impl StatsdMapping {
    pub(super) fn read(
        node: &Node,
        is_regex_by_default: bool,
        defaults: &StatsdDefaults,
        reading: &Reading,
    ) -> Option<Self> {
        let fields = Fields::of(node, "mapper.MetricMapping", reading);
        let matched = fields.text("match").unwrap_or_default();
        let is_regex = is_regex(&fields).unwrap_or(is_regex_by_default);
        let pattern = pattern(&fields, &matched, is_regex);
        let observers = Observers::read(&fields);
        let mapping = Self {
            words: (!is_regex).then(|| matched.split('.').map(|word| word == "*").collect()),
            name: name(&fields),
            labels: labels(&fields),
            kind: kind(&fields),
            action: action(&fields),
            honor_labels: fields.flag("honor_labels").unwrap_or(false),
            scale: fields.number("scale"),
            help: fields.text("help").unwrap_or_default(),
            observer: observers.kind.unwrap_or(defaults.observer),
            summary: observers.summary(&defaults.summary),
            buckets: observers.buckets.unwrap_or_else(|| defaults.buckets.clone()),
            ttl: go_duration(&fields, "ttl").or(defaults.ttl),
            pattern: pattern?,
        };
        Some(mapping)
    }

    pub(super) fn fits(&self, metric: &str, kind: StatsdKind) -> bool {
        self.kind.is_none_or(|own| own == kind) && self.pattern.matches(metric)
    }

    pub(super) const fn is_glob(&self) -> bool {
        self.words.is_some()
    }

    /// For each word whether it is `*`: a name goes to the glob that is special the earliest.
    pub(super) fn wildcards(&self) -> &[bool] {
        self.words.as_deref().unwrap_or_default()
    }

    pub(super) fn applied(&self, metric: &str) -> Mapped<'_> {
        let expand = |template: &str| self.pattern.expand(metric, template).unwrap_or_default();
        let labels = self.labels.iter().map(|(name, value)| (name.clone(), expand(value)));
        Mapped { mapping: self, name: expand(&self.name), labels: labels.collect() }
    }
}

fn pattern(fields: &Fields<'_>, matched: &str, is_regex: bool) -> Option<Pattern> {
    let source = if is_regex {
        matched.to_owned()
    } else if matched.split('.').all(is_glob_word) {
        let words = matched.split('.').map(|word| match word {
            "*" => "([^.]*)".to_owned(),
            word => quote_pattern(word),
        });
        format!("^{}$", words.collect::<Vec<_>>().join("\\."))
    } else {
        fields.fault("match", format!("invalid match: {matched}"));
        return None;
    };
    match Pattern::unanchored(&source, false) {
        Ok(pattern) => Some(pattern),
        Err(fault) => {
            fields.fault("match", format!("invalid regex {matched} in mapping: {fault}"));
            None
        }
    }
}

/// `*`, or letters, digits and underscores with single dashes between them.
fn is_glob_word(word: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let begins = word.bytes().next().is_some_and(|byte| is_plain(byte) && !byte.is_ascii_digit());
    word == "*"
        || begins
            && word.bytes().all(|byte| is_plain(byte) || byte == b'-')
            && !word.contains("--")
            && !word.ends_with('-')
}

fn name(fields: &Fields<'_>) -> String {
    let name = fields.text("name").unwrap_or_default();
    if name.is_empty() {
        fields.fault("name", "metric mapping didn't set a metric name");
    } else if !is_template(&name) {
        let message = format!("metric name '{name}' may hold letters, digits, underscores and $n");
        fields.fault("name", message);
    }
    name
}

/// A metric's name in which `$n` and `${n}` may stand for what was matched.
fn is_template(name: &str) -> bool {
    let plain = name.replace("${", "_").replace(['}', '$'], "_");
    Names::Legacy.is_label(&plain)
}

fn labels(fields: &Fields<'_>) -> Vec<(String, String)> {
    for (key, _) in fields.pairs("labels") {
        if !Names::Legacy.is_label(&key.text) || key.text.starts_with("__") {
            fields.reading.fault(key.place, format!("invalid label key: {}", key.text));
        }
    }
    fields.text_pairs("labels")
}

fn kind(fields: &Fields<'_>) -> Option<StatsdKind> {
    match fields.text("match_metric_type")?.as_str() {
        "" => None,
        "counter" => Some(StatsdKind::Counter),
        "gauge" => Some(StatsdKind::Gauge),
        "observer" | "timer" => Some(StatsdKind::Observer),
        other => {
            fields.fault("match_metric_type", format!("invalid metric type '{other}'"));
            None
        }
    }
}

fn action(fields: &Fields<'_>) -> StatsdAction {
    match fields.text("action").as_deref() {
        None | Some("" | "map") => StatsdAction::Map,
        Some("drop") => StatsdAction::Drop,
        Some(other) => {
            fields.fault("action", format!("invalid action type {other:?}"));
            StatsdAction::Map
        }
    }
}
