//! OTLP metrics as Prometheus series, as the OpenTelemetry specification translates them
//! (<https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/>) and Prometheus's own OTLP
//! receiver does it.

mod cumulative;
mod families;
mod histograms;
mod labels;
mod names;
mod settings;

use std::collections::BTreeMap;
use std::sync::Arc;

use parking_lot::Mutex;
use rapidhash::RapidHashMap;
use watchglass_model::{
    Exemplar, ExemplarValue, Labels, MetricKind, MetricRef, Millis, PointRef, PointValue, Points,
    STALE, Sample, SampleValue, Temporality, Timestamp,
};
use watchglass_storage::{MetricMetadata, SeriesExemplar, SeriesWrite};

use cumulative::Deltas;
use families::{Families, Family};
use labels::{Sender, text_of};
pub use names::Naming;
pub use settings::{Promotion, TranslationSettings};

/// Bit 0 of a point's flags: the sender knows that there is no value.
const NO_RECORDED_VALUE: u32 = 1;

/// Translates points, and remembers the sums of those that come as deltas, and the names of all.
#[derive(Debug, Default)]
pub struct Translation {
    memory: Mutex<Memory>,
}

/// What a translation remembers from batch to batch.
#[derive(Debug, Default)]
struct Memory {
    settings: TranslationSettings,
    deltas: Deltas,
    families: Families,
}

impl Translation {
    /// A translation that remembers nothing yet.
    pub fn new(settings: TranslationSettings) -> Self {
        Self { memory: Mutex::new(Memory { settings, ..Memory::default() }) }
    }

    /// Translates in another way from now on.
    pub fn set(&self, settings: TranslationSettings) {
        let mut memory = self.memory.lock();
        memory.settings = settings;
        memory.families = Families::default();
    }

    /// The series of a batch. Points that have no translation (deltas that come out of order, scales too coarse) are
    /// counted in the second value.
    pub fn translate(&self, points: &Points) -> (SeriesWrite, u64) {
        let mut memory = self.memory.lock();
        memory.families.begin_batch();
        let mut draft = Draft::new(&mut memory);
        for point in points.iter() {
            draft.point(point);
        }
        draft.finish(points)
    }
}

/// A write on its way.
struct Draft<'a> {
    memory: &'a mut Memory,
    samples: Vec<(Labels, Vec<Sample>)>,
    /// Where the series of a family begin among the samples.
    places: RapidHashMap<*const Family, usize>,
    exemplars: BTreeMap<Labels, Vec<SeriesExemplar>>,
    metadata: BTreeMap<String, MetricMetadata>,
    /// The metric that was described last.
    described: Option<u32>,
    /// The latest time at which a sender of the batch was heard of, by its index.
    senders: BTreeMap<u32, Millis>,
    left_out: u64,
}

/// A point with the series that it becomes.
struct Origin {
    family: Arc<Family>,
    /// Where its series begin among the samples.
    place: usize,
    time: Millis,
    start: Millis,
    /// Whether only what came since the point before is told.
    delta: bool,
    /// Whether the sender says that there is no value.
    ended: bool,
}

fn millis(time: Timestamp) -> Millis {
    Millis::try_from(time.0 / 1_000_000).unwrap_or(Millis::MAX)
}

impl<'a> Draft<'a> {
    fn new(memory: &'a mut Memory) -> Self {
        Self {
            memory,
            samples: Vec::new(),
            places: RapidHashMap::default(),
            exemplars: BTreeMap::new(),
            metadata: BTreeMap::new(),
            described: None,
            senders: BTreeMap::new(),
            left_out: 0,
        }
    }

    fn point(&mut self, point: PointRef<'_>) {
        let family = self.memory.families.of(point, &self.memory.settings);
        let time = millis(point.row.time);
        let place = self.place(&family);
        if self.described != Some(point.row.metric) {
            self.described = Some(point.row.metric);
            self.describe(&family.name, point.metric());
        }
        let sender = self.senders.entry(point.metric().row.resource).or_insert(time);
        *sender = time.max(*sender);
        let origin = Origin {
            family,
            place,
            time,
            start: millis(point.row.start),
            delta: point.metric().row.kind.temporality() == Temporality::Delta,
            ended: point.row.flags & NO_RECORDED_VALUE != 0,
        };
        self.values(&origin, point);
    }

