//! The zero bucket: widened until it cuts through no populated bucket of two histograms.

use super::{Bucket, FloatHistogram, bounds};

impl FloatHistogram {
    /// Widens the own zero bucket until it and that of `other` can be one, and says what `other` counts in it.
    pub(super) fn reconcile_zero(&mut self, other: &Self) -> f64 {
        let (mut count, mut threshold) = (other.zero_count, other.zero_threshold);
        loop {
            if self.zero_threshold > threshold {
                (count, threshold) = other.zero_within(self.zero_threshold);
            }
            if threshold > self.zero_threshold {
                let (_, wider) = self.zero_within(threshold);
                self.widen_zero(wider);
            } else {
                return count;
            }
        }
    }

    /// What the zero bucket would count if it were at least `threshold` wide, and how wide it must be to cut through
    /// no populated bucket.
    pub(super) fn zero_within(&self, threshold: f64) -> (f64, f64) {
        let mut threshold = threshold;
        if threshold <= self.zero_threshold {
            return (self.zero_count, threshold);
        }
        loop {
            let (positive, wider) = self.swallowed(&self.positive, threshold);
            let (negative, widest) = self.swallowed(&self.negative, wider);
            if widest <= wider || widest.is_nan() {
                return (self.zero_count + positive + negative, wider);
            }
            threshold = widest;
        }
    }

    /// What a side counts within `threshold`, and the threshold moved to the far bound of the bucket it cuts.
    fn swallowed(&self, side: &[Bucket], threshold: f64) -> (f64, f64) {
        let mut count = 0.0;
        for bucket in side {
            if bounds::exponential(bucket.index.saturating_sub(1), self.schema) >= threshold {
                break;
            }
            count += bucket.count;
            let upper = bounds::exponential(bucket.index, self.schema);
            if upper > threshold {
                let moved = if bucket.count == 0.0 { threshold } else { upper };
                return (count, moved);
            }
        }
        (count, threshold)
    }

    /// Makes the zero bucket `threshold` wide: the buckets within become part of it.
    pub(super) fn widen_zero(&mut self, threshold: f64) {
        let schema = self.schema;
        for side in [&mut self.positive, &mut self.negative] {
            let within = side.partition_point(|bucket| {
                bounds::exponential(bucket.index.saturating_sub(1), schema) < threshold
            });
            let swallowed: f64 = side.drain(..within).map(|bucket| bucket.count).sum();
            self.zero_count += swallowed;
        }
        self.zero_threshold = threshold;
    }

    /// The buckets of a side beyond a zero bucket `threshold` wide.
    pub(super) fn beyond<'a>(&self, side: &'a [Bucket], threshold: f64) -> &'a [Bucket] {
        if self.uses_custom_buckets() {
            return side;
        }
        let within = side
            .partition_point(|bucket| bounds::exponential(bucket.index, self.schema) <= threshold);
        side.get(within..).unwrap_or_default()
    }
}
