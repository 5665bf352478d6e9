//! The store alone: decode, journal, head, seal, until every row lies in a sealed partition.

use std::ops::ControlFlow;
use std::sync::mpsc::channel;
use std::time::Duration;

use watchglass_model::{TimeRange, Timestamp};
use watchglass_storage::{Arrival, Batch, Detail, Reader, Signal, SpanFilter, SpanScan, Writer};
use watchglass_store::{DiskStore, Settings};

use crate::measure::{bytes_each, each, own_cpu, prost};
use crate::traffic::{ROWS, START, Traffic};

const REQUESTS: usize = 4_000;

pub(crate) fn table() {
    println!(
        "signal         rows  wire B  prost µs  decode µs  store µs  ratio  disk B  wire/disk"
    );
    for signal in Signal::ALL {
        line(signal);
    }
}

fn line(signal: Signal) {
    let requests = Traffic::new(7).requests(signal, REQUESTS);
    let rows = requests.len() * ROWS;
    let wire = requests.iter().map(|one| one.len() as u64).sum();
    let prost = prost(signal, &requests);
    let started = own_cpu();
    for request in &requests {
        drop(decode(signal, request));
    }
    let decoding = own_cpu().saturating_sub(started);
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let store = DiskStore::open(folder.path(), &roomy()).unwrap();
    let started = own_cpu();
    fill(&store, signal, requests);
    let cost = own_cpu().saturating_sub(started);
    let (wire, disk) = (bytes_each(wire, rows), bytes_each(store.size().disk_bytes, rows));
    println!(
        "{:<10}{rows:>9}{wire:>8.0}{:>10.3}{:>11.3}{:>10.3}{:>7.2}{disk:>8.1}{:>11.1}",
        signal.name(),
        each(prost, rows),
        each(decoding, rows),
        each(cost, rows),
        cost.as_secs_f64() / prost.as_secs_f64(),
        wire / disk,
    );
    if signal == Signal::Traces {
        scans(&store, rows);
    }
}

/// What it costs to look at every span that is stored.
fn scans(store: &DiskStore, rows: usize) {
    for detail in [Detail::Core, Detail::Whole] {
        let scan = SpanScan { range: TimeRange::ALL, filter: SpanFilter::default(), detail };
        let started = own_cpu();
        let mut seen = 0;
        let scanned = store.scan_spans(&scan, &mut |_, rows| {
            seen += rows.len();
            ControlFlow::Continue(())
        });
        scanned.unwrap();
        let cost = own_cpu().saturating_sub(started);
        println!("    scan of {seen} spans, {detail:?}: {:.3} µs each", each(cost, rows));
    }
}

/// Limits that nothing here reaches.
pub(crate) fn roomy() -> Settings {
    Settings { min_free: 0, ..Settings::within(Duration::from_hours(9_999), 1 << 40) }
}

/// Writes requests, 64 at a time in flight, and seals them.
pub(crate) fn fill(store: &DiskStore, signal: Signal, requests: Vec<Vec<u8>>) {
    let (tell, told) = channel();
    let mut waiting = 0;
    for request in requests {
        let batch = decode(signal, &request);
        let arrival = Arrival { received: Timestamp(START), batch, wire: request.into() };
        let tell = tell.clone();
        store.append(arrival, Box::new(move |outcome| tell.send(outcome.is_ok()).unwrap()));
        waiting += 1;
        if waiting > 64 {
            assert!(told.recv().unwrap());
            waiting -= 1;
        }
    }
    for _ in 0..waiting {
        assert!(told.recv().unwrap());
    }
    store.seal_all();
    while store.size().head_bytes > 0 || store.size().journal_bytes > 100_000 {
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn decode(signal: Signal, request: &[u8]) -> Batch {
    match signal {
        Signal::Traces => Batch::Spans(watchglass_otlp::decode_traces(request).unwrap().into()),
        Signal::Logs => Batch::Logs(watchglass_otlp::decode_logs(request).unwrap().into()),
        Signal::Metrics => Batch::Points(watchglass_otlp::decode_metrics(request).unwrap().into()),
    }
}
