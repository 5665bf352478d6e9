//! Lines by stream on a real disk: the same answers as the store in memory, in the head, in segments, and after a restart.

use std::path::Path;
use std::sync::mpsc::channel;

use opentelemetry_proto::tonic::collector::logs::v1::ExportLogsServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue};
use opentelemetry_proto::tonic::logs::v1::{LogRecord, ResourceLogs, ScopeLogs};
use opentelemetry_proto::tonic::resource::v1::Resource;
use prost::Message;
use watchglass_model::{Labels, Timestamp};
use watchglass_storage::contract::{check_same_stream_answers, stream_workload};
use watchglass_storage::{
    Arrival, Batch, LineDetail, LineHint, Matcher, MemoryStore, MetadataDetail, NanosRange,
    STREAM_LABELS, StreamEntry, StreamReader, StreamScan, Writer,
};
use watchglass_store::{DiskStore, Settings};

use crate::dice::Dice;
use crate::workload::{Pair, small};

fn attribute(key: &str, value: &str) -> KeyValue {
    let value = Some(AnyValue { value: Some(Value::StringValue(value.to_owned())) });
    KeyValue { key: key.to_owned(), value, ..KeyValue::default() }
}

/// Streams as a receiver of them makes records.
fn request(streams: &[(Labels, Vec<StreamEntry>)]) -> Vec<u8> {
    let resource_logs = streams.iter().map(|(labels, entries)| {
        let names: Vec<_> = labels.iter().map(|(name, _)| name).collect();
        let mut attributes = vec![attribute(STREAM_LABELS, &names.join(","))];
        attributes.extend(labels.iter().map(|(name, value)| attribute(name, value)));
        ResourceLogs {
            resource: Some(Resource { attributes, ..Resource::default() }),
            scope_logs: vec![ScopeLogs {
                log_records: entries.iter().map(record).collect(),
                ..ScopeLogs::default()
            }],
            ..ResourceLogs::default()
        }
    });
    ExportLogsServiceRequest { resource_logs: resource_logs.collect() }.encode_to_vec()
}

fn record(entry: &StreamEntry) -> LogRecord {
    let trace = entry.metadata.iter().find(|(name, _)| name == "trace_id");
    let trace = trace.map(|(_, id)| u128::from_str_radix(id, 16).unwrap().to_be_bytes().to_vec());
    let line = String::from_utf8_lossy(&entry.line).into_owned();
    LogRecord {
        time_unix_nano: entry.time.unsigned_abs(),
        body: Some(AnyValue { value: Some(Value::StringValue(line)) }),
        attributes: entry.metadata.iter().map(|(name, value)| attribute(name, value)).collect(),
        trace_id: trace.unwrap_or_default(),
        ..LogRecord::default()
    }
}

/// A store on disk and one in memory that hold the same.
struct Streams {
    store: DiskStore,
    reference: MemoryStore,
}

impl Streams {
    fn open(folder: &Path, settings: &Settings) -> Self {
        Self { store: DiskStore::open(folder, settings).unwrap(), reference: MemoryStore::new() }
    }

    fn write(&self, streams: &[(Labels, Vec<StreamEntry>)]) {
        let (tell, told) = channel();
        let requests: Vec<_> = streams.chunks(7).map(request).collect();
        for wire in &requests {
            let batch = Batch::Logs(watchglass_otlp::decode_logs(wire).unwrap().into());
            self.reference.keep(&batch);
            let received = Timestamp(1_735_689_600_000_000_000);
            let arrival = Arrival { received, batch, wire: wire.clone().into() };
            let tell = tell.clone();
            self.store.append(arrival, Box::new(move |outcome| tell.send(outcome).unwrap()));
        }
        for _ in &requests {
            told.recv().unwrap().unwrap();
        }
    }

