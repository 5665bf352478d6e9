//! Senders for tests: OTLP over gRPC with tonic, requests whose rows can be told apart afterwards.

use opentelemetry_proto::tonic::collector::logs::v1::ExportLogsServiceRequest;
use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::collector::trace::v1::trace_service_client::TraceServiceClient;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue};
use opentelemetry_proto::tonic::logs::v1::{LogRecord, ResourceLogs, ScopeLogs};
use opentelemetry_proto::tonic::metrics::v1::{
    Gauge, Metric, NumberDataPoint, ResourceMetrics, ScopeMetrics, metric, number_data_point,
};
use opentelemetry_proto::tonic::resource::v1::Resource;
use opentelemetry_proto::tonic::trace::v1::{ResourceSpans, ScopeSpans, Span};
use tonic::transport::Endpoint;

/// A source of numbers that are the same in every run (xorshift64*).
#[derive(Debug, Clone)]
pub(crate) struct Numbers(pub(crate) u64);

impl Numbers {
    /// The next one.
    pub(crate) fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    /// Text that does not compress to nothing.
    pub(crate) fn text(&mut self, length: usize) -> String {
        let words = std::iter::repeat_with(|| format!("{:016x}", self.next()));
        words.take(length.div_ceil(16)).collect()
    }
}

/// Nanoseconds since 1970.
pub(crate) fn now() -> u64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    u64::try_from(since.as_nanos()).unwrap()
}

/// An attribute with text.
pub(crate) fn attribute(key: &str, value: &str) -> KeyValue {
    KeyValue { key: key.to_owned(), value: Some(any(value)), ..KeyValue::default() }
}

fn any(text: &str) -> AnyValue {
    AnyValue { value: Some(Value::StringValue(text.to_owned())) }
}

fn resource(service: &str) -> Resource {
    Resource { attributes: vec![attribute("service.name", service)], ..Resource::default() }
}

/// A request with these spans.
pub(crate) fn spans(service: &str, spans: Vec<Span>) -> ExportTraceServiceRequest {
    let scope_spans = vec![ScopeSpans { spans, ..ScopeSpans::default() }];
    let resource = Some(resource(service));
    let resource_spans = vec![ResourceSpans { resource, scope_spans, ..ResourceSpans::default() }];
    ExportTraceServiceRequest { resource_spans }
}

/// A span that starts now.
pub(crate) fn span(trace: u128, id: u64, name: &str) -> Span {
    let start_time_unix_nano = now();
    Span {
        trace_id: trace.to_be_bytes().to_vec(),
        span_id: id.to_be_bytes().to_vec(),
        name: name.to_owned(),
        kind: 2,
        start_time_unix_nano,
        end_time_unix_nano: start_time_unix_nano + 1_000_000,
        ..Span::default()
    }
}

/// A request with log records that have these bodies.
pub(crate) fn logs(service: &str, bodies: Vec<String>) -> ExportLogsServiceRequest {
    let record = |body: String| LogRecord {
        time_unix_nano: now(),
        severity_number: 9,
        body: Some(any(&body)),
        ..LogRecord::default()
    };
    let log_records = bodies.into_iter().map(record).collect();
    let scope_logs = vec![ScopeLogs { log_records, ..ScopeLogs::default() }];
    let resource = Some(resource(service));
    ExportLogsServiceRequest {
        resource_logs: vec![ResourceLogs { resource, scope_logs, ..ResourceLogs::default() }],
    }
}

/// A request with one point of a gauge.
pub(crate) fn point(
    service: &str,
    name: &str,
    label: &str,
    value: i64,
) -> ExportMetricsServiceRequest {
    let data_points = vec![NumberDataPoint {
        attributes: vec![attribute("sender", label)],
        time_unix_nano: now(),
        value: Some(number_data_point::Value::AsInt(value)),
        ..NumberDataPoint::default()
    }];
    let data = Some(metric::Data::Gauge(Gauge { data_points }));
    let metrics = vec![Metric { name: name.to_owned(), data, ..Metric::default() }];
    let scope_metrics = vec![ScopeMetrics { metrics, ..ScopeMetrics::default() }];
    let resource = Some(resource(service));
    ExportMetricsServiceRequest {
        resource_metrics: vec![ResourceMetrics {
            resource,
            scope_metrics,
            ..ResourceMetrics::default()
        }],
    }
}

/// A channel to an address, with deadlines that end when the process at the other end is gone.
pub(crate) fn endpoint(address: &str) -> Endpoint {
    let endpoint = Endpoint::from_shared(format!("http://{address}")).unwrap();
    endpoint.timeout(std::time::Duration::from_secs(10))
}

/// Sends one span; gives what the receiver says.
pub(crate) async fn one_span_over_grpc(address: &str) -> Result<(), tonic::Status> {
    let channel = endpoint(address).connect().await;
    let channel = channel.map_err(|error| tonic::Status::unavailable(error.to_string()))?;
    let request = spans("grpc", vec![span(1, 1, "one")]);
    TraceServiceClient::new(channel).export(request).await.map(drop)
}
