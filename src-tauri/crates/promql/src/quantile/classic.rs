//! Quantiles and fractions of classic histograms: cumulative counts by upper bound, interpolated linearly.

use super::{Ranks, out_of_range};

/// Counts that differ relatively by less than this are taken as equal: floats made the difference.
const SMALL_DELTA: f64 = 1e-12;

/// What is counted up to a bound.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ClassicBucket {
    /// The bound (`le`).
    pub upper_bound: f64,
    /// Observations up to the bound, all below included.
    pub count: f64,
}

/// A quantile, and what had to be repaired for it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BucketQuantile {
    /// The quantile.
    pub value: f64,
    /// Whether counts that fell were raised. Worth a note with the three numbers below.
    pub forced_monotonic: bool,
    /// Whether tiny differences were evened out.
    pub fixed_precision: bool,
    /// The lowest bound whose count was raised; `+Inf` if none was.
    pub min_bucket: f64,
    /// The highest bound whose count was raised; `-Inf` if none was.
    pub max_bucket: f64,
    /// By how much a count was raised at most.
    pub max_diff: f64,
}

impl BucketQuantile {
    const fn unrepaired(value: f64) -> Self {
        Self {
            value,
            forced_monotonic: false,
            fixed_precision: false,
            min_bucket: f64::INFINITY,
            max_bucket: f64::NEG_INFINITY,
            max_diff: 0.0,
        }
    }
}

/// The quantile of a classic histogram. The buckets are sorted, merged and made to rise. In the last bucket the
/// answer is the bound before it, in the first it reaches from 0 if the bound is positive, and is the bound if not.
/// Without a `+Inf` bucket, with fewer than two buckets, without observations: NaN.
pub fn bucket_quantile(q: f64, buckets: &mut Vec<ClassicBucket>) -> BucketQuantile {
    if let Some(answer) = out_of_range(q) {
        return BucketQuantile::unrepaired(answer);
    }
    if !sort_and_merge(buckets) {
        return BucketQuantile::unrepaired(f64::NAN);
    }
    let mut quantile = make_monotonic(buckets);
    quantile.value = interpolated(q, buckets);
    quantile
}

fn interpolated(q: f64, buckets: &[ClassicBucket]) -> f64 {
    let [finite @ .., last] = buckets else {
        return f64::NAN;
    };
    let Some(highest) = finite.last().filter(|_| last.count != 0.0) else {
        return f64::NAN;
    };
    let rank = q * last.count;
    let place = finite.partition_point(|bucket| {
        let order = bucket.count.partial_cmp(&rank);
        order.is_none_or(std::cmp::Ordering::is_lt)
    });
    let Some(bucket) = finite.get(place) else {
        return highest.upper_bound;
    };
    let below = place.checked_sub(1).and_then(|place| finite.get(place));
    if below.is_none() && bucket.upper_bound <= 0.0 {
        return bucket.upper_bound;
    }
    let (start, before) = below.map_or((0.0, 0.0), |below| (below.upper_bound, below.count));
    start + (bucket.upper_bound - start) * ((rank - before) / (bucket.count - before))
}

/// The share of the observations of a classic histogram between two bounds. Without a `+Inf` bucket, without
/// observations, with a bound that is NaN: NaN.
pub fn bucket_fraction(lower: f64, upper: f64, buckets: &mut Vec<ClassicBucket>) -> f64 {
    let total =
        if sort_and_merge(buckets) { buckets.last().map_or(0.0, |last| last.count) } else { 0.0 };
    if total == 0.0 || lower.is_nan() || upper.is_nan() {
        return f64::NAN;
    }
    if lower >= upper {
        return 0.0;
    }
    let mut ranks = Ranks::of(lower, upper);
    let (mut rank, mut from) = (0.0, f64::NEG_INFINITY);
    for bucket in buckets {
        let to = bucket.upper_bound;
        if from == f64::NEG_INFINITY && to > 0.0 {
            from = 0.0;
        }
        let inside = |value: f64| {
            if from == f64::NEG_INFINITY {
                return bucket.count;
            }
            rank + (bucket.count - rank) * (value - from) / (to - from)
        };
        if ranks.pass((from, to), rank, inside) {
            break;
        }
        (rank, from) = (bucket.count, to);
    }
    ranks.share(total, total)
}

/// Sorts buckets by bound and adds up those of the same bound; false if the last is not `+Inf`.
fn sort_and_merge(buckets: &mut Vec<ClassicBucket>) -> bool {
    buckets.sort_by(|one, other| {
        let order = one.upper_bound.partial_cmp(&other.upper_bound);
        order.unwrap_or(std::cmp::Ordering::Equal)
    });
    buckets.dedup_by(|next, kept| {
        #[expect(clippy::float_cmp, reason = "the same bound, not a near one")]
        let same = next.upper_bound == kept.upper_bound;
        if same {
            kept.count += next.count;
        }
        same
    });
    let last = buckets.last();
    last.is_some_and(|last| last.upper_bound == f64::INFINITY)
}

/// Evens out tiny differences between neighbours, then raises counts that fell to the one before.
fn make_monotonic(buckets: &mut [ClassicBucket]) -> BucketQuantile {
    let mut repaired = BucketQuantile::unrepaired(f64::NAN);
    let mut buckets = buckets.iter_mut();
    let mut highest = buckets.next().map_or(0.0, |first| first.count);
    for bucket in buckets {
        if nearly_equal(highest, bucket.count) {
            #[expect(clippy::float_cmp, reason = "whether there is any difference to even out")]
            let differs = bucket.count != highest;
            repaired.fixed_precision |= differs;
            bucket.count = highest;
        } else if bucket.count < highest {
            repaired.forced_monotonic = true;
            repaired.min_bucket = repaired.min_bucket.min(bucket.upper_bound);
            repaired.max_bucket = repaired.max_bucket.max(bucket.upper_bound);
            repaired.max_diff = repaired.max_diff.max(highest - bucket.count);
            bucket.count = highest;
        } else {
            highest = bucket.count;
        }
    }
    repaired
}

/// Whether two counts differ by less than [`SMALL_DELTA`] of their sum (upstream `almost.Equal`).
fn nearly_equal(one: f64, other: f64) -> bool {
    #[expect(clippy::float_cmp, reason = "infinities and zeros are equal only to themselves")]
    if one == other {
        return true;
    }
    let (sum, difference) = (one.abs() + other.abs(), (one - other).abs());
    if one == 0.0 || other == 0.0 || sum < f64::MIN_POSITIVE {
        return difference < SMALL_DELTA * f64::MIN_POSITIVE;
    }
    difference / sum.min(f64::MAX) < SMALL_DELTA
}
