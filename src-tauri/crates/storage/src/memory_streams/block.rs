//! Rows in columns, as [`LineBatch`] shows them.

use std::collections::HashMap;
use std::sync::Arc;

use watchglass_model::Labels;

use super::widened;
use crate::pair_sets::{PairSets, count};
use crate::{LineBatch, Nanos, ReadError, StreamEntry, StreamPart, StreamScan, all_match};

/// Rows in the order of their arrival.
#[derive(Debug, Clone, Default)]
pub(super) struct Block {
    streams: Vec<Labels>,
    stream_of: Vec<u32>,
    times: Vec<Nanos>,
    ends: Vec<u32>,
    text: Vec<u8>,
    metadata: PairSets,
    bounds: Option<(Nanos, Nanos)>,
    /// Where each stream stands in `streams`; needed only while rows are added.
    places: HashMap<Labels, u32>,
}

impl Block {
    pub(super) fn push(&mut self, labels: &Labels, entry: &StreamEntry) {
        let place = if let Some(place) = self.places.get(labels) {
            *place
        } else {
            let place = count(self.streams.len());
            self.streams.push(labels.clone());
            self.places.insert(labels.clone(), place);
            place
        };
        self.stream_of.push(place);
        self.times.push(entry.time);
        self.text.extend_from_slice(&entry.line);
        self.ends.push(count(self.text.len()));
        self.keep_metadata(&entry.metadata);
        self.bounds = Some(widened(self.bounds, entry.time));
    }

    /// Gives back what only adding needs.
    pub(super) fn close(&mut self) {
        self.places = HashMap::new();
        self.metadata.close();
        self.text.shrink_to_fit();
    }

    pub(super) fn len(&self) -> usize {
        self.times.len()
    }

    pub(super) fn bytes(&self) -> usize {
        self.text.len()
    }

    pub(super) fn footprint(&self) -> usize {
        let labels: usize = self.streams.iter().map(Labels::footprint).sum();
        labels + 16 * self.len() + self.text.len() + self.metadata.footprint()
    }

    pub(super) fn bounds(&self) -> (Nanos, Nanos) {
        self.bounds.unwrap_or((Nanos::MAX, Nanos::MIN))
    }

    /// Labels, time and length of the line of a row.
    pub(super) fn row(&self, row: usize) -> Option<(&Labels, Nanos, u64)> {
        let batch = self.batch(None);
        Some((batch.stream(row)?, *batch.times.get(row)?, batch.line(row).len() as u64))
    }

    fn batch<'a>(&'a self, rows: Option<&'a [u32]>) -> LineBatch<'a> {
        LineBatch {
            streams: &self.streams,
            stream_of: &self.stream_of,
            times: &self.times,
            ends: &self.ends,
            text: &self.text,
            metadata: self.metadata.column(),
            rows,
        }
    }

    /// The rows that a scan wants; none where it wants all.
    fn wanted(&self, scan: &StreamScan) -> Option<Vec<u32>> {
        let passing: Vec<bool> =
            self.streams.iter().map(|labels| all_match(&scan.matchers, labels)).collect();
        let (first, last) = self.bounds();
        if !scan.exact
            && passing.iter().all(|passes| *passes)
            && scan.range.contains(first)
            && scan.range.contains(last)
        {
            return None;
        }
        let rows = self.stream_of.iter().zip(&self.times).enumerate();
        let wanted = rows.filter(|(_, (stream, time))| {
            passing.get(**stream as usize).is_some_and(|passes| *passes)
                && scan.range.contains(**time)
        });
        let batch = self.batch(None);
        let wanted = wanted.filter(|(row, _)| !scan.exact || scan.holds_lines(batch.line(*row)));
        Some(wanted.map(|(row, _)| count(row)).collect())
    }

    /// Of pairs of one name the last counts; a pair without a value is none.
    fn keep_metadata(&mut self, metadata: &[(String, String)]) {
        let mut last: Vec<&(String, String)> = Vec::with_capacity(metadata.len());
        for pair in metadata {
            last.retain(|(name, _)| *name != pair.0);
            if !pair.1.is_empty() {
                last.push(pair);
            }
        }
        last.sort_unstable();
        let sets = &mut self.metadata;
        let pairs =
            last.into_iter().map(|(name, value)| (sets.symbol(name), sets.symbol(value))).collect();
        let set = sets.set(pairs);
        sets.set_of.push(set);
    }
}

/// One block, and what is wanted of it.
#[derive(Debug)]
pub(super) struct BlockPart {
    pub(super) block: Arc<Block>,
    pub(super) scan: Arc<StreamScan>,
}

impl StreamPart for BlockPart {
    fn bounds(&self) -> (Nanos, Nanos) {
        self.block.bounds()
    }

    fn read(&self, visit: &mut dyn FnMut(LineBatch<'_>)) -> Result<(), ReadError> {
        let wanted = self.block.wanted(&self.scan);
        if wanted.as_ref().is_none_or(|rows| !rows.is_empty()) {
            visit(self.block.batch(wanted.as_deref()));
        }
        Ok(())
    }
}
