//! Metrics: which there are, and the raw series of one.

use serde::Serialize;
use utoipa::ToSchema;
use watchglass_model::{MetricKind, Temporality};
use watchglass_workbench as workbench;

use super::ids::{Nanos, SpanHex, TraceHex};
use super::values::{KeyValue, Resource, Scope, key_values};

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

/// One sender's points with the same labels; columns have one entry a point, in the order of time.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Series {
    pub(crate) service: String,
    pub(crate) labels: Vec<KeyValue>,
    pub(crate) resource: Resource,
    pub(crate) scope: Scope,
    pub(crate) times: Vec<Nanos>,
    /// Values of gauges and sums, counts of others; null where nothing was recorded.
    pub(crate) values: Vec<Option<f64>>,
    /// Sums of histograms and summaries.
    #[schema(required)]
    pub(crate) sums: Option<Vec<Option<f64>>>,
    /// Upper bounds of an explicit histogram's buckets.
    #[schema(required)]
    pub(crate) bounds: Option<Vec<f64>>,
    /// Counts of an explicit histogram's buckets, for each point.
    #[schema(required)]
    pub(crate) buckets: Option<Vec<Vec<u64>>>,
    /// Quantiles of a summary.
    #[schema(required)]
    pub(crate) quantiles: Option<Vec<SeriesQuantile>>,
    pub(crate) exemplars: Vec<SeriesExemplar>,
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
    pub(crate) value: f64,
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
        let quantiles = |all: Vec<workbench::SeriesQuantile>| {
            all.into_iter()
                .map(|one| SeriesQuantile { quantile: one.quantile, values: one.values })
                .collect()
        };
        Self {
            service: series.service,
            labels: key_values(series.labels),
            resource: series.resource.into(),
            scope: series.scope.into(),
            times: series.times.into_iter().map(Nanos).collect(),
            values: series.values,
            sums: series.sums,
            bounds: series.bounds,
            buckets: series.buckets,
            quantiles: series.quantiles.map(quantiles),
            exemplars: series.exemplars.into_iter().map(SeriesExemplar::from).collect(),
        }
    }
}

impl From<workbench::SeriesExemplar> for SeriesExemplar {
    fn from(exemplar: workbench::SeriesExemplar) -> Self {
        Self {
            time: exemplar.time.into(),
            value: exemplar.value,
            trace_id: TraceHex(exemplar.trace_id),
            span_id: SpanHex(exemplar.span_id),
            attributes: key_values(exemplar.attributes),
        }
    }
}
