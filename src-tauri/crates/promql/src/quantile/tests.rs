//! Quantiles and fractions against cases of upstream's tables and test files.

use watchglass_model::{Bucket, CUSTOM_BUCKETS, FloatHistogram};

use super::*;

fn classic(buckets: &[(f64, f64)]) -> Vec<ClassicBucket> {
    let bucket = |&(upper_bound, count): &(f64, f64)| ClassicBucket { upper_bound, count };
    buckets.iter().map(bucket).collect()
}

fn native(first: i32, counts: &[f64]) -> FloatHistogram {
    let bucket = |(index, &count): (i32, &f64)| Bucket { index, count };
    FloatHistogram {
        count: counts.iter().sum(),
        positive: (first..).zip(counts).map(bucket).collect(),
        ..FloatHistogram::default()
    }
}

fn custom(bounds: &[f64], counts: &[f64]) -> FloatHistogram {
    FloatHistogram {
        schema: CUSTOM_BUCKETS,
        custom_values: Some(bounds.into()),
        ..native(0, counts)
    }
}

fn assert_near(got: f64, want: f64, case: &str) {
    let near = (got - want).abs() <= 1e-12 * want.abs() || got.to_bits() == want.to_bits();
    assert!(near || (got.is_nan() && want.is_nan()), "{case}: got {got}, want {want}");
}

const INF: f64 = f64::INFINITY;

#[test]
fn quantiles_of_classic_buckets() {
    let rising = [(10.0, 10.0), (15.0, 15.0), (20.0, 15.0), (30.0, 15.0), (INF, 15.0)];
    for (q, want) in [
        (1.0, 15.0),
        (0.99, 14.85),
        (0.9, 13.5),
        (0.5, 7.5),
        (0.0, 0.0),
        (-1.0, -INF),
        (2.0, INF),
        (f64::NAN, f64::NAN),
    ] {
        let got = bucket_quantile(q, &mut classic(&rising));
        assert_near(got.value, want, "simple");
        assert!(!got.forced_monotonic && !got.fixed_precision);
    }
    for (buckets, want) in [
        (&[(1.0, 5.0)][..], f64::NAN),
        (&[(INF, 5.0)], f64::NAN),
        (&[(1.0, 0.0), (INF, 0.0)], f64::NAN),
        (&[(1.0, 0.0), (INF, 5.0)], 1.0),
        (&[(-1.0, 5.0), (INF, 5.0)], -1.0),
        (&[(INF, 4.0), (2.0, 1.0), (2.0, 1.0), (4.0, 4.0)], 2.0),
        (&[], f64::NAN),
    ] {
        let got = bucket_quantile(0.5, &mut classic(buckets)).value;
        assert_near(got, want, &format!("{buckets:?}"));
    }
}

#[test]
fn counts_that_fall_are_raised_and_told() {
    let fallen =
        [(10.0, 10.0), (15.0, 15.0), (20.0, 15.0 - 1e-13), (30.0, 12.0), (40.0, 11.0), (INF, 15.0)];
    let got = bucket_quantile(0.9, &mut classic(&fallen));
    assert!(got.forced_monotonic && got.fixed_precision);
    assert_eq!((got.min_bucket, got.max_bucket, got.max_diff), (30.0, 40.0, 4.0));
    assert_near(got.value, 13.5, "fallen");
}

