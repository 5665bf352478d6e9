//! Reading and writing of series: the contract between the languages and APIs that ask and the stores that keep.

use std::sync::Arc;

use watchglass_model::{Labels, Millis, Sample, Samples};

use crate::{Matcher, ReadError, WriteError};

/// From `start` to `end` in milliseconds, both inclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MillisRange {
    /// The first instant inside.
    pub start: Millis,
    /// The last instant inside.
    pub end: Millis,
}

impl MillisRange {
    /// All time.
    pub const ALL: Self = Self { start: Millis::MIN, end: Millis::MAX };

    /// Whether `time` lies inside.
    pub const fn contains(self, time: Millis) -> bool {
        self.start <= time && time <= self.end
    }

    /// Whether the two share an instant.
    pub const fn overlaps(self, other: Self) -> bool {
        self.start <= other.end && other.start <= self.end
    }

    /// From the earlier start to the later end.
    #[must_use]
    pub fn span(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}

/// One series that a selection found. Its samples are read when they are wanted, so that a query over a thousand
/// series holds the samples of one.
pub trait SeriesCursor: Send + Sync {
    /// What names it.
    fn labels(&self) -> &Labels;

    /// Replaces the content of `into` by the samples within `range`, in the order of time, staleness markers included.
    fn read(&self, range: MillisRange, into: &mut Samples) -> Result<(), ReadError>;
}

/// A measurement behind a sample.
#[derive(Debug, Clone, PartialEq)]
pub struct SeriesExemplar {
    /// What tells it apart, most often `trace_id` and `span_id`.
    pub labels: Labels,
    /// What was measured.
    pub value: f64,
    /// When.
    pub time: Millis,
}

/// What a metric is, as its sender says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MetricMetadata {
    /// `counter`, `gauge`, `histogram`, `gaugehistogram`, `summary`, `info`, `stateset` or `unknown`.
    pub kind: String,
    /// What it tells.
    pub help: String,
    /// Its unit.
    pub unit: String,
}

/// How much a store has of series, and in which blocks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SeriesExtent {
    /// The blocks that have samples, the oldest first. A series may be in several of them.
    pub blocks: Vec<SeriesBlock>,
}

impl SeriesExtent {
    /// From the first to the last sample; none where there is none.
    pub fn times(&self) -> Option<MillisRange> {
        self.blocks.iter().map(|block| block.times).reduce(MillisRange::span)
    }
}

/// Samples that were stored together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeriesBlock {
    /// Later ones have higher numbers.
    pub number: u32,
    /// Whether it lies on the disk and takes no more samples.
    pub sealed: bool,
    /// From the first to the last sample.
    pub times: MillisRange,
    /// How many series.
    pub series: u64,
    /// How many samples.
    pub samples: u64,
    /// How often samples were deleted while it was the newest.
    pub deletions: u64,
}

/// Asking a store for series.
pub trait SeriesReader: Send + Sync {
    /// The series that pass all `matchers` and may have samples within `range`, by their labels.
    fn select(
        &self,
        matchers: &[Matcher],
        range: MillisRange,
    ) -> Result<Vec<Box<dyn SeriesCursor>>, ReadError>;

    /// The names of the labels of such series, sorted.
    fn label_names(
        &self,
        matchers: &[Matcher],
        range: MillisRange,
    ) -> Result<Vec<String>, ReadError>;

    /// The values of one label of such series, sorted.
    fn label_values(
        &self,
        name: &str,
        matchers: &[Matcher],
        range: MillisRange,
    ) -> Result<Vec<String>, ReadError>;

    /// The exemplars of series that pass `matchers`, by series and time.
    fn exemplars(
        &self,
        matchers: &[Matcher],
        range: MillisRange,
    ) -> Result<Vec<(Labels, Vec<SeriesExemplar>)>, ReadError>;

    /// What metrics are: of one, or of all; by name. Senders may disagree, so a metric may have several.
    fn metadata(
        &self,
        metric: Option<&str>,
    ) -> Result<Vec<(String, Vec<MetricMetadata>)>, ReadError>;

    /// How much there is.
    fn extent(&self) -> Result<SeriesExtent, ReadError>;
}

/// What is written: samples and what belongs to them, of any number of series.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SeriesWrite {
    /// Samples by series. Samples of one series come in the order of time.
    pub samples: Vec<(Labels, Vec<Sample>)>,
    /// Exemplars by series.
    pub exemplars: Vec<(Labels, Vec<SeriesExemplar>)>,
    /// What metrics are, by name.
    pub metadata: Vec<(String, MetricMetadata)>,
}

/// Why a sample was not taken. The others of its write are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SampleFault {
    /// Older than the window for samples out of order.
    #[error("too old sample")]
    TooOld,
    /// Not newer than the series' last, and no window for samples out of order.
    #[error("out of order sample")]
    OutOfOrder,
    /// Another value for a time that is taken.
    #[error("duplicate sample for timestamp")]
    Duplicate,
}

/// What became of a write: how many samples were kept, and which were not.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Written {
    /// Samples kept. A sample that is there already with the same value counts as kept.
    pub kept: u64,
    /// Those refused, by series, with the time of the sample.
    pub refused: Vec<(Labels, Millis, SampleFault)>,
}

/// What became of a write; called once, on a thread of the store.
pub type WriteDone = Box<dyn FnOnce(Result<Written, WriteError>) + Send>;

/// Writing series.
pub trait SeriesWriter: Send + Sync {
    /// Keeps samples. `done` hears `Ok` when they are safe on disk and every selection sees them.
    fn write(&self, write: Arc<SeriesWrite>, done: WriteDone);

    /// Forgets samples within `range` of the series that pass `matchers`.
    fn delete(&self, matchers: &[Matcher], range: MillisRange) -> Result<(), WriteError>;

    /// Asks that what deleted samples take on the disk be given back; that is done some time after the return.
    fn clean(&self) {}
}
