//! Whether a counter was reset between two histograms: any count that fell says so.

use super::{Bucket, FloatHistogram, ResetHint, bounds};

impl FloatHistogram {
    /// Whether there was a reset between `previous` and this histogram. A hint decides; else a count that fell, a
    /// finer schema, a narrower zero bucket or one that cuts through a populated bucket of `previous`.
    pub fn detect_reset(&self, previous: &Self) -> bool {
        match self.reset_hint {
            ResetHint::Reset => return true,
            ResetHint::NotReset => return false,
            ResetHint::Unknown | ResetHint::Gauge => {}
        }
        if self.count < previous.count {
            return true;
        }
        if self.uses_custom_buckets() {
            return !previous.uses_custom_buckets() || self.custom_bucket_fell(previous);
        }
        self.schema > previous.schema
            || self.zero_threshold < previous.zero_threshold
            || self.exponential_bucket_fell(previous)
    }

    fn exponential_bucket_fell(&self, previous: &Self) -> bool {
        let width = self.zero_threshold;
        let (zero_count, wider) = previous.zero_within(width);
        if wider > width || self.zero_count < zero_count {
            return true;
        }
        [(&self.positive, &previous.positive), (&self.negative, &previous.negative)]
            .into_iter()
            .any(|(now, then)| {
                let then = previous.reduced_beyond(then, width, self.schema);
                fell(self.beyond(now, width), &then)
            })
    }

    fn custom_bucket_fell(&self, previous: &Self) -> bool {
        if bounds::same(self, previous) {
            return fell(&self.positive, &previous.positive);
        }
        let shared = bounds::shared(self.custom_bounds(), previous.custom_bounds());
        let (mut now, mut then) = (self.clone(), previous.clone());
        now.merge_custom_buckets(&shared);
        then.merge_custom_buckets(&shared);
        fell(&now.positive, &then.positive)
    }
}

/// Whether a bucket counts less than before; one that is gone counts nothing.
fn fell(now: &[Bucket], then: &[Bucket]) -> bool {
    let mut rest = now.iter().peekable();
    then.iter().any(|before| {
        while rest.next_if(|next| next.index < before.index).is_some() {}
        match rest.peek() {
            Some(next) if next.index == before.index => next.count < before.count,
            _ => before.count != 0.0,
        }
    })
}
