//! Classic histograms, a float series for each bound, gathered into one with custom buckets (upstream
//! `util/convertnhcb`).

use std::fmt::{self, Display, Formatter};

use super::{Bucket, CUSTOM_BUCKETS, FloatHistogram, general_notation};

/// Why the series of a classic histogram make no native one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ClassicError {
    /// A bucket counts less than nothing.
    NegativeBucket {
        /// Its upper bound.
        bound: f64,
        /// What it counts.
        count: f64,
    },
    /// A bound is NaN.
    NanBound,
    /// The count is below zero.
    NegativeCount(f64),
    /// There are neither buckets nor a count.
    MissingCount,
    /// The count is not that of the last bucket.
    CountMismatch {
        /// The count.
        count: f64,
        /// The last bound.
        bound: f64,
        /// What the last bucket counts.
        bucket: f64,
    },
    /// A bucket counts less than one below it.
    NotCumulative {
        /// The bucket being added.
        count: f64,
        /// Its neighbour.
        neighbour: f64,
    },
}

impl Display for ClassicError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let number = general_notation;
        match *self {
            Self::NegativeBucket { bound, count } => write!(
                f,
                "bucket count must be non-negative: le={}, count={}",
                number(bound),
                number(count)
            ),
            Self::NanBound => f.write_str("bucket boundary must not be NaN"),
            Self::NegativeCount(count) => {
                write!(f, "count must be non-negative: count={}", number(count))
            }
            Self::MissingCount => f.write_str("count must be provided when no buckets are present"),
            Self::CountMismatch { count, bound, bucket } => write!(
                f,
                "count mismatch: count={} != le={} count={}",
                number(count),
                number(bound),
                number(bucket)
            ),
            Self::NotCumulative { count, neighbour } => {
                let sign = if count < neighbour { '<' } else { '>' };
                write!(f, "count is not cumulative: {} {sign} {}", number(count), number(neighbour))
            }
        }
    }
}

impl std::error::Error for ClassicError {}

/// The series of a classic histogram at one time. Buckets may come in any order; a bound said twice counts once.
#[derive(Debug, Clone, Default)]
pub struct ClassicHistogram {
    /// Upper bounds, ascending, with what is counted up to them.
    buckets: Vec<(f64, f64)>,
    count: Option<f64>,
    sum: f64,
}

impl ClassicHistogram {
    /// Takes the value of the `_bucket` series of an upper bound.
    pub fn set_bucket(&mut self, bound: f64, count: f64) -> Result<(), ClassicError> {
        if bound.is_nan() {
            return Err(ClassicError::NanBound);
        }
        if count < 0.0 {
            return Err(ClassicError::NegativeBucket { bound, count });
        }
        let place = self.buckets.partition_point(|(other, _)| *other < bound);
        let (below, above) = self.buckets.split_at(place);
        if above.first().is_some_and(|(other, _)| *other <= bound) {
            return Ok(());
        }
        let below = below.last().filter(|(_, below)| count < *below);
        let above = above.first().filter(|(_, above)| count > *above);
        if let Some(&(_, neighbour)) = below.or(above) {
            return Err(ClassicError::NotCumulative { count, neighbour });
        }
        self.buckets.insert(place, (bound, count));
        Ok(())
    }

    /// Takes the value of the `_count` series.
    pub fn set_count(&mut self, count: f64) -> Result<(), ClassicError> {
        if count < 0.0 {
            return Err(ClassicError::NegativeCount(count));
        }
        self.count = Some(count);
        Ok(())
    }

    /// Takes the value of the `_sum` series.
    pub const fn set_sum(&mut self, sum: f64) {
        self.sum = sum;
    }

    /// The histogram with custom buckets. Without a count the last bucket gives it.
    pub fn convert(mut self) -> Result<FloatHistogram, ClassicError> {
        let last = self.buckets.last().copied();
        let count = self.count.or(last.map(|(_, count)| count));
        let count = count.ok_or(ClassicError::MissingCount)?;
        match last {
            Some((bound, bucket)) if bound == f64::INFINITY => {
                #[expect(clippy::float_cmp, reason = "two counts of the same observations")]
                if bucket != count {
                    return Err(ClassicError::CountMismatch { count, bound, bucket });
                }
                self.buckets.pop();
            }
            _ => {}
        }
        let mut histogram = FloatHistogram {
            schema: CUSTOM_BUCKETS,
            count,
            sum: self.sum,
            positive: own_counts(&self.buckets, count),
            custom_values: Some(self.buckets.iter().map(|(bound, _)| *bound).collect()),
            ..FloatHistogram::default()
        };
        histogram.compact();
        Ok(histogram)
    }
}

/// What every bucket counts alone, the last that of `+Inf`.
fn own_counts(buckets: &[(f64, f64)], total: f64) -> Vec<Bucket> {
    let cumulative = buckets.iter().map(|(_, count)| *count).chain([total]);
    let mut before = 0.0;
    (0..)
        .zip(cumulative)
        .map(|(index, cumulative)| {
            let count = cumulative - before;
            before = cumulative;
            Bucket { index, count }
        })
        .collect()
}
