//! Buckets with their bounds, from the lowest to the highest or back.

use super::{Bucket, FloatHistogram, bounds};

/// One bucket with its bounds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BoundedBucket {
    /// The lower bound.
    pub lower: f64,
    /// The upper bound.
    pub upper: f64,
    /// Whether an observation equal to `lower` belongs here.
    pub lower_inclusive: bool,
    /// Whether an observation equal to `upper` belongs here.
    pub upper_inclusive: bool,
    /// Observations.
    pub count: f64,
}

impl FloatHistogram {
    /// All buckets in ascending order, the zero bucket among them if it counts anything; `.rev()` descends. Buckets
    /// that reach into the zero bucket are cut off at its bound.
    pub fn buckets(&self) -> impl DoubleEndedIterator<Item = BoundedBucket> + '_ {
        let width = self.zero_threshold;
        let negative = self.negative_buckets().rev().map(move |mut bucket| {
            if bucket.upper < 0.0 && bucket.upper > -width {
                bucket.upper = -width;
            }
            bucket
        });
        let positive = self.positive_buckets().map(move |mut bucket| {
            if bucket.lower > 0.0 && bucket.lower < width {
                bucket.lower = width;
            }
            bucket
        });
        let zero = (self.zero_count > 0.0).then(|| self.zero_bucket());
        negative.chain(zero).chain(positive)
    }

    /// The buckets above zero, or all custom buckets, in ascending order.
    pub fn positive_buckets(&self) -> impl DoubleEndedIterator<Item = BoundedBucket> + '_ {
        self.positive.iter().map(|bucket| self.positive_bucket(*bucket))
    }

    /// The buckets below zero from the one next to zero downwards.
    pub fn negative_buckets(&self) -> impl DoubleEndedIterator<Item = BoundedBucket> + '_ {
        self.negative.iter().map(|bucket| self.negative_bucket(*bucket))
    }

    /// The zero bucket.
    pub fn zero_bucket(&self) -> BoundedBucket {
        BoundedBucket {
            lower: -self.zero_threshold,
            upper: self.zero_threshold,
            lower_inclusive: true,
            upper_inclusive: true,
            count: self.zero_count,
        }
    }

    pub(super) fn positive_bucket(&self, bucket: Bucket) -> BoundedBucket {
        let below = bucket.index.saturating_sub(1);
        if self.uses_custom_buckets() {
            return BoundedBucket {
                lower: bounds::custom(below, self.custom_bounds()),
                upper: bounds::custom(bucket.index, self.custom_bounds()),
                lower_inclusive: bucket.index == 0,
                upper_inclusive: true,
                count: bucket.count,
            };
        }
        BoundedBucket {
            lower: bounds::exponential(below, self.schema),
            upper: bounds::exponential(bucket.index, self.schema),
            lower_inclusive: false,
            upper_inclusive: true,
            count: bucket.count,
        }
    }

    pub(super) fn negative_bucket(&self, bucket: Bucket) -> BoundedBucket {
        BoundedBucket {
            lower: -bounds::exponential(bucket.index, self.schema),
            upper: -bounds::exponential(bucket.index.saturating_sub(1), self.schema),
            lower_inclusive: true,
            upper_inclusive: false,
            count: bucket.count,
        }
    }
}
