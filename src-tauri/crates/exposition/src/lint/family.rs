//! One metric family: its metadata, and its samples one by one.

use std::collections::HashSet;

use crate::entry::{MetricType, unescaped};
use crate::number::float;
use crate::text::Lines;

use super::histogram::Buckets;
use super::suffixes;

/// The most characters in the names and values of an exemplar's labels.
const EXEMPLAR_CHARACTERS: usize = 128;

/// Why something is not allowed.
type Checked = Result<(), String>;

/// What is known of a family so far.
#[derive(Debug)]
pub(super) struct Family<'a> {
    pub(super) name: &'a str,
    kind: Option<MetricType>,
    has_help: bool,
    unit: Option<&'a str>,
    has_samples: bool,
    /// The groups of labels that came before the one at hand.
    groups: HashSet<String>,
    group: Option<Group>,
    buckets: Buckets,
}

/// Samples that belong together: same labels but for `le`, `quantile` and the state.
#[derive(Debug, Clone, PartialEq)]
struct Group {
    labels: String,
    time: Option<f64>,
}

impl<'a> Family<'a> {
    pub(super) fn new(name: &'a str) -> Self {
        Self {
            name,
            kind: None,
            has_help: false,
            unit: None,
            has_samples: false,
            groups: HashSet::new(),
            group: None,
            buckets: Buckets::default(),
        }
    }

    pub(super) fn kind(&self) -> MetricType {
        self.kind.unwrap_or_default()
    }

    /// Whether a sample of this name belongs here.
    pub(super) fn allows(&self, name: &str) -> bool {
        let suffix = name.strip_prefix(self.name);
        suffix.is_some_and(|suffix| suffixes(self.kind()).contains(&suffix))
    }

    pub(super) fn help(&mut self) -> Checked {
        let is_second = std::mem::replace(&mut self.has_help, true);
        self.metadata("HELP", is_second)
    }

    pub(super) fn set_kind(&mut self, kind: MetricType) -> Checked {
        let is_second = self.kind.replace(kind).is_some();
        self.metadata("TYPE", is_second)
    }

    pub(super) fn set_unit(&mut self, unit: &'a str) -> Checked {
        let is_second = self.unit.replace(unit).is_some();
        self.metadata("UNIT", is_second)
    }

    fn metadata(&self, word: &str, is_second: bool) -> Checked {
        let name = self.name;
        let is_classic = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b':';
        forbid(!name.bytes().all(is_classic), || format!("{name:?} is not a metric name"))?;
        forbid(is_second, || format!("a second {word} of {name}"))?;
        forbid(self.has_samples, || format!("{word} of {name} after its samples"))
    }

    /// What can be said only when the family is complete.
    pub(super) fn close(&self) -> Checked {
        let has_unit = self.unit.is_some_and(|unit| !unit.is_empty());
        let is_unitless = matches!(self.kind(), MetricType::Info | MetricType::StateSet);
        let kind = self.kind().as_str();
        forbid(has_unit && is_unitless, || format!("a unit of a metric of type {kind}"))?;
        self.buckets.close()
    }

    pub(super) fn sample(&mut self, lines: &Lines<'_>) -> Checked {
        self.has_samples = true;
        let suffix = lines.name().strip_prefix(self.name).unwrap_or_default();
        forbid(lines.liberty.is_some(), || lines.liberty.unwrap_or_default().to_owned())?;
        check_names(lines.series().labels)?;
        self.check_labels(suffix, lines)?;
        self.check_value(suffix, lines)?;
        self.check_exemplar(suffix, lines)?;
        let is_same = self.enter_group(suffix, lines)?;
        if matches!(self.kind(), MetricType::Histogram | MetricType::GaugeHistogram) {
            if !is_same {
                self.buckets.close()?;
                self.buckets = Buckets::default();
            }
            let bound = label(lines, "le").and_then(|le| float(le.as_bytes()).ok());
            self.buckets.take(suffix, bound, lines.value)?;
        }
        Ok(())
    }

    fn check_labels(&self, suffix: &str, lines: &Lines<'_>) -> Checked {
        match (self.kind(), suffix) {
            (MetricType::StateSet, _) => {
                let has_state = label(lines, self.name).is_some();
                forbid(!has_state, || format!("no label {} tells the state", self.name))
            }
            (MetricType::Histogram | MetricType::GaugeHistogram, "_bucket") => {
                let bound = canonical_label(lines, "le");
                forbid(bound.is_none_or(f64::is_nan), || "a bucket without a valid le".to_owned())
            }
            (MetricType::Summary, "") => {
                let is_valid = canonical_label(lines, "quantile")
                    .is_some_and(|quantile| (0.0..=1.0).contains(&quantile));
                forbid(!is_valid, || "a quantile without a valid quantile label".to_owned())
            }
            _ => Ok(()),
        }
    }

