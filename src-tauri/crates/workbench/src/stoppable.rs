//! A reader whose scans end when nobody waits for the answer any more.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};

use watchglass_model::{Logs, Points, Spans};
use watchglass_storage::{Flow, LogScan, PointScan, ReadError, Reader, SpanScan};

/// A reader and the flag that ends its scans. What a stopped scan answers is incomplete: nobody is to see it.
pub(crate) struct Stoppable<'a> {
    reader: &'a dyn Reader,
    stopped: &'a AtomicBool,
}

impl<'a> Stoppable<'a> {
    pub(crate) fn new(reader: &'a dyn Reader, stopped: &'a AtomicBool) -> Self {
        Self { reader, stopped }
    }

    fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::Relaxed)
    }

    fn unless_stopped(&self, go_on: impl FnOnce() -> Flow) -> Flow {
        if self.is_stopped() { ControlFlow::Break(()) } else { go_on() }
    }
}

impl Reader for Stoppable<'_> {
    fn scan_spans(
        &self,
        scan: &SpanScan,
        visit: &mut dyn FnMut(&Spans, &[u32]) -> Flow,
    ) -> Result<(), ReadError> {
        if self.is_stopped() {
            return Ok(());
        }
        let mut visit = |batch: &Spans, rows: &[u32]| self.unless_stopped(|| visit(batch, rows));
        self.reader.scan_spans(scan, &mut visit)
    }

    fn scan_logs(
        &self,
        scan: &LogScan,
        visit: &mut dyn FnMut(&Logs, &[u32]) -> Flow,
    ) -> Result<(), ReadError> {
        if self.is_stopped() {
            return Ok(());
        }
        let mut visit = |batch: &Logs, rows: &[u32]| self.unless_stopped(|| visit(batch, rows));
        self.reader.scan_logs(scan, &mut visit)
    }

    fn scan_points(
        &self,
        scan: &PointScan,
        visit: &mut dyn FnMut(&Points, &[u32]) -> Flow,
    ) -> Result<(), ReadError> {
        if self.is_stopped() {
            return Ok(());
        }
        let mut visit = |batch: &Points, rows: &[u32]| self.unless_stopped(|| visit(batch, rows));
        self.reader.scan_points(scan, &mut visit)
    }
}
