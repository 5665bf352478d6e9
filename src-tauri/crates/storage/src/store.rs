//! The traits of a store: reading by scans, writing by arrivals, and a small catalog of documents.

use std::ops::ControlFlow;
use std::time::Duration;

use watchglass_model::{Logs, Points, Spans, TimeRange};

use crate::{Arrival, LogFilter, PointFilter, SpanFilter};

/// Whether a scan goes on.
pub type Flow = ControlFlow<()>;

/// How much of each row a scan must bring along.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Detail {
    /// Ids, names, times, severities, states, sender. Ranges of what is left out keep their length.
    Core,
    /// Everything.
    Whole,
}

/// Which spans to show. Only spans that start within `range` are shown.
#[derive(Debug, Clone)]
pub struct SpanScan {
    /// When they started.
    pub range: TimeRange,
    /// What else must hold.
    pub filter: SpanFilter,
    /// How much of them.
    pub detail: Detail,
}

/// Which log records to show, by [`watchglass_model::LogRecord::timestamp`].
#[derive(Debug, Clone)]
pub struct LogScan {
    /// When they happened.
    pub range: TimeRange,
    /// What else must hold.
    pub filter: LogFilter,
    /// How much of them.
    pub detail: Detail,
}

/// Which metric points to show.
#[derive(Debug, Clone)]
pub struct PointScan {
    /// When they were read.
    pub range: TimeRange,
    /// What else must hold.
    pub filter: PointFilter,
}

/// Reading. A scan calls `visit` with each batch that has matching rows and with the indexes of those rows, and
/// ends early when `visit` breaks. Batches come roughly newest first; each matching row is shown once.
/// A batch belongs to the scan: what is to stay must be copied out.
pub trait Reader: Send + Sync {
    /// Shows spans.
    fn scan_spans(
        &self,
        scan: &SpanScan,
        visit: &mut dyn FnMut(&Spans, &[u32]) -> Flow,
    ) -> Result<(), ReadError>;

    /// Shows log records.
    fn scan_logs(
        &self,
        scan: &LogScan,
        visit: &mut dyn FnMut(&Logs, &[u32]) -> Flow,
    ) -> Result<(), ReadError>;

    /// Shows metric points.
    fn scan_points(
        &self,
        scan: &PointScan,
        visit: &mut dyn FnMut(&Points, &[u32]) -> Flow,
    ) -> Result<(), ReadError>;
}

/// What became of an arrival; called once, on a thread of the store.
pub type Done = Box<dyn FnOnce(Result<(), WriteError>) + Send>;

/// Writing.
pub trait Writer: Send + Sync {
    /// Keeps an arrival. `done` hears `Ok` when it is safe on disk and every scan sees it.
    fn append(&self, arrival: Arrival, done: Done);
}

/// Small documents that must not be lost: runs, settings. Kinds and keys are plain words.
pub trait Catalog: Send + Sync {
    /// Writes a document, over an older one of the same key; safe on disk when it returns.
    fn put(&self, kind: &str, key: &str, document: &str) -> Result<(), WriteError>;

    /// Forgets a document, if there is one; it does not come back once this has returned.
    fn remove(&self, kind: &str, key: &str) -> Result<(), WriteError>;

    /// All documents of a kind with their keys, by key.
    fn list(&self, kind: &str) -> Result<Vec<(String, String)>, ReadError>;
}

/// How much a store holds and where.
#[derive(Debug, Clone, Default)]
pub struct Size {
    /// Bytes on disk, journal included.
    pub disk_bytes: u64,
    /// Bytes on disk of the journal alone.
    pub journal_bytes: u64,
    /// Bytes of memory of what is not sealed yet.
    pub head_bytes: u64,
    /// How many partitions.
    pub partitions: u64,
    /// The earliest time stored.
    pub oldest: Option<watchglass_model::Timestamp>,
    /// Spans, log records and points stored.
    pub rows: [u64; 3],
    /// Partitions put aside because they would not open, with the reason.
    pub quarantined: Vec<String>,
    /// Blocks that could not be read since the start.
    pub damaged_blocks: u64,
    /// Why nothing is written now, if so.
    pub read_only: Option<String>,
}

/// Why a write was refused.
#[derive(Debug, Clone, thiserror::Error)]
pub enum WriteError {
    /// More came than the disk takes; trying again later helps.
    #[error("the store is busy: try again in {} ms", retry_after.as_millis())]
    Overloaded {
        /// How long to wait.
        retry_after: Duration,
    },
    /// The disk is full or fails; trying again later may help.
    #[error("the store cannot write: {0}")]
    Disk(String),
    /// The store is closing.
    #[error("the store is closing")]
    Closed,
}

/// Why a read failed as a whole. A damaged block is no such reason: it is skipped and counted.
#[derive(Debug, Clone, thiserror::Error)]
pub enum ReadError {
    /// The disk fails.
    #[error("the store cannot read: {0}")]
    Disk(String),
}
