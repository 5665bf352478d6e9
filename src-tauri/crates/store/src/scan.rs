//! Scans: heads first, then segments, the newest first. A segment's header names the blocks that may match; the core
//! of a block decides most rows, and only blocks with rows left have their detail read.

use std::ops::ControlFlow;
use std::sync::Arc;

use watchglass_model::{Logs, Points, Spans, TimeRange, Value};
use watchglass_storage::{
    Detail, Flow, LogScan, MemoryStore, PointScan, ReadError, Reader as _, SpanScan,
};

use crate::codec::columns::Corrupt;
use crate::codec::{logs, points, spans};
use crate::grams;
use crate::lines::{Lines, Rows};
use crate::segment::{Key, Part};
use crate::view::{Shared, StoredSegment};

/// Shows spans, as [`watchglass_storage::Reader`] says.
pub(crate) fn scan_spans(
    shared: &Shared,
    scan: &SpanScan,
    visit: &mut dyn FnMut(&Spans, &[u32]) -> Flow,
) -> Result<(), ReadError> {
    let way = Way {
        range: scan.range,
        head: |head: &MemoryStore, visit: &mut Visit<'_, Spans>| head.scan_spans(scan, visit),
        blocks: |segment: &StoredSegment| segment.header(shared).spans_for(scan),
        read: |at: Block<'_>| span_block(at, scan),
    };
    way.walk(shared, visit)
}

/// Shows log records, as [`watchglass_storage::Reader`] says.
pub(crate) fn scan_logs(
    shared: &Shared,
    scan: &LogScan,
    visit: &mut dyn FnMut(&Logs, &[u32]) -> Flow,
) -> Result<(), ReadError> {
    let way = Way {
        range: scan.range,
        head: |head: &MemoryStore, visit: &mut Visit<'_, Logs>| head.scan_logs(scan, visit),
        blocks: |segment: &StoredSegment| log_blocks(segment, shared, scan),
        read: |at: Block<'_>| log_block(at, scan),
    };
    way.walk(shared, visit)
}

/// Shows metric points, as [`watchglass_storage::Reader`] says.
pub(crate) fn scan_points(
    shared: &Shared,
    scan: &PointScan,
    visit: &mut dyn FnMut(&Points, &[u32]) -> Flow,
) -> Result<(), ReadError> {
    let way = Way {
        range: scan.range,
        head: |head: &MemoryStore, visit: &mut Visit<'_, Points>| head.scan_points(scan, visit),
        blocks: |segment: &StoredSegment| segment.header(shared).points_for(scan),
        read: |at: Block<'_>| point_block(at, scan),
    };
    way.walk(shared, visit)
}

type Visit<'v, B> = dyn FnMut(&B, &[u32]) -> Flow + 'v;

/// How a scan goes through heads and segments; what differs between the signals.
struct Way<H, N, R> {
    range: TimeRange,
    /// Scans a head.
    head: H,
    /// Names the blocks of a segment that may match.
    blocks: N,
    /// Reads a block and picks its matching rows.
    read: R,
}

