//! The series of one metric: their points in the order of time, with the exemplars behind them.

use std::collections::{BTreeMap, HashMap};
use std::ops::ControlFlow;

use watchglass_model::{MetricKind, PointRef, SpanId, TimeRange, Timestamp, TraceId};
use watchglass_storage::{PointFilter, PointScan, Reader, text_of};

use super::points::{Reading, bounds_of, measured};
use crate::error::{Error, Result};
use crate::fingerprint::Fingerprint;
use crate::values::{KeyValues, Resource, Scope, key_values};

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

/// One sender's points with the same labels. Columns have one entry a point, in the order of time.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Series {
    /// The sender's `service.name`.
    pub service: String,
    /// What tells the series from its sender's others.
    pub labels: KeyValues,
    /// The sender.
    pub resource: Resource,
    /// The instrumentation.
    pub scope: Scope,
    /// When each point was read.
    pub times: Vec<Timestamp>,
    /// Values of gauges and sums, counts of others; none where nothing was recorded.
    pub values: Vec<Option<f64>>,
    /// Sums of histograms and summaries.
    pub sums: Option<Vec<Option<f64>>>,
    /// Upper bounds of an explicit histogram's buckets.
    pub bounds: Option<Vec<f64>>,
    /// Counts of an explicit histogram's buckets.
    pub buckets: Option<Vec<Vec<u64>>>,
    /// Quantiles of a summary.
    pub quantiles: Option<Vec<SeriesQuantile>>,
    /// Measurements behind the points, by time.
    pub exemplars: Vec<SeriesExemplar>,
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
    /// What was measured.
    pub value: f64,
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
        series: drafts.into_iter().map(Draft::series).collect(),
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

/// A series whose points come in any order.
#[derive(Debug, Default)]
struct Draft {
    head: Option<Head>,
    readings: BTreeMap<Timestamp, Reading>,
    exemplars: Vec<SeriesExemplar>,
}

#[derive(Debug)]
struct Head {
    kind: MetricKind,
    series: Series,
}

impl Draft {
    /// A point that was sent twice counts once.
    fn add(&mut self, point: PointRef<'_>) {
        self.head.get_or_insert_with(|| Head::of(point));
        if self.readings.contains_key(&point.row.time) {
            return;
        }
        self.readings.insert(point.row.time, Reading::of(point));
        let arena = &point.batch.arena;
        for exemplar in point.exemplars() {
            let Some(value) = measured(exemplar.value) else {
                continue;
            };
            self.exemplars.push(SeriesExemplar {
                time: exemplar.time,
                value,
                trace_id: exemplar.trace_id,
                span_id: exemplar.span_id,
                attributes: key_values(arena.attributes(exemplar.attributes)),
            });
        }
    }

    fn series(mut self) -> Series {
        let Some(Head { kind, mut series }) = self.head.take() else {
            return Series::default();
        };
        self.exemplars.sort_by(|one, other| {
            one.time.cmp(&other.time).then(one.value.total_cmp(&other.value))
        });
        self.exemplars.dedup();
        series.times = self.readings.keys().copied().collect();
        let readings: Vec<_> = self.readings.into_values().collect();
        series.values = readings.iter().map(|one| one.value).collect();
        if !matches!(kind, MetricKind::Gauge | MetricKind::Sum { .. }) {
            series.sums = Some(readings.iter().map(|one| one.sum).collect());
        }
        if kind == MetricKind::Summary {
            series.quantiles = Some(quantiles(&readings));
        }
        if series.bounds.is_some() {
            series.buckets = Some(readings.into_iter().map(|one| one.buckets).collect());
        }
        series.exemplars = self.exemplars;
        series
    }
}

impl Head {
    fn of(point: PointRef<'_>) -> Self {
        let metric = point.metric();
        Self {
            kind: metric.row.kind,
            series: Series {
                service: metric.resource().service().to_owned(),
                labels: key_values(point.attributes()),
                resource: metric.resource().into(),
                scope: metric.scope().into(),
                bounds: bounds_of(point).map(<[f64]>::to_vec),
                ..Series::default()
            },
        }
    }
}

/// Quantiles as columns: those of the first point that has any.
fn quantiles(readings: &[Reading]) -> Vec<SeriesQuantile> {
    let first = readings.iter().find(|one| !one.quantiles.is_empty());
    let wanted = first.map_or(&[][..], |one| &one.quantiles);
    let value_at = |reading: &Reading, quantile: f64| {
        let same = |one: &&(f64, f64)| one.0.total_cmp(&quantile).is_eq();
        reading.quantiles.iter().find(same).map(|one| one.1)
    };
    let columns = wanted.iter().map(|(quantile, _)| SeriesQuantile {
        quantile: *quantile,
        values: readings.iter().map(|one| value_at(one, *quantile)).collect(),
    });
    columns.collect()
}
