//! OTLP metrics as Prometheus series, as the OpenTelemetry specification translates them
//! (<https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/>) and Prometheus's own OTLP
//! receiver does it.

mod cumulative;
mod histograms;
mod labels;
mod names;
mod settings;

use std::collections::BTreeMap;
use std::sync::Arc;

use parking_lot::{Mutex, MutexGuard};
use watchglass_model::{
    Exemplar, ExemplarValue, Labels, METRIC_NAME, MetricKind, MetricRef, Millis, PointRef,
    PointValue, Points, STALE, Sample, SampleValue, Temporality, Timestamp,
};
use watchglass_storage::{MetricMetadata, SeriesExemplar, SeriesWrite};

use cumulative::Deltas;
use labels::{Sender, text_of};
pub use names::Naming;
pub use settings::{Promotion, TranslationSettings};

/// Bit 0 of a point's flags: the sender knows that there is no value.
const NO_RECORDED_VALUE: u32 = 1;

/// Translates points, and remembers the sums of those that come as deltas.
#[derive(Debug, Default)]
pub struct Translation {
    settings: Mutex<Arc<TranslationSettings>>,
    deltas: Mutex<Deltas>,
}

impl Translation {
    /// A translation that remembers nothing yet.
    pub fn new(settings: TranslationSettings) -> Self {
        Self { settings: Mutex::new(Arc::new(settings)), deltas: Mutex::default() }
    }

    /// Translates in another way from now on.
    pub fn set(&self, settings: TranslationSettings) {
        *self.settings.lock() = Arc::new(settings);
    }

    /// The series of a batch. Points that have no translation (deltas that come out of order, scales too coarse) are
    /// counted in the second value.
    pub fn translate(&self, points: &Points) -> (SeriesWrite, u64) {
        let settings = Arc::clone(&self.settings.lock());
        let mut draft = Draft::new(&settings, self.deltas.lock());
        for point in points.iter() {
            draft.point(point);
        }
        draft.finish(points)
    }
}

/// A write on its way.
struct Draft<'a> {
    settings: &'a TranslationSettings,
    deltas: MutexGuard<'a, Deltas>,
    samples: BTreeMap<Labels, Vec<Sample>>,
    exemplars: BTreeMap<Labels, Vec<SeriesExemplar>>,
    metadata: BTreeMap<String, MetricMetadata>,
    /// The latest time at which a sender of the batch was heard of, by its index.
    senders: BTreeMap<u32, Millis>,
    left_out: u64,
}

/// What the series of a point have in common.
struct Origin {
    name: String,
    labels: Labels,
    time: Millis,
    start: Millis,
    /// Whether the sender says that there is no value.
    ended: bool,
}

impl Origin {
    fn series(&self, suffix: &str) -> Labels {
        self.labels.with(METRIC_NAME, &format!("{}{suffix}", self.name))
    }
}

fn millis(time: Timestamp) -> Millis {
    Millis::try_from(time.0 / 1_000_000).unwrap_or(Millis::MAX)
}

impl<'a> Draft<'a> {
    fn new(settings: &'a TranslationSettings, deltas: MutexGuard<'a, Deltas>) -> Self {
        Self {
            settings,
            deltas,
            samples: BTreeMap::new(),
            exemplars: BTreeMap::new(),
            metadata: BTreeMap::new(),
            senders: BTreeMap::new(),
            left_out: 0,
        }
    }

    fn point(&mut self, point: PointRef<'_>) {
        let metric = point.metric();
        let name = self.settings.naming.metric(&metric, self.settings.namespace.as_deref());
        let time = millis(point.row.time);
        let sender = self.senders.entry(metric.row.resource).or_insert(time);
        *sender = time.max(*sender);
        let origin = Origin {
            labels: Sender::of(metric.resource()).labels(
                self.settings,
                metric.scope(),
                point.attributes(),
            ),
            time,
            start: millis(point.row.start),
            ended: point.row.flags & NO_RECORDED_VALUE != 0,
            name,
        };
        self.describe(&origin.name, metric);
        self.values(&origin, point);
    }

    /// Takes note of what a metric is.
    fn describe(&mut self, name: &str, metric: MetricRef<'_>) {
        if self.metadata.contains_key(name) {
            return;
        }
        let kind = match metric.row.kind {
            MetricKind::Sum { monotonic: true, .. } => "counter",
            MetricKind::Gauge | MetricKind::Sum { .. } => "gauge",
            MetricKind::Histogram(_) | MetricKind::ExponentialHistogram(_) => "histogram",
            MetricKind::Summary => "summary",
        };
        let described = MetricMetadata {
            kind: kind.to_owned(),
            help: metric.description().to_owned(),
            unit: names::unit(metric.unit()),
        };
        self.metadata.insert(name.to_owned(), described);
    }

