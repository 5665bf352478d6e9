//! The protobuf exposition: what upstream's `protobufparse_test.go` checks, in small families of our own.

use prost::Message;
use watchglass_exposition::{Format, ReadOptions};

use crate::messages::BucketSpan;
use crate::messages::client::{
    Bucket, Exemplar, Histogram, Metric, MetricFamily, Number, Quantile, Summary, Timestamp,
    exposition,
};
use crate::messages::labels;
use crate::shown::{fault, shown};

fn entries(families: &[MetricFamily], options: ReadOptions) -> Vec<String> {
    shown(&exposition(families), Format::Protobuf, options)
}

fn family(name: &str, kind: i32, metric: Vec<Metric>) -> MetricFamily {
    MetricFamily {
        name: name.to_owned(),
        help: "Help.".to_owned(),
        kind,
        metric,
        unit: String::new(),
    }
}

fn timestamp(seconds: i64, nanos: i32) -> Timestamp {
    Timestamp { seconds, nanos }
}

fn exemplar(id: &str, timestamp: Option<Timestamp>) -> Exemplar {
    Exemplar { label: labels(&[("id", id)]), value: 0.5, timestamp }
}

fn number(value: f64) -> Number {
    Number { value, ..Number::default() }
}

#[test]
fn counters_gauges_and_untyped_are_samples_with_what_belongs_to_them() {
    let counter = Number {
        value: 1.5,
        exemplar: Some(exemplar("x", Some(timestamp(-1, 500_000_000)))),
        created_timestamp: Some(timestamp(3, 4_999_999)),
    };
    let families = [
        family(
            "c_total",
            0,
            vec![Metric {
                label: labels(&[("z", "\u{e9}"), ("a.b", "1")]),
                counter: Some(counter),
                timestamp_ms: 1234,
                ..Metric::default()
            }],
        ),
        MetricFamily {
            unit: "bytes".to_owned(),
            ..family(
                "g_bytes",
                1,
                vec![
                    Metric { gauge: Some(number(f64::INFINITY)), ..Metric::default() },
                    Metric {
                        label: labels(&[("a", "1")]),
                        gauge: Some(number(0.0)),
                        ..Metric::default()
                    },
                ],
            )
        },
        family("empty", 0, Vec::new()),
        family("u", 3, vec![Metric { untyped: Some(number(-2.0)), ..Metric::default() }]),
    ];
    assert_eq!(
        entries(&families, ReadOptions::default()),
        [
            "help c_total \"Help.\"",
            "type c_total counter",
            "c_total{a.b=\"1\", z=\"\u{e9}\"} 1.5 @1234 from 3004 # {id=\"x\"} 0.5 @-500",
            "help g_bytes \"Help.\"",
            "unit g_bytes \"bytes\"",
            "type g_bytes gauge",
            "g_bytes{} inf",
            "g_bytes{a=\"1\"} 0",
            "help u \"Help.\"",
            "type u unknown",
            "u{} -2",
        ]
    );
}

#[test]
fn summaries_and_classic_histograms_become_series() {
    let summary = Summary {
        sample_count: 42,
        sample_sum: 6.5,
        quantile: vec![
            Quantile { quantile: 0.5, value: 1.0 },
            Quantile { quantile: 1.0, value: f64::NAN },
        ],
        created_timestamp: Some(timestamp(7, 0)),
    };
    let bucket = |upper_bound, cumulative_count, exemplar| Bucket {
        cumulative_count,
        upper_bound,
        exemplar,
        ..Bucket::default()
    };
    let histogram = Histogram {
        sample_count: 9,
        sample_sum: 2.5,
        bucket: vec![bucket(1.0, 3, Some(exemplar("y", None))), bucket(1e6, 8, None)],
        ..Histogram::default()
    };
    let families = [
        family("s", 2, vec![Metric { summary: Some(summary), ..Metric::default() }]),
        family(
            "h",
            4,
            vec![Metric {
                label: labels(&[("a", "b")]),
                histogram: Some(histogram),
                ..Metric::default()
            }],
        ),
    ];
    assert_eq!(
        entries(&families, ReadOptions::default()),
        [
            "help s \"Help.\"",
            "type s summary",
            "s_count{} 42 from 7000",
            "s_sum{} 6.5 from 7000",
            "s{quantile=\"0.5\"} 1 from 7000",
            "s{quantile=\"1.0\"} NaN from 7000",
            "help h \"Help.\"",
            "type h histogram",
            "h_count{a=\"b\"} 9",
            "h_sum{a=\"b\"} 2.5",
            "h_bucket{a=\"b\", le=\"1.0\"} 3 # {id=\"y\"} 0.5",
            "h_bucket{a=\"b\", le=\"1e+06\"} 8",
            "h_bucket{a=\"b\", le=\"+Inf\"} 9",
        ]
    );
}

fn native(kind: i32, histogram: Histogram) -> MetricFamily {
    family("n", kind, vec![Metric { histogram: Some(histogram), ..Metric::default() }])
}

fn whole() -> Histogram {
    Histogram {
        sample_count: 6,
        sample_sum: 9.0,
        schema: 3,
        zero_threshold: 0.5,
        zero_count: 2,
        positive_span: vec![
            BucketSpan { offset: -2, length: 1 },
            BucketSpan { offset: 1, length: 2 },
        ],
        positive_delta: vec![1, 0, 1],
        negative_span: vec![BucketSpan { offset: 0, length: 1 }],
        negative_delta: vec![0],
        bucket: vec![Bucket {
            upper_bound: f64::INFINITY,
            cumulative_count: 6,
            exemplar: Some(exemplar("classic", Some(timestamp(1, 0)))),
            ..Bucket::default()
        }],
        created_timestamp: Some(timestamp(5, 0)),
        ..Histogram::default()
    }
}

