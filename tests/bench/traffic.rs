//! OTLP requests as a shop sends them: 512 spans of ten attributes, log records with trace ids, counters and histograms.

pub(crate) mod lines;

use opentelemetry_proto::tonic::collector::logs::v1::ExportLogsServiceRequest;
use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::common::v1::{AnyValue, InstrumentationScope, KeyValue};
use opentelemetry_proto::tonic::logs::v1::{LogRecord, ResourceLogs, ScopeLogs};
use opentelemetry_proto::tonic::metrics::v1::{
    AggregationTemporality, Histogram, HistogramDataPoint, Metric, NumberDataPoint,
    ResourceMetrics, ScopeMetrics, Sum, metric, number_data_point,
};
use opentelemetry_proto::tonic::resource::v1::Resource;
use opentelemetry_proto::tonic::trace::v1::{ResourceSpans, ScopeSpans, Span, Status};
use prost::Message;
use watchglass_storage::Signal;

/// Rows in a request.
pub(crate) const ROWS: usize = 512;
const SERVICES: [&str; 5] =
    ["order-service", "inventory-service", "payment-service", "sample-app", "traffic-generator"];
const ROUTES: [&str; 6] =
    ["/checkout", "/inventory/deduct", "/payments", "/hello", "/slow", "/error"];
const ITEMS: [&str; 5] = ["smartphone", "laptop", "headphones", "book", "desk lamp"];
/// 2026-11-21T00:00:00Z.
pub(crate) const START: u64 = 1_795_219_200_000_000_000;

/// A source of numbers that are the same in every run (xorshift64*).
#[derive(Clone)]
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    fn below(&mut self, end: u64) -> u64 {
        (self.next() >> 16) % end
    }

    fn pick<'a>(&mut self, all: &[&'a str]) -> &'a str {
        let place = self.below(all.len() as u64);
        all.get(usize::try_from(place).unwrap_or(0)).copied().unwrap_or_default()
    }

    fn bytes(&mut self, length: usize) -> Vec<u8> {
        let words = std::iter::repeat_with(|| self.next().to_le_bytes());
        words.flatten().take(length).collect()
    }
}

/// The requests of one signal, encoded.
pub(crate) struct Traffic {
    numbers: Numbers,
    now: u64,
}

impl Traffic {
    pub(crate) fn new(seed: u64) -> Self {
        Self { numbers: Numbers(seed | 1), now: START }
    }

    /// So many requests of one signal, encoded.
    pub(crate) fn requests(&mut self, signal: Signal, count: usize) -> Vec<Vec<u8>> {
        let request = || match signal {
            Signal::Traces => self.spans(),
            Signal::Logs => self.logs(),
            Signal::Metrics => self.points(),
        };
        std::iter::repeat_with(request).take(count).collect()
    }

    /// A request of [`ROWS`] spans, in traces of eight.
    fn spans(&mut self) -> Vec<u8> {
        let mut spans = Vec::with_capacity(ROWS);
        while spans.len() < ROWS {
            self.trace(&mut spans);
        }
        let resource_spans = vec![ResourceSpans {
            resource: Some(self.resource()),
            scope_spans: vec![ScopeSpans { scope: Some(scope()), spans, ..ScopeSpans::default() }],
            ..ResourceSpans::default()
        }];
        ExportTraceServiceRequest { resource_spans }.encode_to_vec()
    }

