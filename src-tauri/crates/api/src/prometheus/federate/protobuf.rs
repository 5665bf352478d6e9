//! Federated samples as messages of `io.prometheus.client` (`metrics.proto` of Prometheus's client model), of which
//! only the fields that federation fills are written down here.

use prost::Message;
use watchglass_exposition::Escaping;
use watchglass_model::{
    BucketSpan as Span, FloatHistogram, Labels, ResetHint, Sample, SampleValue, spans_of,
};
use watchglass_workbench::Federated;

use crate::prometheus::names::escaped;

#[derive(Clone, PartialEq, Message)]
struct LabelPair {
    #[prost(string, optional, tag = "1")]
    name: Option<String>,
    #[prost(string, optional, tag = "2")]
    value: Option<String>,
}

#[derive(Clone, PartialEq, Message)]
struct Untyped {
    #[prost(double, optional, tag = "1")]
    value: Option<f64>,
}

#[derive(Clone, PartialEq, Message)]
struct BucketSpan {
    #[prost(sint32, optional, tag = "1")]
    offset: Option<i32>,
    #[prost(uint32, optional, tag = "2")]
    length: Option<u32>,
}

#[derive(Clone, PartialEq, Message)]
struct Histogram {
    #[prost(double, optional, tag = "2")]
    sample_sum: Option<f64>,
    #[prost(double, optional, tag = "4")]
    sample_count_float: Option<f64>,
    #[prost(sint32, optional, tag = "5")]
    schema: Option<i32>,
    #[prost(double, optional, tag = "6")]
    zero_threshold: Option<f64>,
    #[prost(double, optional, tag = "8")]
    zero_count_float: Option<f64>,
    #[prost(message, repeated, tag = "9")]
    negative_span: Vec<BucketSpan>,
    #[prost(double, repeated, packed = "false", tag = "11")]
    negative_count: Vec<f64>,
    #[prost(message, repeated, tag = "12")]
    positive_span: Vec<BucketSpan>,
    #[prost(double, repeated, packed = "false", tag = "14")]
    positive_count: Vec<f64>,
}

#[derive(Clone, PartialEq, Message)]
struct Metric {
    #[prost(message, repeated, tag = "1")]
    label: Vec<LabelPair>,
    #[prost(message, optional, tag = "5")]
    untyped: Option<Untyped>,
    #[prost(int64, optional, tag = "6")]
    timestamp_ms: Option<i64>,
    #[prost(message, optional, tag = "7")]
    histogram: Option<Histogram>,
}

#[derive(Clone, PartialEq, Message)]
struct MetricFamily {
    #[prost(string, optional, tag = "1")]
    name: Option<String>,
    #[prost(enumeration = "MetricType", optional, tag = "3")]
    r#type: Option<i32>,
    #[prost(message, repeated, tag = "4")]
    metric: Vec<Metric>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, prost::Enumeration)]
#[repr(i32)]
enum MetricType {
    Counter = 0,
    Untyped = 3,
    Histogram = 4,
    GaugeHistogram = 5,
}

/// The whole page: a family a name and kind of sample. Histograms with custom buckets are left out, for the message has
/// no field for their bounds.
pub(super) fn page(federated: &Federated, escaping: Escaping) -> Vec<u8> {
    let mut families: Vec<MetricFamily> = Vec::new();
    for (labels, sample) in &federated.samples {
        let Some(kind) = kind(&sample.value) else { continue };
        let (name, kind) = (Some(escaped(labels.name(), escaping).into_owned()), Some(kind.into()));
        let metric = metric(federated, labels, sample, escaping);
        match families.last_mut().filter(|last| last.name == name && last.r#type == kind) {
            Some(family) => family.metric.push(metric),
            None => families.push(MetricFamily { name, r#type: kind, metric: vec![metric] }),
        }
    }
    families.iter().flat_map(Message::encode_length_delimited_to_vec).collect()
}

fn kind(value: &SampleValue) -> Option<MetricType> {
    match value {
        SampleValue::Float(_) => Some(MetricType::Untyped),
        SampleValue::Histogram(one) if one.uses_custom_buckets() => None,
        SampleValue::Histogram(one) if one.reset_hint == ResetHint::Gauge => {
            Some(MetricType::GaugeHistogram)
        }
        SampleValue::Histogram(_) => Some(MetricType::Histogram),
    }
}

fn metric(federated: &Federated, labels: &Labels, sample: &Sample, escaping: Escaping) -> Metric {
    let pairs = federated.labels_of(labels).map(|(name, value)| LabelPair {
        name: Some(escaped(name, escaping).into_owned()),
        value: Some(value.to_owned()),
    });
    let (untyped, histogram) = match &sample.value {
        SampleValue::Float(value) => (Some(Untyped { value: Some(*value) }), None),
        SampleValue::Histogram(histogram) => (None, Some(native(histogram))),
    };
    Metric { label: pairs.collect(), untyped, timestamp_ms: Some(sample.time), histogram }
}

fn native(histogram: &FloatHistogram) -> Histogram {
    let span = |one: Span| BucketSpan { offset: Some(one.offset), length: Some(one.length) };
    let (positive, positive_count) = spans_of(&histogram.positive);
    let (negative, negative_count) = spans_of(&histogram.negative);
    let mut positive_span: Vec<_> = positive.into_iter().map(span).collect();
    if positive_span.is_empty() && negative.is_empty() && histogram.zero_count == 0.0 {
        // Without any bucket, an empty span says that it is a native histogram.
        positive_span.push(BucketSpan { offset: Some(0), length: Some(0) });
    }
    Histogram {
        sample_sum: Some(histogram.sum),
        sample_count_float: Some(histogram.count),
        schema: Some(histogram.schema),
        zero_threshold: Some(histogram.zero_threshold),
        zero_count_float: Some(histogram.zero_count),
        negative_span: negative.into_iter().map(span).collect(),
        negative_count,
        positive_span,
        positive_count,
    }
}
