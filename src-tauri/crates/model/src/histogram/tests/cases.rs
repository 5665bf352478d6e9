//! Cases after upstream's `float_histogram_test.go`, as literals.

use super::histogram;
use crate::histogram::{
    Bucket, ClassicError, ClassicHistogram, CompensatedSum, HistogramError, Merged, ResetHint,
    Span, absolute_counts, bounds, buckets_of, general_notation, spans_of,
};

/// receiver, other, sum.
const SUMS: [(&str, &str, &str); 10] = [
    (
        "z_bucket:11 count:30 sum:2 z_bucket_w:0.01 buckets:[1 0 3 4 7]",
        "z_bucket:8 count:21 sum:1 z_bucket_w:0.01 buckets:[1 3 4 5]",
        "z_bucket:19 count:51 sum:3 z_bucket_w:0.01 buckets:[2 3 7 9 7]",
    ),
    (
        "count:3 buckets:[1 2]",
        "count:7 offset:-3 buckets:[3 0 0 0 0 4]",
        "count:10 offset:-3 buckets:[3 0 0 1 2 4]",
    ),
    ("count:1 n_buckets:[1]", "count:2 n_offset:4 n_buckets:[2]", "count:3 n_buckets:[1 0 0 0 2]"),
    // The finer schema is reduced, whichever side it is on.
    (
        "schema:1 count:10 offset:1 buckets:[1 2 3 4]",
        "schema:0 count:5 offset:1 buckets:[5]",
        "schema:0 count:15 offset:1 buckets:[8 7]",
    ),
    (
        "schema:0 count:5 offset:1 buckets:[5]",
        "schema:1 count:10 offset:1 buckets:[1 2 3 4]",
        "schema:0 count:15 offset:1 buckets:[8 7]",
    ),
    // The wider zero bucket swallows buckets, and grows to the bound of a bucket it cuts.
    (
        "z_bucket:1 z_bucket_w:0.5 count:4 buckets:[3]",
        "z_bucket:2 z_bucket_w:0.25 count:9 offset:-1 buckets:[3 4]",
        "z_bucket:6 z_bucket_w:0.5 count:13 buckets:[7]",
    ),
    (
        "z_bucket:1 z_bucket_w:0.7 count:1",
        "z_bucket:2 z_bucket_w:0.5 count:9 buckets:[3 4]",
        "z_bucket:6 z_bucket_w:1 count:10 offset:1 buckets:[4]",
    ),
    (
        "z_bucket:1 z_bucket_w:0.7 count:1",
        "z_bucket:2 z_bucket_w:0.5 count:9 n_buckets:[3 4]",
        "z_bucket:6 z_bucket_w:1 count:10 n_offset:1 n_buckets:[4]",
    ),
    // Custom bounds alike, then only those in common.
    (
        "schema:-53 custom_values:[1 2 3] count:3 buckets:[1 2]",
        "schema:-53 custom_values:[1 2 3] count:3 offset:3 buckets:[3]",
        "schema:-53 custom_values:[1 2 3] count:6 buckets:[1 2 0 3]",
    ),
    (
        "schema:-53 custom_values:[1 2 3 4] count:15 buckets:[1 2 3 4 5]",
        "schema:-53 custom_values:[1 3 5] count:4 buckets:[1 1 1 1]",
        "schema:-53 custom_values:[1 3] count:19 buckets:[2 6 11]",
    ),
];

#[test]
fn sums_and_differences_of_the_table() {
    for (one, other, sum) in SUMS {
        let (one, other, sum) = (histogram(one), histogram(other), histogram(sum));
        let mut plain = one.clone();
        plain.add(&other).unwrap();
        plain.compact();
        assert_eq!(plain.test_expression(), sum.test_expression());

        let mut compensated = CompensatedSum::new(one.clone());
        compensated.add(&other).unwrap();
        assert_eq!(compensated.finish().test_expression(), sum.test_expression());

        plain.sub(&other).unwrap();
        plain.compact();
        assert_eq!(plain.count, one.count, "{}", sum.test_expression());
    }
}