    fn trace(&mut self, spans: &mut Vec<Span>) {
        let numbers = &mut self.numbers;
        let trace_id = numbers.bytes(16);
        self.now += 2_000_000 + numbers.below(3_000_000);
        let mut parent = Vec::new();
        for depth in 0..8 {
            let span_id = numbers.bytes(8);
            let start = self.now + depth * 150_000 + numbers.below(90_000);
            let failed = numbers.below(40) == 0;
            let kind =
                if depth == 0 { 2 } else { [1, 3, 2][usize::try_from(depth % 3).unwrap_or(0)] };
            spans.push(Span {
                trace_id: trace_id.clone(),
                span_id: span_id.clone(),
                parent_span_id: std::mem::replace(&mut parent, span_id),
                flags: 257,
                name: format!(
                    "{} {}",
                    if depth == 0 { "POST" } else { "call" },
                    numbers.pick(&ROUTES)
                ),
                kind,
                start_time_unix_nano: start,
                end_time_unix_nano: start + 400_000 + numbers.below(20_000_000),
                attributes: span_attributes(numbers, failed),
                status: failed.then(|| Status { code: 2, message: "upstream timed out".into() }),
                ..Span::default()
            });
        }
    }

    fn resource(&mut self) -> Resource {
        let service = self.numbers.pick(&SERVICES);
        Resource {
            attributes: vec![
                text("service.name", service),
                text("service.version", "1.4.2"),
                text("service.instance.id", "b7c9d5b0-7d4c-4b51-9be2-2a1b2f6f1f10"),
                text("deployment.environment.name", "local"),
                text("telemetry.sdk.language", "rust"),
                text("host.name", "laptop"),
            ],
            ..Resource::default()
        }
    }

    /// A request of [`ROWS`] log records.
    fn logs(&mut self) -> Vec<u8> {
        let resource = Some(self.resource());
        let log_records = (0..ROWS).map(|_| self.log()).collect();
        let scope_logs = ScopeLogs { scope: Some(scope()), log_records, ..ScopeLogs::default() };
        let resource_logs = vec![ResourceLogs {
            resource,
            scope_logs: vec![scope_logs],
            ..ResourceLogs::default()
        }];
        ExportLogsServiceRequest { resource_logs }.encode_to_vec()
    }

    fn log(&mut self) -> LogRecord {
        let numbers = &mut self.numbers;
        self.now += 500_000 + numbers.below(500_000);
        let order = numbers.below(100_000);
        let amount = numbers.below(250_000);
        let item = numbers.pick(&ITEMS);
        LogRecord {
            time_unix_nano: self.now,
            observed_time_unix_nano: self.now + 1_200,
            severity_number: if numbers.below(20) == 0 { 17 } else { 9 },
            severity_text: "INFO".into(),
            body: Some(any(Value::StringValue(format!(
                "order {order} accepted: 2 x {item} for customer {}",
                order % 997
            )))),
            attributes: vec![
                int("order.id", order),
                text("customer.tier", numbers.pick(&["gold", "silver", "basic"])),
                text("code.file.path", "src/checkout.rs"),
                int("code.line.number", 42 + order % 5),
                double("order.amount", amount),
            ],
            trace_id: numbers.bytes(16),
            span_id: numbers.bytes(8),
            flags: 1,
            ..LogRecord::default()
        }
    }

    /// A request of [`ROWS`] points: counters of 128 series and histograms of 384, as read every five seconds.
    fn points(&mut self) -> Vec<u8> {
        let resource = Some(self.resource());
        self.now += 5_000_000_000;
        let mut counters = Vec::new();
        let mut histograms = Vec::new();
        for series in 0..ROWS as u64 {
            if series < 128 {
                counters.push(self.counter(series));
            } else {
                histograms.push(self.histogram(series));
            }
        }
        let cumulative = AggregationTemporality::Cumulative as i32;
        let counter = metric::Data::Sum(Sum {
            data_points: counters,
            aggregation_temporality: cumulative,
            is_monotonic: true,
        });
        let histogram = metric::Data::Histogram(Histogram {
            data_points: histograms,
            aggregation_temporality: cumulative,
        });
        let metrics = vec![
            described("http_requests_total", "{request}", counter),
            described("http_request_duration_seconds", "s", histogram),
        ];
        let scope_metrics =
            vec![ScopeMetrics { scope: Some(scope()), metrics, ..ScopeMetrics::default() }];
        let resource_metrics =
            vec![ResourceMetrics { resource, scope_metrics, ..ResourceMetrics::default() }];
        ExportMetricsServiceRequest { resource_metrics }.encode_to_vec()
    }

