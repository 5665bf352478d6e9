//! How many series there are, of what, how that grew, and what would be saved without a label.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

use watchglass_model::{Labels, METRIC_NAME, Millis};
use watchglass_storage::{Matcher, MillisRange, ReadError, SeriesCursor, SeriesReader};

/// A series counts at a moment if it had a sample so long before (Prometheus's lookback).
const LOOKBACK: Millis = 5 * 60 * 1000;

/// Metrics whose labels are looked at for what they cost; the rest is smaller than all of these.
const COSTLY_METRICS: usize = 20;

/// Labels without which a series means something else, or is no longer known by its target: not to be dropped.
const STRUCTURAL: [&str; 5] = [METRIC_NAME, "le", "quantile", "job", "instance"];

/// The series within a range.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cardinality {
    /// How many there are.
    pub total: Share,
    /// Metrics, those with most series first.
    pub names: Vec<(String, Share)>,
    /// Metrics, those that grew most first; only such as grew.
    pub grown: Vec<(String, Share)>,
    /// Labels, those with most values first.
    pub labels: Vec<(String, LabelShare)>,
    /// Labels with a value, those of most series first.
    pub pairs: Vec<(String, String, LabelShare)>,
    /// Labels of single metrics, those without which most series would be saved first.
    pub costs: Vec<LabelCost>,
}

/// Some of the series.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Share {
    /// With a sample within the range.
    pub series: u64,
    /// Alive when the range begins.
    pub before: u64,
    /// Alive when it ends.
    pub after: u64,
    /// Bytes of the names and values of their labels.
    pub bytes: u64,
}

/// A label, or a label with a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct LabelShare {
    /// Series that have it.
    pub series: u64,
    /// Its values.
    pub values: u64,
    /// Bytes of its name and values on all these series.
    pub bytes: u64,
}

/// What a label of a metric costs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct LabelCost {
    /// The metric.
    pub metric: String,
    /// Its label.
    pub label: String,
    /// The series of the metric within the range.
    pub series: u64,
    /// The values of the label on them.
    pub values: u64,
    /// How many series would be left without the label.
    pub without: u64,
}

type Cursors = Vec<Box<dyn SeriesCursor>>;

/// The series of all metrics; of each list the first `limit`.
pub fn cardinality(
    reader: &dyn SeriesReader,
    range: MillisRange,
    limit: usize,
) -> Result<Cardinality, ReadError> {
    let all = reader.select(&[], range)?;
    let mut found = Cardinality::default();
    let mut names: HashMap<&str, Share> = HashMap::new();
    let mut pairs: HashMap<(&str, &str), LabelShare> = HashMap::new();
    for labels in all.iter().map(|cursor| cursor.labels()) {
        let bytes = labels.iter().map(|(name, value)| size(name, value)).sum::<u64>();
        for share in [&mut found.total, names.entry(labels.name()).or_default()] {
            share.series += 1;
            share.bytes += bytes;
        }
        for (name, value) in labels.iter().filter(|(name, _)| *name != METRIC_NAME) {
            let share = pairs.entry((name, value)).or_default();
            share.series += 1;
            share.values = 1;
            share.bytes += size(name, value);
        }
    }
    for (time, count) in
        [(range.start, Share::count_before as fn(&mut Share)), (range.end, Share::count_after)]
    {
        for cursor in alive(reader, time)? {
            count(&mut found.total);
            if let Some(share) = names.get_mut(cursor.labels().name()) {
                count(share);
            }
        }
    }
    let mut labels: HashMap<&str, LabelShare> = HashMap::new();
    for ((name, _), share) in &pairs {
        let label = labels.entry(name).or_default();
        label.series += share.series;
        label.values += 1;
        label.bytes += share.bytes;
    }
    found.costs = costs(&all, &names, limit);
    found.grown = most(
        names.iter().filter(|(_, share)| share.grown() > 0),
        |(_, share)| share.grown(),
        limit,
    );
    found.names = most(names.iter(), |(_, share)| share.series, limit);
    found.labels = most(labels.iter(), |(_, share)| share.values, limit);
    found.pairs = first(pairs.into_iter().collect(), |(_, share)| share.series, limit)
        .into_iter()
        .map(|((name, value), share)| (name.to_owned(), value.to_owned(), share))
        .collect();
    Ok(found)
}