#[test]
fn fractions_of_classic_and_custom_buckets_agree() {
    let positive = ([1.0, 2.0, 3.0], [1.0, 3.0, 6.0, 100.0]);
    let negative = ([-3.0, -2.0, -1.0], [10.0, 12.0, 15.0, 100.0]);
    for ((bounds, counts), lower, upper, want) in [
        (positive, 0.0, 1.5, 0.02),
        (negative, -4.0, -2.0, 0.02),
        (negative, -INF, -1.5, 0.135),
        (positive, -INF, INF, 1.0),
        (negative, -INF, INF, 1.0),
        (positive, 4.0, 5.0, 0.0),
        (negative, 0.0, 1.0, 0.0),
        (positive, 2.0, 5.0, 0.03),
        (positive, 2.0, 2.0, 0.0),
        (positive, 3.0, 2.0, 0.0),
        (positive, 2.0, 3.5, 0.03),
        (positive, 0.5, 2.0, 0.025),
        (positive, f64::NAN, 1.0, f64::NAN),
        (positive, 0.0, f64::NAN, f64::NAN),
        (positive, -10.0, -5.0, 0.0),
    ] {
        let case = format!("{lower} to {upper} of {bounds:?}");
        let all = bounds.into_iter().chain([INF]).zip(counts).collect::<Vec<_>>();
        assert_near(bucket_fraction(lower, upper, &mut classic(&all)), want, &case);
        let mut before = 0.0;
        let own = counts.map(|count| count - std::mem::replace(&mut before, count));
        assert_near(histogram_fraction(lower, upper, &custom(&bounds, &own)).0, want, &case);
    }
}

#[test]
fn native_quantiles_are_exponential_and_linear_around_zero() {
    let one = native(1, &[12.0]);
    assert_near(histogram_quantile(0.5, &one).0, std::f64::consts::SQRT_2, "within (1,2]");
    let mirrored =
        FloatHistogram { positive: Vec::new(), negative: one.positive.clone(), ..one.clone() };
    assert_near(histogram_quantile(0.5, &mirrored).0, -std::f64::consts::SQRT_2, "within [-2,-1)");
    let zero = FloatHistogram { zero_threshold: 0.5, zero_count: 12.0, count: 24.0, ..one.clone() };
    assert_near(histogram_quantile(0.25, &zero).0, 0.25, "all else is positive");
    assert_near(histogram_fraction(0.0, 0.25, &zero).0, 0.25, "all else is positive");
    let only_zero = FloatHistogram { positive: Vec::new(), count: 12.0, ..zero };
    assert_near(histogram_quantile(0.25, &only_zero).0, -0.25, "nothing else");

    let bounded = custom(&[5.0, 10.0], &[1.0, 2.0, 1.0]);
    for (q, want) in [(0.25, 5.0), (0.5, 7.5), (0.9, 10.0), (0.125, 2.5)] {
        assert_near(histogram_quantile(q, &bounded).0, want, "custom");
    }
    assert!(histogram_quantile(0.5, &FloatHistogram::default()).0.is_nan());
}

#[test]
fn observations_of_nan_are_told() {
    let mut some = native(0, &[12.0]);
    (some.count, some.sum) = (15.0, f64::NAN);
    assert_eq!(histogram_quantile(0.8, &some), (1.0, Some(NanObservations::Skewed)));
    let (above, note) = histogram_quantile(0.81, &some);
    assert!(above.is_nan() && note == Some(NanObservations::Result));
    let (share, note) = histogram_fraction(-INF, INF, &some);
    assert_near(share, 0.8, "all but NaN");
    assert_eq!(note, Some(NanObservations::Excluded));

    let only = FloatHistogram { positive: Vec::new(), ..some };
    let (quantile, note) = histogram_quantile(0.4, &only);
    assert!(quantile.is_nan() && note == Some(NanObservations::Result));
}

#[test]
fn quantiles_of_plain_values() {
    for (q, want) in [(0.0, 1.0), (0.5, 2.5), (1.0, 4.0), (-0.1, -INF), (1.1, INF)] {
        assert_near(quantile(q, &mut [4.0, 1.0, 3.0, 2.0]), want, "four values");
    }
    assert!(quantile(0.0, &mut [1.0, f64::NAN]).is_nan());
    assert!(quantile(0.5, &mut []).is_nan());
}

#[test]
fn spread_of_native_histograms() {
    let one = FloatHistogram { sum: 2.0 * std::f64::consts::SQRT_2, ..native(1, &[2.0]) };
    assert!(histogram_stdvar(&one) < 1e-30);
    let apart = FloatHistogram { sum: 10.0, ..custom(&[0.0, 4.0, 8.0], &[0.0, 1.0, 1.0]) };
    assert_near(histogram_stdvar(&apart), 5.0, "2 and 6 around 5");
    assert_near(histogram_stddev(&apart), 5_f64.sqrt(), "2 and 6 around 5");
}
