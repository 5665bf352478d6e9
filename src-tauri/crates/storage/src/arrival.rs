//! What is written: one batch of one signal, as values to look at and as bytes to keep.

use std::sync::Arc;

use bytes::Bytes;
use watchglass_model::{LogRecord, Logs, Points, Spans, TimeRange, Timestamp};

/// One of OpenTelemetry's three signals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Signal {
    /// Spans.
    Traces = 1,
    /// Log records.
    Logs = 2,
    /// Metric points.
    Metrics = 3,
}

impl Signal {
    /// All three.
    pub const ALL: [Self; 3] = [Self::Traces, Self::Logs, Self::Metrics];

    /// Its name as it stands in OTLP's paths.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Traces => "traces",
            Self::Logs => "logs",
            Self::Metrics => "metrics",
        }
    }
}

/// A batch of any signal. Batches are shared: the head of the store and every live view hold the same one.
#[derive(Debug, Clone)]
pub enum Batch {
    /// Spans.
    Spans(Arc<Spans>),
    /// Log records.
    Logs(Arc<Logs>),
    /// Metric points.
    Points(Arc<Points>),
}

impl Batch {
    /// Its signal.
    pub const fn signal(&self) -> Signal {
        match self {
            Self::Spans(_) => Signal::Traces,
            Self::Logs(_) => Signal::Logs,
            Self::Points(_) => Signal::Metrics,
        }
    }

    /// How many rows it has.
    pub fn len(&self) -> usize {
        match self {
            Self::Spans(spans) => spans.rows.len(),
            Self::Logs(logs) => logs.rows.len(),
            Self::Points(points) => points.rows.len(),
        }
    }

    /// Whether it has no rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Bytes of memory held.
    pub fn footprint(&self) -> usize {
        match self {
            Self::Spans(spans) => spans.footprint(),
            Self::Logs(logs) => logs.footprint(),
            Self::Points(points) => points.footprint(),
        }
    }

    /// From the first to the last time of its rows (span starts, log times, point times); none without rows.
    pub fn times(&self) -> Option<TimeRange> {
        match self {
            Self::Spans(spans) => times(spans.rows.iter().map(|row| row.start)),
            Self::Logs(logs) => times(logs.rows.iter().map(LogRecord::timestamp)),
            Self::Points(points) => times(points.rows.iter().map(|row| row.time)),
        }
    }
}

fn times(mut all: impl Iterator<Item = Timestamp>) -> Option<TimeRange> {
    let first = all.next()?;
    Some(all.fold(TimeRange { start: first, end: first }, TimeRange::including))
}

/// A batch on its way into a store.
#[derive(Debug, Clone)]
pub struct Arrival {
    /// When it was received.
    pub received: Timestamp,
    /// The values.
    pub batch: Batch,
    /// The same as the protobuf bytes of an OTLP export request: what a journal keeps, because nothing is lost in it.
    pub wire: Bytes,
}
