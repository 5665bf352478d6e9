//! Lines in the store: bytes on disk, the cost of keeping them, and questions through the contract, each beside ripgrep over
//! the same text. `-- logs 20000000` asks for so many lines.
#![expect(clippy::cast_precision_loss, reason = "a table shows three digits")]

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::channel;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use watchglass_model::Timestamp;
use watchglass_storage::{
    Arrival, Batch, Comparison, DETECTED_LEVEL, LineBatch, LineDetail, LineHint, LineParser,
    MetadataDetail, NanosRange, StreamPart, StreamReader, StreamScan, Writer,
};
use watchglass_store::DiskStore;

use crate::measure::{disk_of, memory_of, own_cpu};
use crate::store::roomy;
use crate::traffic::START;
use crate::traffic::lines::{Lines, RARE};

const LINES: usize = 2_000_000;
/// Lines in a request.
const BATCH: usize = 1_000;
const LIMIT: usize = 100;

pub(crate) fn table() {
    let lines = std::env::args().find_map(|one| one.parse().ok()).unwrap_or(LINES);
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let (store, text) = (folder.path().join("store"), folder.path().join("lines.log"));
    let raw = fill(&store, &text, lines);
    let store = DiskStore::open(&store, &roomy()).unwrap();
    questions(&store, &text, lines, raw);
}

/// Writes all lines into a store and into a text file; gives the bytes of the text.
fn fill(folder: &Path, text: &Path, count: usize) -> u64 {
    let store = DiskStore::open(folder, &roomy()).unwrap();
    let mut traffic = Lines::new(7);
    let mut file = BufWriter::new(File::create(text).unwrap());
    let (tell, told) = channel();
    let (mut raw, mut waiting, mut bytes) = (Vec::new(), 0, 0);
    let started = (own_cpu(), Instant::now());
    let mut making = Duration::ZERO;
    for _ in 0..count / BATCH {
        let before = thread_cpu();
        raw.clear();
        let wire = traffic.export(BATCH, &mut raw);
        file.write_all(&raw).unwrap();
        bytes += raw.len() as u64;
        making += thread_cpu().saturating_sub(before);
        let batch = Batch::Logs(watchglass_otlp::decode_logs(&wire).unwrap().into());
        let arrival = Arrival { received: Timestamp(START), batch, wire: wire.into() };
        let tell = tell.clone();
        store.append(arrival, Box::new(move |outcome| tell.send(outcome.is_ok()).unwrap()));
        waiting += 1;
        if waiting > 16 {
            assert!(told.recv().unwrap());
            waiting -= 1;
        }
    }
    (0..waiting).for_each(|_| assert!(told.recv().unwrap()));
    store.seal_all();
    while store.size().head_bytes > 0 || store.size().journal_bytes > 100_000 {
        std::thread::sleep(Duration::from_millis(20));
    }
    file.flush().unwrap();
    let cpu = own_cpu().saturating_sub(started.0).saturating_sub(making);
    let partitions = store.size().partitions;
    store.close();
    let disk = disk_of(folder);
    let indexes = disk_of(&folder.join("logs"));
    let gigabytes = bytes as f64 / 1e9;
    println!(
        "{count} lines, {gigabytes:.2} GB, {:.0} bytes each; {partitions} partitions",
        bytes as f64 / count as f64
    );
    println!(
        "on disk {:.2} % of that ({:.1} bytes a line), {:.2} % of it indexes",
        100.0 * disk as f64 / bytes as f64,
        disk as f64 / count as f64,
        100.0 * indexes as f64 / bytes as f64,
    );
    println!(
        "kept with {:.1} s of CPU a GB ({:.2} µs a line), {:.1} s by the clock with making the lines",
        cpu.as_secs_f64() / gigabytes,
        cpu.as_secs_f64() * 1e6 / count as f64,
        started.1.elapsed().as_secs_f64(),
    );
    bytes
}

fn thread_cpu() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec.unsigned_abs(), u32::try_from(time.tv_nsec).unwrap())
}

