//! Quantiles, fractions and spread of native histograms: exponential buckets are interpolated exponentially, the zero
//! bucket and custom buckets linearly.

use watchglass_model::{BoundedBucket, FloatHistogram, compensated_add};

use super::{Ranks, out_of_range};

/// What observations of NaN, known by a sum of NaN, did to an answer. Worth a note.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NanObservations {
    /// They count as if above all others: the quantile is skewed higher.
    Skewed,
    /// The quantile falls among them: it is NaN.
    Result,
    /// No fraction includes them.
    Excluded,
}

/// The quantile of a native histogram. Without observations: NaN.
pub fn histogram_quantile(q: f64, histogram: &FloatHistogram) -> (f64, Option<NanObservations>) {
    if let Some(answer) = out_of_range(q) {
        return (answer, None);
    }
    if histogram.count == 0.0 {
        return (f64::NAN, None);
    }
    let with_nan = has_nan_observations(histogram);
    let note = with_nan.then_some(NanObservations::Skewed);
    // Counting from the nearer end keeps precision; NaN observations are above all buckets.
    let ascending = histogram.sum.is_nan() || q < 0.5;
    let (rank, found) = if ascending {
        let rank = q * histogram.count;
        (rank, reach(histogram.buckets(), rank))
    } else {
        let rank = (1.0 - q) * histogram.count;
        (rank, reach(histogram.buckets().rev(), rank))
    };
    let found = found.map(|(bucket, passed)| (bucket, passed.min(histogram.count)));
    let Some((bucket, passed)) = found.filter(|(_, passed)| *passed >= rank || !with_nan) else {
        return (f64::NAN, with_nan.then_some(NanObservations::Result));
    };
    if passed < rank {
        return (bucket.upper, None);
    }
    let rank = if ascending { rank - (passed - bucket.count) } else { passed - rank };
    (within(&bucket, rank / bucket.count, histogram), note)
}

/// The first populated bucket with which `rank` is reached, or the last there is, and what was counted with it.
fn reach(buckets: impl Iterator<Item = BoundedBucket>, rank: f64) -> Option<(BoundedBucket, f64)> {
    let mut passed = 0.0;
    let mut last = None;
    for bucket in buckets.filter(|bucket| bucket.count != 0.0) {
        passed += bucket.count;
        last = Some((bucket, passed));
        if passed >= rank {
            break;
        }
    }
    last
}

/// The value a fraction of the way into a bucket.
fn within(bucket: &BoundedBucket, fraction: f64, histogram: &FloatHistogram) -> f64 {
    if histogram.uses_custom_buckets() {
        if bucket.lower == f64::NEG_INFINITY && bucket.upper <= 0.0 {
            return bucket.upper;
        }
        if bucket.upper == f64::INFINITY && bucket.lower > f64::NEG_INFINITY {
            return bucket.lower;
        }
    }
    let (lower, upper) = natural_bounds(bucket, histogram);
    if is_linear(bucket, histogram) {
        return lower + (upper - lower) * fraction;
    }
    let (lower_log, upper_log) = (lower.abs().log2(), upper.abs().log2());
    if lower > 0.0 {
        (lower_log + (upper_log - lower_log) * fraction).exp2()
    } else {
        -(upper_log + (lower_log - upper_log) * (1.0 - fraction)).exp2()
    }
}

/// Whether observations are assumed to be spread evenly over a bucket.
fn is_linear(bucket: &BoundedBucket, histogram: &FloatHistogram) -> bool {
    histogram.uses_custom_buckets() || (bucket.lower <= 0.0 && bucket.upper >= 0.0)
}

