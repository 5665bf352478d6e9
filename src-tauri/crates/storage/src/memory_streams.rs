//! Lines in memory: the definition of what a store of streams answers, which a store on disk must match.
//!
//! Everything that is written is kept, in the order in which it came; lines that come twice are there twice.

mod block;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use parking_lot::RwLock;
use watchglass_model::Labels;

use crate::{
    Matcher, Nanos, NanosRange, ReadError, StreamPart, StreamReader, StreamScan, StreamVolume,
    StreamWrite, all_match,
};
use block::{Block, BlockPart};

/// Rows after which a block is full. A block is what one thread reads at once.
const BLOCK_ROWS: usize = 8_192;

/// Bytes of lines after which a block is full.
const BLOCK_BYTES: usize = 1 << 20;

/// Lines in blocks by arrival, searched by looking at each block.
#[derive(Debug)]
pub struct MemoryStreams {
    block_rows: usize,
    held: RwLock<Held>,
}

#[derive(Debug, Default)]
struct Held {
    full: Vec<Arc<Block>>,
    /// The block that is written to. A reader that still holds it keeps what it was.
    open: Arc<Block>,
}

impl Default for MemoryStreams {
    fn default() -> Self {
        Self::new()
    }
}

impl MemoryStreams {
    /// An empty store.
    pub fn new() -> Self {
        Self::with_block_rows(BLOCK_ROWS)
    }

    /// An empty store whose blocks are full after so many rows: with one, every row is a part of its own.
    pub fn with_block_rows(block_rows: usize) -> Self {
        Self { block_rows: block_rows.max(1), held: RwLock::default() }
    }

    /// Keeps what is written; every selection from now on sees it.
    pub fn keep(&self, write: &StreamWrite) {
        let mut held = self.held.write();
        for (labels, entries) in &write.streams {
            for entry in entries {
                let open = Arc::make_mut(&mut held.open);
                open.push(labels, entry);
                if open.len() >= self.block_rows || open.bytes() >= BLOCK_BYTES {
                    open.close();
                    let full = std::mem::take(&mut held.open);
                    held.full.push(full);
                }
            }
        }
    }

    /// Forgets everything.
    pub fn clear(&self) {
        *self.held.write() = Held::default();
    }

    /// Bytes of memory held, without what the allocator adds.
    pub fn footprint(&self) -> usize {
        self.held.read().blocks().map(|block| block.footprint()).sum()
    }

    fn blocks(&self) -> Vec<Arc<Block>> {
        self.held.read().blocks().filter(|block| block.len() > 0).map(Arc::clone).collect()
    }
}

impl Held {
    fn blocks(&self) -> impl Iterator<Item = &Arc<Block>> {
        self.full.iter().chain([&self.open])
    }
}

impl StreamReader for MemoryStreams {
    fn select(&self, scan: &StreamScan) -> Result<Vec<Box<dyn StreamPart>>, ReadError> {
        let scan = Arc::new(scan.clone());
        let touched = self.blocks().into_iter().filter(|block| {
            let (first, last) = block.bounds();
            scan.range.touches(first, last)
        });
        Ok(touched
            .map(|block| {
                Box::new(BlockPart { block, scan: Arc::clone(&scan) }) as Box<dyn StreamPart>
            })
            .collect())
    }

    fn volumes(
        &self,
        matchers: &[Matcher],
        range: NanosRange,
    ) -> Result<Vec<StreamVolume>, ReadError> {
        let mut volumes: BTreeMap<Labels, StreamVolume> = BTreeMap::new();
        for block in self.blocks() {
            let mut seen = BTreeSet::new();
            for row in 0..block.len() {
                let Some((labels, time, bytes)) = block.row(row) else { continue };
                if !range.contains(time) || !all_match(matchers, labels) {
                    continue;
                }
                let volume = volumes.entry(labels.clone()).or_insert_with(|| StreamVolume {
                    labels: labels.clone(),
                    entries: 0,
                    bytes: 0,
                    parts: 0,
                });
                volume.entries += 1;
                volume.bytes += bytes;
                volume.parts += u64::from(seen.insert(labels.clone()));
            }
        }
        Ok(volumes.into_values().collect())
    }
}

/// The first and the last of some times; everything where there are none, which touches no row.
fn widened(bounds: Option<(Nanos, Nanos)>, time: Nanos) -> (Nanos, Nanos) {
    bounds.map_or((time, time), |(first, last)| (first.min(time), last.max(time)))
}

#[cfg(test)]
mod tests;
