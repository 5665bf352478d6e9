//! What makes a histogram unfit to be stored or combined, in the words of upstream.

use std::fmt::{self, Display, Formatter};

use super::{Bucket, CUSTOM_BUCKETS, FloatHistogram, general_notation};

/// Why a histogram cannot be taken or combined.
#[derive(Debug, Clone, PartialEq)]
pub enum HistogramError {
    /// One has exponential buckets, the other custom ones.
    IncompatibleSchema,
    /// Resolution can only be reduced, and only that of exponential buckets.
    NotCoarser {
        /// The present schema.
        from: i32,
        /// The wanted one.
        to: i32,
    },
    /// No such schema.
    InvalidSchema(i32),
    /// The count is below zero.
    NegativeCount(f64),
    /// The count of the zero bucket is below zero.
    NegativeZeroCount(f64),
    /// The count of a bucket is below zero.
    NegativeBucket {
        /// `positive` or `negative`.
        side: &'static str,
        /// Which bucket, from 1.
        number: usize,
        /// What it counts.
        count: f64,
    },
    /// A span other than the first reaches back.
    SpanNegativeOffset {
        /// Which span, from 1.
        number: usize,
        /// How far back.
        offset: i32,
    },
    /// Spans announce another number of buckets than follows.
    SpansMismatch {
        /// Buckets announced.
        need: u64,
        /// Buckets there.
        have: usize,
    },
    /// Buckets lie beyond the custom bounds.
    TooFewBounds {
        /// Bounds there.
        bounds: usize,
        /// Places that buckets reach.
        span: i64,
    },
    /// A custom bound is not above the one before it.
    BoundsNotIncreasing {
        /// The one before.
        previous: f64,
        /// The one at fault.
        current: f64,
    },
    /// `+Inf` is among the custom bounds.
    InfiniteBound,
    /// NaN is among the custom bounds.
    NanBound,
    /// Custom buckets know no zero bucket.
    CustomZeroCount,
    /// Custom buckets know no zero bucket.
    CustomZeroThreshold,
    /// Custom buckets know no negative side.
    CustomNegativeBuckets,
    /// Exponential buckets know no custom bounds.
    ExponentialWithBounds,
}

impl Display for HistogramError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::IncompatibleSchema => f.write_str(
                "cannot apply this operation on histograms with a mix of exponential and custom bucket schemas",
            ),
            Self::NotCoarser { from, to } => {
                write!(f, "cannot reduce resolution from schema {from} to {to}")
            }
            Self::InvalidSchema(schema) => write!(
                f,
                "histogram has an invalid schema, which must be between -4 and 8 for exponential buckets, or -53 for \
                 custom buckets, got schema {schema}"
            ),
            Self::NegativeCount(_) | Self::NegativeZeroCount(_) | Self::NegativeBucket { .. } => {
                self.fmt_negative(f)
            }
            Self::SpanNegativeOffset { number, offset } => write!(
                f,
                "span number {number} with offset {offset}: histogram has a span whose offset is negative"
            ),
            Self::SpansMismatch { need, have } => write!(
                f,
                "spans need {need} buckets, have {have} buckets: histogram spans specify different number of buckets \
                 than provided"
            ),
            _ => self.fmt_custom(f),
        }
    }
}

impl HistogramError {
    fn fmt_negative(&self, f: &mut Formatter<'_>) -> fmt::Result {
        const BUCKET: &str = "histogram has a bucket whose observation count is negative";
        match self {
            Self::NegativeBucket { side, number, count } => write!(
                f,
                "{side} side: bucket number {number} has observation count of {}: {BUCKET}",
                general_notation(*count)
            ),
            Self::NegativeZeroCount(count) => write!(
                f,
                "zero bucket has observation count of {}: {BUCKET}",
                general_notation(*count)
            ),
            Self::NegativeCount(count) => write!(
                f,
                "observation count is {}: histogram's observation count is negative",
                general_notation(*count)
            ),
            _ => Ok(()),
        }
    }

