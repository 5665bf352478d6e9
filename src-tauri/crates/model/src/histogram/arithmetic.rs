//! Histograms added, subtracted, scaled: both are first brought to the coarser of their layouts.

use std::borrow::Cow;

use super::{Bucket, FloatHistogram, HistogramError, ResetHint, bounds, layout};

/// What adding one histogram to another came across besides the result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Merged {
    /// One says that there was a reset, the other that there was none; the result knows nothing. Worth a warning.
    pub reset_collision: bool,
    /// Custom bounds differed and only those in common remain. Worth a note.
    pub bounds_reconciled: bool,
}

/// The part of another histogram that is to be added, in the layout of the receiver.
pub(super) struct Addend<'a> {
    pub(super) zero_count: f64,
    pub(super) positive: Cow<'a, [Bucket]>,
    pub(super) negative: Cow<'a, [Bucket]>,
}

impl FloatHistogram {
    /// Multiplies all counts and the sum. A negative factor makes a gauge.
    pub fn mul(&mut self, factor: f64) {
        self.each_number(|number| number * factor);
        if factor < 0.0 {
            self.reset_hint = ResetHint::Gauge;
        }
    }

    /// Divides all counts and the sum. Division by zero removes the buckets; a negative divisor makes a gauge.
    pub fn div(&mut self, divisor: f64) {
        self.each_number(|number| number / divisor);
        if divisor == 0.0 {
            self.positive.clear();
            self.negative.clear();
        } else if divisor < 0.0 {
            self.reset_hint = ResetHint::Gauge;
        }
    }

    /// Adds another histogram, in the coarser of both layouts. Only a mix of exponential and custom buckets is an
    /// error, and leaves the receiver as it was. Empty buckets may result: see [`Self::compact`].
    pub fn add(&mut self, other: &Self) -> Result<Merged, HistogramError> {
        self.merge(other, 1.0)
    }

    /// Subtracts another histogram, else like [`Self::add`]. The result of PromQL's `-` must be marked a gauge by the
    /// caller.
    pub fn sub(&mut self, other: &Self) -> Result<Merged, HistogramError> {
        self.merge(other, -1.0)
    }

    fn merge(&mut self, other: &Self, sign: f64) -> Result<Merged, HistogramError> {
        let (merged, addend) = self.prepare(other)?;
        self.count += sign * other.count;
        self.sum += sign * other.sum;
        self.zero_count += sign * addend.zero_count;
        add_buckets(&mut self.positive, &addend.positive, sign);
        add_buckets(&mut self.negative, &addend.negative, sign);
        if merged.bounds_reconciled {
            layout::drop_empty(&mut self.positive);
        }
        Ok(merged)
    }

    /// Brings the receiver to the common layout and gives the other's buckets in it.
    pub(super) fn prepare<'a>(
        &mut self,
        other: &'a Self,
    ) -> Result<(Merged, Addend<'a>), HistogramError> {
        if self.uses_custom_buckets() != other.uses_custom_buckets() {
            return Err(HistogramError::IncompatibleSchema);
        }
        let reset_collision = self.combine_hint(other.reset_hint);
        let (bounds_reconciled, addend) = if self.uses_custom_buckets() {
            self.prepare_custom(other)
        } else {
            (false, self.prepare_exponential(other))
        };
        let merged = Merged { reset_collision, bounds_reconciled };
        Ok((merged, addend))
    }

    fn prepare_custom<'a>(&mut self, other: &'a Self) -> (bool, Addend<'a>) {
        let same = bounds::same(self, other);
        let positive = if same {
            Cow::Borrowed(&*other.positive)
        } else {
            let shared = bounds::shared(self.custom_bounds(), other.custom_bounds());
            self.merge_custom_buckets(&shared);
            let mut other = other.clone();
            other.merge_custom_buckets(&shared);
            Cow::Owned(other.positive)
        };
        let addend = Addend { zero_count: 0.0, positive, negative: Cow::Borrowed(&[]) };
        (!same, addend)
    }

    fn prepare_exponential<'a>(&mut self, other: &'a Self) -> Addend<'a> {
        let zero_count = self.reconcile_zero(other);
        if other.schema < self.schema {
            layout::reduce(&mut self.positive, self.schema, other.schema);
            layout::reduce(&mut self.negative, self.schema, other.schema);
            self.schema = other.schema;
        }
        Addend {
            zero_count,
            positive: other.reduced_beyond(&other.positive, self.zero_threshold, self.schema),
            negative: other.reduced_beyond(&other.negative, self.zero_threshold, self.schema),
        }
    }

    /// The buckets of a side beyond a zero bucket `threshold` wide, in a schema as coarse or coarser.
    pub(super) fn reduced_beyond<'a>(
        &self,
        side: &'a [Bucket],
        threshold: f64,
        schema: i32,
    ) -> Cow<'a, [Bucket]> {
        let beyond = self.beyond(side, threshold);
        if schema == self.schema {
            return Cow::Borrowed(beyond);
        }
        let mut reduced = beyond.to_vec();
        layout::reduce(&mut reduced, self.schema, schema);
        Cow::Owned(reduced)
    }

    /// Takes in the hint of an addend; true if the two contradict each other.
    fn combine_hint(&mut self, other: ResetHint) -> bool {
        use ResetHint::{Gauge, Unknown};
        let (combined, collision) = match (self.reset_hint, other) {
            (own, other) if own == other => (own, false),
            (Gauge, _) | (_, Gauge) => (Gauge, false),
            (Unknown, _) | (_, Unknown) => (Unknown, false),
            _ => (Unknown, true),
        };
        self.reset_hint = combined;
        collision
    }

    fn each_number(&mut self, change: impl Fn(f64) -> f64) {
        for number in [&mut self.zero_count, &mut self.count, &mut self.sum] {
            *number = change(*number);
        }
        for bucket in self.positive.iter_mut().chain(&mut self.negative) {
            bucket.count = change(bucket.count);
        }
    }
}

fn add_buckets(to: &mut Vec<Bucket>, from: &[Bucket], sign: f64) {
    layout::make_room(to, from);
    let mut places = to.iter_mut();
    for bucket in from {
        if let Some(place) = places.find(|place| place.index == bucket.index) {
            place.count += sign * bucket.count;
        }
    }
}
