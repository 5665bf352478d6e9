//! What belongs to series beside their samples: metadata of metrics, and the newest exemplars. Both live in memory and
//! are carried over from journal to journal.

use std::collections::{BTreeMap, VecDeque};

use rapidhash::RapidHashMap;
use watchglass_model::Labels;
use watchglass_storage::{Matcher, MetricMetadata, MillisRange, SeriesExemplar, all_match};

use super::record::Outgoing;

/// How many exemplars are kept; the first to come goes first.
const MOST_EXEMPLARS: usize = 20_000;
/// How many kinds of metadata of one metric are kept: senders that disagree are few, one that counts is broken.
const MOST_METADATA: usize = 16;

/// Metadata and exemplars.
#[derive(Debug, Default)]
pub(crate) struct Annotations {
    metadata: BTreeMap<String, Vec<MetricMetadata>>,
    /// By series, in the order of time.
    exemplars: RapidHashMap<Labels, VecDeque<SeriesExemplar>>,
    /// The series of each exemplar, in the order of arrival.
    order: VecDeque<Labels>,
}

impl Annotations {
    /// Adds what a record brings.
    pub(crate) fn add(&mut self, outgoing: &Outgoing<'_>) {
        outgoing.metadata.iter().for_each(|(name, metadata)| self.add_metadata(name, metadata));
        outgoing.exemplars.iter().for_each(|(labels, one)| self.add_exemplar(labels, one));
    }

    pub(crate) fn add_metadata(&mut self, name: &str, metadata: &MetricMetadata) {
        if !self.has_metadata(name, metadata) {
            self.metadata.entry(name.to_owned()).or_default().push(metadata.clone());
        }
    }

    pub(crate) fn add_exemplar(&mut self, series: &Labels, exemplar: &SeriesExemplar) {
        if self.has_exemplar(series, exemplar) {
            return;
        }
        let own = self.exemplars.entry(series.clone()).or_default();
        own.insert(own.partition_point(|one| one.time <= exemplar.time), exemplar.clone());
        self.order.push_back(series.clone());
        if self.order.len() > MOST_EXEMPLARS
            && let Some(oldest) = self.order.pop_front()
            && let Some(own) = self.exemplars.get_mut(&oldest)
        {
            own.pop_front();
            if own.is_empty() {
                self.exemplars.remove(&oldest);
            }
        }
    }

    /// Whether there is nothing to add: it is known, or the metric has too many kinds.
    pub(crate) fn has_metadata(&self, name: &str, metadata: &MetricMetadata) -> bool {
        let full = |known: &Vec<_>| known.len() >= MOST_METADATA || known.contains(metadata);
        self.metadata.get(name).is_some_and(full)
    }

    pub(crate) fn has_exemplar(&self, series: &Labels, exemplar: &SeriesExemplar) -> bool {
        self.exemplars.get(series).is_some_and(|own| own.contains(exemplar))
    }

    /// Everything, for a journal that begins.
    pub(crate) fn all(&self) -> Outgoing<'_> {
        let metadata = self
            .metadata
            .iter()
            .flat_map(|(name, known)| known.iter().map(move |metadata| (name.as_str(), metadata)));
        let exemplars = self
            .exemplars
            .iter()
            .flat_map(|(series, own)| own.iter().map(move |exemplar| (series, exemplar)));
        Outgoing {
            metadata: metadata.collect(),
            exemplars: exemplars.collect(),
            ..Outgoing::default()
        }
    }

    /// As [`watchglass_storage::SeriesReader::exemplars`] says.
    pub(crate) fn exemplars(
        &self,
        matchers: &[Matcher],
        range: MillisRange,
    ) -> Vec<(Labels, Vec<SeriesExemplar>)> {
        let passing = self.exemplars.iter().filter(|(labels, _)| all_match(matchers, labels));
        let mut found: Vec<_> = passing
            .map(|(labels, own)| {
                let inside = own.iter().filter(|one| range.contains(one.time)).cloned();
                (labels.clone(), inside.collect::<Vec<_>>())
            })
            .filter(|(_, own)| !own.is_empty())
            .collect();
        found.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
        found
    }

    /// As [`watchglass_storage::SeriesReader::metadata`] says.
    pub(crate) fn metadata(&self, metric: Option<&str>) -> Vec<(String, Vec<MetricMetadata>)> {
        let wanted = self.metadata.iter().filter(|(name, _)| metric.is_none_or(|one| one == *name));
        wanted.map(|(name, known)| (name.clone(), known.clone())).collect()
    }
}