/// What each label of one metric costs, the dearest first; labels that its meaning hangs on come last.
pub fn label_costs(
    reader: &dyn SeriesReader,
    metric: &str,
    range: MillisRange,
) -> Result<Vec<LabelCost>, ReadError> {
    let found = reader.select(&[Matcher::equal(METRIC_NAME, metric)], range)?;
    let series: Vec<_> = found.iter().map(|cursor| cursor.labels()).collect();
    let mut costs = costs_of(metric, &series, &[METRIC_NAME]);
    costs.sort_by_key(|cost| {
        (STRUCTURAL.contains(&cost.label.as_str()), cost.without, Reverse(cost.values))
    });
    Ok(costs)
}

impl Share {
    const fn count_before(&mut self) {
        self.before += 1;
    }

    const fn count_after(&mut self) {
        self.after += 1;
    }

    /// How many series there are more at the end than at the beginning.
    pub const fn grown(&self) -> u64 {
        self.after.saturating_sub(self.before)
    }
}

impl LabelCost {
    const fn saved(&self) -> u64 {
        self.series.saturating_sub(self.without)
    }
}

fn size(name: &str, value: &str) -> u64 {
    (name.len() + value.len()) as u64
}

fn alive(reader: &dyn SeriesReader, time: Millis) -> Result<Cursors, ReadError> {
    reader.select(&[], MillisRange { start: time.saturating_sub(LOOKBACK), end: time })
}

/// The costs of the labels of the largest metrics, as far as dropping them saves something.
fn costs(all: &Cursors, names: &HashMap<&str, Share>, limit: usize) -> Vec<LabelCost> {
    let largest = first(names.iter().collect(), |(_, share)| share.series, COSTLY_METRICS);
    let mut of_metric: HashMap<&str, Vec<&Labels>> =
        largest.into_iter().map(|(name, _)| (*name, Vec::new())).collect();
    for labels in all.iter().map(|cursor| cursor.labels()) {
        if let Some(series) = of_metric.get_mut(labels.name()) {
            series.push(labels);
        }
    }
    let costs = of_metric.iter().flat_map(|(name, series)| costs_of(name, series, &STRUCTURAL));
    first(costs.filter(|cost| cost.saved() > 0).collect(), LabelCost::saved, limit)
}

/// What each label but some costs these series of a metric.
fn costs_of(metric: &str, series: &[&Labels], but: &[&str]) -> Vec<LabelCost> {
    let names: HashSet<&str> =
        series.iter().flat_map(|labels| labels.iter().map(|(name, _)| name)).collect();
    let wanted = names.into_iter().filter(|name| !but.contains(name));
    wanted
        .map(|label| {
            let left: HashSet<Labels> = series.iter().map(|labels| labels.without(label)).collect();
            let values: HashSet<&str> = series
                .iter()
                .map(|labels| labels.get(label))
                .filter(|value| !value.is_empty())
                .collect();
            LabelCost {
                metric: metric.to_owned(),
                label: label.to_owned(),
                series: series.len() as u64,
                values: values.len() as u64,
                without: left.len() as u64,
            }
        })
        .collect()
}

/// The largest by `rank`; equals in the order of their text, so that a list does not change by itself.
fn first<T: Ord>(mut all: Vec<T>, rank: impl Fn(&T) -> u64, limit: usize) -> Vec<T> {
    all.sort_by(|one, other| rank(other).cmp(&rank(one)).then_with(|| one.cmp(other)));
    all.truncate(limit);
    all
}

fn most<'a, S: Copy + Ord + 'a>(
    all: impl Iterator<Item = (&'a &'a str, &'a S)>,
    rank: impl Fn(&(&str, S)) -> u64,
    limit: usize,
) -> Vec<(String, S)> {
    let all = all.map(|(name, share)| (*name, *share)).collect();
    first(all, rank, limit).into_iter().map(|(name, share)| (name.to_owned(), share)).collect()
}

#[cfg(test)]
mod tests;