fn questions(store: &DiskStore, text: &Path, lines: usize, raw: u64) {
    let all = StreamScan::whole(Vec::new(), NanosRange::ALL);
    let line = |any: &str| StreamScan {
        hints: vec![LineHint::Line(vec![any.as_bytes().to_vec()])],
        metadata: MetadataDetail::Named(Vec::new()),
        ..all.clone()
    };
    // Where ripgrep runs first, it reads the text into memory.
    let has_ripgrep = ripgrep(text, &["-c", "-F", "warm up"]).is_some();
    if !has_ripgrep {
        println!("ripgrep is not installed (`apt install ripgrep`): its column stays empty");
    }
    println!("\nquestion                                     found      first     again   ripgrep");
    let ask = |name: &str, pattern: &[&str], question: &dyn Fn() -> usize| {
        let times = [(), ()].map(|()| {
            let started = Instant::now();
            (question(), started.elapsed())
        });
        let [(found, first), (_, again)] = times;
        let grep = ripgrep(text, pattern).map_or("-".to_owned(), milliseconds);
        println!(
            "{name:<40}{found:>10}{:>11}{:>10}{grep:>10}",
            milliseconds(first),
            milliseconds(again)
        );
    };
    let holds = |word: &'static [u8]| move |line: &[u8]| memchr::memmem::find(line, word).is_some();
    ask("the first 100 lines", &["-m", "100", "-F", "{"], &|| newest(store, &all));
    ask("a rare word", &["-c", "-F", RARE], &|| count(store, &line(RARE), holds(RARE.as_bytes())));
    ask("a rare id", &["-c", "-F", "9f3ac07e51d2"], &|| {
        count(store, &line("9f3ac07e51d2"), holds(b"9f3ac07e51d2"))
    });
    ask("a common word, first 100 lines", &["-m", "100", "-F", "completed"], &|| {
        newest(store, &line("completed"))
    });
    ask("a common word, counted", &["-c", "-F", "completed"], &|| {
        let lines = LineDetail::Nothing;
        count(store, &StreamScan { exact: true, lines, ..line("completed") }, |_| true)
    });
    ask("a common word, every line shown", &["-F", "completed"], &|| {
        count(store, &line("completed"), holds(b"completed"))
    });
    ask("a regular expression, counted", &["-c", "timeout after 8[0-9]+ms"], &|| {
        count(store, &line("timeout after 8"), |line| {
            let at = memchr::memmem::find(line, b"timeout after 8").unwrap_or(0);
            let rest = line.get(at + 15..).unwrap_or_default();
            let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
            digits > 0 && rest.get(digits..).is_some_and(|rest| rest.starts_with(b"ms"))
        })
    });
    ask("| json | status >= 500, counted", &["-c", r#""status":5[0-9][0-9]"#], &|| {
        let status = LineHint::Number {
            name: "status".into(),
            parser: LineParser::Json,
            comparison: Comparison::GreaterEqual,
            value: 500.0,
        };
        let scan = StreamScan { hints: vec![status], ..line("") };
        count(store, &scan, |line| {
            let fields: Option<Fields> = serde_json::from_slice(line).ok();
            fields.is_some_and(|fields| fields.status >= Some(500))
        })
    });
    ask("sum by (level) (count_over_time [1m])", &["-c", "-F", "\"level\""], &|| {
        levels(store, &all)
    });
    let trace = some_trace(store, &all);
    let scan = StreamScan {
        hints: vec![LineHint::Label {
            name: "trace_id".into(),
            values: vec![trace.clone()],
            in_line: vec![trace.as_bytes().to_vec()],
        }],
        ..all.clone()
    };
    ask("the lines of one trace", &["-c", "-F", &trace], &|| count(store, &scan, |_| true));
    ask("labels, values, volumes", &["-m", "1", "-F", "{"], &|| {
        store.volumes(&[], NanosRange::ALL).unwrap().len()
    });
    let (resident, highest) = memory_of(std::process::id());
    println!("{resident} MiB resident, {highest} at most; {lines} lines, {} MB of text", raw >> 20);
}

#[derive(serde::Deserialize)]
struct Fields {
    status: Option<u64>,
}

