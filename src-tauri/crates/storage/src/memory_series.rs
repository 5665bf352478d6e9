//! Series in memory: the definition of what a store of series answers, which a store on disk must match.
//!
//! A sample older than the newest of its series is taken within a window, and a sample for a time that is taken is
//! kept only if its value is the same. Both look no further back than the window, so that a store on disk need not.
//! What was deleted is as if it had never been written.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use parking_lot::RwLock;
use watchglass_model::{Labels, METRIC_NAME, Millis, Sample, SampleValue, Samples};

use crate::{
    MatchOperator, Matcher, MetricMetadata, MillisRange, ReadError, SampleFault, SeriesBlock,
    SeriesCursor, SeriesExemplar, SeriesExtent, SeriesReader, SeriesWrite, SeriesWriter, WriteDone,
    WriteError, Written, all_match,
};

/// Series by metric and labels, searched by looking at each series of the metrics that a selection names.
#[derive(Debug, Default)]
pub struct MemorySeries {
    window: Millis,
    held: RwLock<Held>,
}

#[derive(Debug, Default)]
struct Held {
    metrics: BTreeMap<String, BTreeMap<Labels, Kept>>,
    metadata: BTreeMap<String, Vec<MetricMetadata>>,
}

/// What one series has, each in the order of time.
#[derive(Debug, Default)]
struct Kept {
    samples: Arc<Vec<Sample>>,
    exemplars: Vec<SeriesExemplar>,
}

impl MemorySeries {
    /// An empty store that takes samples up to `window` milliseconds older than the newest of their series.
    pub fn new(window: Millis) -> Self {
        Self { window: window.max(0), held: RwLock::default() }
    }

    /// Keeps what is written; every selection from now on sees it.
    pub fn keep(&self, write: &SeriesWrite) -> Written {
        let mut held = self.held.write();
        let mut written = Written::default();
        for (labels, samples) in &write.samples {
            let kept = held.series(labels);
            for sample in samples {
                match kept.insert(sample, self.window) {
                    Ok(()) => written.kept += 1,
                    Err(fault) => written.refused.push((labels.clone(), sample.time, fault)),
                }
            }
        }
        for (labels, exemplars) in &write.exemplars {
            let kept = held.series(labels);
            for exemplar in exemplars {
                kept.remember(exemplar);
            }
        }
        for (metric, metadata) in &write.metadata {
            let known = held.metadata.entry(metric.clone()).or_default();
            if !known.contains(metadata) {
                known.push(metadata.clone());
            }
        }
        written
    }

    /// Forgets everything.
    pub fn clear(&self) {
        *self.held.write() = Held::default();
    }
}

impl Held {
    fn series(&mut self, labels: &Labels) -> &mut Kept {
        let metric = self.metrics.entry(labels.name().to_owned()).or_default();
        metric.entry(labels.clone()).or_default()
    }

    /// The series that pass all matchers; of metrics whose name does not pass none is looked at.
    fn matching<'a>(
        &'a self,
        matchers: &'a [Matcher],
    ) -> impl Iterator<Item = (&'a Labels, &'a Kept)> {
        let on_name = |matcher: &&Matcher| matcher.name == METRIC_NAME;
        let exact =
            matchers.iter().filter(on_name).find(|one| one.operator == MatchOperator::Equal);
        let metrics = match exact {
            Some(one) => self.metrics.range(one.value.clone()..=one.value.clone()),
            None => self.metrics.range::<str, _>(..),
        };
        metrics
            .filter(move |(name, _)| matchers.iter().filter(on_name).all(|one| one.matches(name)))
            .flat_map(|(_, series)| series)
            .filter(move |(labels, _)| all_match(matchers, labels))
    }

    /// Those of them with samples within `range`, by labels.
    fn selected<'a>(
        &'a self,
        matchers: &'a [Matcher],
        range: MillisRange,
    ) -> Vec<(&'a Labels, &'a Kept)> {
        let mut found: Vec<_> = self
            .matching(matchers)
            .filter(|(_, kept)| !within(&kept.samples, range).is_empty())
            .collect();
        found.sort_unstable_by_key(|(labels, _)| *labels);
        found
    }
}

impl Kept {
    fn insert(&mut self, sample: &Sample, window: Millis) -> Result<(), SampleFault> {
        let newest = self.samples.last().map(|last| last.time);
        let oldest_taken = newest.map_or(Millis::MIN, |newest| newest.saturating_sub(window));
        if sample.time < oldest_taken {
            return Err(if window == 0 { SampleFault::OutOfOrder } else { SampleFault::TooOld });
        }
        match self.samples.binary_search_by_key(&sample.time, |own| own.time) {
            Ok(place) => {
                let same = self
                    .samples
                    .get(place)
                    .is_some_and(|own| same_value(&own.value, &sample.value));
                if same { Ok(()) } else { Err(SampleFault::Duplicate) }
            }
            Err(place) => {
                Arc::make_mut(&mut self.samples).insert(place, sample.clone());
                Ok(())
            }
        }
    }

    fn remember(&mut self, exemplar: &SeriesExemplar) {
        if !self.exemplars.contains(exemplar) {
            let place = self.exemplars.partition_point(|own| own.time <= exemplar.time);
            self.exemplars.insert(place, exemplar.clone());
        }
    }

    fn forget(&mut self, range: MillisRange) {
        if !within(&self.samples, range).is_empty() {
            Arc::make_mut(&mut self.samples).retain(|sample| !range.contains(sample.time));
        }
    }
}

