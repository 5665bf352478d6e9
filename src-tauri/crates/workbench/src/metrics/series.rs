//! The series of one metric: their points in the order of time, with the exemplars behind them.

use std::collections::{BTreeMap, HashMap};
use std::ops::ControlFlow;

use watchglass_model::{MetricKind, PointRef, SpanId, TimeRange, Timestamp, TraceId};
use watchglass_storage::{PointFilter, PointScan, Reader, text_of};

use super::draft::Draft;
use super::points::bounds_of;
use crate::error::{Error, Result};
use crate::fingerprint::Fingerprint;
use crate::values::{KeyValues, Resource, Scope, Value};

/// A question for the series of one metric.
#[derive(Debug, Clone)]
pub struct SeriesQuery {
    /// When the points were read.
    pub range: TimeRange,
    /// Which metric, of whom.
    pub filter: PointFilter,
    /// How many series at most.
    pub limit: usize,
}

/// The series of one metric.
#[derive(Debug, Clone, PartialEq)]
pub struct MetricSeries {
    /// What kind of points it has.
    pub kind: MetricKind,
    /// Its unit.
    pub unit: String,
    /// The first series, by service and labels.
    pub series: Vec<Series>,
    /// How many there are.
    pub total_series: u64,
}

/// One sender's points with the same labels. Columns have one entry a point, in the order of time; together they tell
/// every field of the points. A column that is optional as a whole is there where the kind of points has that field.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// The sender's `service.name`.
    pub service: String,
    /// What tells the series from its sender's others.
    pub labels: KeyValues,
    /// The sender.
    pub resource: Resource,
    /// The instrumentation.
    pub scope: Scope,
    /// What kind of points this series has.
    pub kind: MetricKind,
    /// The unit its sender gave.
    pub unit: String,
    /// What its sender says it tells.
    pub description: String,
    /// Further facts that its sender gave about the metric.
    pub metadata: KeyValues,
    /// When each point was read.
    pub times: Vec<Timestamp>,
    /// Since when each point counts; none where not given.
    pub starts: Vec<Option<Timestamp>>,
    /// OTLP's flags of each point; bit 0: no value was recorded.
    pub flags: Vec<u32>,
    /// Values of gauges and sums, counts of others; none where nothing was recorded.
    pub values: Vec<Option<f64>>,
    /// Values of gauges and sums where `values` does not tell them: see [`SeriesExemplar::exact`].
    pub exact: Option<Vec<Option<Value>>>,
    /// Counts of histograms and summaries, to the last digit.
    pub counts: Option<Vec<Option<u64>>>,
    /// Sums of histograms and summaries.
    pub sums: Option<Vec<Option<f64>>>,
    /// The least measurements of histograms.
    pub mins: Option<Vec<Option<f64>>>,
    /// The greatest measurements of histograms.
    pub maxs: Option<Vec<Option<f64>>>,
    /// Upper bounds of an explicit histogram's buckets.
    pub bounds: Option<Vec<f64>>,
    /// Counts of an explicit histogram's buckets.
    pub buckets: Option<Vec<Vec<u64>>>,
    /// Buckets of an exponential histogram; none where nothing was recorded.
    pub exponential: Option<Vec<Option<ExponentialBuckets>>>,
    /// Quantiles of a summary: each that any point has.
    pub quantiles: Option<Vec<SeriesQuantile>>,
    /// Measurements behind the points, by time.
    pub exemplars: Vec<SeriesExemplar>,
}

/// The buckets of one exponential histogram point; the scale may change from point to point.
#[derive(Debug, Clone, PartialEq)]
pub struct ExponentialBuckets {
    /// The bounds grow by 2^(2^-scale).
    pub scale: i32,
    /// How many measurements lie within the zero threshold.
    pub zero_count: u64,
    /// What counts as zero.
    pub zero_threshold: f64,
    /// Measurements above zero.
    pub positive: BucketSide,
    /// Measurements below zero, by their size.
    pub negative: BucketSide,
}

