//! How fast requests of 512 rows with ten attributes are decoded, beside prost. Run with `--release`.
#![expect(clippy::print_stdout, reason = "printing is what this example is for")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use opentelemetry_proto::tonic::collector::logs::v1::ExportLogsServiceRequest;
use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue, any_value};
use opentelemetry_proto::tonic::logs::v1::{LogRecord, ResourceLogs, ScopeLogs};
use opentelemetry_proto::tonic::metrics::v1::{
    Gauge, Metric, NumberDataPoint, ResourceMetrics, ScopeMetrics, metric, number_data_point,
};
use opentelemetry_proto::tonic::trace::v1::{ResourceSpans, ScopeSpans, Span};
use prost::Message;
use watchglass_otlp::{decode_logs, decode_metrics, decode_traces};

const ROWS: u32 = 512;

fn main() {
    let traces = traces().encode_to_vec();
    let logs = logs().encode_to_vec();
    let metrics = metrics().encode_to_vec();
    compare(
        "spans",
        &traces,
        |bytes| decode_traces(bytes).is_ok(),
        |bytes| ExportTraceServiceRequest::decode(bytes).is_ok(),
    );
    compare(
        "log records",
        &logs,
        |bytes| decode_logs(bytes).is_ok(),
        |bytes| ExportLogsServiceRequest::decode(bytes).is_ok(),
    );
    compare(
        "points",
        &metrics,
        |bytes| decode_metrics(bytes).is_ok(),
        |bytes| ExportMetricsServiceRequest::decode(bytes).is_ok(),
    );
}

fn compare(rows: &str, bytes: &[u8], ours: fn(&[u8]) -> bool, prost: fn(&[u8]) -> bool) {
    let (ours, prost) = (rate(bytes, ours), rate(bytes, prost));
    println!(
        "{rows}: {:.2} M/s, prost {:.2} M/s, {:.1} times ({} bytes a row)",
        ours / 1e6,
        prost / 1e6,
        ours / prost,
        bytes.len() / ROWS as usize,
    );
}

/// Rows per second: the best of several rounds, since other work shares the machine.
fn rate(bytes: &[u8], decode: fn(&[u8]) -> bool) -> f64 {
    let mut best = Duration::MAX;
    for _ in 0..20 {
        let start = Instant::now();
        for _ in 0..100 {
            assert!(decode(black_box(bytes)));
        }
        best = best.min(start.elapsed());
    }
    f64::from(ROWS * 100) / best.as_secs_f64()
}

fn attribute(key: &str, value: any_value::Value) -> KeyValue {
    KeyValue { key: key.to_owned(), value: Some(AnyValue { value: Some(value) }), key_strindex: 0 }
}

fn text(text: String) -> any_value::Value {
    any_value::Value::StringValue(text)
}

fn attributes(row: u32) -> Vec<KeyValue> {
    let int = |number: u32| any_value::Value::IntValue(i64::from(number));
    vec![
        attribute("http.request.method", text("GET".to_owned())),
        attribute("http.route", text("/api/cart/{id}".to_owned())),
        attribute("url.path", text(format!("/api/cart/{row}"))),
        attribute("http.response.status_code", int(200)),
        attribute("server.address", text("shop.example".to_owned())),
        attribute("server.port", int(8080)),
        attribute("user.id", text(format!("user-{}", row * 7919))),
        attribute("cart.items", int(row % 9)),
        attribute("retry", any_value::Value::BoolValue(row.is_multiple_of(2))),
        attribute("ratio", any_value::Value::DoubleValue(f64::from(row) / 3.0)),
    ]
}

fn id<const LENGTH: usize>(row: u32) -> Vec<u8> {
    let mut id = [7; LENGTH];
    id[..4].copy_from_slice(&row.to_le_bytes());
    id.to_vec()
}

fn time(row: u32) -> u64 {
    1_700_000_000_000_000_000 + u64::from(row) * 1_000_003
}

fn traces() -> ExportTraceServiceRequest {
    let span = |row| Span {
        trace_id: id::<16>(row / 8),
        span_id: id::<8>(row),
        parent_span_id: id::<8>(row / 2),
        flags: 0x101,
        name: format!("GET /api/cart/{}", row % 5),
        kind: 2,
        start_time_unix_nano: time(row),
        end_time_unix_nano: time(row + 3),
        attributes: attributes(row),
        ..Span::default()
    };
    ExportTraceServiceRequest {
        resource_spans: vec![ResourceSpans {
            scope_spans: vec![ScopeSpans {
                spans: (0..ROWS).map(span).collect(),
                ..ScopeSpans::default()
            }],
            ..ResourceSpans::default()
        }],
    }
}

fn logs() -> ExportLogsServiceRequest {
    let record = |row| LogRecord {
        time_unix_nano: time(row),
        observed_time_unix_nano: time(row),
        severity_number: 9,
        severity_text: "INFO".to_owned(),
        body: Some(AnyValue { value: Some(text(format!("order {row} was placed and paid"))) }),
        attributes: attributes(row),
        trace_id: id::<16>(row),
        span_id: id::<8>(row),
        ..LogRecord::default()
    };
    ExportLogsServiceRequest {
        resource_logs: vec![ResourceLogs {
            scope_logs: vec![ScopeLogs {
                log_records: (0..ROWS).map(record).collect(),
                ..ScopeLogs::default()
            }],
            ..ResourceLogs::default()
        }],
    }
}

fn metrics() -> ExportMetricsServiceRequest {
    let point = |row| NumberDataPoint {
        attributes: attributes(row),
        start_time_unix_nano: time(0),
        time_unix_nano: time(row),
        value: Some(number_data_point::Value::AsDouble(f64::from(row))),
        ..NumberDataPoint::default()
    };
    ExportMetricsServiceRequest {
        resource_metrics: vec![ResourceMetrics {
            scope_metrics: vec![ScopeMetrics {
                metrics: vec![Metric {
                    name: "http.server.request.duration".to_owned(),
                    unit: "s".to_owned(),
                    data: Some(metric::Data::Gauge(Gauge {
                        data_points: (0..ROWS).map(point).collect(),
                    })),
                    ..Metric::default()
                }],
                ..ScopeMetrics::default()
            }],
            ..ResourceMetrics::default()
        }],
    }
}