    fn check_value(&self, suffix: &str, lines: &Lines<'_>) -> Checked {
        let value = lines.value;
        let is_state = [0.0, 1.0].contains(&value);
        let counts = ["_total", "_count", "_bucket", "_gcount", "_sum"].contains(&suffix);
        match self.kind() {
            MetricType::StateSet => forbid(!is_state, || "a state other than 0 and 1".to_owned())?,
            MetricType::Info => {
                forbid(!is_state || value < 1.0, || "an info other than 1".to_owned())?;
            }
            MetricType::Summary if suffix.is_empty() => {
                forbid(value < 0.0, || "a negative quantile".to_owned())?;
            }
            _ => {}
        }
        let is_countlike = counts || suffix == "_gsum";
        forbid(is_countlike && value.is_nan(), || format!("{} is NaN", lines.name()))?;
        forbid(counts && value < 0.0, || format!("{} is negative", lines.name()))
    }

    fn check_exemplar(&self, suffix: &str, lines: &Lines<'_>) -> Checked {
        let Some(exemplar) = lines.exemplar() else { return Ok(()) };
        let may_have = matches!(
            (self.kind(), suffix),
            (MetricType::Counter, "_total")
                | (MetricType::Histogram | MetricType::GaugeHistogram, "_bucket")
        );
        forbid(!may_have, || format!("{} may not have exemplars", lines.name()))?;
        check_names(exemplar.labels)?;
        let length = |text: &str| unescaped(text, true).chars().count();
        let labels = exemplar.labels.iter();
        let length: usize = labels.map(|(name, value)| length(name) + length(value)).sum();
        forbid(length > EXEMPLAR_CHARACTERS, || {
            format!(
                "the exemplar's labels have {length} characters, {EXEMPLAR_CHARACTERS} are allowed"
            )
        })
    }

    /// Whether the sample goes on with the group at hand, at the same time. Groups may not mix, and time goes forward.
    fn enter_group(&mut self, suffix: &str, lines: &Lines<'_>) -> Result<bool, String> {
        let next = Group { labels: self.group_labels(suffix, lines), time: lines.seconds() };
        let Some(before) = self.group.replace(next.clone()) else { return Ok(false) };
        if before.labels != next.labels {
            forbid(self.groups.contains(&next.labels), || {
                format!("{} stands apart from samples it belongs to", lines.name())
            })?;
            self.groups.insert(before.labels);
            return Ok(false);
        }
        forbid(before.time.is_some() != next.time.is_some(), || {
            format!("only some samples of {} have timestamps", self.name)
        })?;
        let is_earlier = before.time.zip(next.time).is_some_and(|(before, next)| before > next);
        forbid(is_earlier && self.kind() != MetricType::Info, || {
            format!("the timestamps of {} go back", self.name)
        })?;
        Ok(before.time == next.time)
    }

    fn group_labels(&self, suffix: &str, lines: &Lines<'_>) -> String {
        let own = match (self.kind(), suffix) {
            (MetricType::Info, _) => return String::new(),
            (MetricType::Summary, "") => "quantile",
            (MetricType::Histogram | MetricType::GaugeHistogram, "_bucket") => "le",
            (MetricType::StateSet, _) => self.name,
            _ => "",
        };
        let labels = lines.series().labels;
        let mut labels: Vec<_> = labels.iter().filter(|(name, _)| *name != own).collect();
        labels.sort_unstable();
        format!("{labels:?}")
    }
}

fn check_names(labels: &[(&str, &str)]) -> Checked {
    let mut names = HashSet::new();
    let second = labels.iter().find(|(name, _)| !names.insert(*name));
    second.map_or(Ok(()), |(name, _)| Err(format!("a second label {name}")))
}

fn label<'l>(lines: &'l Lines<'_>, name: &str) -> Option<&'l str> {
    let series = lines.series();
    series.labels.iter().find(|(own, _)| *own == name).map(|(_, value)| *value)
}

/// A label that is a number. Only infinity must be written in one way.
fn canonical_label(lines: &Lines<'_>, name: &str) -> Option<f64> {
    let text = label(lines, name)?;
    let number = float(text.as_bytes()).ok()?;
    (number != f64::INFINITY || text == "+Inf").then_some(number)
}

fn forbid(is_so: bool, what: impl FnOnce() -> String) -> Checked {
    if is_so { Err(what()) } else { Ok(()) }
}
