//! Making one of the series of many segments: a partition that is sealed keeps each series once, with all its chunks
//! side by side.

use std::io;
use std::sync::Arc;
use std::vec::IntoIter;

use watchglass_model::Samples;
use watchglass_storage::MillisRange;

use super::build::Builder;
use super::columns::{merge, remove};
use super::select::tombstones;
use super::summary::Summary;
use super::table::{ROWS, Row};
use super::tombstone::Tombstone;
use crate::segment::Record;
use crate::view::{Shared, StoredSegment};

/// Bytes of records that are handed on together.
const BATCH: usize = 4 << 20;

/// Hands the records of the merged series of `segments`, oldest first, to `store`, under the number of the last. What
/// was deleted since is left out.
pub(crate) fn merged(
    shared: &Shared,
    segments: &[Arc<StoredSegment>],
    mut store: impl FnMut(&[Record]) -> io::Result<()>,
) -> io::Result<Summary> {
    let Some(last) = segments.last() else {
        return Ok(Summary::default());
    };
    let tombstones = tombstones(&shared.view());
    let mut sides: Vec<_> = segments.iter().map(|one| Side::new(one, shared)).collect();
    let mut builder = Builder::new(last.number);
    let (mut all, mut some) = (Samples::default(), Samples::default());
    while let Some(least) =
        sides.iter().filter_map(|side| side.next.as_ref()).map(|row| &row.labels).min()
    {
        let labels = least.clone();
        all.clear();
        for side in &mut sides {
            let Some(row) = side.next.take_if(|row| row.labels == labels) else { continue };
            side.step(shared);
            some.clear();
            side.segment.read_chunks(shared, &row.chunks, MillisRange::ALL, &mut some);
            side.forget(&row, &tombstones, &mut some);
            merge(&mut all, &some);
        }
        builder.add(&labels, &all)?;
        if builder.ready() >= BATCH {
            store(&builder.take_records())?;
        }
    }
    let (summary, records) = builder.finish(last.series.tombstones.clone())?;
    store(&records)?;
    Ok(summary)
}

/// The rows of a segment, one after the other.
struct Side<'s> {
    segment: &'s StoredSegment,
    next: Option<Row>,
    rows: IntoIter<Row>,
    block: u32,
}

impl<'s> Side<'s> {
    fn new(segment: &'s StoredSegment, shared: &Shared) -> Self {
        let mut side = Self { segment, next: None, rows: Vec::new().into_iter(), block: 0 };
        side.step(shared);
        side
    }

    fn step(&mut self, shared: &Shared) {
        self.next = self.rows.next();
        while self.next.is_none() && self.block < self.segment.series.series.div_ceil(ROWS) {
            self.rows = self.segment.rows(shared, self.block, |_| true).into_iter();
            self.block += 1;
            self.next = self.rows.next();
        }
    }

    fn forget(&self, row: &Row, tombstones: &[(u32, Tombstone)], samples: &mut Samples) {
        let later = tombstones.iter().filter(|(number, _)| *number > self.segment.number);
        for (_, tombstone) in later.filter(|(_, one)| one.covers(&row.labels)) {
            remove(samples, tombstone.range);
        }
    }
}
