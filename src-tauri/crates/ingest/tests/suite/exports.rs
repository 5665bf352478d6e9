//! Requests to send.

use opentelemetry_proto::tonic::collector::logs::v1::ExportLogsServiceRequest;
use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue, any_value};
use opentelemetry_proto::tonic::logs::v1::{LogRecord, ResourceLogs, ScopeLogs};
use opentelemetry_proto::tonic::metrics::v1::{
    Gauge, Metric, NumberDataPoint, ResourceMetrics, ScopeMetrics, metric, number_data_point,
};
use opentelemetry_proto::tonic::resource::v1::Resource;
use opentelemetry_proto::tonic::trace::v1::{ResourceSpans, ScopeSpans, Span};
use prost::Message;

fn text(text: &str) -> AnyValue {
    AnyValue { value: Some(any_value::Value::StringValue(text.to_owned())) }
}

fn shop() -> Resource {
    Resource {
        attributes: vec![KeyValue {
            key: "service.name".to_owned(),
            value: Some(text("shop")),
            key_strindex: 0,
        }],
        ..Resource::default()
    }
}

/// Spans of the service `shop`, so many good ones and so many without ids.
pub(crate) fn traces(good: u8, bad: u8) -> ExportTraceServiceRequest {
    let span = |number: u8, id: Vec<u8>| Span {
        trace_id: id.clone(),
        span_id: id.into_iter().take(8).collect(),
        name: format!("span {number}"),
        ..Span::default()
    };
    let good = (0..good).map(|number| span(number, vec![number + 1; 16]));
    let bad = (0..bad).map(|number| span(number, vec![0; 16]));
    ExportTraceServiceRequest {
        resource_spans: vec![ResourceSpans {
            resource: Some(shop()),
            scope_spans: vec![ScopeSpans {
                spans: good.chain(bad).collect(),
                ..ScopeSpans::default()
            }],
            ..ResourceSpans::default()
        }],
    }
}

/// One log record with this message.
pub(crate) fn logs(message: &str) -> ExportLogsServiceRequest {
    ExportLogsServiceRequest {
        resource_logs: vec![ResourceLogs {
            resource: Some(shop()),
            scope_logs: vec![ScopeLogs {
                log_records: vec![LogRecord {
                    time_unix_nano: 7,
                    body: Some(text(message)),
                    ..LogRecord::default()
                }],
                ..ScopeLogs::default()
            }],
            ..ResourceLogs::default()
        }],
    }
}

/// One log record of such a length that the whole request has exactly `size` bytes.
pub(crate) fn logs_of_size(size: usize) -> ExportLogsServiceRequest {
    let mut length = size;
    loop {
        let request = logs(&"x".repeat(length));
        match request.encoded_len() {
            found if found > size => length -= found - size,
            found if found < size => length += size - found,
            _ => return request,
        }
    }
}

/// One point.
pub(crate) fn metrics() -> ExportMetricsServiceRequest {
    ExportMetricsServiceRequest {
        resource_metrics: vec![ResourceMetrics {
            resource: Some(shop()),
            scope_metrics: vec![ScopeMetrics {
                metrics: vec![Metric {
                    name: "queue.length".to_owned(),
                    data: Some(metric::Data::Gauge(Gauge {
                        data_points: vec![NumberDataPoint {
                            time_unix_nano: 9,
                            value: Some(number_data_point::Value::AsInt(3)),
                            ..NumberDataPoint::default()
                        }],
                    })),
                    ..Metric::default()
                }],
                ..ScopeMetrics::default()
            }],
            ..ResourceMetrics::default()
        }],
    }
}

pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub(crate) fn deflate(bytes: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub(crate) fn zstd(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 1).unwrap()
}