    fn seal(&self) {
        self.store.seal_all();
        while self.store.size().head_bytes > 0 {
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
    }

    fn check(&self) {
        check_same_stream_answers(&self.store, &self.reference);
    }
}

#[test]
fn streams_on_disk_answer_like_streams_in_memory() {
    for seed in 0..3 {
        let folder = tempfile::tempdir().unwrap();
        let mut streams = Streams::open(folder.path(), &small());
        for part in stream_workload(seed, 400).streams.chunks(150) {
            streams.write(part);
            streams.check();
            streams.seal();
            streams.check();
        }
        let Streams { store, reference } = streams;
        drop(store);
        streams = Streams { store: DiskStore::open(folder.path(), &small()).unwrap(), reference };
        streams.check();
        // Without its indexes a store reads more and answers the same.
        std::fs::remove_dir_all(folder.path().join("logs")).unwrap();
        let Streams { store, reference } = streams;
        drop(store);
        Streams { store: DiskStore::open(folder.path(), &small()).unwrap(), reference }.check();
    }
}

#[test]
fn records_of_any_kind_are_the_same_lines_on_disk_and_in_memory() {
    let folder = tempfile::tempdir().unwrap();
    let mut pair = Pair::open(folder.path(), &small(), 31);
    for _ in 0..3 {
        pair.write(60);
        check_same_stream_answers(&pair.store, &pair.reference);
        pair.seal_all();
        check_same_stream_answers(&pair.store, &pair.reference);
    }
}

/// Lines of services, so that blocks have columns of every form.
fn service_lines(dice: &mut Dice, count: u64) -> Vec<(Labels, Vec<StreamEntry>)> {
    (0..count)
        .map(|number| {
            let (app, user) = (dice.below(3), dice.below(500) * 7_919);
            let trace =
                format!("{:032x}", u128::from(number / 4) * 0x0012_3456_789a_bcde_f012_3456);
            let time = 1_735_689_600_000_000_000 + i64::try_from(number * 1_000_000).unwrap();
            let line = match dice.below(4) {
                0 => format!(
                    r#"{{"level":"info","user":{user},"trace_id":"{trace}","took_ms":{}.5}}"#,
                    dice.below(900)
                ),
                1 => format!(
                    "level=warn order=ord-{:08x} msg=\"payment of {user} refused\"",
                    user * 48_271 % 0xffff_ffff
                ),
                2 => format!(
                    "worker-{} finished job {number:08} after {}ms",
                    dice.below(9),
                    dice.below(5_000)
                ),
                _ => format!(
                    r#"{{"level":"error","msg":"timeout after {}ms: Överflöd"}}"#,
                    dice.below(800)
                ),
            };
            let metadata = vec![("trace_id".to_owned(), trace)];
            let entry = StreamEntry { time, line: line.into_bytes(), metadata };
            (Labels::from_pairs([("app", format!("app{app}"))]), vec![entry])
        })
        .collect()
}

fn found(store: &dyn StreamReader, scan: &StreamScan, needle: &str) -> Vec<String> {
    let mut lines = Vec::new();
    for part in store.select(scan).unwrap() {
        part.read(&mut |batch| {
            let all: Vec<u32> = (0..).take(batch.len()).collect();
            for row in batch.rows.unwrap_or(&all) {
                let line = String::from_utf8_lossy(batch.line(*row as usize)).into_owned();
                if line.contains(needle) {
                    lines.push(line);
                }
            }
        })
        .unwrap();
    }
    lines.sort_unstable();
    lines
}

#[test]
fn filters_never_hide_a_line_that_holds_what_is_looked_for() {
    let folder = tempfile::tempdir().unwrap();
    let streams = Streams::open(folder.path(), &small());
    let mut dice = Dice::new(5);
    let mut lines = Vec::new();
    for _ in 0..3 {
        let written = service_lines(&mut dice, 1_500);
        streams.write(&written);
        streams.seal();
        lines.extend(written.into_iter().flat_map(|(_, entries)| entries));
    }
    let whole = StreamScan {
        metadata: MetadataDetail::Named(Vec::new()),
        ..StreamScan::whole(Vec::new(), NanosRange::ALL)
    };
    for _ in 0..150 {
        let entry = &lines[dice.below(lines.len())];
        let line: Vec<char> = String::from_utf8_lossy(&entry.line).chars().collect();
        let start = dice.below(line.len());
        let length = 1 + dice.below(25);
        let needle: String = line.iter().skip(start).take(length).collect();
        let hint = LineHint::Line(vec![b"nowhere at all".to_vec(), needle.clone().into_bytes()]);
        let scan = StreamScan { hints: vec![hint], ..whole.clone() };
        let expected = found(&streams.reference, &whole, &needle);
        assert_eq!(found(&streams.store, &scan, &needle), expected, "{needle:?}");
    }
}

#[test]
fn one_trace_is_found_in_the_blocks_that_hold_it() {
    let folder = tempfile::tempdir().unwrap();
    let streams = Streams::open(folder.path(), &small());
    let mut dice = Dice::new(6);
    for _ in 0..4 {
        streams.write(&service_lines(&mut dice, 1_500));
        streams.seal();
    }
    let absent = "0f3a9c41d27be8650f1e2d3c4b5a6978";
    let scan = |trace: &str| StreamScan {
        hints: vec![LineHint::Label {
            name: "trace_id".to_owned(),
            values: vec![trace.to_owned()],
            in_line: vec![trace.as_bytes().to_vec()],
        }],
        lines: LineDetail::Text,
        ..StreamScan::whole(vec![Matcher::equal("app", "app1")], NanosRange::ALL)
    };
    let all = streams.store.select(&StreamScan::whole(Vec::new(), NanosRange::ALL)).unwrap();
    let none = streams.store.select(&scan(absent)).unwrap();
    assert!(all.len() >= 4 && none.is_empty(), "{} of {} blocks", none.len(), all.len());
}