/// The part of `samples` that lies within `range`.
fn within(samples: &[Sample], range: MillisRange) -> &[Sample] {
    let start = samples.partition_point(|sample| sample.time < range.start);
    let end = samples.partition_point(|sample| sample.time <= range.end);
    samples.get(start..end).unwrap_or_default()
}

/// Whether two values are the same bit for bit, so that a staleness marker is not any other NaN.
pub fn same_value(one: &SampleValue, other: &SampleValue) -> bool {
    match (one, other) {
        (SampleValue::Float(one), SampleValue::Float(other)) => one.to_bits() == other.to_bits(),
        (SampleValue::Histogram(one), SampleValue::Histogram(other)) => {
            one.equals(other) && one.reset_hint == other.reset_hint
        }
        _ => false,
    }
}

/// A series as it was when it was selected.
struct MemoryCursor {
    labels: Labels,
    samples: Arc<Vec<Sample>>,
}

impl SeriesCursor for MemoryCursor {
    fn labels(&self) -> &Labels {
        &self.labels
    }

    fn read(&self, range: MillisRange, into: &mut Samples) -> Result<(), ReadError> {
        into.clear();
        for sample in within(&self.samples, range) {
            into.push(sample);
        }
        Ok(())
    }
}

impl SeriesReader for MemorySeries {
    fn select(
        &self,
        matchers: &[Matcher],
        range: MillisRange,
    ) -> Result<Vec<Box<dyn SeriesCursor>>, ReadError> {
        let held = self.held.read();
        let selected = held.selected(matchers, range).into_iter();
        Ok(selected
            .map(|(labels, kept)| {
                let (labels, samples) = (labels.clone(), Arc::clone(&kept.samples));
                Box::new(MemoryCursor { labels, samples }) as Box<dyn SeriesCursor>
            })
            .collect())
    }

    fn label_names(
        &self,
        matchers: &[Matcher],
        range: MillisRange,
    ) -> Result<Vec<String>, ReadError> {
        let held = self.held.read();
        let selected = held.selected(matchers, range).into_iter();
        let names: BTreeSet<_> =
            selected.flat_map(|(labels, _)| labels.iter().map(|(name, _)| name)).collect();
        Ok(names.into_iter().map(str::to_owned).collect())
    }

    fn label_values(
        &self,
        name: &str,
        matchers: &[Matcher],
        range: MillisRange,
    ) -> Result<Vec<String>, ReadError> {
        let held = self.held.read();
        let selected = held.selected(matchers, range).into_iter();
        let values: BTreeSet<_> = selected.map(|(labels, _)| labels.get(name)).collect();
        Ok(values.into_iter().filter(|value| !value.is_empty()).map(str::to_owned).collect())
    }

    fn exemplars(
        &self,
        matchers: &[Matcher],
        range: MillisRange,
    ) -> Result<Vec<(Labels, Vec<SeriesExemplar>)>, ReadError> {
        let held = self.held.read();
        let mut found: Vec<_> = held
            .matching(matchers)
            .map(|(labels, kept)| {
                let inside = kept.exemplars.iter().filter(|one| range.contains(one.time));
                (labels.clone(), inside.cloned().collect::<Vec<_>>())
            })
            .filter(|(_, exemplars)| !exemplars.is_empty())
            .collect();
        found.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
        Ok(found)
    }

    fn metadata(
        &self,
        metric: Option<&str>,
    ) -> Result<Vec<(String, Vec<MetricMetadata>)>, ReadError> {
        let held = self.held.read();
        let wanted = held.metadata.iter().filter(|(name, _)| metric.is_none_or(|one| one == *name));
        Ok(wanted.map(|(name, known)| (name.clone(), known.clone())).collect())
    }

    /// Everything is one block that goes on growing.
    fn extent(&self) -> Result<SeriesExtent, ReadError> {
        let held = self.held.read();
        let kept: Vec<_> = held.metrics.values().flat_map(BTreeMap::values).collect();
        let times = kept.iter().filter_map(|kept| {
            let (first, last) = (kept.samples.first()?, kept.samples.last()?);
            Some(MillisRange { start: first.time, end: last.time })
        });
        let block = times.reduce(MillisRange::span).map(|times| SeriesBlock {
            number: 0,
            sealed: false,
            times,
            series: kept.iter().filter(|kept| !kept.samples.is_empty()).count() as u64,
            samples: kept.iter().map(|kept| kept.samples.len() as u64).sum(),
            deletions: 0,
        });
        Ok(SeriesExtent { blocks: block.into_iter().collect() })
    }
}

impl SeriesWriter for MemorySeries {
    fn write(&self, write: Arc<SeriesWrite>, done: WriteDone) {
        done(Ok(self.keep(&write)));
    }

    fn delete(&self, matchers: &[Matcher], range: MillisRange) -> Result<(), WriteError> {
        let mut held = self.held.write();
        for (labels, kept) in held.metrics.values_mut().flatten() {
            if all_match(matchers, labels) {
                kept.forget(range);
            }
        }
        for series in held.metrics.values_mut() {
            series.retain(|_, kept| !kept.samples.is_empty() || !kept.exemplars.is_empty());
        }
        held.metrics.retain(|_, series| !series.is_empty());
        Ok(())
    }
}

#[cfg(test)]
mod tests;
