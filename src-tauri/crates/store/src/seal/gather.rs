//! Partitions written anew: one that is sealed, so that its series are merged, small neighbours, so that they become
//! one, and those with deleted samples, so that the disk has their place again.

use std::io;
use std::sync::Arc;

use watchglass_model::Timestamp;

use super::{Active, PARTITIONS, Sealer, stored};
use crate::manifest::SegmentEntry;
use crate::rewrite::{Rewrite, Rewritten};
use crate::series::select::tombstones;
use crate::view::StoredSegment;

/// So many small partitions become one,
const GATHERED: usize = 4;
/// where small is first a sixteenth of a partition, then a quarter.
const SMALL_SHARES: [u64; 2] = [16, 4];

impl Sealer {
    /// Seals a partition by writing it anew, if it grew segment by segment: series are merged, and sled, which rewrites a
    /// leaf whenever it grows, has left a third of the database empty.
    pub(super) fn rewrite(&mut self, active: &Active) -> io::Result<bool> {
        let rewrite = Rewrite {
            sources: vec![Arc::clone(&active.partition)],
            segments: active.segments.clone(),
            last_received: active.last_received,
        };
        let done = rewrite.segments.len() > 1 && self.replace(&rewrite)?;
        if done {
            self.remove_journals(active);
        }
        Ok(done)
    }

    /// Makes one partition of some, in the manifest and in the view.
    fn replace(&mut self, rewrite: &Rewrite) -> io::Result<bool> {
        let (number, root) = (self.manifest.next_partition, self.folder.join(PARTITIONS));
        let name = format!("{number:08}");
        let rewritten = rewrite.write(&self.shared, &root, &name, &self.openings)?;
        let Some(Rewritten { partition, entry }) = rewritten else {
            return Ok(false);
        };
        let is_old = |name: &str| rewrite.sources.iter().any(|source| source.name == name);
        let segments: Vec<_> = entry.segments.iter().map(|one| stored(one, &partition)).collect();
        let mut manifest = self.manifest.clone();
        manifest.next_partition = number + 1;
        let place = manifest.partitions.iter().position(|one| is_old(&one.name)).unwrap_or(0);
        manifest.partitions.retain(|one| !is_old(&one.name));
        manifest.partitions.insert(place, entry);
        manifest.write(&self.folder)?;
        self.manifest = manifest;
        self.shared.change(|view| {
            view.segments.retain(|one| !is_old(&one.partition.name));
            view.segments.extend(segments);
            view.segments.sort_by_key(|segment| std::cmp::Reverse(segment.number));
        });
        self.retired.extend(rewrite.sources.iter().map(Arc::clone));
        Ok(true)
    }

    /// Makes one partition of the youngest, where several are small: journals may go early, and still a week does not
    /// lie in hundreds of databases.
    pub(super) fn gather(&mut self) {
        for share in SMALL_SHARES {
            let rewrite = self.small(self.settings.partition_bytes / share);
            if rewrite.sources.len() < GATHERED {
                continue;
            }
            let names: Vec<_> = rewrite.sources.iter().map(|one| one.name.clone()).collect();
            match self.replace(&rewrite) {
                Ok(true) => {}
                Ok(false) => self.left.extend(names),
                Err(error) => {
                    tracing::warn!("partitions {names:?} cannot be made one: {error}");
                    self.left.extend(names);
                }
            }
        }
    }

    /// The youngest sealed partitions that are smaller than `bytes` and span no more time than one may.
    fn small(&self, bytes: u64) -> Rewrite {
        let age = u64::try_from(self.settings.partition_age.as_nanos()).unwrap_or(u64::MAX);
        let youngest = self.manifest.partitions.iter().rfind(|one| one.sealed);
        let last_received = Timestamp(youngest.map_or(0, |one| one.last_received));
        let small = self.manifest.partitions.iter().rev().filter(|one| one.sealed);
        let small = small.take_while(|one| {
            one.bytes < bytes
                && last_received.since(Timestamp(one.last_received)) < age
                && !self.left.contains(&one.name)
        });
        let mut entries: Vec<_> = small.collect();
        entries.reverse();
        let view = self.shared.view();
        let sources = entries.iter().filter_map(|entry| {
            let segment = view.segments.iter().find(|one| one.partition.name == entry.name)?;
            Some(Arc::clone(&segment.partition))
        });
        let segments = entries.iter().flat_map(|entry| entry.segments.iter().cloned());
        Rewrite { sources: sources.collect(), segments: segments.collect(), last_received }
    }

    /// Writes sealed partitions anew that hold deleted samples.
    pub(super) fn clean(&mut self) {
        let view = self.shared.view();
        let tombstones = tombstones(&view);
        let holds_deleted = |segment: &SegmentEntry| {
            let later = tombstones.iter().filter(|(number, _)| *number > segment.number);
            let times = segment.series.times;
            times.is_some_and(|times| later.into_iter().any(|(_, one)| one.range.overlaps(times)))
        };
        for entry in self.manifest.partitions.clone().into_iter().filter(|one| one.sealed) {
            let of_entry = |one: &&Arc<StoredSegment>| one.partition.name == entry.name;
            let Some(segment) = view.segments.iter().find(of_entry) else { continue };
            if !entry.segments.iter().any(holds_deleted) {
                continue;
            }
            let rewrite = Rewrite {
                sources: vec![Arc::clone(&segment.partition)],
                segments: entry.segments,
                last_received: Timestamp(entry.last_received),
            };
            if let Err(error) = self.replace(&rewrite) {
                tracing::warn!("partition {} keeps what was deleted: {error}", entry.name);
            }
        }
    }

    /// Removes what was rewritten and is not read any more.
    pub(super) fn remove_retired(&mut self) {
        self.retired.retain(|partition| {
            if Arc::strong_count(partition) > 1 {
                return true;
            }
            if let Err(error) = partition.remove() {
                // The manifest does not name it any more: the next start removes it.
                tracing::warn!("partition {} cannot be removed: {error}", partition.name);
            }
            false
        });
    }
}
