//! Rows in columns, as [`LineBatch`] shows them.

use std::collections::HashMap;
use std::sync::Arc;

use watchglass_model::Labels;

use super::widened;
use crate::{
    LineBatch, MetadataColumn, Nanos, ReadError, StreamEntry, StreamPart, StreamScan, Symbols,
    all_match,
};

/// Rows in the order of their arrival.
#[derive(Debug, Clone, Default)]
pub(super) struct Block {
    streams: Vec<Labels>,
    stream_of: Vec<u32>,
    times: Vec<Nanos>,
    ends: Vec<u32>,
    text: Vec<u8>,
    metadata: Metadata,
    bounds: Option<(Nanos, Nanos)>,
    /// Where each stream stands in `streams`; needed only while rows are added.
    places: HashMap<Labels, u32>,
}

/// Sets of pairs, each once.
#[derive(Debug, Clone, Default)]
struct Metadata {
    set_of: Vec<u32>,
    ends: Vec<u32>,
    pairs: Vec<(u32, u32)>,
    text: String,
    text_ends: Vec<u32>,
    symbols: HashMap<String, u32>,
    sets: HashMap<Vec<(u32, u32)>, u32>,
}

/// A count of things in a block, which is far below four billion.
fn count(length: usize) -> u32 {
    u32::try_from(length).expect("a block is closed long before it holds 4 GiB")
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
        self.metadata.push(&entry.metadata);
        self.bounds = Some(widened(self.bounds, entry.time));
    }

    /// Gives back what only adding needs.
    pub(super) fn close(&mut self) {
        self.places = HashMap::new();
        self.metadata.symbols = HashMap::new();
        self.metadata.sets = HashMap::new();
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
        let metadata = &self.metadata;
        let pairs = 4 * (metadata.set_of.len() + metadata.ends.len() + metadata.text_ends.len())
            + 8 * metadata.pairs.len()
            + metadata.text.len();
        labels + 16 * self.len() + self.text.len() + pairs
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
            metadata: MetadataColumn {
                set_of: &self.metadata.set_of,
                ends: &self.metadata.ends,
                pairs: &self.metadata.pairs,
                symbols: Symbols { text: &self.metadata.text, ends: &self.metadata.text_ends },
            },
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
}

impl Metadata {
    fn push(&mut self, metadata: &[(String, String)]) {
        let mut pairs: Vec<(u32, u32)> = Vec::with_capacity(metadata.len());
        let mut last: Vec<&(String, String)> = Vec::with_capacity(metadata.len());
        for pair in metadata {
            last.retain(|(name, _)| *name != pair.0);
            if !pair.1.is_empty() {
                last.push(pair);
            }
        }
        last.sort_unstable();
        for (name, value) in last {
            pairs.push((self.symbol(name), self.symbol(value)));
        }
        let next = count(self.ends.len());
        let set = *self.sets.entry(pairs).or_insert_with_key(|pairs| {
            self.pairs.extend_from_slice(pairs);
            self.ends.push(count(self.pairs.len()));
            next
        });
        self.set_of.push(set);
    }

    fn symbol(&mut self, text: &str) -> u32 {
        if let Some(place) = self.symbols.get(text) {
            return *place;
        }
        let place = count(self.text_ends.len());
        self.text.push_str(text);
        self.text_ends.push(count(self.text.len()));
        self.symbols.insert(text.to_owned(), place);
        place
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
