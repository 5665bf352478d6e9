//! A load of many small concurrent requests over OTLP/gRPC that notes what was acknowledged, and the look whether all
//! of it is there. Now and then a request is large, so that heads fill and are sealed meanwhile.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use opentelemetry_proto::tonic::collector::logs::v1::logs_service_client::LogsServiceClient;
use opentelemetry_proto::tonic::collector::metrics::v1::metrics_service_client::MetricsServiceClient;
use opentelemetry_proto::tonic::collector::trace::v1::trace_service_client::TraceServiceClient;
use serde_json::Value;
use tokio::runtime::Runtime;
use tokio::task::JoinHandle;
use tonic::transport::Channel;

use crate::instance::Instance;
use crate::load::{Numbers, endpoint, logs, now, point, span, spans};

const SENDERS: u64 = 12;
/// Rows in a small request of spans or log records.
const ROWS: u64 = 3;
/// One request in so many carries a large log record.
const LARGE_EVERY: u64 = 12;
const LARGE: usize = 192 << 10;
const SERVICE: &str = "kept";

/// What was acknowledged in one round.
#[derive(Debug, Clone, Default)]
pub(crate) struct Acknowledged {
    round: u64,
    /// When the round began and ended.
    times: (u64, u64),
    /// Sender and number.
    spans: BTreeSet<(u64, u64)>,
    logs: BTreeSet<String>,
    points: BTreeSet<(u64, u64)>,
}

impl Acknowledged {
    /// Spans, log records and points.
    pub(crate) fn count(&self) -> usize {
        self.spans.len() + self.logs.len() + self.points.len()
    }

    fn add(&mut self, sender: u64, number: u64) {
        match number % 3 {
            0 => self.spans.extend(rows(number).map(|row| (sender, row))),
            1 => self.logs.extend(rows(number).map(|row| body(self.round, sender, row))),
            _ => {
                self.points.insert((sender, number));
            }
        }
    }
}

fn rows(number: u64) -> impl Iterator<Item = u64> {
    (0..ROWS).map(move |row| number * ROWS + row + 1)
}

fn body(round: u64, sender: u64, row: u64) -> String {
    format!("r{round}.s{sender}.{row}")
}

fn trace(round: u64, sender: u64) -> u128 {
    u128::from(round) << 64 | u128::from(sender + 1)
}

fn label(round: u64, sender: u64) -> String {
    format!("r{round}.s{sender}")
}

/// A load under way.
pub(crate) struct Load {
    runtime: Runtime,
    stop: Arc<AtomicBool>,
    noted: Arc<std::sync::Mutex<Acknowledged>>,
    senders: Vec<JoinHandle<()>>,
}

impl Load {
    /// Begins a round of load.
    pub(crate) fn begin(instance: &Instance, round: u64) -> Self {
        let runtime = Runtime::new().unwrap();
        let stop = Arc::new(AtomicBool::new(false));
        let noted = Acknowledged { round, times: (now(), u64::MAX), ..Acknowledged::default() };
        let noted = Arc::new(std::sync::Mutex::new(noted));
        let mut senders = Vec::new();
        for sender in 0..SENDERS {
            let endpoint = endpoint(&instance.otlp_grpc);
            let channel = runtime.block_on(endpoint.connect()).unwrap();
            let (stop, noted) = (Arc::clone(&stop), Arc::clone(&noted));
            senders.push(runtime.spawn(async move {
                let large = Numbers(round * 1000 + sender + 1).text(LARGE);
                let mut number = 0;
                while !stop.load(Ordering::Relaxed) {
                    if send(channel.clone(), round, sender, number, &large).await.is_err() {
                        return;
                    }
                    noted.lock().unwrap().add(sender, number);
                    number += 1;
                }
            }));
        }
        Self { runtime, stop, noted, senders }
    }

    /// What is acknowledged by now.
    pub(crate) fn so_far(&self) -> Acknowledged {
        let noted = self.noted.lock().unwrap().clone();
        Acknowledged { times: (noted.times.0, now()), ..noted }
    }

    /// Ends the load, if it has not ended by losing its other side, and gives what was acknowledged.
    pub(crate) fn end(self) -> Acknowledged {
        self.stop.store(true, Ordering::Relaxed);
        let noted = Arc::clone(&self.noted);
        self.runtime.block_on(async {
            for sender in self.senders {
                sender.await.unwrap();
            }
        });
        let noted = noted.lock().unwrap().clone();
        Acknowledged { times: (noted.times.0, now()), ..noted }
    }
}

