//! Making one partition of one or several: rows are copied, series are merged. A database that grew gives no space
//! back and holds each series once a segment; the new one is as large as what it holds.

use std::io;
use std::path::Path;
use std::sync::Arc;

use watchglass_model::Timestamp;

use crate::manifest::{PartitionEntry, SegmentEntry};
use crate::partition::{Openings, Partition};
use crate::segment::Record;
use crate::series::merge::merged;
use crate::series::summary::Summary;
use crate::view::{Shared, StoredSegment};

/// Bytes of records that are copied together.
const BATCH: usize = 16 << 20;

/// Partitions that become one.
pub(crate) struct Rewrite {
    /// The oldest first.
    pub(crate) sources: Vec<Arc<Partition>>,
    /// What lies in them, the oldest first.
    pub(crate) segments: Vec<SegmentEntry>,
    pub(crate) last_received: Timestamp,
}

/// What they became.
pub(crate) struct Rewritten {
    pub(crate) partition: Arc<Partition>,
    pub(crate) entry: PartitionEntry,
}

impl Rewrite {
    /// Writes all segments into a new partition, which is on disk when it returns. None where a block cannot be read:
    /// then the old ones stay, and with them what may still be saved.
    pub(crate) fn write(
        &self,
        shared: &Shared,
        root: &Path,
        name: &str,
        openings: &Arc<Openings>,
    ) -> io::Result<Option<Rewritten>> {
        let damaged = shared.damaged_blocks();
        let partition = Partition::at(root, name, openings);
        let series = self.fill(shared, &partition);
        if series.is_err() || shared.damaged_blocks() != damaged {
            // The manifest does not know the folder: what cannot be removed now is removed at the next start.
            let _ = partition.remove();
            return series.map(|_| None);
        }
        partition.seal()?;
        let entry = PartitionEntry {
            name: name.to_owned(),
            sealed: true,
            bytes: partition.size(),
            last_received: self.last_received.0,
            segments: entries(&self.segments, series?),
        };
        Ok(Some(Rewritten { partition, entry }))
    }

    fn fill(&self, shared: &Shared, partition: &Arc<Partition>) -> io::Result<Summary> {
        for source in &self.sources {
            copy_rows(source, partition)?;
        }
        let from = |one: &&Arc<StoredSegment>| {
            let own = self.sources.iter().any(|source| Arc::ptr_eq(source, &one.partition));
            own && one.series.series > 0
        };
        let view = shared.view();
        let mut segments: Vec<_> = view.segments.iter().filter(from).map(Arc::clone).collect();
        segments.sort_by_key(|segment| segment.number);
        merged(shared, &segments, |records| partition.append(records))
    }
}

fn copy_rows(from: &Arc<Partition>, to: &Arc<Partition>) -> io::Result<()> {
    let mut batch: Vec<Record> = Vec::new();
    let mut bytes = 0;
    from.each(|key, value| {
        if !key.part.is_of_series() {
            bytes += value.len();
            batch.push((key, value.to_vec()));
        }
        if bytes >= BATCH {
            to.append(&batch)?;
            batch.clear();
            bytes = 0;
        }
        Ok(())
    })?;
    to.append(&batch)
}

/// The last segment with series has those of all; each keeps its deletions, which go for older partitions too.
fn entries(segments: &[SegmentEntry], merged: Summary) -> Vec<SegmentEntry> {
    let mut entries = segments.to_vec();
    let last = entries.iter().filter(|one| one.series.series > 0).map(|one| one.number).max();
    for entry in &mut entries {
        let tombstones = std::mem::take(&mut entry.series.tombstones);
        entry.series = Summary { tombstones, ..Summary::default() };
    }
    if let Some(entry) = entries.iter_mut().find(|entry| Some(entry.number) == last) {
        entry.series = merged;
    }
    entries
}