/// previous, current, whether there was a reset.
const RESETS: [(&str, &str, bool); 15] = [
    ("count:3 buckets:[1 2]", "count:3 buckets:[1 2]", false),
    ("count:3 buckets:[1 2]", "count:4 buckets:[1 2 1]", false),
    ("count:3 buckets:[1 2]", "count:2 buckets:[1 2]", true),
    ("count:3 buckets:[1 2]", "count:3 buckets:[1 1]", true),
    ("count:3 buckets:[1 2]", "count:3 buckets:[3]", true),
    ("count:3 buckets:[3 0]", "count:3 buckets:[3]", false),
    ("count:3 n_buckets:[1 2]", "count:3 n_buckets:[2 1]", true),
    ("count:3 sum:9", "count:3 sum:1", false),
    ("z_bucket:2", "z_bucket:1", true),
    ("z_bucket_w:0.5", "z_bucket_w:0.25", true),
    // A wider zero bucket takes what it covers; one that cuts a populated bucket comes with a reset.
    ("z_bucket:1 buckets:[1 2]", "z_bucket:2 z_bucket_w:1 offset:1 buckets:[2]", false),
    ("z_bucket:1 buckets:[1 2]", "z_bucket:2 z_bucket_w:0.8 buckets:[1 2]", true),
    ("schema:0 buckets:[1 2]", "schema:1 buckets:[1 2]", true),
    ("schema:1 offset:1 buckets:[1 2]", "schema:0 offset:1 buckets:[3]", false),
    ("schema:1 offset:1 buckets:[1 2]", "schema:0 offset:1 buckets:[2]", true),
];

#[test]
fn resets_of_the_table() {
    for (previous, current, reset) in RESETS {
        let found = histogram(current).detect_reset(&histogram(previous));
        assert_eq!(found, reset, "{previous} -> {current}");
    }
}

#[test]
fn resets_between_different_custom_bounds() {
    let previous = histogram("schema:-53 custom_values:[1 2 3] count:6 buckets:[1 2 3]");
    for (buckets, reset) in [("[3 4]", false), ("[3 2]", true), ("[2 4]", true)] {
        let current = format!("schema:-53 custom_values:[2 4] count:9 buckets:{buckets}");
        // Only 2 is shared: what lies above it is one bucket.
        assert_eq!(histogram(&current).detect_reset(&previous), reset, "{current}");
    }
}

#[test]
fn hints_decide_on_resets_and_combine_in_sums() {
    use ResetHint::{Gauge, NotReset, Reset, Unknown};
    let mut fallen = histogram("count:1");
    fallen.reset_hint = NotReset;
    assert!(!fallen.detect_reset(&histogram("count:5")));
    fallen.reset_hint = Reset;
    assert!(fallen.detect_reset(&histogram("count:0")));

    for (one, other, combined, collision) in [
        (Gauge, Reset, Gauge, false),
        (NotReset, Gauge, Gauge, false),
        (Unknown, Reset, Unknown, false),
        (NotReset, Unknown, Unknown, false),
        (Reset, Reset, Reset, false),
        (Reset, NotReset, Unknown, true),
    ] {
        let (mut sum, mut addend) = (histogram("count:1"), histogram("count:1"));
        (sum.reset_hint, addend.reset_hint) = (one, other);
        let merged = sum.add(&addend).unwrap();
        assert_eq!((sum.reset_hint, merged.reset_collision), (combined, collision));
    }
}

#[test]
fn kinds_do_not_mix_and_bounds_that_differ_are_told() {
    let mut exponential = histogram("count:3 buckets:[1 2]");
    let custom = histogram("schema:-53 custom_values:[1 2] count:1 buckets:[1]");
    let untouched = exponential.clone();
    assert_eq!(exponential.add(&custom), Err(HistogramError::IncompatibleSchema));
    assert_eq!(exponential, untouched);

    let mut sum = custom.clone();
    assert_eq!(sum.add(&custom), Ok(Merged::default()));
    let other = histogram("schema:-53 custom_values:[2] count:1 buckets:[1]");
    assert!(sum.add(&other).unwrap().bounds_reconciled);
}

#[test]
fn compensation_keeps_what_large_numbers_swallow() {
    let mut sum = CompensatedSum::new(histogram("count:1e100 sum:1e100 buckets:[1e100]"));
    for literal in ["count:1 sum:1 buckets:[1 1]", "count:-1e100 sum:-1e100 buckets:[-1e100]"] {
        sum.add(&histogram(literal)).unwrap();
    }
    assert_eq!(sum.finish().test_expression(), "{{count:1 sum:1 buckets:[1 1]}}");
}

