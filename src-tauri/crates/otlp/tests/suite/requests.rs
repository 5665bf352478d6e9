//! Requests of every shape, as prost's generated types.

use opentelemetry_proto::tonic::collector::logs::v1::ExportLogsServiceRequest;
use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::{
    AnyValue, ArrayValue, EntityRef, InstrumentationScope, KeyValue, KeyValueList, any_value,
};
use opentelemetry_proto::tonic::logs::v1::{LogRecord, ResourceLogs, ScopeLogs};
use opentelemetry_proto::tonic::metrics::v1::{
    Exemplar, ExponentialHistogram, ExponentialHistogramDataPoint, Gauge, Histogram,
    HistogramDataPoint, Metric, NumberDataPoint, ResourceMetrics, ScopeMetrics, Sum, Summary,
    SummaryDataPoint, exemplar, exponential_histogram_data_point as exponential, metric,
    number_data_point, summary_data_point,
};
use opentelemetry_proto::tonic::resource::v1::Resource;
use opentelemetry_proto::tonic::trace::v1::{ResourceSpans, ScopeSpans, Span, Status, span};

use crate::dice::Dice;

fn small(dice: &mut Dice) -> i32 {
    dice.number32().cast_signed() >> dice.below(32)
}

fn value(dice: &mut Dice, depth: usize) -> AnyValue {
    let kinds = if depth == 0 { 7 } else { 10 };
    let value = match dice.below(kinds) {
        0 => None,
        1 => Some(any_value::Value::BoolValue(dice.once_in(2))),
        2 => Some(any_value::Value::IntValue(dice.number().cast_signed())),
        3 => Some(any_value::Value::DoubleValue(dice.double())),
        4 => Some(any_value::Value::BytesValue(dice.bytes(9))),
        5 | 6 => Some(any_value::Value::StringValue(dice.text())),
        7 => Some(any_value::Value::StringValueStrindex(small(dice))),
        8 => Some(any_value::Value::ArrayValue(ArrayValue {
            values: dice.some(4, |dice| value(dice, depth - 1)),
        })),
        _ => Some(any_value::Value::KvlistValue(KeyValueList {
            values: dice.some(4, |dice| key_value(dice, depth - 1)),
        })),
    };
    AnyValue { value }
}

fn key_value(dice: &mut Dice, depth: usize) -> KeyValue {
    KeyValue {
        key: dice.text(),
        value: dice.maybe(|dice| value(dice, depth)),
        key_strindex: if dice.once_in(20) { 7 } else { 0 },
    }
}

fn attributes(dice: &mut Dice) -> Vec<KeyValue> {
    dice.some(5, |dice| key_value(dice, 3))
}

