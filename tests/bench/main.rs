//! What the store costs, as multiples of what cannot be avoided, in one run: `cargo bench -p watchglass-tests`.
#![expect(clippy::print_stdout, reason = "a benchmark prints a table")]
#![expect(clippy::unwrap_used, reason = "a benchmark that cannot go on should stop here")]

mod traffic;

use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use opentelemetry_proto::tonic::collector::logs::v1::ExportLogsServiceRequest;
use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use prost::Message;
use traffic::{ROWS, Traffic};
use watchglass_model::Timestamp;
use watchglass_storage::{Arrival, Batch, Signal, Writer};
use watchglass_store::{DiskStore, Settings};

fn main() {
    println!(
        "{:<10}{:>10}{:>12}{:>12}{:>12}{:>10}{:>12}{:>12}",
        "signal", "rows", "wire B/row", "prost µs", "decode µs", "store µs", "ratio", "disk B/row"
    );
    for signal in Signal::ALL {
        store(signal, 2_000_000);
    }
}

fn store(signal: Signal, rows: usize) {
    let mut traffic = Traffic::new(7);
    let requests: Vec<Vec<u8>> = (0..rows / ROWS)
        .map(|_| match signal {
            Signal::Traces => traffic.spans(),
            Signal::Logs => traffic.logs(),
            Signal::Metrics => traffic.points(),
        })
        .collect();
    let wire: usize = requests.iter().map(Vec::len).sum();
    let rows = requests.len() * ROWS;
    let started = cpu();
    for request in &requests {
        match signal {
            Signal::Traces => drop(ExportTraceServiceRequest::decode(request.as_slice()).unwrap()),
            Signal::Logs => drop(ExportLogsServiceRequest::decode(request.as_slice()).unwrap()),
            Signal::Metrics => {
                drop(ExportMetricsServiceRequest::decode(request.as_slice()).unwrap())
            }
        }
    }
    let prost = cpu() - started;
    let started = cpu();
    for request in &requests {
        drop(decode(signal, request));
    }
    let own = cpu() - started;
    let folder = tempfile::tempdir_in(".").unwrap();
    let settings = Settings { min_free: 0, ..Settings::within(Duration::from_hours(999), 1 << 40) };
    let store = DiskStore::open(folder.path(), &settings).unwrap();
    let started = cpu();
    let wall = Instant::now();
    let (tell, told) = channel();
    let count = requests.len();
    let mut waiting = 0;
    for (n, request) in requests.into_iter().enumerate() {
        let batch = decode(signal, &request);
        let arrival =
            Arrival { received: Timestamp(traffic::START + n as u64), batch, wire: request.into() };
        let tell = tell.clone();
        store.append(arrival, Box::new(move |outcome| tell.send(outcome.is_ok()).unwrap()));
        waiting += 1;
        while waiting > 64 {
            assert!(told.recv().unwrap());
            waiting -= 1;
        }
    }
    for _ in 0..waiting {
        assert!(told.recv().unwrap());
    }
    let wall = wall.elapsed();
    store.seal_all();
    while store.size().head_bytes > 0 || store.size().journal_bytes > 100_000 {
        std::thread::sleep(Duration::from_millis(20));
    }
    let cost = cpu() - started;
    let size = store.size();
    let per_row = |duration: Duration| duration.as_secs_f64() * 1e6 / rows as f64;
    println!(
        "{:<10}{:>10}{:>12.0}{:>12.3}{:>12.3}{:>10.3}{:>12.2}{:>12.1}   wall {:.1} s, {} requests, {:?}",
        signal.name(),
        rows,
        wire as f64 / rows as f64,
        per_row(prost),
        per_row(own),
        per_row(cost),
        cost.as_secs_f64() / prost.as_secs_f64(),
        size.disk_bytes as f64 / rows as f64,
        wall.as_secs_f64(),
        count,
        size
    );
}

fn decode(signal: Signal, request: &[u8]) -> Batch {
    match signal {
        Signal::Traces => Batch::Spans(watchglass_otlp::decode_traces(request).unwrap().into()),
        Signal::Logs => Batch::Logs(watchglass_otlp::decode_logs(request).unwrap().into()),
        Signal::Metrics => Batch::Points(watchglass_otlp::decode_metrics(request).unwrap().into()),
    }
}

/// CPU time of this process so far.
fn cpu() -> Duration {
    let usage = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Duration::new(usage.tv_sec.unsigned_abs(), u32::try_from(usage.tv_nsec).unwrap_or(0))
}