    fn fmt_custom(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooFewBounds { bounds, span } => write!(
                f,
                "custom buckets: only {bounds} custom bounds defined which is insufficient to cover total span length \
                 of {span}: histogram custom bounds are too few"
            ),
            Self::BoundsNotIncreasing { previous, current } => write!(
                f,
                "custom buckets: previous bound is {previous:.6} and current is {current:.6}: histogram custom bounds \
                 must be in strictly increasing order"
            ),
            Self::InfiniteBound => f.write_str(
                "custom buckets: last +Inf bound must not be explicitly defined: histogram custom bounds must be finite",
            ),
            Self::NanBound => {
                f.write_str("custom buckets: histogram custom bounds must not be NaN")
            }
            Self::CustomZeroCount => f.write_str("custom buckets: must have zero count of 0"),
            Self::CustomZeroThreshold => {
                f.write_str("custom buckets: must have zero threshold of 0")
            }
            Self::CustomNegativeBuckets => {
                f.write_str("custom buckets: must not have negative buckets")
            }
            _ => f.write_str("histogram with exponential schema must not have custom bounds"),
        }
    }
}

impl std::error::Error for HistogramError {}

impl FloatHistogram {
    /// Whether this histogram may be stored (upstream `Validate`). The sum of the buckets is not held against the
    /// count, for floats would make false positives of that.
    pub fn validate(&self) -> Result<(), HistogramError> {
        match self.schema {
            CUSTOM_BUCKETS => self.validate_custom()?,
            -4..=8 => self.validate_exponential()?,
            schema => return Err(HistogramError::InvalidSchema(schema)),
        }
        if self.count < 0.0 {
            return Err(HistogramError::NegativeCount(self.count));
        }
        not_negative("positive", &self.positive)
    }

    fn validate_exponential(&self) -> Result<(), HistogramError> {
        not_negative("negative", &self.negative)?;
        if self.zero_count < 0.0 {
            return Err(HistogramError::NegativeZeroCount(self.zero_count));
        }
        if self.custom_values.is_some() {
            return Err(HistogramError::ExponentialWithBounds);
        }
        Ok(())
    }

    fn validate_custom(&self) -> Result<(), HistogramError> {
        let bounds = self.custom_bounds();
        validate_bounds(bounds)?;
        let places = self.positive.iter().map(|bucket| i64::from(bucket.index));
        let last = i64::try_from(bounds.len()).unwrap_or(i64::MAX);
        if let Some(place) = places.into_iter().find(|place| !(0..=last).contains(place)) {
            return Err(HistogramError::TooFewBounds { bounds: bounds.len(), span: place + 1 });
        }
        if self.zero_count != 0.0 {
            return Err(HistogramError::CustomZeroCount);
        }
        if self.zero_threshold != 0.0 {
            return Err(HistogramError::CustomZeroThreshold);
        }
        if !self.negative.is_empty() {
            return Err(HistogramError::CustomNegativeBuckets);
        }
        Ok(())
    }
}

fn validate_bounds(bounds: &[f64]) -> Result<(), HistogramError> {
    let mut previous = f64::NEG_INFINITY;
    for (place, &current) in bounds.iter().enumerate() {
        if current.is_nan() {
            return Err(HistogramError::NanBound);
        }
        if place > 0 && current <= previous {
            return Err(HistogramError::BoundsNotIncreasing { previous, current });
        }
        previous = current;
    }
    if previous == f64::INFINITY {
        return Err(HistogramError::InfiniteBound);
    }
    Ok(())
}

fn not_negative(side: &'static str, buckets: &[Bucket]) -> Result<(), HistogramError> {
    let negative = buckets.iter().enumerate().find(|(_, bucket)| bucket.count < 0.0);
    negative.map_or(Ok(()), |(place, bucket)| {
        Err(HistogramError::NegativeBucket { side, number: place + 1, count: bucket.count })
    })
}