    fn ticks(&self) -> u64 {
        (self.now - START) / 5_000_000_000
    }

    fn counter(&mut self, series: u64) -> NumberDataPoint {
        let value = self.ticks() * (3 + series % 7) + self.numbers.below(3);
        NumberDataPoint {
            attributes: labels(series),
            start_time_unix_nano: START,
            time_unix_nano: self.now,
            value: Some(number_data_point::Value::AsInt(value.cast_signed())),
            ..NumberDataPoint::default()
        }
    }

    fn histogram(&mut self, series: u64) -> HistogramDataPoint {
        let counts: Vec<u64> = (0..12)
            .map(|bucket| self.ticks() * ((series + bucket) % 5) + self.numbers.below(2))
            .collect();
        let count: u64 = counts.iter().sum();
        HistogramDataPoint {
            attributes: labels(series),
            start_time_unix_nano: START,
            time_unix_nano: self.now,
            count,
            sum: Some(real(count * 13_371) / 100_000.0),
            bucket_counts: counts,
            explicit_bounds: vec![0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0],
            ..HistogramDataPoint::default()
        }
    }
}

fn span_attributes(numbers: &mut Numbers, failed: bool) -> Vec<KeyValue> {
    vec![
        text("http.request.method", "POST"),
        text("http.route", numbers.pick(&ROUTES)),
        int("http.response.status_code", if failed { 500 } else { 200 }),
        text("server.address", "127.0.0.1"),
        int("server.port", 40_000 + numbers.below(3)),
        text("url.full", &format!("http://127.0.0.1:40001/orders/{}", numbers.below(100_000))),
        text("customer.tier", numbers.pick(&["gold", "silver", "basic"])),
        text("inventory.item", numbers.pick(&ITEMS)),
        double("order.amount", numbers.below(250_000)),
        KeyValue {
            key: "cart.gift".into(),
            value: Some(any(Value::BoolValue(numbers.below(2) == 0))),
            ..KeyValue::default()
        },
    ]
}

fn labels(series: u64) -> Vec<KeyValue> {
    let route = usize::try_from(series % 6).unwrap_or(0);
    vec![
        text("route", ROUTES[route]),
        text("method", if series.is_multiple_of(2) { "GET" } else { "POST" }),
        text("status", if series.is_multiple_of(5) { "500" } else { "200" }),
        text("instance", &format!("shop-{}", series / 12)),
    ]
}

fn described(name: &str, unit: &str, data: metric::Data) -> Metric {
    Metric {
        name: name.into(),
        unit: unit.into(),
        description: "What the shop was asked for.".into(),
        data: Some(data),
        ..Metric::default()
    }
}

fn scope() -> InstrumentationScope {
    InstrumentationScope {
        name: "shop".into(),
        version: "1.4.2".into(),
        ..InstrumentationScope::default()
    }
}

fn any(value: Value) -> AnyValue {
    AnyValue { value: Some(value) }
}

fn text(key: &str, value: &str) -> KeyValue {
    KeyValue {
        key: key.into(),
        value: Some(any(Value::StringValue(value.into()))),
        ..KeyValue::default()
    }
}

fn int(key: &str, value: u64) -> KeyValue {
    KeyValue {
        key: key.into(),
        value: Some(any(Value::IntValue(value.cast_signed()))),
        ..KeyValue::default()
    }
}

fn double(key: &str, cents: u64) -> KeyValue {
    KeyValue {
        key: key.into(),
        value: Some(any(Value::DoubleValue(real(cents) / 100.0))),
        ..KeyValue::default()
    }
}

#[expect(clippy::cast_precision_loss, reason = "made-up amounts are far below 2^53")]
fn real(number: u64) -> f64 {
    number as f64
}
