//! Native histograms as protobuf carries them, in exposition and remote write alike: spans, deltas or counts.

use std::sync::Arc;

use watchglass_model::{
    Bucket, BucketSpan, CUSTOM_BUCKETS, FloatHistogram, HistogramError, ResetHint, absolute_counts,
    buckets_of,
};

use crate::wire::{Content, Wire, WireError};

/// Why a native histogram from the wire cannot be taken.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum NativeError {
    /// Its fields make no histogram that Prometheus would store.
    #[error(transparent)]
    Shape(#[from] HistogramError),
    /// Whole numbers that do not add up.
    #[error(
        "{found} observations found in buckets, but the Count field is {count}: histogram's observation count should \
         {} the number of observations found in the buckets{}",
        if *.is_sum_nan { "be at least" } else { "equal" },
        if *.is_sum_nan { "" } else { " (in absence of NaN)" }
    )]
    Count {
        /// Observations in all buckets.
        found: f64,
        /// What the histogram says.
        count: f64,
        /// There were NaNs, which are in no bucket.
        is_sum_nan: bool,
    },
}

/// The fields of such a message. One is used for many histograms.
#[derive(Debug, Default)]
pub(crate) struct Native {
    pub(crate) schema: i32,
    pub(crate) zero_threshold: f64,
    pub(crate) zero_count: f64,
    pub(crate) count: f64,
    pub(crate) sum: f64,
    pub(crate) positive: Side,
    pub(crate) negative: Side,
    pub(crate) bounds: Vec<f64>,
    pub(crate) reset_hint: ResetHint,
    /// Counts are floats; else they are whole numbers, and buckets hold differences.
    pub(crate) is_float: bool,
}

/// The buckets of one side.
#[derive(Debug, Default)]
pub(crate) struct Side {
    pub(crate) spans: Vec<BucketSpan>,
    pub(crate) deltas: Vec<i64>,
    pub(crate) counts: Vec<f64>,
}

impl Native {
    /// Forgets all, keeps the memory.
    pub(crate) fn clear(&mut self) {
        let Self { positive, negative, bounds, .. } = std::mem::take(self);
        *self = Self { positive, negative, bounds, ..Self::default() };
        self.positive.clear();
        self.negative.clear();
        self.bounds.clear();
    }

    /// The histogram, if Prometheus would take it.
    pub(crate) fn histogram(&self) -> Result<FloatHistogram, NativeError> {
        let has_bounds = self.schema == CUSTOM_BUCKETS || !self.bounds.is_empty();
        let histogram = FloatHistogram {
            schema: self.schema,
            zero_threshold: self.zero_threshold,
            zero_count: self.zero_count,
            count: self.count,
            sum: self.sum,
            positive: self.positive.buckets(self.is_float)?,
            negative: self.negative.buckets(self.is_float)?,
            custom_values: has_bounds.then(|| Arc::from(&*self.bounds)),
            reset_hint: self.reset_hint,
        };
        histogram.validate()?;
        if self.is_float { Ok(histogram) } else { counted(histogram) }
    }
}

impl Side {
    fn clear(&mut self) {
        self.spans.clear();
        self.deltas.clear();
        self.counts.clear();
    }

    fn buckets(&self, is_float: bool) -> Result<Vec<Bucket>, HistogramError> {
        if is_float {
            return buckets_of(&self.spans, &self.counts);
        }
        buckets_of(&self.spans, &absolute_counts(&self.deltas))
    }

    /// Takes a `BucketSpan`.
    pub(crate) fn span(&mut self, content: Content<'_>) -> Result<(), WireError> {
        let mut wire = Wire::new(content.message()?);
        let mut span = BucketSpan { offset: 0, length: 0 };
        while let Some((number, content)) = wire.field()? {
            match number {
                1 => span.offset = content.zigzag32()?,
                2 => span.length = content.low()?,
                _ => {}
            }
        }
        self.spans.push(span);
        Ok(())
    }
}

/// A histogram of whole numbers, if they add up (upstream `Histogram.Validate`).
fn counted(histogram: FloatHistogram) -> Result<FloatHistogram, NativeError> {
    let buckets = histogram.positive.iter().chain(&histogram.negative);
    let found = histogram.zero_count + buckets.map(|bucket| bucket.count).sum::<f64>();
    let (count, is_sum_nan) = (histogram.count, histogram.sum.is_nan());
    if found > count || (found < count && !is_sum_nan) {
        return Err(NativeError::Count { found, count, is_sum_nan });
    }
    Ok(histogram)
}

/// A count as a float.
#[expect(clippy::cast_precision_loss, reason = "counts beyond 2^53 are rounded upstream too")]
pub(crate) const fn count(number: u64) -> f64 {
    number as f64
}