fn milliseconds(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1e3)
}

/// How long ripgrep takes; none where there is none.
fn ripgrep(text: &Path, arguments: &[&str]) -> Option<Duration> {
    let started = Instant::now();
    let ran = Command::new("rg").arg("--no-config").args(arguments).arg(text).output().ok()?;
    assert!(ran.status.code().is_some_and(|code| code < 2), "{ran:?}");
    Some(started.elapsed())
}

fn shown(batch: &LineBatch<'_>, mut visit: impl FnMut(usize)) {
    match batch.rows {
        Some(rows) => rows.iter().for_each(|row| visit(*row as usize)),
        None => (0..batch.len()).for_each(visit),
    }
}

/// The newest hundred lines, read from the newest part on, until no other can hold a newer one.
fn newest(store: &DiskStore, scan: &StreamScan) -> usize {
    let mut parts = store.select(scan).unwrap();
    parts.sort_by_key(|part| std::cmp::Reverse(part.bounds().1));
    let mut found: Vec<(i64, Vec<u8>)> = Vec::new();
    for part in parts {
        if found.len() >= LIMIT && found.get(LIMIT - 1).is_some_and(|one| one.0 > part.bounds().1) {
            break;
        }
        part.read(&mut |batch| {
            shown(&batch, |row| {
                let time = batch.times.get(row).copied().unwrap_or_default();
                found.push((time, batch.line(row).to_vec()));
            });
        })
        .unwrap();
        found.sort_by(|one, other| other.cmp(one));
        found.truncate(LIMIT);
    }
    found.len()
}

/// Counts lines, on as many threads as there are cores.
fn count(store: &DiskStore, scan: &StreamScan, holds: impl Fn(&[u8]) -> bool + Sync) -> usize {
    let total = AtomicUsize::new(0);
    each_batch(store, scan, &|batch| {
        let mut found = 0;
        shown(&batch, |row| found += usize::from(holds(batch.line(row))));
        total.fetch_add(found, Ordering::Relaxed);
    });
    total.into_inner()
}

fn levels(store: &DiskStore, all: &StreamScan) -> usize {
    let scan = StreamScan {
        lines: LineDetail::Nothing,
        metadata: MetadataDetail::Named(vec![DETECTED_LEVEL.into()]),
        ..all.clone()
    };
    let windows: Mutex<BTreeMap<(String, i64), u64>> = Mutex::default();
    each_batch(store, &scan, &|batch| {
        let mut own: BTreeMap<(u32, i64), u64> = BTreeMap::new();
        shown(&batch, |row| {
            let minute = batch.times.get(row).copied().unwrap_or_default() / 60_000_000_000;
            *own.entry((batch.metadata.set(row).unwrap_or_default(), minute)).or_default() += 1;
        });
        let mut windows = windows.lock().unwrap_or_else(PoisonError::into_inner);
        for ((set, minute), counted) in own {
            let level = batch.metadata.pairs(set).next().map_or("", |(_, level)| level);
            *windows.entry((level.to_owned(), minute)).or_default() += counted;
        }
    });
    windows.into_inner().unwrap().len()
}

fn each_batch(store: &DiskStore, scan: &StreamScan, visit: &(dyn Fn(LineBatch<'_>) + Sync)) {
    let parts: Vec<Box<dyn StreamPart>> = store.select(scan).unwrap();
    let next = AtomicUsize::new(0);
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some(part) = parts.get(next.fetch_add(1, Ordering::Relaxed)) {
                    part.read(&mut |batch| visit(batch)).unwrap();
                }
            });
        }
    });
}

/// The trace of a line in the middle of all.
fn some_trace(store: &DiskStore, all: &StreamScan) -> String {
    let parts = store.select(all).unwrap();
    let mut trace = String::new();
    if let Some(part) = parts.get(parts.len() / 2) {
        part.read(&mut |batch| {
            let pairs = batch.metadata.of_row(batch.len() / 2);
            trace = pairs.filter(|(name, _)| *name == "trace_id").map(|(_, id)| id).collect();
        })
        .unwrap();
    }
    trace
}