impl<H, N, R> Way<H, N, R> {
    fn walk<B>(&self, shared: &Shared, visit: &mut Visit<'_, B>) -> Result<(), ReadError>
    where
        H: Fn(&MemoryStore, &mut Visit<'_, B>) -> Result<(), ReadError>,
        N: Fn(&StoredSegment) -> Vec<u32>,
        R: Fn(Block<'_>) -> Option<(B, Vec<u32>)>,
    {
        let view = shared.view();
        for head in &view.heads {
            let mut flow = ControlFlow::Continue(());
            (self.head)(&head.store, &mut |batch, rows| {
                flow = visit(batch, rows);
                flow
            })?;
            if flow.is_break() {
                return Ok(());
            }
        }
        let reaches = |segment: &&Arc<StoredSegment>| {
            segment.times.is_some_and(|times| times.overlaps(self.range))
        };
        for segment in view.segments.iter().filter(reaches) {
            for number in (self.blocks)(segment) {
                let read = (self.read)(Block { shared, segment, number });
                let Some((batch, rows)) = read.filter(|(_, rows)| !rows.is_empty()) else {
                    continue;
                };
                if visit(&batch, &rows).is_break() {
                    return Ok(());
                }
            }
        }
        Ok(())
    }
}

fn span_block(at: Block<'_>, scan: &SpanScan) -> Option<(Spans, Vec<u32>)> {
    let mut batch = at.read(Part::SpanCore, spans::decode_core)?;
    let mut rows = matching(batch.rows.len(), |row| {
        batch.get(row).is_some_and(|span| {
            scan.range.contains(span.row.start) && scan.filter.matches_core(span)
        })
    });
    let has_conditions = !scan.filter.attributes.is_empty();
    if !rows.is_empty() && (has_conditions || scan.detail == Detail::Whole) {
        at.read(Part::SpanDetail, |raw| spans::decode_detail(&mut batch, raw))?;
    }
    if has_conditions {
        rows.retain(|row| {
            batch.get(*row as usize).is_some_and(|span| scan.filter.matches_attributes(span))
        });
    }
    Some((batch, rows))
}

/// The blocks of a segment that may hold log records of a scan, the newest first.
fn log_blocks(segment: &StoredSegment, shared: &Shared, scan: &LogScan) -> Vec<u32> {
    if let Some(count) = segment.unknown_log_blocks(shared) {
        return (0..count).collect();
    }
    segment.log_directory(shared).blocks_for(scan, |trace| match segment.log_index(shared) {
        Some(index) => index.probe().blocks_with(&grams::of(trace.to_string().as_bytes())),
        None => Vec::new(),
    })
}

fn log_block(at: Block<'_>, scan: &LogScan) -> Option<(Logs, Vec<u32>)> {
    let mut batch = at.read(Part::LogCore, logs::decode_core)?;
    let mut rows = matching(batch.rows.len(), |row| {
        batch.get(row).is_some_and(|record| {
            scan.range.contains(record.row.timestamp()) && scan.filter.matches_core(record)
        })
    });
    let needs_detail = scan.filter.needs_detail();
    if !rows.is_empty() && (needs_detail || scan.detail == Detail::Whole) {
        at.read(Part::LogDetail, |raw| logs::decode_detail(&mut batch, raw))?;
        let lines = at.lines(batch.rows.len())?;
        at.noted(Part::LogLines, fill_bodies(&mut batch, &lines, &rows))?;
    }
    if needs_detail {
        rows.retain(|row| {
            batch.get(*row as usize).is_some_and(|record| scan.filter.matches_detail(record))
        });
    }
    Some((batch, rows))
}

/// Puts the lines of some rows where bodies of text belong.
fn fill_bodies(batch: &mut Logs, lines: &Lines, rows: &[u32]) -> Result<(), Corrupt> {
    let mut texts = Vec::new();
    let mut line = String::new();
    let records = Rows { records: &batch.rows };
    for row in rows {
        let body = batch.rows.get(*row as usize).map(|record| record.body);
        if matches!(body, Some(Value::Text(_))) {
            line.clear();
            lines.append(*row, &records, &mut line)?;
            texts.push((*row, batch.arena.push_text(&line)));
        }
    }
    for (row, text) in texts {
        if let Some(record) = batch.rows.get_mut(row as usize) {
            record.body = Value::Text(text);
        }
    }
    Ok(())
}

fn point_block(at: Block<'_>, scan: &PointScan) -> Option<(Points, Vec<u32>)> {
    let batch = at.read(Part::Points, points::decode)?;
    let rows = matching(batch.rows.len(), |row| {
        batch
            .get(row)
            .is_some_and(|point| scan.range.contains(point.row.time) && scan.filter.matches(point))
    });
    Some((batch, rows))
}

fn matching(rows: usize, matches: impl Fn(usize) -> bool) -> Vec<u32> {
    let found = (0..rows).filter(|row| matches(*row));
    found.filter_map(|row| u32::try_from(row).ok()).collect()
}

/// A block of a segment.
#[derive(Clone, Copy)]
pub(crate) struct Block<'a> {
    pub(crate) shared: &'a Shared,
    pub(crate) segment: &'a StoredSegment,
    pub(crate) number: u32,
}

impl Block<'_> {
    /// Reads one part of the block; damage costs the block and is noted.
    pub(crate) fn read<T>(
        self,
        part: Part,
        decode: impl FnOnce(&[u8]) -> Result<T, Corrupt>,
    ) -> Option<T> {
        let key = Key { segment: self.segment.number, part, block: self.number };
        let raw = self.segment.read_block(key);
        let decoded = raw.and_then(|raw| decode(&raw).map_err(|error| error.to_string()));
        decoded.map_err(|why| self.shared.damaged_block(self.segment, key, &why)).ok()
    }

    /// The lines of the block, which has so many rows.
    pub(crate) fn lines(self, rows: usize) -> Option<Lines> {
        self.read(Part::LogLines, |raw| {
            let lines = Lines::open(raw)?;
            if lines.len() == rows {
                Ok(lines)
            } else {
                Err(Corrupt("a block with fewer or more lines than rows"))
            }
        })
    }

    /// What was read of a part, unless that showed damage, which is noted.
    pub(crate) fn noted<T>(self, part: Part, read: Result<T, Corrupt>) -> Option<T> {
        let key = Key { segment: self.segment.number, part, block: self.number };
        let noted = |why: Corrupt| self.shared.damaged_block(self.segment, key, &why.to_string());
        read.map_err(noted).ok()
    }
}