fn resource(dice: &mut Dice) -> Resource {
    Resource {
        attributes: attributes(dice),
        dropped_attributes_count: dice.number32(),
        entity_refs: dice.some(1, |dice| EntityRef { r#type: dice.text(), ..EntityRef::default() }),
    }
}

fn scope(dice: &mut Dice) -> InstrumentationScope {
    InstrumentationScope {
        name: dice.text(),
        version: dice.text(),
        attributes: attributes(dice),
        dropped_attributes_count: dice.number32(),
    }
}

fn span(dice: &mut Dice) -> Span {
    Span {
        trace_id: dice.id(16),
        span_id: dice.id(8),
        trace_state: dice.text(),
        parent_span_id: dice.id(8),
        flags: dice.number32(),
        name: dice.text(),
        kind: small(dice),
        start_time_unix_nano: dice.number(),
        end_time_unix_nano: dice.number(),
        attributes: attributes(dice),
        dropped_attributes_count: dice.number32(),
        events: dice.some(3, |dice| span::Event {
            time_unix_nano: dice.number(),
            name: dice.text(),
            attributes: attributes(dice),
            dropped_attributes_count: dice.number32(),
        }),
        dropped_events_count: dice.number32(),
        links: dice.some(2, |dice| span::Link {
            trace_id: dice.id(16),
            span_id: dice.id(8),
            trace_state: dice.text(),
            attributes: attributes(dice),
            dropped_attributes_count: dice.number32(),
            flags: dice.number32(),
        }),
        dropped_links_count: dice.number32(),
        status: dice.maybe(|dice| Status {
            message: dice.text(),
            code: i32::try_from(dice.below(4)).unwrap(),
        }),
    }
}

pub(crate) fn traces(dice: &mut Dice) -> ExportTraceServiceRequest {
    ExportTraceServiceRequest {
        resource_spans: dice.some(3, |dice| ResourceSpans {
            resource: dice.maybe(resource),
            scope_spans: dice.some(3, |dice| ScopeSpans {
                scope: dice.maybe(scope),
                spans: dice.some(4, span),
                schema_url: dice.text(),
            }),
            schema_url: dice.text(),
        }),
    }
}

pub(crate) fn logs(dice: &mut Dice) -> ExportLogsServiceRequest {
    let record = |dice: &mut Dice| LogRecord {
        time_unix_nano: dice.number(),
        observed_time_unix_nano: dice.number(),
        severity_number: small(dice),
        severity_text: dice.text(),
        body: dice.maybe(|dice| value(dice, 3)),
        attributes: attributes(dice),
        dropped_attributes_count: dice.number32(),
        flags: dice.number32(),
        trace_id: dice.id(16),
        span_id: dice.id(8),
        event_name: dice.text(),
    };
    ExportLogsServiceRequest {
        resource_logs: dice.some(3, |dice| ResourceLogs {
            resource: dice.maybe(resource),
            scope_logs: dice.some(3, |dice| ScopeLogs {
                scope: dice.maybe(scope),
                log_records: dice.some(4, record),
                schema_url: dice.text(),
            }),
            schema_url: dice.text(),
        }),
    }
}

pub(crate) fn metrics(dice: &mut Dice) -> ExportMetricsServiceRequest {
    let metric = |dice: &mut Dice| Metric {
        name: dice.text(),
        description: dice.text(),
        unit: dice.text(),
        metadata: attributes(dice),
        data: dice.maybe(content),
    };
    ExportMetricsServiceRequest {
        resource_metrics: dice.some(3, |dice| ResourceMetrics {
            resource: dice.maybe(resource),
            scope_metrics: dice.some(3, |dice| ScopeMetrics {
                scope: dice.maybe(scope),
                metrics: dice.some(4, metric),
                schema_url: dice.text(),
            }),
            schema_url: dice.text(),
        }),
    }
}

fn content(dice: &mut Dice) -> metric::Data {
    let temporality = i32::try_from(dice.below(4)).unwrap();
    match dice.below(5) {
        0 => metric::Data::Gauge(Gauge { data_points: dice.some(3, number) }),
        1 => metric::Data::Sum(Sum {
            data_points: dice.some(3, number),
            aggregation_temporality: temporality,
            is_monotonic: dice.once_in(2),
        }),
        2 => metric::Data::Histogram(Histogram {
            data_points: dice.some(3, histogram),
            aggregation_temporality: temporality,
        }),
        3 => metric::Data::ExponentialHistogram(ExponentialHistogram {
            data_points: dice.some(3, exponential_histogram),
            aggregation_temporality: temporality,
        }),
        _ => metric::Data::Summary(Summary { data_points: dice.some(3, summary) }),
    }
}

fn number(dice: &mut Dice) -> NumberDataPoint {
    NumberDataPoint {
        attributes: attributes(dice),
        start_time_unix_nano: dice.number(),
        time_unix_nano: dice.number(),
        exemplars: dice.some(2, exemplar),
        flags: dice.number32(),
        value: match dice.below(3) {
            0 => None,
            1 => Some(number_data_point::Value::AsDouble(dice.double())),
            _ => Some(number_data_point::Value::AsInt(dice.number().cast_signed())),
        },
    }
}

fn exemplar(dice: &mut Dice) -> Exemplar {
    Exemplar {
        filtered_attributes: attributes(dice),
        time_unix_nano: dice.number(),
        span_id: dice.id(8),
        trace_id: dice.id(16),
        value: match dice.below(3) {
            0 => None,
            1 => Some(exemplar::Value::AsDouble(dice.double())),
            _ => Some(exemplar::Value::AsInt(dice.number().cast_signed())),
        },
    }
}

fn histogram(dice: &mut Dice) -> HistogramDataPoint {
    HistogramDataPoint {
        attributes: attributes(dice),
        start_time_unix_nano: dice.number(),
        time_unix_nano: dice.number(),
        count: dice.number(),
        sum: dice.maybe(Dice::double),
        bucket_counts: dice.some(5, Dice::number),
        explicit_bounds: dice.some(5, Dice::double),
        exemplars: dice.some(2, exemplar),
        flags: dice.number32(),
        min: dice.maybe(Dice::double),
        max: dice.maybe(Dice::double),
    }
}

fn exponential_histogram(dice: &mut Dice) -> ExponentialHistogramDataPoint {
    let buckets = |dice: &mut Dice| exponential::Buckets {
        offset: small(dice),
        bucket_counts: dice.some(5, Dice::number),
    };
    ExponentialHistogramDataPoint {
        attributes: attributes(dice),
        start_time_unix_nano: dice.number(),
        time_unix_nano: dice.number(),
        count: dice.number(),
        sum: dice.maybe(Dice::double),
        scale: small(dice),
        zero_count: dice.number(),
        positive: dice.maybe(buckets),
        negative: dice.maybe(buckets),
        flags: dice.number32(),
        exemplars: dice.some(2, exemplar),
        min: dice.maybe(Dice::double),
        max: dice.maybe(Dice::double),
        zero_threshold: dice.double(),
    }
}

fn summary(dice: &mut Dice) -> SummaryDataPoint {
    SummaryDataPoint {
        attributes: attributes(dice),
        start_time_unix_nano: dice.number(),
        time_unix_nano: dice.number(),
        count: dice.number(),
        sum: dice.double(),
        quantile_values: dice.some(3, |dice| summary_data_point::ValueAtQuantile {
            quantile: dice.double(),
            value: dice.double(),
        }),
        flags: dice.number32(),
    }
}
