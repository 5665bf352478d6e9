//! Histograms and summaries: explicit bounds as `_bucket`, `_sum` and `_count`, exponential ones as native histograms.

use watchglass_model::{
    Bucket, Buckets, CUSTOM_BUCKETS, ExponentialHistogram, FloatHistogram, Histogram, PointRef,
    STALE, Summary,
};
use watchglass_storage::SeriesExemplar;

use super::families::bounds;
use super::{Draft, Origin, exemplar, histogram_value};

/// Places of a classic histogram's series in its family; the buckets follow, the one without a bound last.
const COUNT: usize = 0;
const SUM: usize = 1;
const FIRST_BUCKET: usize = 2;
/// The finest native resolution; finer scales are merged down to it.
const FINEST: i32 = 8;
/// The coarsest native resolution.
const COARSEST: i32 = -4;
/// What counts as zero where the sender does not say (Prometheus `otlptranslator`).
const ZERO_THRESHOLD: f64 = 1e-128;

impl Draft<'_> {
    pub(super) fn classic(&mut self, origin: &Origin, histogram: &Histogram, point: PointRef<'_>) {
        self.classic_value(origin, COUNT, float(histogram.count));
        if let Some(sum) = histogram.sum {
            self.classic_value(origin, SUM, sum);
        }
        let bounds = bounds(point);
        let counts = histogram.counts.of(&point.batch.counts);
        let mut below = 0_u64;
        for (bucket, (_, count)) in bounds.iter().zip(counts).enumerate() {
            below = below.saturating_add(*count);
            self.classic_value(origin, FIRST_BUCKET + bucket, float(below));
        }
        self.classic_value(origin, FIRST_BUCKET + bounds.len(), float(histogram.count));
        for one in point.exemplars() {
            let exemplar = exemplar(point, one);
            let bucket = bounds.iter().position(|bound| exemplar.value <= *bound);
            let series = FIRST_BUCKET + bucket.unwrap_or(bounds.len());
            self.add_exemplars(origin, series, vec![exemplar]);
        }
    }

    fn classic_value(&mut self, origin: &Origin, series: usize, value: f64) {
        if let Some(value) = self.running(origin, series, value) {
            self.push(origin, series, value, true);
        }
    }

    pub(super) fn summary(&mut self, origin: &Origin, summary: &Summary, point: PointRef<'_>) {
        self.push(origin, 0, summary.sum, true);
        self.push(origin, 1, float(summary.count), true);
        for (place, one) in summary.quantiles.of(&point.batch.quantiles).iter().enumerate() {
            self.push(origin, 2 + place, one.value, false);
        }
    }

    pub(super) fn native(
        &mut self,
        origin: &Origin,
        histogram: &ExponentialHistogram,
        point: PointRef<'_>,
    ) {
        match native(histogram, &point.batch.counts) {
            Some(native) => self.native_value(origin, native, point),
            None => self.left_out += 1,
        }
    }

    /// A histogram with explicit bounds as a native one that keeps them.
    pub(super) fn custom(&mut self, origin: &Origin, histogram: &Histogram, point: PointRef<'_>) {
        let bounds = histogram.bounds.of(&point.batch.doubles);
        let counts = histogram.counts.of(&point.batch.counts);
        let buckets = (0..).zip(counts).filter(|(_, count)| **count > 0);
        let native = FloatHistogram {
            schema: CUSTOM_BUCKETS,
            count: float(histogram.count),
            sum: histogram.sum.unwrap_or(0.0),
            positive: buckets
                .map(|(index, count)| Bucket { index, count: float(*count) })
                .collect(),
            custom_values: Some(bounds.iter().copied().filter(|bound| bound.is_finite()).collect()),
            ..FloatHistogram::default()
        };
        self.native_value(origin, native, point);
    }

    fn native_value(&mut self, origin: &Origin, mut native: FloatHistogram, point: PointRef<'_>) {
        if origin.ended {
            native = FloatHistogram { sum: STALE, ..FloatHistogram::default() };
        } else if origin.delta {
            let series = origin.family.series.first();
            let sum = series
                .and_then(|series| self.memory.deltas.add_histogram(series, origin.time, &native));
            let Some(sum) = sum else {
                self.left_out += 1;
                return;
            };
            native = sum;
        }
        self.push_value(origin, 0, histogram_value(native), true);
        let exemplars: Vec<SeriesExemplar> =
            point.exemplars().iter().map(|one| exemplar(point, one)).collect();
        self.add_exemplars(origin, 0, exemplars);
    }
}

#[expect(clippy::cast_precision_loss, reason = "Prometheus's samples are floats")]
const fn float(count: u64) -> f64 {
    count as f64
}

/// A bound as the text of a label: `0.1`, `1.0`, `+Inf`.
pub(super) fn text_of_bound(bound: f64) -> String {
    match bound {
        f64::INFINITY => "+Inf".to_owned(),
        f64::NEG_INFINITY => "-Inf".to_owned(),
        _ => format!("{bound:?}"),
    }
}

/// A native histogram of an exponential one; none where its buckets are too coarse.
fn native(histogram: &ExponentialHistogram, counts: &[u64]) -> Option<FloatHistogram> {
    if histogram.scale < COARSEST {
        return None;
    }
    let merges = histogram.scale.saturating_sub(FINEST).max(0);
    let threshold = histogram.zero_threshold;
    Some(FloatHistogram {
        schema: histogram.scale - merges,
        zero_threshold: if threshold > 0.0 { threshold } else { ZERO_THRESHOLD },
        zero_count: float(histogram.zero_count),
        count: float(histogram.count),
        sum: histogram.sum.unwrap_or(0.0),
        positive: buckets(&histogram.positive, counts, merges),
        negative: buckets(&histogram.negative, counts, merges),
        ..FloatHistogram::default()
    })
}

/// The buckets of a side. OTLP's bucket `i` is `(base^i, base^(i+1)]`, Prometheus's `(base^(i-1), base^i]`.
fn buckets(side: &Buckets, counts: &[u64], merges: i32) -> Vec<Bucket> {
    let mut buckets: Vec<Bucket> = Vec::new();
    for (place, count) in side.counts.of(counts).iter().enumerate() {
        let Some(index) =
            i32::try_from(place).ok().and_then(|place| side.offset.checked_add(place))
        else {
            break;
        };
        let index = (index >> merges.min(31)).saturating_add(1);
        match buckets.last_mut() {
            Some(last) if last.index == index => last.count += float(*count),
            _ if *count == 0 => {}
            _ => buckets.push(Bucket { index, count: float(*count) }),
        }
    }
    buckets
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_read_as_floats() {
        let texts = [0.005, 1.0, 10.0, f64::INFINITY].map(text_of_bound);
        assert_eq!(texts, ["0.005", "1.0", "10.0", "+Inf"]);
    }
}
