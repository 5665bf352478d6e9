//! Metrics: which there are, and the raw series of one.

use serde::Serialize;
use utoipa::ToSchema;
use watchglass_model::{MetricKind, Temporality};
use watchglass_workbench as workbench;

use super::ids::{Nanos, SpanHex, TraceHex};
use super::values::{AnyValue, Double, KeyValue, Resource, Scope, key_values};

/// The metrics of a time range, by name.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Metrics {
    pub(crate) metrics: Vec<Metric>,
}

/// A metric of one name, over all senders.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Metric {
    pub(crate) name: String,
    #[serde(rename = "type")]
    pub(crate) kind: MetricType,
    pub(crate) unit: String,
    pub(crate) description: String,
    pub(crate) monotonic: bool,
    pub(crate) temporality: MetricTemporality,
    pub(crate) series: u64,
    pub(crate) points: u64,
    pub(crate) services: Vec<String>,
    pub(crate) label_keys: Vec<String>,
    pub(crate) last_seen: Nanos,
}

/// What kind of points a metric has.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum MetricType {
    Gauge,
    Sum,
    Histogram,
    ExponentialHistogram,
    Summary,
}

/// How a metric's points relate to each other.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum MetricTemporality {
    Unspecified,
    Delta,
    Cumulative,
}

/// The series of one metric.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MetricSeries {
    pub(crate) name: String,
    #[serde(rename = "type")]
    pub(crate) kind: MetricType,
    pub(crate) unit: String,
    pub(crate) monotonic: bool,
    pub(crate) temporality: MetricTemporality,
    pub(crate) series: Vec<Series>,
    /// How many there are; more than shown where the limit is lower.
    pub(crate) total_series: u64,
}

/// One sender's points with the same labels. Columns have one entry a point, in the order of time; a column is null where
/// this type of points has no such field. Numbers of 64 bits have all their digits in the JSON; a reader that keeps
/// JSON numbers as doubles rounds counts above 2^53.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Series {
    pub(crate) service: String,
    pub(crate) labels: Vec<KeyValue>,
    pub(crate) resource: Resource,
    pub(crate) scope: Scope,
    #[serde(rename = "type")]
    pub(crate) kind: MetricType,
    pub(crate) monotonic: bool,
    pub(crate) temporality: MetricTemporality,
    pub(crate) unit: String,
    pub(crate) description: String,
    /// Further facts that the sender gave about the metric.
    pub(crate) metadata: Vec<KeyValue>,
    pub(crate) times: Vec<Nanos>,
    /// Since when each point counts; null where not given.
    pub(crate) starts: Vec<Option<Nanos>>,
    /// OTLP's flags of each point; bit 0: no value was recorded.
    pub(crate) flags: Vec<u32>,
    /// Values of gauges and sums, counts of others, as doubles; null where nothing was recorded.
    pub(crate) values: Vec<Option<f64>>,
    /// Values of gauges and sums that `values` cannot tell: an integer as `intValue` in decimal text, NaN and infinities
    /// as `doubleValue`; null where the point has the finite double in `values`, and as a whole where all have.
    #[schema(required)]
    pub(crate) exact: Option<Vec<Option<AnyValue>>>,
    /// Counts of histograms and summaries as integers; null where nothing was recorded.
    #[schema(required)]
    pub(crate) counts: Option<Vec<Option<u64>>>,
    /// Sums of histograms and summaries; null where not given.
    #[schema(required)]
    pub(crate) sums: Option<Vec<Option<f64>>>,
    /// The least measurements of histograms; null where not given.
    #[schema(required)]
    pub(crate) mins: Option<Vec<Option<f64>>>,
    /// The greatest measurements of histograms; null where not given.
    #[schema(required)]
    pub(crate) maxs: Option<Vec<Option<f64>>>,
    /// Upper bounds of an explicit histogram's buckets.
    #[schema(required)]
    pub(crate) bounds: Option<Vec<f64>>,
    /// Counts of an explicit histogram's buckets, for each point.
    #[schema(required)]
    pub(crate) buckets: Option<Vec<Vec<u64>>>,
    /// Buckets of an exponential histogram; null where nothing was recorded.
    #[schema(required)]
    pub(crate) exponential: Option<Vec<Option<ExponentialBuckets>>>,
    /// Quantiles of a summary.
    #[schema(required)]
    pub(crate) quantiles: Option<Vec<SeriesQuantile>>,
    pub(crate) exemplars: Vec<SeriesExemplar>,
}

/// The buckets of one exponential histogram point. Bounds grow by 2^(2^-scale), and the scale may change from point to point.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ExponentialBuckets {
    pub(crate) scale: i32,
    /// How many measurements are no further from zero than the threshold.
    pub(crate) zero_count: u64,
    pub(crate) zero_threshold: Double,
    pub(crate) positive: BucketSide,
    /// Measurements below zero, by their size.
    pub(crate) negative: BucketSide,
}

