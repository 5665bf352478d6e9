//! Made-up series for the tests of this folder.

use std::sync::Arc;

use proptest::prelude::*;
use watchglass_model::{Bucket, FloatHistogram, Millis, STALE, Sample, SampleValue, Samples};

/// A series of any shape: jitter, gaps, every kind of value, starts.
pub(crate) fn series() -> impl Strategy<Value = Vec<Sample>> {
    let sample = (any::<u8>(), 1_i64..40, value(), prop::option::weighted(0.2, 0_i64..3));
    (-1_000_000_i64..1_700_000_000_000, prop::collection::vec(sample, 1..60)).prop_map(
        |(mut time, all)| {
            let sample =
                |(kind, jitter, value, start): (u8, Millis, SampleValue, Option<Millis>)| {
                    time += if kind == 0 { 3_000_000 } else { 15_000 + jitter };
                    Sample { time, value, start: start.unwrap_or(0) * 1_000 }
                };
            all.into_iter().map(sample).collect()
        },
    )
}

fn value() -> impl Strategy<Value = SampleValue> {
    prop_oneof![
        4 => (0..5_i32).prop_map(|one| SampleValue::Float(f64::from(one))),
        2 => (0..5_000_i32).prop_map(|one| SampleValue::Float(f64::from(one) / 100.0)),
        1 => any::<u64>().prop_map(|bits| SampleValue::Float(f64::from_bits(bits))),
        1 => Just(SampleValue::Float(STALE)),
        1 => Just(SampleValue::Float(-0.0)),
        2 => histogram().prop_map(|histogram| SampleValue::Histogram(Arc::new(histogram))),
    ]
}

fn histogram() -> impl Strategy<Value = FloatHistogram> {
    let buckets = prop::collection::vec(0..9_u32, 0..4);
    (0..3_i32, buckets, any::<f64>(), prop::option::of(prop::collection::vec(any::<f64>(), 0..3)))
        .prop_map(|(schema, counts, sum, bounds)| FloatHistogram {
            schema,
            sum,
            zero_count: sum,
            count: counts.iter().copied().map(f64::from).sum(),
            positive: (-1..).zip(&counts).map(|(index, count)| bucket(index, *count)).collect(),
            negative: counts.iter().take(1).map(|count| bucket(7, *count)).collect(),
            custom_values: bounds.map(Into::into),
            ..FloatHistogram::default()
        })
}

fn bucket(index: i32, count: u32) -> Bucket {
    Bucket { index, count: f64::from(count) }
}

/// Whether two columns are the same bit for bit. Starts that are all zero may be left out.
pub(crate) fn same_bits(one: &Samples, other: &Samples) -> bool {
    let floats =
        |samples: &Samples| samples.floats.iter().map(|value| value.to_bits()).collect::<Vec<_>>();
    let starts = |samples: &Samples| {
        (0..samples.len()).map(|place| samples.start(place)).collect::<Vec<_>>()
    };
    let histograms = |samples: &Samples| format!("{:?}", samples.histograms);
    one.times == other.times
        && floats(one) == floats(other)
        && starts(one) == starts(other)
        && histograms(one) == histograms(other)
}
