//! Lines as services of a shop log them, in JSON: requests that pass through several services, each with a span of its own,
//! with paths, users, durations and sizes that are spread as those of real services are.

use opentelemetry_proto::tonic::collector::logs::v1::ExportLogsServiceRequest;
use opentelemetry_proto::tonic::logs::v1::{LogRecord, ResourceLogs, ScopeLogs};
use opentelemetry_proto::tonic::resource::v1::Resource;
use prost::Message;

use super::{Numbers, START, Value, any, text};

const APPS: [&str; 6] = ["gateway", "orders", "inventory", "payments", "users", "mailer"];
const PODS: u64 = 3;
const METHODS: [&str; 6] = ["GET", "GET", "GET", "POST", "PUT", "DELETE"];
const ROUTES: [&str; 9] = [
    "/api/v1/orders/{}",
    "/api/v1/orders/{}/items",
    "/api/v1/products/{}",
    "/api/v1/products?page={}",
    "/api/v1/users/{}/cart",
    "/api/v1/checkout",
    "/healthz",
    "/api/v1/search?q=desk+lamp&offset={}",
    "/static/img/product-{}.webp",
];
const TABLES: [&str; 5] = ["orders", "order_items", "stock", "payments", "users"];
const TOPICS: [&str; 4] = ["orders.created", "payments.settled", "stock.reserved", "mail.queued"];
const CAUSES: [&str; 4] = [
    "java.net.SocketTimeoutException: Read timed out",
    "connection refused: inventory.shop.svc:8080",
    "java.sql.SQLTransientConnectionException: HikariPool-1 - Connection is not available",
    "context deadline exceeded (Client.Timeout exceeded while awaiting headers)",
];
/// What is in few lines only, one in a million.
pub(crate) const RARE: &str = "ZeroBalanceException";
/// One line in so many has it.
const RARITY: u64 = 1_000_000;

/// One line and what belongs to it.
pub(crate) struct Line {
    pub(crate) text: String,
    app: usize,
    pod: u64,
    time: u64,
    level: &'static str,
    trace: Vec<u8>,
    span: Vec<u8>,
}

/// Lines, one request after the other.
pub(crate) struct Lines {
    numbers: Numbers,
    now: u64,
    count: u64,
    waiting: std::collections::VecDeque<Line>,
}

