//! A native histogram with exemplar-free classic buckets beside it, as client libraries expose it in protobuf.

use prost::Message;

pub(super) const CONTENT_TYPE: &str =
    "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited";

#[derive(Clone, PartialEq, Message)]
struct MetricFamily {
    #[prost(string, tag = "1")]
    name: String,
    #[prost(string, tag = "2")]
    help: String,
    /// 4 is a histogram.
    #[prost(int32, tag = "3")]
    kind: i32,
    #[prost(message, repeated, tag = "4")]
    metric: Vec<Metric>,
}

#[derive(Clone, PartialEq, Message)]
struct Metric {
    #[prost(message, optional, tag = "7")]
    histogram: Option<Histogram>,
}

#[derive(Clone, PartialEq, Message)]
struct Histogram {
    #[prost(uint64, tag = "1")]
    sample_count: u64,
    #[prost(double, tag = "2")]
    sample_sum: f64,
    #[prost(message, repeated, tag = "3")]
    bucket: Vec<Bucket>,
    #[prost(sint32, tag = "5")]
    schema: i32,
    #[prost(double, tag = "6")]
    zero_threshold: f64,
    #[prost(uint64, tag = "7")]
    zero_count: u64,
    #[prost(message, repeated, tag = "9")]
    negative_span: Vec<Span>,
    #[prost(sint64, repeated, tag = "10")]
    negative_delta: Vec<i64>,
    #[prost(message, repeated, tag = "12")]
    positive_span: Vec<Span>,
    #[prost(sint64, repeated, tag = "13")]
    positive_delta: Vec<i64>,
}

#[derive(Clone, PartialEq, Message)]
struct Bucket {
    #[prost(uint64, tag = "1")]
    cumulative_count: u64,
    #[prost(double, tag = "2")]
    upper_bound: f64,
}

#[derive(Clone, PartialEq, Message)]
struct Span {
    #[prost(sint32, tag = "1")]
    offset: i32,
    #[prost(uint32, tag = "2")]
    length: u32,
}

/// `latency_seconds` with `count` observations in each of five buckets.
pub(super) fn exposition(count: u64) -> Vec<u8> {
    let buckets = [(0.0, 2), (1.0, 3), (f64::INFINITY, 5)];
    let histogram = Histogram {
        sample_count: 5 * count,
        sample_sum: 4.5,
        bucket: buckets
            .map(|(upper_bound, share)| Bucket { cumulative_count: share * count, upper_bound })
            .into(),
        schema: 3,
        zero_threshold: 0.001,
        zero_count: count,
        negative_span: vec![Span { offset: 0, length: 1 }],
        negative_delta: vec![i64::try_from(count).unwrap()],
        positive_span: vec![Span { offset: -3, length: 1 }, Span { offset: 4, length: 2 }],
        positive_delta: vec![i64::try_from(count).unwrap(), 0, 0],
    };
    let family = MetricFamily {
        name: "latency_seconds".to_owned(),
        help: "how long it took".to_owned(),
        kind: 4,
        metric: vec![Metric { histogram: Some(histogram) }],
    };
    family.encode_length_delimited_to_vec()
}
