//! How many series, labels and values there are, and which have the most.

use std::collections::BTreeMap;

use watchglass_model::{Labels, METRIC_NAME};
use watchglass_storage::{MillisRange, ReadError, SeriesExtent};

use crate::workbench::Workbench;

/// A name and how much of it there is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    /// A metric, a label, or `label=value`.
    pub name: String,
    /// Series, values or bytes.
    pub count: u64,
}

/// Everything that is counted; of each kind the most frequent, the most first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TsdbStatistics {
    /// How many series.
    pub series: u64,
    /// How many different pairs of a label and a value.
    pub label_pairs: u64,
    /// Series a metric.
    pub by_metric: Vec<Counted>,
    /// Values a label.
    pub values_by_label: Vec<Counted>,
    /// Bytes of all series' names and values, a label.
    pub bytes_by_label: Vec<Counted>,
    /// Series a pair.
    pub by_pair: Vec<Counted>,
}

/// Bytes that a label takes in a series beside its name and value.
const LENGTHS: u64 = 2;

impl Workbench {
    /// Counts all series that are stored; the lists have at most `limit` entries.
    pub async fn tsdb_statistics(&self, limit: usize) -> Result<TsdbStatistics, ReadError> {
        self.ask_series(move |reader| {
            let mut counts = Counts::default();
            for cursor in reader.select(&[], MillisRange::ALL)? {
                counts.add(cursor.labels());
            }
            Ok(counts.finish(limit))
        })
        .await
    }

    /// How much is stored of series, and in which blocks.
    pub async fn series_extent(&self) -> Result<SeriesExtent, ReadError> {
        self.ask_series(|reader| reader.extent()).await
    }
}

/// Series by label and value.
#[derive(Debug, Default)]
struct Counts {
    series: u64,
    labels: BTreeMap<String, BTreeMap<String, u64>>,
}

impl Counts {
    fn add(&mut self, labels: &Labels) {
        self.series += 1;
        for (name, value) in labels {
            if !self.labels.contains_key(name) {
                self.labels.insert(name.to_owned(), BTreeMap::new());
            }
            let Some(values) = self.labels.get_mut(name) else { continue };
            match values.get_mut(value) {
                Some(count) => *count += 1,
                None => drop(values.insert(value.to_owned(), 1)),
            }
        }
    }

    fn finish(&self, limit: usize) -> TsdbStatistics {
        let labels = || self.labels.iter();
        let pairs = labels().flat_map(|(name, values)| {
            values.iter().map(move |(value, count)| (format!("{name}={value}"), *count))
        });
        let bytes = |name: &str, values: &BTreeMap<String, u64>| -> u64 {
            let length = |value: &str| (name.len() + value.len()) as u64 + LENGTHS;
            values.iter().map(|(value, count)| length(value) * count).sum()
        };
        let metrics = self.labels.get(METRIC_NAME).into_iter().flatten();
        TsdbStatistics {
            series: self.series,
            label_pairs: labels().map(|(_, values)| values.len() as u64).sum(),
            by_metric: most(metrics.map(|(name, count)| (name.clone(), *count)), limit),
            values_by_label: most(
                labels().map(|(name, values)| (name.clone(), values.len() as u64)),
                limit,
            ),
            bytes_by_label: most(
                labels().map(|(name, values)| (name.clone(), bytes(name, values))),
                limit,
            ),
            by_pair: most(pairs, limit),
        }
    }
}

/// The most frequent; of those that are as frequent the first by name.
fn most(counted: impl Iterator<Item = (String, u64)>, limit: usize) -> Vec<Counted> {
    let mut all: Vec<_> = counted.map(|(name, count)| Counted { name, count }).collect();
    all.sort_by(|one, other| other.count.cmp(&one.count).then_with(|| one.name.cmp(&other.name)));
    all.truncate(limit);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_frequent_come_first() {
        let mut counts = Counts::default();
        for (job, zone) in [("api", "a"), ("api", "b"), ("web", "b")] {
            let labels = [("__name__", "up"), ("job", job), ("zone", zone)];
            counts.add(&Labels::from_pairs(labels));
        }
        let counted = |name: &str, count| Counted { name: name.to_owned(), count };
        let found = counts.finish(2);
        assert_eq!((found.series, found.label_pairs), (3, 5));
        assert_eq!(found.by_metric, [counted("up", 3)]);
        assert_eq!(found.values_by_label, [counted("job", 2), counted("zone", 2)]);
        assert_eq!(found.bytes_by_label, [counted("__name__", 36), counted("job", 24)]);
        assert_eq!(found.by_pair, [counted("__name__=up", 3), counted("job=api", 2)]);
    }
}