#[test]
fn texts_are_those_of_upstream() {
    let both = histogram(
        "count:9 sum:2.5 z_bucket:1 z_bucket_w:0.001 offset:1 buckets:[3 0 1] n_buckets:[4]",
    );
    assert_eq!(
        both.to_string(),
        "{count:9, sum:2.5, [-1,-0.5):4, [-0.001,0.001]:1, (1,2]:3, (4,8]:1}"
    );
    let custom = histogram("schema:-53 custom_values:[5 10] count:3 buckets:[1 0 2]");
    assert_eq!(custom.to_string(), "{count:3, sum:0, [-Inf,5]:1, (10,+Inf]:2}");
    assert_eq!(
        custom.test_expression(),
        "{{schema:-53 count:3 custom_values:[5 10] buckets:[1 0 2]}}"
    );
    for (number, text) in
        [(1e6, "1e+06"), (123_456.0, "123456"), (1e-5, "1e-05"), (0.000_1, "0.0001")]
    {
        assert_eq!(general_notation(number), text);
    }
}

#[test]
fn bounds_at_the_ends_of_the_range() {
    for (index, schema, bound) in [
        (-1, -1, 0.25),
        (0, 0, 1.0),
        (512, -1, f64::MAX),
        (513, -1, f64::INFINITY),
        (1024, 0, f64::MAX),
        (1025, 0, f64::INFINITY),
        (-1074, 0, 5e-324),
        (1, 1, std::f64::consts::SQRT_2),
        (2, 1, 2.0),
        (262_144, 8, f64::MAX),
        (i32::MAX, 8, f64::INFINITY),
        (i32::MIN, -4, 0.0),
    ] {
        assert_eq!(bounds::exponential(index, schema), bound, "{index} in {schema}");
    }
}

#[test]
fn unfit_histograms_are_refused_in_the_words_of_upstream() {
    for (literal, message) in [
        ("schema:9", "got schema 9"),
        ("count:-1", "observation count is negative"),
        ("z_bucket:-1", "zero bucket has observation count of -1"),
        ("buckets:[1 -2]", "positive side: bucket number 2 has observation count of -2"),
        ("custom_values:[1]", "exponential schema must not have custom bounds"),
        ("schema:-53 custom_values:[1] buckets:[1 1 1]", "custom bounds are too few"),
        ("schema:-53 custom_values:[2 1]", "strictly increasing order"),
        ("schema:-53 custom_values:[1 +Inf]", "last +Inf bound must not be explicitly defined"),
        ("schema:-53 custom_values:[NaN]", "custom bounds must not be NaN"),
        ("schema:-53 z_bucket:1", "must have zero count of 0"),
        ("schema:-53 z_bucket_w:1", "must have zero threshold of 0"),
        ("schema:-53 n_buckets:[1]", "must not have negative buckets"),
    ] {
        let error = histogram(literal).validate().unwrap_err().to_string();
        assert!(error.contains(message), "{literal}: {error}");
    }
    assert_eq!(histogram("count:3 buckets:[1 2]").validate(), Ok(()));
}

#[test]
fn spans_become_buckets_and_back() {
    let spans = [Span { offset: -2, length: 2 }, Span { offset: 3, length: 1 }];
    let buckets = buckets_of(&spans, &absolute_counts(&[3, -1, 4])).unwrap();
    let expected = [(-2, 3.0), (-1, 2.0), (3, 6.0)];
    assert_eq!(buckets, expected.map(|(index, count)| Bucket { index, count }));
    assert_eq!(spans_of(&buckets), (spans.to_vec(), vec![3.0, 2.0, 6.0]));

    let endless = [Span { offset: 0, length: u32::MAX }];
    assert!(matches!(buckets_of(&endless, &[1.0]), Err(HistogramError::SpansMismatch { .. })));
    let back = [Span { offset: 0, length: 1 }, Span { offset: -1, length: 1 }];
    assert!(matches!(buckets_of(&back, &[1.0; 2]), Err(HistogramError::SpanNegativeOffset { .. })));
}

#[test]
fn classic_series_become_custom_buckets() {
    let mut classic = ClassicHistogram::default();
    for (bound, count) in [(10.0, 3.0), (5.0, 1.0), (f64::INFINITY, 3.0), (5.0, 9.0)] {
        classic.set_bucket(bound, count).unwrap();
    }
    classic.set_sum(12.0);
    let text = classic.clone().convert().unwrap().test_expression();
    assert_eq!(text, "{{schema:-53 count:3 sum:12 custom_values:[5 10] buckets:[1 2]}}");

    assert_eq!(
        classic.set_bucket(7.0, 4.0),
        Err(ClassicError::NotCumulative { count: 4.0, neighbour: 3.0 })
    );
    classic.set_count(4.0).unwrap();
    let error = classic.convert().unwrap_err().to_string();
    assert_eq!(error, "count mismatch: count=4 != le=+Inf count=3");
    assert_eq!(ClassicHistogram::default().convert(), Err(ClassicError::MissingCount));
}