    /// Where the series of a family begin among the samples; they stand there from its first point on.
    fn place(&mut self, family: &Arc<Family>) -> usize {
        let end = self.samples.len();
        let place = *self.places.entry(Arc::as_ptr(family)).or_insert(end);
        if place == end {
            self.samples.extend(family.series.iter().map(|series| (series.clone(), Vec::new())));
        }
        place
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
        match point.row.value {
            PointValue::Empty if origin.ended => self.number(origin, STALE, kind, point),
            PointValue::Empty => self.left_out += 1,
            #[expect(clippy::cast_precision_loss, reason = "Prometheus's samples are floats")]
            PointValue::Int(value) => self.number(origin, value as f64, kind, point),
            PointValue::Double(value) => self.number(origin, value, kind, point),
            PointValue::Histogram(place) => {
                if let Some(histogram) = point.batch.histograms.get(place as usize) {
                    if self.memory.settings.custom_buckets {
                        self.custom(origin, histogram, point);
                    } else {
                        self.classic(origin, histogram, point);
                    }
                }
            }
            PointValue::ExponentialHistogram(place) => {
                if let Some(histogram) = point.batch.exponential_histograms.get(place as usize) {
                    self.native(origin, histogram, point);
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
        if let Some(value) = self.running(origin, 0, value) {
            self.push(origin, 0, value, kind.is_monotonic());
        }
        let exemplars = point.exemplars().iter().map(|one| exemplar(point, one)).collect();
        self.add_exemplars(origin, 0, exemplars);
    }

    /// The sum so far of a family's series, where only what came since the last point is told.
    fn running(&mut self, origin: &Origin, series: usize, value: f64) -> Option<f64> {
        if !origin.delta || origin.ended {
            return Some(value);
        }
        let sum = self.memory.deltas.add(origin.family.series.get(series)?, origin.time, value);
        self.left_out += u64::from(sum.is_none());
        sum
    }

    /// Adds a sample of a family's float series.
    fn push(&mut self, origin: &Origin, series: usize, value: f64, counts: bool) {
        let value = SampleValue::Float(if origin.ended { STALE } else { value });
        self.push_value(origin, series, value, counts);
    }

    fn push_value(&mut self, origin: &Origin, series: usize, value: SampleValue, counts: bool) {
        let start = if counts { origin.start } else { 0 };
        if let Some((_, samples)) = self.samples.get_mut(origin.place + series) {
            samples.push(Sample { time: origin.time, value, start });
        }
    }

    fn add_exemplars(&mut self, origin: &Origin, series: usize, exemplars: Vec<SeriesExemplar>) {
        if let Some(series) = origin.family.series.get(series)
            && !exemplars.is_empty()
        {
            self.exemplars.entry(series.clone()).or_default().extend(exemplars);
        }
    }

    fn finish(mut self, points: &Points) -> (SeriesWrite, u64) {
        let senders = std::mem::take(&mut self.senders);
        for (resource, time) in senders {
            let sender = Sender::of(points.arena.resource(resource));
            if let Some(labels) = sender.target_info(&self.memory.settings) {
                let name = labels.name().to_owned();
                let value = SampleValue::Float(1.0);
                self.samples.push((labels, vec![Sample { time, value, start: 0 }]));
                self.metadata.entry(name).or_insert_with(|| MetricMetadata {
                    kind: "gauge".to_owned(),
                    help: "Target metadata".to_owned(),
                    unit: String::new(),
                });
            }
        }
        self.samples.retain_mut(|(_, samples)| {
            samples.sort_by_key(|sample| sample.time);
            !samples.is_empty()
        });
        let write = SeriesWrite {
            samples: self.samples,
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
