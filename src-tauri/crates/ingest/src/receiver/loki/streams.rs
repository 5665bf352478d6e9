//! Counts the streams of the last hour, and finds the label that makes too many of them.

use std::collections::{BTreeMap, HashSet};

use rapidhash::v3::rapidhash_v3;
use watchglass_logpush::StreamLabels;
use watchglass_model::Timestamp;

/// More streams than this are a mistake: Loki's own limit of active streams.
const MANY: usize = 5_000;
/// Streams are counted up to here, labels and values of each likewise: what is counted takes a few megabytes at most.
const MOST_STREAMS: usize = 200_000;
const MOST_LABELS: usize = 128;
const MOST_VALUES: usize = 20_000;
/// How long a stream counts, in nanoseconds.
const HOUR: u64 = 3_600_000_000_000;

/// The streams seen since the count began.
#[derive(Debug, Default)]
pub(super) struct Streams {
    began: Timestamp,
    seen: HashSet<u64>,
    values: BTreeMap<String, HashSet<u64>>,
}

impl Streams {
    /// Takes note of a stream. Gives true where it is new and one too many.
    pub(super) fn note(&mut self, labels: &StreamLabels<'_>, now: Timestamp) -> bool {
        if now.since(self.began) > HOUR {
            *self = Self { began: now, ..Self::default() };
        }
        if self.seen.len() >= MOST_STREAMS || !self.seen.insert(fingerprint(labels)) {
            return false;
        }
        for (name, value) in labels.iter() {
            if !self.values.contains_key(name) && self.values.len() < MOST_LABELS {
                self.values.insert(name.to_owned(), HashSet::new());
            }
            if let Some(values) = self.values.get_mut(name)
                && values.len() < MOST_VALUES
            {
                values.insert(rapidhash_v3(value.as_bytes()));
            }
        }
        self.seen.len() > MANY
    }

    /// How many there are, and which label has the most values.
    pub(super) fn explosion(&self) -> String {
        let widest = self.values.iter().max_by_key(|(_, values)| values.len());
        let (label, values) = widest.map_or(("", 0), |(name, values)| (name, values.len()));
        let or_more = if values >= MOST_VALUES { " or more" } else { "" };
        format!(
            "{} streams within an hour, and the label {label:?} alone has {values}{or_more} values",
            self.seen.len()
        )
    }
}

fn fingerprint(labels: &StreamLabels<'_>) -> u64 {
    let mut text = Vec::new();
    for (name, value) in labels.iter() {
        text.extend_from_slice(name.as_bytes());
        text.push(0);
        text.extend_from_slice(value.as_bytes());
        text.push(0);
    }
    rapidhash_v3(&text)
}
