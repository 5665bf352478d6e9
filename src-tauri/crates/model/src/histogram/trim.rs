//! Histograms cut at a value, for PromQL's `</` and `>/` (upstream `TrimBuckets`).

use super::{BoundedBucket, FloatHistogram};

/// Which observations stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// Those below the cut: `</`.
    Below,
    /// Those above the cut: `>/`.
    Above,
}

/// How the observations of a bucket are spread between its bounds.
#[derive(Clone, Copy)]
enum Spread {
    Linear,
    Exponential,
}

/// The part of a bucket that stays: how many observations, and where they lie on average.
#[derive(Clone, Copy)]
struct Part {
    count: f64,
    middle: f64,
}

impl FloatHistogram {
    /// A copy with only the observations on one side of `at`. The bucket around `at` is split: linearly if custom or
    /// zero, else exponentially. Count and sum are estimated anew from the buckets if any was touched.
    #[must_use]
    pub fn trim(&self, at: f64, keep: Keep) -> Self {
        let spread = if self.uses_custom_buckets() { Spread::Linear } else { Spread::Exponential };
        let mut trimmed = self.clone();
        let (mut count, mut sum, mut touched) = (0.0, 0.0, false);
        let mut take = |old: &mut f64, part: Part| {
            count += part.count;
            if part.count != 0.0 {
                sum += part.middle * part.count;
            }
            #[expect(clippy::float_cmp, reason = "whether anything at all was cut off")]
            let cut = *old != part.count;
            touched |= cut;
            *old = part.count;
        };
        for bucket in &mut trimmed.positive {
            let bounded = self.positive_bucket(*bucket);
            take(&mut bucket.count, kept(&bounded, at, keep, spread));
        }
        for bucket in &mut trimmed.negative {
            let bounded = self.negative_bucket(*bucket);
            take(&mut bucket.count, kept(&bounded, at, keep, spread));
        }
        if self.zero_count > 0.0 {
            take(&mut trimmed.zero_count, self.kept_zero(at, keep));
        }
        if touched {
            trimmed.count = count;
            trimmed.sum = sum;
            trimmed.compact();
        }
        trimmed
    }

    /// What stays of the zero bucket. Where all other observations lie on one side of zero, so do those within.
    fn kept_zero(&self, at: f64, keep: Keep) -> Part {
        let positive = self.positive.iter().any(|bucket| bucket.count != 0.0);
        let negative = self.negative.iter().any(|bucket| bucket.count != 0.0);
        let mut zero = self.zero_bucket();
        if positive && !negative {
            zero.lower = 0.0;
        }
        if negative && !positive {
            zero.upper = 0.0;
        }
        kept(&zero, at, keep, Spread::Linear)
    }
}

fn kept(bucket: &BoundedBucket, at: f64, keep: Keep, spread: Spread) -> Part {
    let &BoundedBucket { lower, upper, count, .. } = bucket;
    let (whole, split) = match keep {
        Keep::Below => (upper <= at, lower < at),
        Keep::Above => (lower >= at, upper > at),
    };
    if whole || !split {
        return Part {
            count: if whole { count } else { 0.0 },
            middle: middle(lower, upper, spread),
        };
    }
    if lower.is_infinite() || upper.is_infinite() {
        return kept_of_endless(bucket, at, keep);
    }
    let below = count * share_below(lower, upper, at, spread);
    match keep {
        Keep::Below => Part { count: below, middle: middle(lower, at, spread) },
        Keep::Above => Part { count: count - below, middle: middle(at, upper, spread) },
    }
}

/// What stays of a bucket that has no end on one side, where nothing is known of the spread: from zero upwards a
/// linear one is assumed, beyond that the bucket goes or stays as a whole.
fn kept_of_endless(bucket: &BoundedBucket, at: f64, keep: Keep) -> Part {
    let &BoundedBucket { lower, upper, count, .. } = bucket;
    let natural = lower == f64::NEG_INFINITY && upper.is_finite() && upper > 0.0;
    match keep {
        Keep::Below if natural && at > 0.0 => Part { count: count * at / upper, middle: at / 2.0 },
        Keep::Above if natural && at >= 0.0 => {
            Part { count: count * (1.0 - at / upper), middle: f64::midpoint(at, upper) }
        }
        Keep::Below if lower == f64::NEG_INFINITY && upper <= 0.0 => Part { count, middle: at },
        Keep::Above if lower.is_finite() && upper == f64::INFINITY => Part { count, middle: at },
        Keep::Below | Keep::Above => Part { count: 0.0, middle: 0.0 },
    }
}

/// The share of the observations between the bounds that lies below `at`, which is between them too.
fn share_below(lower: f64, upper: f64, at: f64, spread: Spread) -> f64 {
    match spread {
        Spread::Linear => (at - lower) / (upper - lower),
        Spread::Exponential => {
            let [lower_log, upper_log, at_log] = [lower, upper, at].map(|value| value.abs().log2());
            if upper > 0.0 {
                (at_log - lower_log) / (upper_log - lower_log)
            } else {
                1.0 - (at_log - upper_log) / (lower_log - upper_log)
            }
        }
    }
}

/// Where observations between two bounds lie on average.
fn middle(lower: f64, upper: f64, spread: Spread) -> f64 {
    match (lower.is_infinite(), upper.is_infinite()) {
        (true, true) => 0.0,
        (true, false) if upper > 0.0 => upper / 2.0,
        (true, false) => upper,
        (false, true) => lower,
        (false, false) => match spread {
            Spread::Linear => f64::midpoint(lower, upper),
            Spread::Exponential => (lower * upper).abs().sqrt().copysign(lower + upper),
        },
    }
}
