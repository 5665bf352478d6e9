//! What a point says in plain numbers: its value or count, sum, buckets and quantiles.

use watchglass_model::{ExemplarValue, PointRef, PointValue};

use crate::numbers::{float, signed_float};

/// Bit 0 of a point's flags: no value was recorded.
const NO_VALUE: u32 = 1;

/// A point in plain numbers.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Reading {
    /// A gauge's or sum's value; the count of others.
    pub(super) value: Option<f64>,
    pub(super) sum: Option<f64>,
    pub(super) buckets: Vec<u64>,
    /// Quantiles with their values.
    pub(super) quantiles: Vec<(f64, f64)>,
}

impl Reading {
    pub(super) fn of(point: PointRef<'_>) -> Self {
        if point.row.flags & NO_VALUE != 0 {
            return Self::default();
        }
        let batch = point.batch;
        match point.row.value {
            PointValue::Empty => Self::default(),
            PointValue::Int(int) => Self::plain(signed_float(int)),
            PointValue::Double(double) => Self::plain(double),
            PointValue::Histogram(index) => {
                let histogram = batch.histograms.get(index as usize);
                histogram.map_or_else(Self::default, |histogram| Self {
                    value: Some(float(histogram.count)),
                    sum: histogram.sum,
                    buckets: histogram.counts.of(&batch.counts).to_vec(),
                    quantiles: Vec::new(),
                })
            }
            PointValue::ExponentialHistogram(index) => {
                let histogram = batch.exponential_histograms.get(index as usize);
                histogram.map_or_else(Self::default, |histogram| Self {
                    value: Some(float(histogram.count)),
                    sum: histogram.sum,
                    ..Self::default()
                })
            }
            PointValue::Summary(index) => {
                let summary = batch.summaries.get(index as usize);
                summary.map_or_else(Self::default, |summary| Self {
                    value: Some(float(summary.count)),
                    sum: Some(summary.sum),
                    buckets: Vec::new(),
                    quantiles: summary
                        .quantiles
                        .of(&batch.quantiles)
                        .iter()
                        .map(|one| (one.quantile, one.value))
                        .collect(),
                })
            }
        }
    }

    fn plain(value: f64) -> Self {
        Self { value: Some(value), ..Self::default() }
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

/// What an exemplar measured, as a double.
pub(super) fn measured(value: ExemplarValue) -> Option<f64> {
    match value {
        ExemplarValue::Empty => None,
        ExemplarValue::Int(int) => Some(signed_float(int)),
        ExemplarValue::Double(double) => Some(double),
    }
}
