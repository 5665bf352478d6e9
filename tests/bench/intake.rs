//! The whole program: OTLP/gRPC into the durable store, and questions over what was stored.

use std::time::{Duration, Instant};

use opentelemetry_proto::tonic::collector::logs::v1::ExportLogsServiceRequest;
use opentelemetry_proto::tonic::collector::logs::v1::logs_service_client::LogsServiceClient;
use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::collector::metrics::v1::metrics_service_client::MetricsServiceClient;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::collector::trace::v1::trace_service_client::TraceServiceClient;
use prost::Message;
use tonic::transport::Channel;
use watchglass_storage::Signal;

use crate::instance::Instance;
use crate::measure::{cpu_of, each, memory_of, prost};
use crate::traffic::{ROWS, START, Traffic};

const REQUESTS: usize = 4_000;
const IN_FLIGHT: usize = 8;

pub(crate) fn table() {
    println!("signal         rows  prost µs  watchglass µs  ratio     rows/s  idle MiB  peak MiB");
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    for signal in Signal::ALL {
        let instance = Instance::start(&folder.path().join(signal.name()));
        let (idle, _) = memory_of(instance.process());
        let requests = Traffic::new(7).requests(signal, REQUESTS);
        let rows = requests.len() * ROWS;
        let prost = prost(signal, &requests);
        let before = cpu_of(instance.process());
        let started = Instant::now();
        runtime.block_on(send(&instance.otlp_grpc, signal, requests));
        let wall = started.elapsed();
        settle(&instance);
        let cost = cpu_of(instance.process()).saturating_sub(before);
        let (_, peak) = memory_of(instance.process());
        println!(
            "{:<10}{rows:>9}{:>10.3}{:>15.3}{:>7.2}{:>11.0}{idle:>10}{peak:>10}",
            signal.name(),
            each(prost, rows),
            each(cost, rows),
            cost.as_secs_f64() / prost.as_secs_f64(),
            1e6 / each(wall, rows),
        );
        if signal == Signal::Traces {
            questions(&instance);
        }
    }
}

/// Waits until the program has nothing left to do.
fn settle(instance: &Instance) {
    let mut before = cpu_of(instance.process());
    loop {
        std::thread::sleep(Duration::from_millis(500));
        let now = cpu_of(instance.process());
        if now.saturating_sub(before) < Duration::from_millis(20) {
            return;
        }
        before = now;
    }
}

/// Sends all requests, some at a time.
async fn send(address: &str, signal: Signal, requests: Vec<Vec<u8>>) {
    let endpoint = Channel::from_shared(format!("http://{address}")).unwrap();
    let channel = endpoint.connect().await.unwrap();
    let mut flying = tokio::task::JoinSet::new();
    for request in requests {
        if flying.len() >= IN_FLIGHT {
            flying.join_next().await.unwrap().unwrap();
        }
        flying.spawn(send_one(channel.clone(), signal, request));
    }
    while let Some(sent) = flying.join_next().await {
        sent.unwrap();
    }
}

async fn send_one(channel: Channel, signal: Signal, request: Vec<u8>) {
    let request = request.as_slice();
    match signal {
        Signal::Traces => {
            let request = ExportTraceServiceRequest::decode(request).unwrap();
            TraceServiceClient::new(channel).export(request).await.map(drop)
        }
        Signal::Logs => {
            let request = ExportLogsServiceRequest::decode(request).unwrap();
            LogsServiceClient::new(channel).export(request).await.map(drop)
        }
        Signal::Metrics => {
            let request = ExportMetricsServiceRequest::decode(request).unwrap();
            MetricsServiceClient::new(channel).export(request).await.map(drop)
        }
    }
    .unwrap();
}

/// Questions over two million spans, each asked several times.
fn questions(instance: &Instance) {
    let range = format!("start={START}&end={}", START + 3_600_000_000_000);
    let search = format!(
        "/api/traces?{range}&service=order-service&min_duration=15ms&attribute=inventory.item%3Dlaptop&limit=100"
    );
    let rare = format!("/api/traces?{range}&attribute=url.full~orders/4711&limit=100");
    let (found, _) = instance.get(&search);
    let ids: Vec<_> = found["traces"].as_array().unwrap().iter().take(20).collect();
    let by_id: Vec<String> = ids
        .iter()
        .map(|one| format!("/api/traces/{}", one["trace_id"].as_str().unwrap()))
        .collect();
    let all = [
        ("trace by id", by_id),
        ("service + duration + attribute", vec![search; 5]),
        ("part of one attribute, no service", vec![rare; 5]),
        ("services of the whole hour", vec![format!("/api/services?{range}"); 5]),
    ];
    for (name, paths) in all {
        let mut times: Vec<_> = paths.iter().map(|path| instance.get(path).1).collect();
        times.sort_unstable();
        let (median, slowest) = (times[times.len() / 2], times[times.len() - 1]);
        println!("    {name:<36} median {median:>10.1?}   slowest {slowest:>10.1?}");
    }
}
