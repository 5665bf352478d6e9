//! Metric points, in batches: every field of OTLP's metrics, flat.

use crate::arena::{Arena, Range, Text};
use crate::attributes::{Attributes, ResourceRef, ScopeRef};
use crate::{SpanId, Timestamp, TraceId};

/// OTLP's `AggregationTemporality`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[repr(u8)]
pub enum Temporality {
    /// Not given.
    #[default]
    Unspecified = 0,
    /// Each point counts from the point before.
    Delta = 1,
    /// Each point counts from the start time.
    Cumulative = 2,
}

impl Temporality {
    /// The temporality behind OTLP's number.
    pub const fn from_number(number: i32) -> Self {
        match number {
            1 => Self::Delta,
            2 => Self::Cumulative,
            _ => Self::Unspecified,
        }
    }

    /// Its name in lower case.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unspecified => "unspecified",
            Self::Delta => "delta",
            Self::Cumulative => "cumulative",
        }
    }
}

/// What kind of points a metric has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MetricKind {
    /// A value that goes up and down.
    Gauge,
    /// A sum of increments.
    Sum {
        /// How points relate to each other.
        temporality: Temporality,
        /// Whether it only grows.
        monotonic: bool,
    },
    /// Counts in buckets with given bounds.
    Histogram(Temporality),
    /// Counts in buckets whose bounds grow exponentially.
    ExponentialHistogram(Temporality),
    /// Quantiles that the sender computed.
    Summary,
}

impl MetricKind {
    /// Its name in lower case, as OTLP's fields are called.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Gauge => "gauge",
            Self::Sum { .. } => "sum",
            Self::Histogram(_) => "histogram",
            Self::ExponentialHistogram(_) => "exponential_histogram",
            Self::Summary => "summary",
        }
    }

    /// How its points relate to each other.
    pub const fn temporality(self) -> Temporality {
        match self {
            Self::Sum { temporality, .. }
            | Self::Histogram(temporality)
            | Self::ExponentialHistogram(temporality) => temporality,
            Self::Gauge | Self::Summary => Temporality::Unspecified,
        }
    }

    /// Whether its value only grows.
    pub const fn is_monotonic(self) -> bool {
        matches!(self, Self::Sum { monotonic: true, .. })
    }
}

/// What points have in common: one metric of one sender and scope.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Metric {
    /// Its name.
    pub name: Text,
    /// What it tells.
    pub description: Text,
    /// Its unit (UCUM).
    pub unit: Text,
    /// What kind of points it has.
    pub kind: MetricKind,
    /// Further facts about the metric.
    pub metadata: Range,
    /// Index of the sender in the arena.
    pub resource: u32,
    /// Index of the instrumentation in the arena.
    pub scope: u32,
}

/// One point of a metric.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// Index of its metric in the batch.
    pub metric: u32,
    /// Its labels.
    pub attributes: Range,
    /// Since when it counts; zero where not given.
    pub start: Timestamp,
    /// When it was read.
    pub time: Timestamp,
    /// Bit 0: no value was recorded.
    pub flags: u32,
    /// What was read.
    pub value: PointValue,
    /// A stretch of the batch's exemplars.
    pub exemplars: Range,
}

/// What a point says; the larger kinds lie in the batch.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum PointValue {
    /// Nothing.
    Empty,
    /// An integer.
    Int(i64),
    /// A double.
    Double(f64),
    /// Index into the batch's histograms.
    Histogram(u32),
    /// Index into the batch's exponential histograms.
    ExponentialHistogram(u32),
    /// Index into the batch's summaries.
    Summary(u32),
}

/// A histogram point.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Histogram {
    /// How many measurements.
    pub count: u64,
    /// Their sum.
    pub sum: Option<f64>,
    /// The least.
    pub min: Option<f64>,
    /// The greatest.
    pub max: Option<f64>,
    /// Upper bounds, a stretch of the batch's doubles.
    pub bounds: Range,
    /// Counts, a stretch of the batch's counts; one more than bounds, or none.
    pub counts: Range,
}

/// One side of an exponential histogram.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Buckets {
    /// The index of the first bucket.
    pub offset: i32,
    /// Counts, a stretch of the batch's counts.
    pub counts: Range,
}

/// An exponential histogram point.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct ExponentialHistogram {
    /// How many measurements.
    pub count: u64,
    /// Their sum.
    pub sum: Option<f64>,
    /// The least.
    pub min: Option<f64>,
    /// The greatest.
    pub max: Option<f64>,
    /// The bounds grow by 2^(2^-scale).
    pub scale: i32,
    /// How many measurements lie within the zero threshold.
    pub zero_count: u64,
    /// What counts as zero.
    pub zero_threshold: f64,
    /// Measurements above zero.
    pub positive: Buckets,
    /// Measurements below zero.
    pub negative: Buckets,
}

