//! What the StatsD receiver has counted of itself, under the names that `statsd_exporter` gives these numbers.

use std::collections::BTreeMap;

/// Numbers since the start.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StatsdCounts {
    /// Datagrams.
    pub udp_packets: u64,
    /// Connections over TCP.
    pub tcp_connections: u64,
    /// Connections that ended with an error.
    pub tcp_errors: u64,
    /// Lines over TCP that were longer than allowed; each ended its connection.
    pub tcp_too_long_lines: u64,
    /// Lines.
    pub lines: u64,
    /// Samples; a line may hold several.
    pub samples: u64,
    /// Lines and samples that could not be read, by reason.
    pub sample_errors: BTreeMap<&'static str, u64>,
    /// Samples with tags.
    pub tags: u64,
    /// Tags that could not be read.
    pub tag_errors: u64,
    /// Events taken: counters, gauges, observations.
    pub events: [u64; 3],
    /// Events not taken, by reason.
    pub event_errors: BTreeMap<&'static str, u64>,
    /// Events that no mapping matched.
    pub unmapped: u64,
    /// Events that a mapping renamed.
    pub mapped: u64,
    /// Events that a mapping dropped.
    pub dropped: u64,
    /// Events whose metric has another type already: counters, gauges, observations.
    pub conflicts: [u64; 3],
    /// Mappings in force.
    pub mappings: u64,
    /// Label sets held.
    pub series: u64,
}

impl StatsdCounts {
    pub(super) fn sample_error(&mut self, reason: &'static str) {
        *self.sample_errors.entry(reason).or_default() += 1;
    }

    pub(super) fn event_error(&mut self, reason: &'static str) {
        *self.event_errors.entry(reason).or_default() += 1;
    }

    /// Events taken.
    pub(crate) fn taken(&self) -> u64 {
        self.events.iter().sum()
    }

    /// Lines, samples and events that were not taken. What a mapping drops is no fault.
    pub(crate) fn rejected(&self) -> u64 {
        let errors = self.sample_errors.values().chain(self.event_errors.values());
        errors.sum::<u64>() + self.conflicts.iter().sum::<u64>()
    }
}