    fn values(&mut self, origin: &Origin, point: PointRef<'_>) {
        let kind = point.metric().row.kind;
        let delta = kind.temporality() == Temporality::Delta;
        match point.row.value {
            PointValue::Empty if origin.ended => self.number(origin, STALE, kind, point),
            PointValue::Empty => self.left_out += 1,
            #[expect(clippy::cast_precision_loss, reason = "Prometheus's samples are floats")]
            PointValue::Int(value) => self.number(origin, value as f64, kind, point),
            PointValue::Double(value) => self.number(origin, value, kind, point),
            PointValue::Histogram(place) => {
                if let Some(histogram) = point.batch.histograms.get(place as usize) {
                    if self.settings.custom_buckets {
                        self.custom(origin, histogram, delta, point);
                    } else {
                        self.classic(origin, histogram, delta, point);
                    }
                }
            }
            PointValue::ExponentialHistogram(place) => {
                if let Some(histogram) = point.batch.exponential_histograms.get(place as usize) {
                    self.native(origin, histogram, delta, point);
                }
            }
            PointValue::Summary(place) => {
                if let Some(summary) = point.batch.summaries.get(place as usize) {
                    self.summary(origin, summary, point);
                }
            }
        }
    }

    fn number(&mut self, origin: &Origin, value: f64, kind: MetricKind, point: PointRef<'_>) {
        let series = origin.series("");
        let delta = kind.temporality() == Temporality::Delta;
        if let Some(value) = self.running(origin, &series, value, delta) {
            self.push(origin, series.clone(), value, kind.is_monotonic());
        }
        let exemplars = point.exemplars().iter().map(|one| exemplar(point, one)).collect();
        self.add_exemplars(series, exemplars);
    }

    /// The sum so far, where only what came since the last point is told.
    fn running(
        &mut self,
        origin: &Origin,
        series: &Labels,
        value: f64,
        delta: bool,
    ) -> Option<f64> {
        if !delta || origin.ended {
            return Some(value);
        }
        let sum = self.deltas.add(series, origin.time, value);
        self.left_out += u64::from(sum.is_none());
        sum
    }

    /// Adds a sample of a float series.
    fn push(&mut self, origin: &Origin, series: Labels, value: f64, counts: bool) {
        let value = SampleValue::Float(if origin.ended { STALE } else { value });
        self.push_value(origin, series, value, counts);
    }

    fn push_value(&mut self, origin: &Origin, series: Labels, value: SampleValue, counts: bool) {
        let start = if counts { origin.start } else { 0 };
        self.samples.entry(series).or_default().push(Sample { time: origin.time, value, start });
    }

    fn add_exemplars(&mut self, series: Labels, exemplars: Vec<SeriesExemplar>) {
        if !exemplars.is_empty() {
            self.exemplars.entry(series).or_default().extend(exemplars);
        }
    }

    fn finish(mut self, points: &Points) -> (SeriesWrite, u64) {
        let senders = std::mem::take(&mut self.senders);
        for (resource, time) in senders {
            let sender = Sender::of(points.arena.resource(resource));
            if let Some(labels) = sender.target_info(self.settings) {
                let name = labels.name().to_owned();
                let value = SampleValue::Float(1.0);
                self.samples.entry(labels).or_default().push(Sample { time, value, start: 0 });
                self.metadata.entry(name).or_insert_with(|| MetricMetadata {
                    kind: "gauge".to_owned(),
                    help: "Target metadata".to_owned(),
                    unit: String::new(),
                });
            }
        }
        for samples in self.samples.values_mut() {
            samples.sort_by_key(|sample| sample.time);
        }
        let write = SeriesWrite {
            samples: self.samples.into_iter().collect(),
            exemplars: self.exemplars.into_iter().collect(),
            metadata: self.metadata.into_iter().collect(),
        };
        (write, self.left_out)
    }
}

/// An exemplar with its trace as labels.
fn exemplar(point: PointRef<'_>, exemplar: &Exemplar) -> SeriesExemplar {
    let mut pairs: Vec<(String, String)> = point
        .batch
        .arena
        .attributes(exemplar.attributes)
        .iter()
        .map(|(name, value)| (names::label(name), text_of(value)))
        .collect();
    if !exemplar.trace_id.is_none() {
        pairs.push(("trace_id".to_owned(), exemplar.trace_id.to_string()));
    }
    if !exemplar.span_id.is_none() {
        pairs.push(("span_id".to_owned(), exemplar.span_id.to_string()));
    }
    let value = match exemplar.value {
        ExemplarValue::Empty => f64::NAN,
        #[expect(clippy::cast_precision_loss, reason = "Prometheus's exemplars are floats")]
        ExemplarValue::Int(value) => value as f64,
        ExemplarValue::Double(value) => value,
    };
    SeriesExemplar { labels: Labels::from_pairs(pairs), value, time: millis(exemplar.time) }
}

/// A histogram as the value of a sample.
fn histogram_value(histogram: watchglass_model::FloatHistogram) -> SampleValue {
    SampleValue::Histogram(Arc::new(histogram))
}