async fn send(
    channel: Channel,
    round: u64,
    sender: u64,
    number: u64,
    large: &str,
) -> Result<(), tonic::Status> {
    if number % LARGE_EVERY == LARGE_EVERY - 1 {
        let ballast = logs("ballast", vec![format!("{number} {large}")]);
        LogsServiceClient::new(channel.clone()).export(ballast).await?;
    }
    match number % 3 {
        0 => {
            let rows = rows(number).map(|row| span(trace(round, sender), row, "kept")).collect();
            TraceServiceClient::new(channel).export(spans(SERVICE, rows)).await.map(drop)
        }
        1 => {
            let bodies = rows(number).map(|row| body(round, sender, row)).collect();
            LogsServiceClient::new(channel).export(logs(SERVICE, bodies)).await.map(drop)
        }
        _ => {
            let value = i64::try_from(number).unwrap();
            let request = point(SERVICE, "kept.points", &label(round, sender), value);
            MetricsServiceClient::new(channel).export(request).await.map(drop)
        }
    }
}

/// How many of the acknowledged rows are there; the lists name those that are not.
pub(crate) fn find(instance: &Instance, acknowledged: &Acknowledged) -> (usize, Vec<String>) {
    let mut missing = Vec::new();
    find_spans(instance, acknowledged, &mut missing);
    let bodies = read_logs(instance, acknowledged.times);
    missing.extend(acknowledged.logs.difference(&bodies).map(|body| format!("log {body}")));
    find_points(instance, acknowledged, &mut missing);
    let store = &instance.get("/api/status")["store"];
    let is_whole = store["damaged_blocks"] == 0 && store["quarantined"] == Value::Array(Vec::new());
    assert!(is_whole, "{store}");
    (acknowledged.count() - missing.len(), missing)
}

fn find_spans(instance: &Instance, acknowledged: &Acknowledged, missing: &mut Vec<String>) {
    for sender in 0..SENDERS {
        let wanted = acknowledged.spans.iter().filter(|(from, _)| *from == sender);
        let wanted: BTreeSet<String> = wanted.map(|(_, id)| format!("{id:016x}")).collect();
        if wanted.is_empty() {
            continue;
        }
        let id = format!("{:032x}", trace(acknowledged.round, sender));
        let response = instance.ask(&format!("/api/traces/{id}"));
        let answer: Value = response.json().unwrap();
        let found: BTreeSet<String> = texts(&answer["spans"]["span_id"]).collect();
        missing.extend(wanted.difference(&found).map(|span| format!("span {id} {span}")));
    }
}

fn read_logs(instance: &Instance, (start, end): (u64, u64)) -> BTreeSet<String> {
    let mut bodies = BTreeSet::new();
    let mut cursor = String::new();
    loop {
        let range = format!("start={start}&end={end}&service={SERVICE}&limit=5000");
        let page = instance.get(&format!("/api/logs?{range}&cursor={cursor}"));
        let records = page["records"].as_array().unwrap().iter();
        bodies.extend(
            records.filter_map(|record| Some(record["body"]["stringValue"].as_str()?.to_owned())),
        );
        match page["cursor"].as_str() {
            Some(next) => next.clone_into(&mut cursor),
            None => return bodies,
        }
    }
}

fn find_points(instance: &Instance, acknowledged: &Acknowledged, missing: &mut Vec<String>) {
    let (start, end) = acknowledged.times;
    for sender in 0..SENDERS {
        let wanted = acknowledged.points.iter().filter(|(from, _)| *from == sender);
        let wanted: BTreeSet<u64> = wanted.map(|(_, number)| *number).collect();
        if wanted.is_empty() {
            continue;
        }
        let label = label(acknowledged.round, sender);
        let path = format!(
            "/api/metrics/kept.points/series?start={start}&end={end}&attribute=sender%3D{label}"
        );
        let answer: Value = instance.ask(&path).json().unwrap();
        let values = answer["series"][0]["values"].as_array().into_iter().flatten();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "sent as such")]
        let found: BTreeSet<u64> = values.map(|value| value.as_f64().unwrap() as u64).collect();
        missing.extend(wanted.difference(&found).map(|number| format!("point {label} {number}")));
    }
}

fn texts(all: &Value) -> impl Iterator<Item = String> {
    all.as_array().into_iter().flatten().map(|text| text.as_str().unwrap().to_owned())
}
