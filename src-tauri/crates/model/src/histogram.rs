//! Native histograms: buckets of exponential or custom bounds with float counts, and their arithmetic.
//!
//! Semantics are those of Prometheus 3.14 (`model/histogram/float_histogram.go`, `generic.go`).

mod arithmetic;
mod bounds;
mod classic;
mod compensated;
mod layout;
mod reset;
mod text;
mod trim;
mod valid;
mod walk;
mod wire;
mod zero;

#[cfg(test)]
mod tests;

use std::sync::Arc;

pub use arithmetic::Merged;
pub use classic::{ClassicError, ClassicHistogram};
pub use compensated::{CompensatedSum, compensated_add};
pub use text::general_notation;
pub use trim::Keep;
pub use valid::HistogramError;
pub use walk::BoundedBucket;
pub use wire::{Span, absolute_counts, buckets_of, spans_of};

/// The schema of custom buckets (Prometheus `model/histogram/generic.go`).
pub const CUSTOM_BUCKETS: i32 = -53;

/// One bucket of a side: which, and how many observations (not cumulative).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bucket {
    /// Exponential: the bucket `(base^(index-1), base^index]` with `base = 2^(2^-schema)`. Custom: the place of its
    /// upper bound in `custom_values`; one past the last is `+Inf`.
    pub index: i32,
    /// Observations.
    pub count: f64,
}

/// What is known about a reset between this histogram and the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ResetHint {
    /// Nothing: compare the two.
    #[default]
    Unknown,
    /// There was one.
    Reset,
    /// There was none.
    NotReset,
    /// This is a gauge: resets have no meaning.
    Gauge,
}

/// A native histogram. Sides hold buckets in the order of their index.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct FloatHistogram {
    /// Resolution, -4 (coarse) to 8 (fine), or [`CUSTOM_BUCKETS`].
    pub schema: i32,
    /// Width of the zero bucket to either side.
    pub zero_threshold: f64,
    /// Observations in the zero bucket.
    pub zero_count: f64,
    /// All observations.
    pub count: f64,
    /// The sum of all observations.
    pub sum: f64,
    /// Buckets above zero, or all buckets of custom bounds.
    pub positive: Vec<Bucket>,
    /// Buckets below zero.
    pub negative: Vec<Bucket>,
    /// Upper bounds of custom buckets, without `+Inf`.
    pub custom_values: Option<Arc<[f64]>>,
    /// What is known about resets.
    pub reset_hint: ResetHint,
}

impl FloatHistogram {
    /// Whether the buckets have custom bounds (NHCB) rather than exponential ones.
    pub const fn uses_custom_buckets(&self) -> bool {
        self.schema == CUSTOM_BUCKETS
    }

    /// The upper bounds of custom buckets, without `+Inf`.
    pub fn custom_bounds(&self) -> &[f64] {
        self.custom_values.as_deref().unwrap_or_default()
    }

    /// Bit-exact equality of all but the reset hint (upstream `Equals`): any NaN equals only the very same NaN.
    pub fn equals(&self, other: &Self) -> bool {
        self.schema == other.schema
            && same_bits(self.count, other.count)
            && same_bits(self.sum, other.sum)
            && same_bits(self.zero_count, other.zero_count)
            && self.zero_threshold.partial_cmp(&other.zero_threshold)
                == Some(std::cmp::Ordering::Equal)
            && (!self.uses_custom_buckets() || bounds::same(self, other))
            && same_buckets(&self.negative, &other.negative)
            && same_buckets(&self.positive, &other.positive)
    }

    /// Whether any count or the sum has become infinite, so that a mean must be taken step by step.
    pub fn has_overflow(&self) -> bool {
        let counts = self.positive.iter().chain(&self.negative);
        self.zero_count.is_infinite()
            || self.count.is_infinite()
            || self.sum.is_infinite()
            || counts.into_iter().any(|bucket| bucket.count.is_infinite())
    }
}

const fn same_bits(one: f64, other: f64) -> bool {
    one.to_bits() == other.to_bits()
}

fn same_buckets(one: &[Bucket], other: &[Bucket]) -> bool {
    one.len() == other.len()
        && one
            .iter()
            .zip(other)
            .all(|(one, other)| one.index == other.index && same_bits(one.count, other.count))
}