impl Lines {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            numbers: Numbers(seed | 1),
            now: START,
            count: 0,
            waiting: std::collections::VecDeque::new(),
        }
    }

    pub(crate) fn next(&mut self) -> Line {
        loop {
            if let Some(line) = self.waiting.pop_front() {
                return line;
            }
            self.request();
        }
    }

    /// The lines of a request: the gateway and one or two services behind it.
    fn request(&mut self) {
        self.now += 200_000 + self.numbers.below(1_800_000);
        let (trace, start) = (self.numbers.bytes(16), self.now);
        let slow = self.numbers.below(50) == 0;
        let failed = self.numbers.below(if slow { 3 } else { 120 }) == 0;
        let user = self.spread(120_000);
        for (depth, app) in [0, 1 + self.numbers.below(5)].into_iter().enumerate() {
            let app = usize::try_from(app).unwrap_or(0);
            let (span, pod) = (self.numbers.bytes(8), self.numbers.below(PODS));
            let mut time = start + 150_000 * depth as u64;
            let kinds = 1 + self.numbers.below(3);
            for number in 0..=kinds {
                time += 50_000 + self.spread(4_000_000);
                let last = number == kinds;
                let (level, fields) = if last {
                    self.completed(slow, failed, user)
                } else {
                    self.step(app, user, slow)
                };
                self.count += 1;
                let fields = if self.count.is_multiple_of(RARITY) {
                    format!(
                        r#""logger":"billing","msg":"charge refused: {RARE}","user_id":"u-{user}""#
                    )
                } else {
                    fields
                };
                self.push(Line {
                    text: fields,
                    app,
                    pod,
                    time,
                    level,
                    trace: trace.clone(),
                    span: span.clone(),
                });
            }
        }
    }

    fn push(&mut self, mut line: Line) {
        let (date, rest) = (line.time / 1_000_000_000, line.time / 1_000_000 % 1_000);
        let date = chrono::DateTime::from_timestamp(date.cast_signed(), 0).unwrap_or_default();
        line.text = format!(
            r#"{{"ts":"{}.{rest:03}Z","level":"{}","service":"{}",{},"trace_id":"{}","span_id":"{}"}}"#,
            date.format("%Y-%m-%dT%H:%M:%S"),
            line.level,
            APPS.get(line.app).copied().unwrap_or_default(),
            line.text,
            hex(&line.trace),
            hex(&line.span),
        );
        self.waiting.push_back(line);
    }

    fn completed(&mut self, slow: bool, failed: bool, user: u64) -> (&'static str, String) {
        let numbers = &mut self.numbers;
        let status = match (failed, numbers.below(30)) {
            (true, even) => [500, 502, 503, 504][usize::try_from(even % 4).unwrap_or(0)],
            (false, 0) => 404,
            (false, 1) => 401,
            (false, 2..4) => 201,
            _ => 200,
        };
        let route = numbers.pick(&ROUTES);
        let method = numbers.pick(&METHODS);
        let ip = (numbers.below(32), numbers.below(250));
        let id = self.spread(400_000);
        let path = route.replace("{}", &id.to_string());
        let micros = 300 + self.spread(90_000) + if slow { 2_000_000 } else { 0 };
        let bytes = 80 + self.spread(60_000);
        let level = if failed {
            "error"
        } else if status == 404 {
            "warn"
        } else {
            "info"
        };
        let fields = format!(
            r#""logger":"http.access","msg":"request completed","method":"{method}","path":"{path}","status":{status},"duration_ms":{}.{:03},"bytes":{bytes},"remote_addr":"10.42.{}.{}","user_id":"u-{user}""#,
            micros / 1_000,
            micros % 1_000,
            ip.0,
            ip.1,
        );
        (level, fields)
    }

    fn step(&mut self, app: usize, user: u64, slow: bool) -> (&'static str, String) {
        let pick = self.numbers.below(10);
        let (id, micros) = (self.spread(400_000), 40 + self.spread(30_000));
        let numbers = &mut self.numbers;
        if slow && numbers.below(2) == 0 {
            let (attempt, cause) = (1 + numbers.below(3), numbers.pick(&CAUSES));
            let wait = 100 * (1 << attempt) + numbers.below(90);
            let fields = format!(
                r#""logger":"client","msg":"upstream timeout after {wait}ms, retrying","attempt":{attempt},"error":"{cause}""#
            );
            return ("warn", fields);
        }
        match (app + usize::try_from(pick).unwrap_or(0)) % 6 {
            0 => {
                let table = numbers.pick(&TABLES);
                let rows = numbers.below(40);
                (
                    "debug",
                    format!(
                        r#""logger":"db","msg":"query executed","sql":"SELECT * FROM {table} WHERE id = $1","rows":{rows},"duration_ms":{}.{:03}"#,
                        micros / 1_000,
                        micros % 1_000
                    ),
                )
            }
            1 => {
                let hit = if numbers.below(5) > 0 { "hit" } else { "miss" };
                (
                    "debug",
                    format!(
                        r#""logger":"cache","msg":"cache {hit}","key":"product:{id}","ttl_s":{}"#,
                        60 * numbers.below(60)
                    ),
                )
            }
            2 => {
                let topic = numbers.pick(&TOPICS);
                let (partition, offset) = (numbers.below(12), self.count / 3 + numbers.below(200));
                (
                    "info",
                    format!(
                        r#""logger":"events","msg":"event published","topic":"{topic}","partition":{partition},"offset":{offset}"#
                    ),
                )
            }
            3 => (
                "info",
                format!(
                    r#""logger":"orders","msg":"order {id} accepted: {} items for customer {user}","amount":{}.{:02},"currency":"EUR""#,
                    1 + numbers.below(6),
                    numbers.below(400),
                    numbers.below(100)
                ),
            ),
            4 => (
                "info",
                format!(
                    r#""logger":"auth","msg":"token verified","user_id":"u-{user}","scopes":["read","{}"],"expires_in":{}"#,
                    numbers.pick(&["write", "admin", "cart"]),
                    numbers.below(3_600)
                ),
            ),
            _ => (
                "info",
                format!(
                    r#""logger":"worker","msg":"job finished","job":"{}","worker":{},"duration_ms":{}"#,
                    numbers.pick(&["reindex", "send-mail", "reserve-stock", "settle"]),
                    numbers.below(16),
                    micros / 100
                ),
            ),
        }
    }

    /// From zero to `most`, small numbers far more often than large ones.
    fn spread(&mut self, most: u64) -> u64 {
        let part = (self.numbers.below(1 << 16) * self.numbers.below(1 << 16)) >> 16;
        ((part * part / (1 << 16)) * most) >> 16
    }

    /// So many lines as one export request, with their texts, each with a line end, behind `raw`.
    pub(crate) fn export(&mut self, count: usize, raw: &mut Vec<u8>) -> Vec<u8> {
        let mut by_stream: std::collections::BTreeMap<(usize, u64), Vec<LogRecord>> =
            std::collections::BTreeMap::new();
        for _ in 0..count {
            let line = self.next();
            raw.extend_from_slice(line.text.as_bytes());
            raw.push(b'\n');
            by_stream.entry((line.app, line.pod)).or_default().push(self.record(line));
        }
        let resource_logs = by_stream.into_iter().map(|((app, pod), log_records)| ResourceLogs {
            resource: Some(stream(APPS.get(app).copied().unwrap_or_default(), pod)),
            scope_logs: vec![ScopeLogs { log_records, ..ScopeLogs::default() }],
            ..ResourceLogs::default()
        });
        ExportLogsServiceRequest { resource_logs: resource_logs.collect() }.encode_to_vec()
    }

    /// As a receiver of streams makes it: the level and the ids were found in the line.
    fn record(&self, line: Line) -> LogRecord {
        let number = match line.level {
            "debug" => 5,
            "warn" => 13,
            "error" => 17,
            _ => 9,
        };
        LogRecord {
            time_unix_nano: line.time,
            observed_time_unix_nano: self.now + 40_000_000,
            severity_number: number,
            severity_text: line.level.into(),
            body: Some(any(Value::StringValue(line.text))),
            trace_id: line.trace,
            span_id: line.span,
            ..LogRecord::default()
        }
    }
}

fn stream(app: &str, pod: u64) -> Resource {
    Resource {
        attributes: vec![
            text("loki.resource.labels", "app,namespace,pod,service_name"),
            text("app", app),
            text("namespace", "shop"),
            text("pod", &format!("{app}-7d9f8b6c5-{pod:05x}")),
            text("service_name", app),
            text("service.name", app),
        ],
        ..Resource::default()
    }
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}
