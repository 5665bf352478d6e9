//! The mapping file of `statsd_exporter` (<https://github.com/prometheus/statsd_exporter#metric-mapping-and-configuration>):
//! which dotted names become which metrics with which labels, and how timers are observed. Fields that are not known are
//! passed over, as upstream does.

mod mapping;
mod options;

use std::time::Duration;

pub use mapping::{Mapped, StatsdAction, StatsdKind, StatsdMapping};
pub use options::{ObserverType, Quantile, SummaryOptions};

use crate::fault::{Faults, Reading};
use crate::yaml::{Fields, Node, tree};
use options::{Observers, go_duration};

/// A whole mapping file; by default what an empty one says.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct StatsdMappings {
    /// What counts where no mapping says otherwise, and for names that none matches.
    pub defaults: StatsdDefaults,
    mappings: Vec<StatsdMapping>,
    /// Whether among globs the one with a word where another has `*` goes first, and not the one that stands first.
    is_unordered: bool,
}

/// The section `defaults`.
#[derive(Debug, Clone, PartialEq)]
pub struct StatsdDefaults {
    /// How timers, histograms and distributions are observed.
    pub observer: ObserverType,
    /// Upper bounds of a histogram's buckets, without `+Inf`.
    pub buckets: Vec<f64>,
    /// What a summary tells.
    pub summary: SummaryOptions,
    /// How long a series stays after its last event; none where it stays.
    pub ttl: Option<Duration>,
}

impl Default for StatsdDefaults {
    fn default() -> Self {
        Self {
            observer: ObserverType::Summary,
            buckets: vec![0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0],
            summary: SummaryOptions::default(),
            ttl: None,
        }
    }
}

impl StatsdMappings {
    /// Reads a file's text.
    pub fn read(text: &str) -> Result<Self, Faults> {
        let (node, reading) = (tree(text)?, Reading::default());
        let mappings = Self::of(&node, &reading);
        reading.verdict(mappings)
    }

    fn of(node: &Node, reading: &Reading) -> Self {
        let fields = Fields::of(node, "mapper.MetricMapper", reading);
        let mut defaults = StatsdDefaults::default();
        let (mut is_regex, mut is_unordered) = (false, false);
        if let Some(node) = fields.section("defaults") {
            let fields = Fields::of(node, "mapper.MapperConfigDefaults", reading);
            let observers = Observers::read(&fields);
            defaults.observer = observers.kind.unwrap_or(defaults.observer);
            defaults.summary = observers.summary(&defaults.summary);
            defaults.buckets = observers.buckets.unwrap_or(defaults.buckets);
            defaults.ttl = go_duration(&fields, "ttl");
            is_regex = mapping::is_regex(&fields).unwrap_or(false);
            is_unordered = fields.flag("glob_disable_ordering").unwrap_or(false);
        }
        let read = |node, reading: &_| StatsdMapping::read(node, is_regex, &defaults, reading);
        let mappings = fields.sections("mappings", "empty mapping", read);
        Self { mappings: mappings.into_iter().flatten().collect(), defaults, is_unordered }
    }

    /// How many mappings there are.
    pub fn len(&self) -> usize {
        self.mappings.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.mappings.is_empty()
    }

    /// What the first mapping that matches makes of a name. Globs go before regular expressions.
    pub fn find(&self, metric: &str, kind: StatsdKind) -> Option<Mapped<'_>> {
        let fits = |mapping: &&StatsdMapping| mapping.fits(metric, kind);
        let mut globs = self.mappings.iter().filter(|one| one.is_glob()).filter(fits);
        let glob =
            if self.is_unordered { globs.min_by_key(|one| one.wildcards()) } else { globs.next() };
        let regexes = || self.mappings.iter().filter(|one| !one.is_glob()).find(fits);
        Some(glob.or_else(regexes)?.applied(metric))
    }
}

#[cfg(test)]
mod tests;
