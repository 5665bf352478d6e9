//! A series in the making: points come in any order, and become columns in the order of time.

use std::collections::BTreeMap;

use watchglass_model::{MetricKind, PointRef, Timestamp};

use super::points::{Reading, bounds_of, exact, measured};
use super::series::{Series, SeriesExemplar, SeriesQuantile};
use crate::values::key_values;

/// A series whose points come in any order.
#[derive(Debug, Default)]
pub(super) struct Draft {
    /// What all points have in common; none before the first.
    head: Option<Series>,
    readings: BTreeMap<Timestamp, Reading>,
    exemplars: Vec<SeriesExemplar>,
}

impl Draft {
    /// A point that was sent twice counts once.
    pub(super) fn add(&mut self, point: PointRef<'_>) {
        self.head.get_or_insert_with(|| head(point));
        if self.readings.contains_key(&point.row.time) {
            return;
        }
        self.readings.insert(point.row.time, Reading::of(point));
        let arena = &point.batch.arena;
        for exemplar in point.exemplars() {
            self.exemplars.push(SeriesExemplar {
                time: exemplar.time,
                value: measured(exemplar.value),
                exact: exact(exemplar.value),
                trace_id: exemplar.trace_id,
                span_id: exemplar.span_id,
                attributes: key_values(arena.attributes(exemplar.attributes)),
            });
        }
    }

    /// The series; none without points.
    pub(super) fn series(mut self) -> Option<Series> {
        let mut series = self.head?;
        self.exemplars.sort_by(|one, other| {
            let value = |exemplar: &SeriesExemplar| exemplar.value.unwrap_or(f64::NAN);
            one.time.cmp(&other.time).then(value(one).total_cmp(&value(other)))
        });
        self.exemplars.dedup();
        series.exemplars = self.exemplars;
        series.times = self.readings.keys().copied().collect();
        fill(&mut series, self.readings.into_values().collect());
        Some(series)
    }
}

fn head(point: PointRef<'_>) -> Series {
    let metric = point.metric();
    Series {
        service: metric.resource().service().to_owned(),
        labels: key_values(point.attributes()),
        resource: metric.resource().into(),
        scope: metric.scope().into(),
        kind: metric.row.kind,
        unit: metric.unit().to_owned(),
        description: metric.description().to_owned(),
        metadata: key_values(metric.metadata()),
        times: Vec::new(),
        starts: Vec::new(),
        flags: Vec::new(),
        values: Vec::new(),
        exact: None,
        counts: None,
        sums: None,
        mins: None,
        maxs: None,
        bounds: bounds_of(point).map(<[f64]>::to_vec),
        buckets: None,
        exponential: None,
        quantiles: None,
        exemplars: Vec::new(),
    }
}

/// Turns readings into the columns that their kind has.
fn fill(series: &mut Series, mut readings: Vec<Reading>) {
    series.starts = column(&readings, |one| one.start);
    series.flags = column(&readings, |one| one.flags);
    series.values = column(&readings, |one| one.value);
    match series.kind {
        MetricKind::Gauge | MetricKind::Sum { .. } => {
            if readings.iter().any(|one| one.exact.is_some()) {
                series.exact = Some(readings.into_iter().map(|one| one.exact).collect());
            }
            return;
        }
        MetricKind::Summary => series.quantiles = Some(quantiles(&readings)),
        MetricKind::Histogram(_) | MetricKind::ExponentialHistogram(_) => {
            series.mins = Some(column(&readings, |one| one.min));
            series.maxs = Some(column(&readings, |one| one.max));
        }
    }
    series.counts = Some(column(&readings, |one| one.count));
    series.sums = Some(column(&readings, |one| one.sum));
    if series.bounds.is_some() {
        let buckets = readings.iter_mut().map(|one| std::mem::take(&mut one.buckets));
        series.buckets = Some(buckets.collect());
    }
    if matches!(series.kind, MetricKind::ExponentialHistogram(_)) {
        series.exponential = Some(readings.into_iter().map(|one| one.exponential).collect());
    }
}

fn column<T>(readings: &[Reading], field: impl Fn(&Reading) -> T) -> Vec<T> {
    readings.iter().map(field).collect()
}

/// Quantiles as columns, in the order in which they first come.
fn quantiles(readings: &[Reading]) -> Vec<SeriesQuantile> {
    let mut wanted: Vec<f64> = Vec::new();
    for (quantile, _) in readings.iter().flat_map(|one| &one.quantiles) {
        if !wanted.iter().any(|known| known.total_cmp(quantile).is_eq()) {
            wanted.push(*quantile);
        }
    }
    let value_at = |reading: &Reading, quantile: f64| {
        let same = |one: &&(f64, f64)| one.0.total_cmp(&quantile).is_eq();
        reading.quantiles.iter().find(same).map(|one| one.1)
    };
    let columns = wanted.into_iter().map(|quantile| SeriesQuantile {
        quantile,
        values: readings.iter().map(|one| value_at(one, quantile)).collect(),
    });
    columns.collect()
}
