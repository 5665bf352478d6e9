//! What a point says in plain numbers: its value or count, sum, extremes, buckets and quantiles.

use watchglass_model::{
    Buckets, ExemplarValue, ExponentialHistogram, Histogram, PointRef, PointValue, Points, Summary,
    Timestamp,
};

use super::series::{BucketSide, ExponentialBuckets};
use crate::numbers::{float, signed_float};
use crate::values::Value;

/// Bit 0 of a point's flags: no value was recorded.
const NO_VALUE: u32 = 1;

/// A point in plain numbers.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Reading {
    pub(super) start: Option<Timestamp>,
    pub(super) flags: u32,
    /// A gauge's or sum's value; the count of others.
    pub(super) value: Option<f64>,
    /// A gauge's or sum's value where `value` does not tell it.
    pub(super) exact: Option<Value>,
    pub(super) count: Option<u64>,
    pub(super) sum: Option<f64>,
    pub(super) min: Option<f64>,
    pub(super) max: Option<f64>,
    pub(super) buckets: Vec<u64>,
    pub(super) exponential: Option<ExponentialBuckets>,
    /// Quantiles with their values.
    pub(super) quantiles: Vec<(f64, f64)>,
}

impl Reading {
    pub(super) fn of(point: PointRef<'_>) -> Self {
        let start = Some(point.row.start).filter(|start| *start != Timestamp::ZERO);
        let said = if point.row.flags & NO_VALUE == 0 { Self::said(point) } else { None };
        Self { start, flags: point.row.flags, ..said.unwrap_or_default() }
    }

    fn said(point: PointRef<'_>) -> Option<Self> {
        let batch = point.batch;
        match point.row.value {
            PointValue::Empty => None,
            PointValue::Int(int) => Some(Self::number(ExemplarValue::Int(int))),
            PointValue::Double(double) => Some(Self::number(ExemplarValue::Double(double))),
            PointValue::Histogram(index) => {
                Some(Self::histogram(batch, batch.histograms.get(index as usize)?))
            }
            PointValue::ExponentialHistogram(index) => {
                let histogram = batch.exponential_histograms.get(index as usize)?;
                Some(Self::exponential(batch, histogram))
            }
            PointValue::Summary(index) => {
                Some(Self::summary(batch, batch.summaries.get(index as usize)?))
            }
        }
    }

    fn number(value: ExemplarValue) -> Self {
        Self { value: measured(value), exact: exact(value), ..Self::default() }
    }

    fn counted(count: u64, sum: Option<f64>) -> Self {
        Self { value: Some(float(count)), count: Some(count), sum, ..Self::default() }
    }

    fn histogram(batch: &Points, histogram: &Histogram) -> Self {
        Self {
            min: histogram.min,
            max: histogram.max,
            buckets: histogram.counts.of(&batch.counts).to_vec(),
            ..Self::counted(histogram.count, histogram.sum)
        }
    }

    fn exponential(batch: &Points, histogram: &ExponentialHistogram) -> Self {
        let side = |buckets: Buckets| BucketSide {
            offset: buckets.offset,
            bucket_counts: buckets.counts.of(&batch.counts).to_vec(),
        };
        Self {
            min: histogram.min,
            max: histogram.max,
            exponential: Some(ExponentialBuckets {
                scale: histogram.scale,
                zero_count: histogram.zero_count,
                zero_threshold: histogram.zero_threshold,
                positive: side(histogram.positive),
                negative: side(histogram.negative),
            }),
            ..Self::counted(histogram.count, histogram.sum)
        }
    }

    fn summary(batch: &Points, summary: &Summary) -> Self {
        let quantiles = summary.quantiles.of(&batch.quantiles).iter();
        Self {
            quantiles: quantiles.map(|one| (one.quantile, one.value)).collect(),
            ..Self::counted(summary.count, Some(summary.sum))
        }
    }
}

/// The upper bounds of an explicit histogram's buckets; none for other points.
pub(super) fn bounds_of(point: PointRef<'_>) -> Option<&[f64]> {
    let PointValue::Histogram(index) = point.row.value else {
        return None;
    };
    let histogram = point.batch.histograms.get(index as usize)?;
    Some(histogram.bounds.of(&point.batch.doubles))
}

/// A measurement as a double.
pub(super) fn measured(value: ExemplarValue) -> Option<f64> {
    match value {
        ExemplarValue::Empty => None,
        ExemplarValue::Int(int) => Some(signed_float(int)),
        ExemplarValue::Double(double) => Some(double),
    }
}

/// A measurement that a finite double does not tell: an integer, NaN or an infinity.
pub(super) fn exact(value: ExemplarValue) -> Option<Value> {
    match value {
        ExemplarValue::Int(int) => Some(Value::Int(int)),
        ExemplarValue::Double(double) if !double.is_finite() => Some(Value::Double(double)),
        ExemplarValue::Empty | ExemplarValue::Double(_) => None,
    }
}
