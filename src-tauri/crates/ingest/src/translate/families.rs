//! The series that points became before. A point that comes again is known by a hash of what names it, so that its
//! names and labels are made once and not every few seconds.

use std::hash::{BuildHasher, Hash, Hasher};
use std::mem;
use std::sync::Arc;

use rapidhash::RapidHashMap;
use rapidhash::fast::RandomState;
use watchglass_model::{
    Attributes, Labels, METRIC_NAME, MetricRef, PointRef, PointValue, ValueRef,
};

use super::TranslationSettings;
use super::histograms::text_of_bound;
use super::labels::Sender;

/// Families of a generation; when so many are young, the old ones that were not met again are forgotten.
const GENERATION: usize = 50_000;

/// The series of one point, in the order in which [`super::Draft::values`] tells their values.
#[derive(Debug)]
pub(super) struct Family {
    /// What the metric is called in Prometheus, without `_bucket` and the like.
    pub(super) name: String,
    pub(super) series: Vec<Labels>,
}

/// Families by what names them: two hashes of 64 bits, each with a random seed of this process, so that no sender can
/// make two of them meet.
#[derive(Debug, Default)]
pub(super) struct Families {
    states: [RandomState; 2],
    young: RapidHashMap<[u64; 2], Arc<Family>>,
    old: RapidHashMap<[u64; 2], Arc<Family>>,
    /// The metric of the last point with the hashes of what all its points share.
    last: Option<(u32, [u64; 2])>,
}

impl Families {
    /// Forgets which metric came last: numbers of metrics are those of one batch.
    pub(super) fn begin_batch(&mut self) {
        self.last = None;
    }

    /// The series of a point.
    pub(super) fn of(
        &mut self,
        point: PointRef<'_>,
        settings: &TranslationSettings,
    ) -> Arc<Family> {
        let shared = self.shared(point);
        let key = self.hashes(|state| {
            shared.hash(state);
            hash_attributes(point.attributes(), state);
            hash_bounds(point, state);
        });
        if let Some(family) = self.young.get(&key) {
            return Arc::clone(family);
        }
        let family =
            self.old.remove(&key).unwrap_or_else(|| Arc::new(Family::new(point, settings)));
        if self.young.len() >= GENERATION {
            self.old = mem::take(&mut self.young);
        }
        self.young.insert(key, Arc::clone(&family));
        family
    }

    /// What the points of a metric share: its name, sender and instrumentation.
    fn shared(&mut self, point: PointRef<'_>) -> [u64; 2] {
        match self.last {
            Some((metric, hashes)) if metric == point.row.metric => hashes,
            _ => {
                let metric = point.metric();
                let hashes = self.hashes(|state| hash_metric(metric, state));
                self.last = Some((point.row.metric, hashes));
                hashes
            }
        }
    }

    fn hashes(&self, feed: impl Fn(&mut rapidhash::fast::RapidHasher<'_>)) -> [u64; 2] {
        self.states.each_ref().map(|state| {
            let mut hasher = state.build_hasher();
            feed(&mut hasher);
            hasher.finish()
        })
    }
}

impl Family {
    fn new(point: PointRef<'_>, settings: &TranslationSettings) -> Self {
        let metric = point.metric();
        let name = settings.naming.metric(&metric, settings.namespace.as_deref());
        let sender = Sender::of(metric.resource());
        let labels = sender.labels(settings, metric.scope(), point.attributes());
        let plain = |suffix: &str| labels.with(METRIC_NAME, &format!("{name}{suffix}"));
        let series = match point.row.value {
            PointValue::Histogram(_) if !settings.custom_buckets => {
                let buckets = plain("_bucket");
                let bounds = bounds(point).iter().copied().chain([f64::INFINITY]);
                let buckets = bounds.map(|bound| buckets.with("le", &text_of_bound(bound)));
                [plain("_count"), plain("_sum")].into_iter().chain(buckets).collect()
            }
            PointValue::Summary(_) => {
                let own = plain("");
                let quantiles =
                    quantiles(point).map(|quantile| own.with("quantile", &text_of_bound(quantile)));
                [plain("_sum"), plain("_count")].into_iter().chain(quantiles).collect()
            }
            PointValue::Empty
            | PointValue::Int(_)
            | PointValue::Double(_)
            | PointValue::Histogram(_)
            | PointValue::ExponentialHistogram(_) => vec![plain("")],
        };
        Self { name, series }
    }
}

/// The bounds of a histogram that have a count: the last bucket has no bound.
pub(super) fn bounds(point: PointRef<'_>) -> &[f64] {
    let PointValue::Histogram(place) = point.row.value else { return &[] };
    let Some(histogram) = point.batch.histograms.get(place as usize) else { return &[] };
    let bounds = histogram.bounds.of(&point.batch.doubles);
    let counts = histogram.counts.of(&point.batch.counts).len();
    bounds.get(..counts).unwrap_or(bounds)
}

fn quantiles(point: PointRef<'_>) -> impl Iterator<Item = f64> {
    let place = match point.row.value {
        PointValue::Summary(place) => Some(place as usize),
        _ => None,
    };
    let summary = place.and_then(|place| point.batch.summaries.get(place));
    let all = summary.map_or(&[][..], |summary| summary.quantiles.of(&point.batch.quantiles));
    all.iter().map(|one| one.quantile)
}

fn hash_metric(metric: MetricRef<'_>, state: &mut impl Hasher) {
    (metric.name(), metric.unit(), metric.row.kind).hash(state);
    let (resource, scope) = (metric.resource(), metric.scope());
    hash_attributes(resource.attributes(), state);
    (scope.name(), scope.version(), scope.schema_url()).hash(state);
    hash_attributes(scope.attributes(), state);
}

fn hash_bounds(point: PointRef<'_>, state: &mut impl Hasher) {
    mem::discriminant(&point.row.value).hash(state);
    for bound in bounds(point) {
        state.write_u64(bound.to_bits());
    }
    for quantile in quantiles(point) {
        state.write_u64(quantile.to_bits());
    }
}

fn hash_attributes(attributes: Attributes<'_>, state: &mut impl Hasher) {
    state.write_usize(attributes.len());
    for (key, value) in attributes.iter() {
        key.hash(state);
        hash_value(value, state);
    }
}

fn hash_value(value: ValueRef<'_>, state: &mut impl Hasher) {
    mem::discriminant(&value).hash(state);
    match value {
        ValueRef::Empty => {}
        ValueRef::Text(text) => text.hash(state),
        ValueRef::Bool(value) => value.hash(state),
        ValueRef::Int(value) => value.hash(state),
        ValueRef::Double(value) => value.to_bits().hash(state),
        ValueRef::Bytes(bytes) => bytes.hash(state),
        ValueRef::Array(values) => {
            state.write_usize(values.iter().len());
            values.iter().for_each(|value| hash_value(value, state));
        }
        ValueRef::Map(entries) => hash_attributes(entries, state),
    }
}