/// The bounds of a bucket, cut at zero if it reaches across and all other buckets lie on one side, and for the lowest
/// custom bucket if its bound is positive.
fn natural_bounds(bucket: &BoundedBucket, histogram: &FloatHistogram) -> (f64, f64) {
    let (lower, upper) = (bucket.lower, bucket.upper);
    if histogram.uses_custom_buckets() {
        let natural = lower == f64::NEG_INFINITY && upper > 0.0;
        return (if natural { 0.0 } else { lower }, upper);
    }
    if lower > 0.0 || upper < 0.0 {
        return (lower, upper);
    }
    match (histogram.negative.is_empty(), histogram.positive.is_empty()) {
        (true, false) => (0.0, upper),
        (false, true) => (lower, 0.0),
        _ => (lower, upper),
    }
}

/// The share of the observations of a native histogram between two bounds, the inverse of the quantile. Without
/// observations or with a bound that is NaN: NaN.
pub fn histogram_fraction(
    lower: f64,
    upper: f64,
    histogram: &FloatHistogram,
) -> (f64, Option<NanObservations>) {
    if histogram.count == 0.0 || lower.is_nan() || upper.is_nan() {
        return (f64::NAN, None);
    }
    if lower >= upper {
        return (0.0, None);
    }
    let mut ranks = Ranks::of(lower, upper);
    let mut rank = 0.0;
    for bucket in histogram.buckets() {
        let bounds = natural_bounds(&bucket, histogram);
        let linear = is_linear(&bucket, histogram);
        if ranks.pass(bounds, rank, |value| below(value, bounds, bucket.count, rank, linear)) {
            break;
        }
        rank += bucket.count;
    }
    let with_nan = has_nan_observations(histogram);
    let counted = if with_nan { in_buckets(histogram) } else { histogram.count };
    let note = with_nan.then_some(NanObservations::Excluded);
    (ranks.share(counted, histogram.count), note)
}

/// How many observations lie below a value within a bucket that has `rank` of them below it. Of a bucket without a
/// lower bound all do, of one without an upper bound none.
fn below(value: f64, (lower, upper): (f64, f64), count: f64, rank: f64, linear: bool) -> f64 {
    if lower == f64::NEG_INFINITY {
        return count;
    }
    if linear {
        return rank + count * (value - lower) / (upper - lower);
    }
    let [lower_log, upper_log, value_log] = [lower, upper, value].map(|value| value.abs().log2());
    let fraction = if value > 0.0 {
        (value_log - lower_log) / (upper_log - lower_log)
    } else {
        1.0 - (value_log - upper_log) / (lower_log - upper_log)
    };
    rank + count * fraction
}

/// Whether NaN was observed: the sum is NaN, and not only for infinities of both signs.
fn has_nan_observations(histogram: &FloatHistogram) -> bool {
    histogram.sum.is_nan() && in_buckets(histogram) < histogram.count
}

fn in_buckets(histogram: &FloatHistogram) -> f64 {
    histogram.buckets().map(|bucket| bucket.count).sum()
}

/// The variance of the observations, each taken to lie in the middle of its bucket: the arithmetic one of custom
/// buckets, the geometric one of exponential buckets, zero in the zero bucket.
pub fn histogram_stdvar(histogram: &FloatHistogram) -> f64 {
    let mean = histogram.sum / histogram.count;
    let (mut variance, mut lost) = (0.0, 0.0);
    for bucket in histogram.buckets().filter(|bucket| bucket.count != 0.0) {
        let delta = middle(&bucket, histogram) - mean;
        compensated_add(bucket.count * delta * delta, &mut variance, &mut lost);
    }
    (variance + lost) / histogram.count
}

/// The standard deviation, the root of [`histogram_stdvar`].
pub fn histogram_stddev(histogram: &FloatHistogram) -> f64 {
    histogram_stdvar(histogram).sqrt()
}

fn middle(bucket: &BoundedBucket, histogram: &FloatHistogram) -> f64 {
    if histogram.uses_custom_buckets() {
        f64::midpoint(bucket.upper, bucket.lower)
    } else if bucket.lower <= 0.0 && bucket.upper >= 0.0 {
        0.0
    } else {
        (bucket.upper * bucket.lower).sqrt().copysign(bucket.upper)
    }
}
