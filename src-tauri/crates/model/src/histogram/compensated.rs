//! Sums of many histograms that lose no digits: Kahan's compensation in Neumaier's form, for every number.

use super::{Bucket, FloatHistogram, HistogramError, Merged, layout};

/// Adds `addend` to `sum` and what rounding lost to `lost` (upstream `kahansum.Inc`). An infinite sum has lost nothing.
pub fn compensated_add(addend: f64, sum: &mut f64, lost: &mut f64) {
    let total = *sum + addend;
    if total.is_infinite() {
        *lost = 0.0;
    } else if sum.abs() >= addend.abs() {
        *lost += (*sum - total) + addend;
    } else {
        *lost += (addend - total) + *sum;
    }
    *sum = total;
}

/// A running sum of histograms with what rounding lost on the way, in the same layout.
#[derive(Debug, Clone)]
pub struct CompensatedSum {
    sum: FloatHistogram,
    lost: FloatHistogram,
}

impl CompensatedSum {
    /// A sum of one histogram.
    pub fn new(first: FloatHistogram) -> Self {
        let mut lost = first.clone();
        for number in [&mut lost.zero_count, &mut lost.count, &mut lost.sum] {
            *number = 0.0;
        }
        for bucket in lost.positive.iter_mut().chain(&mut lost.negative) {
            bucket.count = 0.0;
        }
        Self { sum: first, lost }
    }

    /// Adds a histogram, see [`FloatHistogram::add`].
    pub fn add(&mut self, other: &FloatHistogram) -> Result<Merged, HistogramError> {
        let (merged, addend) = self.sum.prepare(other)?;
        self.follow_layout();
        let Self { sum, lost } = self;
        compensated_add(other.count, &mut sum.count, &mut lost.count);
        compensated_add(other.sum, &mut sum.sum, &mut lost.sum);
        compensated_add(addend.zero_count, &mut sum.zero_count, &mut lost.zero_count);
        add_buckets(&mut sum.positive, &mut lost.positive, &addend.positive);
        add_buckets(&mut sum.negative, &mut lost.negative, &addend.negative);
        Ok(merged)
    }

    /// Multiplies the sum, see [`FloatHistogram::mul`].
    pub fn mul(&mut self, factor: f64) {
        self.sum.mul(factor);
        self.lost.mul(factor);
    }

    /// Divides the sum, see [`FloatHistogram::div`].
    pub fn div(&mut self, divisor: f64) {
        self.sum.div(divisor);
        self.lost.div(divisor);
    }

    /// The sum so far, without what was lost.
    pub const fn sum(&self) -> &FloatHistogram {
        &self.sum
    }

    /// The sum with what was lost put back, without empty buckets.
    pub fn finish(mut self) -> FloatHistogram {
        let hint = self.sum.reset_hint;
        let same_kind = self.sum.add(&self.lost);
        debug_assert!(same_kind.is_ok(), "both always share their layout");
        self.sum.reset_hint = hint;
        self.sum.compact();
        self.sum
    }

    /// Brings what was lost to the layout the sum has taken.
    fn follow_layout(&mut self) {
        let Self { sum, lost } = self;
        if let Some(bounds) = &sum.custom_values {
            if !super::bounds::same(sum, lost) {
                lost.merge_custom_buckets(bounds);
            }
            return;
        }
        if sum.zero_threshold > lost.zero_threshold {
            lost.widen_zero(sum.zero_threshold);
        }
        if sum.schema < lost.schema {
            layout::reduce(&mut lost.positive, lost.schema, sum.schema);
            layout::reduce(&mut lost.negative, lost.schema, sum.schema);
            lost.schema = sum.schema;
        }
    }
}

fn add_buckets(sum: &mut Vec<Bucket>, lost: &mut Vec<Bucket>, addend: &[Bucket]) {
    layout::make_room(sum, addend);
    layout::make_room(lost, addend);
    let mut places = sum.iter_mut().zip(lost);
    for bucket in addend {
        if let Some((sum, lost)) = places.find(|(sum, _)| sum.index == bucket.index) {
            compensated_add(bucket.count, &mut sum.count, &mut lost.count);
        }
    }
}