/// One side of an exponential histogram.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BucketSide {
    /// The index of the first bucket.
    pub offset: i32,
    /// How many measurements fell into each bucket from there on.
    pub bucket_counts: Vec<u64>,
}

/// One quantile of a summary over time.
#[derive(Debug, Clone, PartialEq)]
pub struct SeriesQuantile {
    /// Between 0 and 1.
    pub quantile: f64,
    /// Its value at each point.
    pub values: Vec<Option<f64>>,
}

/// A measurement behind a point.
#[derive(Debug, Clone, PartialEq)]
pub struct SeriesExemplar {
    /// When.
    pub time: Timestamp,
    /// What was measured; none where nothing was given.
    pub value: Option<f64>,
    /// The same where a finite double does not tell it: an integer, NaN or an infinity.
    pub exact: Option<Value>,
    /// In which trace, or none.
    pub trace_id: TraceId,
    /// In which span, or none.
    pub span_id: SpanId,
    /// The attributes that the point left out.
    pub attributes: KeyValues,
}

/// Reads the series of a metric. The first pass tells which series there are, the second keeps the points of those shown.
pub fn metric_series(reader: &dyn Reader, query: &SeriesQuery) -> Result<MetricSeries> {
    let scan = PointScan { range: query.range, filter: query.filter.clone() };
    let mut latest: Option<(Timestamp, MetricKind, String)> = None;
    let mut known: HashMap<u64, (String, String)> = HashMap::new();
    each_point(reader, &scan, &mut |point| {
        let time = point.row.time;
        let metric = point.metric();
        if latest.as_ref().is_none_or(|(newest, ..)| time > *newest) {
            latest = Some((time, metric.row.kind, metric.unit().to_owned()));
        }
        known.entry(identity(point)).or_insert_with(|| title(point));
    })?;
    let Some((_, kind, unit)) = latest else {
        return Err(Error::Unknown {
            kind: "metric",
            name: query.filter.metric.clone().unwrap_or_default(),
        });
    };
    let total_series = known.len() as u64;
    let mut shown: Vec<_> = known.into_iter().map(|(id, title)| (title, id)).collect();
    shown.sort_unstable();
    shown.truncate(query.limit);
    let shown: HashMap<u64, usize> = shown.into_iter().map(|(_, id)| id).zip(0..).collect();
    let mut drafts: Vec<Draft> = shown.iter().map(|_| Draft::default()).collect();
    each_point(reader, &scan, &mut |point| {
        let place = shown.get(&identity(point));
        if let Some(draft) = place.and_then(|place| drafts.get_mut(*place)) {
            draft.add(point);
        }
    })?;
    Ok(MetricSeries {
        kind,
        unit,
        series: drafts.into_iter().filter_map(Draft::series).collect(),
        total_series,
    })
}

/// What tells a series from all others: sender, instrumentation, metric, labels, kind and bounds of buckets.
pub(super) fn identity(point: PointRef<'_>) -> u64 {
    let metric = point.metric();
    let mut content = Fingerprint::default();
    content
        .add(metric.name())
        .add(metric.row.kind)
        .add(metric.resource().schema_url())
        .add_labels(metric.resource().attributes())
        .add(metric.scope().name())
        .add_labels(point.attributes());
    for bound in bounds_of(point).unwrap_or_default() {
        content.add(bound.to_bits());
    }
    content.finish()
}

/// Service and labels as text, by which series are ordered.
fn title(point: PointRef<'_>) -> (String, String) {
    let labels: BTreeMap<_, _> =
        point.attributes().iter().map(|(key, value)| (key, text_of(value))).collect();
    let service = point.metric().resource().service().to_owned();
    (service, format!("{labels:?}"))
}

fn each_point(
    reader: &dyn Reader,
    scan: &PointScan,
    look_at: &mut dyn FnMut(PointRef<'_>),
) -> Result<()> {
    reader.scan_points(scan, &mut |batch, rows| {
        for point in rows.iter().filter_map(|row| batch.get(*row as usize)) {
            look_at(point);
        }
        ControlFlow::Continue(())
    })?;
    Ok(())
}
