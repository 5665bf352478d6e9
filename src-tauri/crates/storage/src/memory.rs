//! The store in memory: the definition of what a store answers, and the unsealed head of the store on disk.

use std::sync::Arc;

use parking_lot::RwLock;
use watchglass_model::{Logs, Points, Spans, TimeRange};

use crate::{Arrival, Batch, Done, Flow, LogScan, PointScan, ReadError, Reader, SpanScan, Writer};

/// Batches in the order of their arrival, searched by looking at each row.
#[derive(Debug, Default)]
pub struct MemoryStore {
    held: RwLock<Held>,
}

#[derive(Debug, Default)]
struct Held {
    spans: Vec<Kept<Spans>>,
    logs: Vec<Kept<Logs>>,
    points: Vec<Kept<Points>>,
    footprint: usize,
    rows: [u64; 3],
}

#[derive(Debug)]
struct Kept<B> {
    times: TimeRange,
    batch: Arc<B>,
}

impl<B> Clone for Kept<B> {
    fn clone(&self) -> Self {
        Self { times: self.times, batch: Arc::clone(&self.batch) }
    }
}

impl MemoryStore {
    /// An empty store.
    pub fn new() -> Self {
        Self::default()
    }

    /// Keeps a batch; batches without rows are forgotten.
    pub fn keep(&self, batch: &Batch) {
        let Some(times) = batch.times() else { return };
        let (footprint, rows) = (batch.footprint(), batch.len() as u64);
        let mut held = self.held.write();
        held.footprint += footprint;
        match batch {
            Batch::Spans(batch) => {
                held.rows[0] += rows;
                held.spans.push(Kept { times, batch: Arc::clone(batch) });
            }
            Batch::Logs(batch) => {
                held.rows[1] += rows;
                held.logs.push(Kept { times, batch: Arc::clone(batch) });
            }
            Batch::Points(batch) => {
                held.rows[2] += rows;
                held.points.push(Kept { times, batch: Arc::clone(batch) });
            }
        }
    }

    /// Bytes of memory held.
    pub fn footprint(&self) -> usize {
        self.held.read().footprint
    }

    /// Spans, log records and points held.
    pub fn rows(&self) -> [u64; 3] {
        self.held.read().rows
    }

    /// All batches of spans.
    pub fn spans(&self) -> Vec<Arc<Spans>> {
        batches(&self.held.read().spans)
    }

    /// All batches of log records.
    pub fn logs(&self) -> Vec<Arc<Logs>> {
        batches(&self.held.read().logs)
    }

    /// All batches of log records with the first and the last time of each.
    pub(crate) fn logs_with_times(&self) -> Vec<(TimeRange, Arc<Logs>)> {
        let held = self.held.read();
        held.logs.iter().map(|one| (one.times, Arc::clone(&one.batch))).collect()
    }

    /// All batches of points.
    pub fn points(&self) -> Vec<Arc<Points>> {
        batches(&self.held.read().points)
    }
}

fn batches<B>(kept: &[Kept<B>]) -> Vec<Arc<B>> {
    kept.iter().map(|one| Arc::clone(&one.batch)).collect()
}

/// Shows each overlapping batch, newest first, with the rows that `matches` picks.
fn scan<B>(
    kept: Vec<Kept<B>>,
    range: TimeRange,
    rows_of: impl Fn(&B) -> usize,
    matches: impl Fn(&B, usize) -> bool,
    visit: &mut dyn FnMut(&B, &[u32]) -> Flow,
) {
    let mut rows = Vec::new();
    for one in kept.into_iter().rev().filter(|one| one.times.overlaps(range)) {
        rows.clear();
        let candidates = 0..rows_of(&one.batch);
        rows.extend(
            candidates
                .filter(|row| matches(&one.batch, *row))
                .filter_map(|row| u32::try_from(row).ok()),
        );
        if !rows.is_empty() && visit(&one.batch, &rows).is_break() {
            return;
        }
    }
}

impl Reader for MemoryStore {
    fn scan_spans(
        &self,
        wanted: &SpanScan,
        visit: &mut dyn FnMut(&Spans, &[u32]) -> Flow,
    ) -> Result<(), ReadError> {
        let kept = self.held.read().spans.clone();
        let matches = |batch: &Spans, row| {
            batch.get(row).is_some_and(|span| {
                wanted.range.contains(span.row.start) && wanted.filter.matches(span)
            })
        };
        scan(kept, wanted.range, |batch| batch.rows.len(), matches, visit);
        Ok(())
    }

    fn scan_logs(
        &self,
        wanted: &LogScan,
        visit: &mut dyn FnMut(&Logs, &[u32]) -> Flow,
    ) -> Result<(), ReadError> {
        let kept = self.held.read().logs.clone();
        let matches = |batch: &Logs, row| {
            batch.get(row).is_some_and(|record| {
                wanted.range.contains(record.row.timestamp()) && wanted.filter.matches(record)
            })
        };
        scan(kept, wanted.range, |batch| batch.rows.len(), matches, visit);
        Ok(())
    }

    fn scan_points(
        &self,
        wanted: &PointScan,
        visit: &mut dyn FnMut(&Points, &[u32]) -> Flow,
    ) -> Result<(), ReadError> {
        let kept = self.held.read().points.clone();
        let matches = |batch: &Points, row| {
            batch.get(row).is_some_and(|point| {
                wanted.range.contains(point.row.time) && wanted.filter.matches(point)
            })
        };
        scan(kept, wanted.range, |batch| batch.rows.len(), matches, visit);
        Ok(())
    }
}

impl Writer for MemoryStore {
    fn append(&self, arrival: Arrival, done: Done) {
        self.keep(&arrival.batch);
        done(Ok(()));
    }
}