/// A summary point.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Summary {
    /// How many measurements.
    pub count: u64,
    /// Their sum.
    pub sum: f64,
    /// A stretch of the batch's quantiles.
    pub quantiles: Range,
}

/// A quantile of a summary.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Quantile {
    /// Between 0 and 1.
    pub quantile: f64,
    /// The value at it.
    pub value: f64,
}

/// What an exemplar measured.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ExemplarValue {
    /// Nothing.
    Empty,
    /// An integer.
    Int(i64),
    /// A double.
    Double(f64),
}

/// One measurement behind a point, with the trace in which it was made.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Exemplar {
    /// When.
    pub time: Timestamp,
    /// What was measured.
    pub value: ExemplarValue,
    /// In which trace, or none.
    pub trace_id: TraceId,
    /// In which span, or none.
    pub span_id: SpanId,
    /// The attributes that the point's aggregation left out.
    pub attributes: Range,
}

/// Points that lie together.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Points {
    /// Text, attributes, senders, instrumentations.
    pub arena: Arena,
    /// What points have in common. A metric without points is kept too.
    pub metrics: Vec<Metric>,
    /// The points.
    pub rows: Vec<Point>,
    /// Histogram points.
    pub histograms: Vec<Histogram>,
    /// Exponential histogram points.
    pub exponential_histograms: Vec<ExponentialHistogram>,
    /// Summary points.
    pub summaries: Vec<Summary>,
    /// Bounds of histograms.
    pub doubles: Vec<f64>,
    /// Counts of buckets.
    pub counts: Vec<u64>,
    /// Quantiles of summaries.
    pub quantiles: Vec<Quantile>,
    /// Exemplars of all points.
    pub exemplars: Vec<Exemplar>,
}

impl Points {
    /// The point at `row`; rows come from this batch.
    pub fn get(&self, row: usize) -> Option<PointRef<'_>> {
        let row = self.rows.get(row)?;
        Some(PointRef { batch: self, row, metric: self.metrics.get(row.metric as usize)? })
    }

    /// All points in their order.
    pub fn iter(&self) -> impl Iterator<Item = PointRef<'_>> {
        (0..self.rows.len()).filter_map(|row| self.get(row))
    }

    /// A metric with its text resolved.
    pub fn metric<'a>(&'a self, row: &'a Metric) -> MetricRef<'a> {
        MetricRef { arena: &self.arena, row }
    }

    /// Bytes of memory held, for limits.
    pub fn footprint(&self) -> usize {
        self.arena.footprint()
            + self.metrics.capacity() * size_of::<Metric>()
            + self.rows.capacity() * size_of::<Point>()
            + self.histograms.capacity() * size_of::<Histogram>()
            + self.exponential_histograms.capacity() * size_of::<ExponentialHistogram>()
            + self.summaries.capacity() * size_of::<Summary>()
            + (self.doubles.capacity() + self.counts.capacity()) * 8
            + self.quantiles.capacity() * size_of::<Quantile>()
            + self.exemplars.capacity() * size_of::<Exemplar>()
    }
}

/// A metric with its text resolved.
#[derive(Debug, Clone, Copy)]
pub struct MetricRef<'a> {
    arena: &'a Arena,
    /// The plain value.
    pub row: &'a Metric,
}

impl<'a> MetricRef<'a> {
    /// Its name.
    pub fn name(self) -> &'a str {
        self.arena.text(self.row.name)
    }

    /// What it tells.
    pub fn description(self) -> &'a str {
        self.arena.text(self.row.description)
    }

    /// Its unit.
    pub fn unit(self) -> &'a str {
        self.arena.text(self.row.unit)
    }

    /// Further facts about the metric.
    pub fn metadata(self) -> Attributes<'a> {
        self.arena.attributes(self.row.metadata)
    }

    /// The sender.
    pub fn resource(self) -> ResourceRef<'a> {
        self.arena.resource(self.row.resource)
    }

    /// The instrumentation.
    pub fn scope(self) -> ScopeRef<'a> {
        self.arena.scope(self.row.scope)
    }
}

/// A point with its metric and labels resolved.
#[derive(Debug, Clone, Copy)]
pub struct PointRef<'a> {
    /// The batch it lies in, for histograms, summaries and exemplars.
    pub batch: &'a Points,
    /// The plain value.
    pub row: &'a Point,
    metric: &'a Metric,
}

impl<'a> PointRef<'a> {
    /// The metric it belongs to.
    pub fn metric(self) -> MetricRef<'a> {
        self.batch.metric(self.metric)
    }

    /// Its labels.
    pub fn attributes(self) -> Attributes<'a> {
        self.batch.arena.attributes(self.row.attributes)
    }

    /// The measurements behind it.
    pub fn exemplars(self) -> &'a [Exemplar] {
        self.row.exemplars.of(&self.batch.exemplars)
    }
}