const WHOLE: &str = "FloatHistogram { schema: 3, zero_threshold: 0.5, zero_count: 2.0, count: 6.0, sum: 9.0, \
    positive: [Bucket { index: -2, count: 1.0 }, Bucket { index: 0, count: 1.0 }, Bucket { index: 1, count: 2.0 }], \
    negative: [], custom_values: None, reset_hint: Unknown }";

#[test]
fn a_native_histogram_is_one_sample_without_its_empty_buckets() {
    let lines = entries(&[native(4, whole())], ReadOptions::default());
    assert_eq!(lines[2], format!("n{{}} {WHOLE} from 5000 # {{id=\"classic\"}} 0.5 @1000"));
    assert_eq!(lines.len(), 3, "{lines:#?}");
}

#[test]
fn options_decide_between_native_and_classic() {
    let classic = ["n_count{} 6 from 5000", "n_sum{} 9 from 5000"];
    let bucket = "n_bucket{le=\"+Inf\"} 6 from 5000 # {id=\"classic\"} 0.5 @1000";
    let without = ReadOptions { native_histograms: false, ..ReadOptions::default() };
    let lines = entries(&[native(4, whole())], without);
    assert_eq!(lines[2..], [classic[0], classic[1], bucket]);
    let both = ReadOptions { classic_beside_native: true, ..ReadOptions::default() };
    let lines = entries(&[native(4, whole())], both);
    assert!(lines[2].starts_with("n{} FloatHistogram"), "{lines:#?}");
    assert_eq!(lines[3..], [classic[0], classic[1], bucket]);
}

#[test]
fn float_histograms_gauges_and_their_own_exemplars_are_read() {
    let histogram = Histogram {
        sample_count_float: 2.5,
        schema: -1,
        positive_span: vec![BucketSpan { offset: 0, length: 1 }],
        positive_count: vec![2.5],
        exemplars: vec![exemplar("timeless", None), exemplar("own", Some(timestamp(2, 0)))],
        ..whole()
    };
    let histogram = Histogram { negative_span: Vec::new(), ..histogram };
    let lines = entries(&[native(5, histogram)], ReadOptions::default());
    assert_eq!(lines[1], "type n gaugehistogram");
    let buckets = "positive: [Bucket { index: 0, count: 2.5 }]";
    assert!(lines[2].contains(buckets) && lines[2].contains("reset_hint: Gauge"), "{}", lines[2]);
    assert!(lines[2].ends_with(" # {id=\"own\"} 0.5 @2000"), "{}", lines[2]);
}

#[test]
fn an_empty_span_marks_a_native_histogram_without_observations() {
    let empty = Histogram {
        positive_span: vec![BucketSpan { offset: 0, length: 0 }],
        ..Histogram::default()
    };
    let lines = entries(&[native(4, empty)], ReadOptions::default());
    assert!(lines[2].starts_with("n{} FloatHistogram"), "{lines:#?}");
    let lines = entries(&[native(4, Histogram::default())], ReadOptions::default());
    assert_eq!(lines[2..], ["n_count{} 0", "n_sum{} 0", "n_bucket{le=\"+Inf\"} 0"]);
}

#[test]
fn errors_read_as_upstreams() {
    let gauge = || vec![Metric { gauge: Some(number(1.0)), ..Metric::default() }];
    let with_unit = |name: &str, kind| MetricFamily {
        unit: "seconds".to_owned(),
        ..family(name, kind, gauge())
    };
    let short = Histogram { positive_delta: vec![1], ..whole() };
    let cases = [
        (family("", 1, gauge()), "invalid metric name: "),
        (family("m", 9, gauge()), "unknown metric type for metric \"m\": 9"),
        (with_unit("m", 1), "unit \"seconds\" not a suffix of metric \"m\""),
        (with_unit("m_total", 0), "unit \"seconds\" not a suffix of counter \"m_total\""),
        (with_unit("m_seconds_total", 0), "no error"),
        (
            native(4, short),
            "spans need 3 buckets, have 1 buckets: histogram spans specify different number of buckets than provided",
        ),
    ];
    for (family, expected) in cases {
        assert_eq!(fault(&exposition(&[family]), Format::Protobuf), expected);
    }
    let whole = exposition(&[native(4, whole())]);
    assert_ne!(fault(&whole[..whole.len() - 1], Format::Protobuf), "no error");
}

#[test]
fn series_of_one_family_have_different_texts() {
    let label = |value| labels(&[("a", value)]);
    let metrics = ["1", "2"].map(|value| Metric {
        label: label(value),
        histogram: Some(whole()),
        ..Metric::default()
    });
    let bytes = family("n", 4, metrics.to_vec()).encode_length_delimited_to_vec();
    let options = ReadOptions { classic_beside_native: true, ..ReadOptions::default() };
    let texts = crate::shown::texts(&bytes, Format::Protobuf, options);
    let different: std::collections::HashSet<_> = texts.iter().collect();
    assert_eq!((texts.len(), different.len()), (8, 8));
}
