//! Native histograms: buckets of exponential or custom bounds with float counts, and their arithmetic.

use std::sync::Arc;

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
