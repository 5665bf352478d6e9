//! Series descriptions as upstream's `parse_test.go` has them.

use watchglass_model::ResetHint;

use super::*;

fn values(text: &str) -> Vec<SequenceValue> {
    parse_series(text).expect(text).values
}

#[test]
fn floats_repeat_and_step() {
    let floats = |first, step, more| SequenceValue::Floats { first, step, more };
    assert_eq!(values("m -1-2x3"), [floats(-1.0, Some(-2.0), 3)]);
    assert_eq!(
        values("m 1+1.5x2 3x4 -5e-1"),
        [floats(1.0, Some(1.5), 2), floats(3.0, None, 4), floats(-0.5, None, 0)]
    );
    assert_eq!(values("m _ _x4"), [SequenceValue::Gaps(1), SequenceValue::Gaps(4)]);
    assert_eq!(
        values("m Inf -inf"),
        [floats(f64::INFINITY, None, 0), floats(f64::NEG_INFINITY, None, 0)]
    );
    assert!(
        matches!(values("m stale")[..], [SequenceValue::Floats { first, .. }] if watchglass_model::is_stale(first))
    );
}

#[test]
fn labels_may_be_quoted() {
    let labels = parse_series(r#"{"my.metric", "a.b"="c", d='e',} 1"#).expect("reads").labels;
    assert_eq!(labels.name(), "my.metric");
    assert_eq!((labels.get("a.b"), labels.get("d")), ("c", "e"));
}

#[test]
fn every_key_of_a_histogram_is_read() {
    let text = "m {{schema:1 sum:-0.3 count:3.1 z_bucket:7.1 z_bucket_w:0.05 buckets:[5.1 10 7] offset:-3 n_buckets:[4.1 5] n_offset:-5 counter_reset_hint:gauge}}-{{ }}x2";
    let [SequenceValue::Histograms { first, step: Some((Sign::Minus, _)), more: 2 }] =
        &values(text)[..]
    else {
        panic!("not a sequence of histograms");
    };
    assert_eq!((first.schema, first.sum, first.count), (1, -0.3, 3.1));
    assert_eq!((first.zero_count, first.zero_threshold), (7.1, 0.05));
    assert_eq!(first.positive.first().map(|bucket| bucket.index), Some(-3));
    assert_eq!(first.negative.last().map(|bucket| (bucket.index, bucket.count)), Some((-4, 5.0)));
    assert_eq!(first.reset_hint, ResetHint::Gauge);
}

#[test]
fn start_timestamps_are_offsets() {
    let text = r#"m{a="b"}@st _ 0 -30s-1mx2 1ms _x2"#;
    assert!(describes_starts(text) && !describes_starts("m 1"));
    let offsets = |first, step, more| StartOffset::Offsets { first, step, more };
    assert_eq!(
        parse_starts(text).expect("reads").values,
        [
            StartOffset::Gaps(1),
            offsets(0, 0, 0),
            offsets(-30_000, -60_000, 2),
            offsets(1, 0, 0),
            StartOffset::Gaps(2),
        ]
    );
}

#[test]
fn a_faulty_line_is_refused_and_never_panics() {
    for text in [
        "m 1+2",
        "m 1x",
        "m stalex",
        "m {{schema:x}}",
        "m {{",
        "m{a} 1",
        "m{a=",
        "m 1 abc",
        "m {{sum:1 sum:2}}",
    ] {
        assert!(parse_series(text).is_err(), "{text}");
    }
}
