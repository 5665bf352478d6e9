//! Quantiles, fractions and spread of classic and native histograms (upstream `promql/quantile.go`).

mod classic;
mod native;

#[cfg(test)]
mod tests;

pub use classic::{BucketQuantile, ClassicBucket, bucket_fraction, bucket_quantile};
pub use native::{
    NanObservations, histogram_fraction, histogram_quantile, histogram_stddev, histogram_stdvar,
};

/// The quantile of some values, which are sorted, NaN lowest. Between two values the answer lies between them. No
/// values or a NaN quantile give NaN, one below 0 gives -Inf, one above 1 gives +Inf.
pub fn quantile(q: f64, values: &mut [f64]) -> f64 {
    if values.is_empty() {
        return f64::NAN;
    }
    if let Some(answer) = out_of_range(q) {
        return answer;
    }
    let order = |value: &f64| (!value.is_nan(), *value);
    values.sort_by(|one, other| {
        let (one, other) = (order(one), order(other));
        one.partial_cmp(&other).unwrap_or(std::cmp::Ordering::Equal)
    });
    #[expect(clippy::cast_precision_loss, reason = "fewer values than 2^53")]
    let rank = q * (values.len() - 1) as f64;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between 0 and the number of values, for q is between 0 and 1"
    )]
    let lower = rank.floor() as usize;
    let weight = rank - rank.floor();
    let at = |place: usize| values.get(place.min(values.len() - 1)).copied();
    let (lower, upper) = (at(lower), at(lower + 1));
    lower.unwrap_or(f64::NAN) * (1.0 - weight) + upper.unwrap_or(f64::NAN) * weight
}

/// The answer for a quantile that no observation can have.
fn out_of_range(q: f64) -> Option<f64> {
    if q.is_nan() {
        Some(f64::NAN)
    } else if q < 0.0 {
        Some(f64::NEG_INFINITY)
    } else if q > 1.0 {
        Some(f64::INFINITY)
    } else {
        None
    }
}

/// Finds how many observations lie below each of two bounds while buckets pass from low to high.
struct Ranks {
    wanted: [f64; 2],
    found: [Option<f64>; 2],
}

impl Ranks {
    const fn of(lower: f64, upper: f64) -> Self {
        Self { wanted: [lower, upper], found: [None; 2] }
    }

    /// Takes a bucket with `rank` observations below it; `inside` says how many lie below a value within it. True if
    /// no further bucket is needed.
    fn pass(&mut self, (from, to): (f64, f64), rank: f64, inside: impl Fn(f64) -> f64) -> bool {
        for (wanted, found) in self.wanted.iter().zip(&mut self.found) {
            if found.is_some() {
                continue;
            }
            if from >= *wanted {
                *found = Some(rank);
            } else if to > *wanted {
                *found = Some(inside(*wanted));
            }
        }
        self.found.iter().all(Option::is_some)
    }

    /// The share of `all` observations between the bounds; what was not found, or found above `counted`, is `counted`.
    fn share(&self, counted: f64, all: f64) -> f64 {
        let [lower, upper] = self.found.map(|found| match found {
            Some(rank) if rank > counted => counted,
            Some(rank) => rank,
            None => counted,
        });
        (upper - lower) / all
    }
}