/// One side of an exponential histogram: bucket `i` of the list holds sizes in (base^(offset+i), base^(offset+i+1)].
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BucketSide {
    pub(crate) offset: i32,
    pub(crate) bucket_counts: Vec<u64>,
}

/// One quantile of a summary over time.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SeriesQuantile {
    pub(crate) quantile: f64,
    pub(crate) values: Vec<Option<f64>>,
}

/// A measurement behind a point.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SeriesExemplar {
    pub(crate) time: Nanos,
    /// As a double; null where nothing was given.
    #[schema(required)]
    pub(crate) value: Option<f64>,
    /// What `value` cannot tell: an integer in decimal text, NaN or an infinity; null for a finite double.
    #[schema(required)]
    pub(crate) exact: Option<AnyValue>,
    #[schema(value_type = String)]
    pub(crate) trace_id: TraceHex,
    #[schema(value_type = String)]
    pub(crate) span_id: SpanHex,
    pub(crate) attributes: Vec<KeyValue>,
}

impl From<MetricKind> for MetricType {
    fn from(kind: MetricKind) -> Self {
        match kind {
            MetricKind::Gauge => Self::Gauge,
            MetricKind::Sum { .. } => Self::Sum,
            MetricKind::Histogram(_) => Self::Histogram,
            MetricKind::ExponentialHistogram(_) => Self::ExponentialHistogram,
            MetricKind::Summary => Self::Summary,
        }
    }
}

impl From<Temporality> for MetricTemporality {
    fn from(temporality: Temporality) -> Self {
        match temporality {
            Temporality::Unspecified => Self::Unspecified,
            Temporality::Delta => Self::Delta,
            Temporality::Cumulative => Self::Cumulative,
        }
    }
}

impl From<workbench::Metric> for Metric {
    fn from(metric: workbench::Metric) -> Self {
        Self {
            name: metric.name,
            kind: metric.kind.into(),
            unit: metric.unit,
            description: metric.description,
            monotonic: metric.kind.is_monotonic(),
            temporality: metric.kind.temporality().into(),
            series: metric.series,
            points: metric.points,
            services: metric.services,
            label_keys: metric.label_keys,
            last_seen: metric.last_seen.into(),
        }
    }
}

impl MetricSeries {
    pub(crate) fn of(name: String, found: workbench::MetricSeries) -> Self {
        Self {
            name,
            kind: found.kind.into(),
            unit: found.unit,
            monotonic: found.kind.is_monotonic(),
            temporality: found.kind.temporality().into(),
            series: found.series.into_iter().map(Series::from).collect(),
            total_series: found.total_series,
        }
    }
}

impl From<workbench::Series> for Series {
    fn from(series: workbench::Series) -> Self {
        Self {
            service: series.service,
            labels: key_values(series.labels),
            resource: series.resource.into(),
            scope: series.scope.into(),
            kind: series.kind.into(),
            monotonic: series.kind.is_monotonic(),
            temporality: series.kind.temporality().into(),
            unit: series.unit,
            description: series.description,
            metadata: key_values(series.metadata),
            times: each(series.times),
            starts: series.starts.into_iter().map(|start| start.map(Nanos)).collect(),
            flags: series.flags,
            values: series.values,
            exact: series.exact.map(given),
            counts: series.counts,
            sums: series.sums,
            mins: series.mins,
            maxs: series.maxs,
            bounds: series.bounds,
            buckets: series.buckets,
            exponential: series.exponential.map(given),
            quantiles: series.quantiles.map(each),
            exemplars: each(series.exemplars),
        }
    }
}

fn each<Out, To: From<Out>>(all: Vec<Out>) -> Vec<To> {
    all.into_iter().map(To::from).collect()
}

fn given<Out, To: From<Out>>(all: Vec<Option<Out>>) -> Vec<Option<To>> {
    all.into_iter().map(|one| one.map(To::from)).collect()
}

impl From<workbench::ExponentialBuckets> for ExponentialBuckets {
    fn from(buckets: workbench::ExponentialBuckets) -> Self {
        Self {
            scale: buckets.scale,
            zero_count: buckets.zero_count,
            zero_threshold: buckets.zero_threshold.into(),
            positive: buckets.positive.into(),
            negative: buckets.negative.into(),
        }
    }
}

impl From<workbench::BucketSide> for BucketSide {
    fn from(side: workbench::BucketSide) -> Self {
        Self { offset: side.offset, bucket_counts: side.bucket_counts }
    }
}

impl From<workbench::SeriesQuantile> for SeriesQuantile {
    fn from(one: workbench::SeriesQuantile) -> Self {
        Self { quantile: one.quantile, values: one.values }
    }
}

impl From<workbench::SeriesExemplar> for SeriesExemplar {
    fn from(exemplar: workbench::SeriesExemplar) -> Self {
        Self {
            time: exemplar.time.into(),
            value: exemplar.value,
            exact: exemplar.exact.map(AnyValue::from),
            trace_id: TraceHex(exemplar.trace_id),
            span_id: SpanHex(exemplar.span_id),
            attributes: key_values(exemplar.attributes),
        }
    }
}
