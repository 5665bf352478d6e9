//! Series alone: what a sample costs on disk by kind and in a mix, what a series costs in memory, how fast they are
//! taken, and how soon a store with many of them is open again.
#![expect(clippy::cast_precision_loss, reason = "a table shows three digits")]
#![expect(clippy::cast_possible_truncation, reason = "offsets are a few seconds")]

use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use watchglass_model::{Labels, Millis, Sample, SampleValue, Samples, Timestamp};
use watchglass_storage::{Matcher, MillisRange, SeriesReader, SeriesWrite, SeriesWriter};
use watchglass_store::DiskStore;

use crate::measure::{bytes_each, each, memory_of, own_cpu};
use crate::store::roomy;

const START: Millis = 1_735_689_600_000;
const INTERVAL: Millis = 15_000;
/// Series of one scrape.
const SERIES_A_TARGET: usize = 100;
/// Scrapes of a day.
const DAY: usize = 5_760;

/// What a series counts, and how many of a hundred do so in the mix: what services export, by and large.
const KINDS: [(&str, usize); 7] = [
    ("bucket", 45),
    ("counter", 20),
    ("bytes counter", 5),
    ("seconds counter", 5),
    ("gauge", 10),
    ("noisy gauge", 5),
    ("constant", 10),
];

pub(crate) fn table() {
    println!("kind               samples  disk B  µs each");
    for (kind, _) in KINDS {
        let kinds = vec![kind; 1_000];
        line(kind, &kinds, DAY / 3);
    }
    let mix = KINDS.iter().flat_map(|(kind, share)| std::iter::repeat_n(*kind, *share));
    let mix: Vec<_> = mix.collect::<Vec<_>>().repeat(100);
    line("mix, a day", &mix, DAY);
    active(200_000);
}

fn line(name: &str, kinds: &[&'static str], scrapes: usize) {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let store = DiskStore::open(folder.path(), &roomy()).unwrap();
    let mut targets = targets(kinds);
    let started = own_cpu();
    fill(&store, &mut targets, 0..scrapes);
    let cost = own_cpu().saturating_sub(started);
    let samples = kinds.len() * scrapes;
    let before = store.size();
    if scrapes == DAY {
        let journal = bytes_each(before.journal_bytes, samples);
        println!(
            "    before the last seal: {:.3} bytes, {journal:.3} of them journal",
            bytes_each(before.disk_bytes, samples)
        );
        drop(store);
        let store = reopen(folder.path());
        seal(&store);
        disk(name, &store, samples, cost);
        questions(&store);
        drop(store);
        drop(reopen(folder.path()));
    } else {
        seal(&store);
        disk(name, &store, samples, cost);
    }
}

fn disk(name: &str, store: &DiskStore, samples: usize, cost: Duration) {
    let size = store.size();
    let bytes = bytes_each(size.disk_bytes - size.journal_bytes, samples);
    println!("{name:<16}{samples:>10}{bytes:>8.3}{:>9.3}", each(cost, samples));
}

fn reopen(folder: &Path) -> DiskStore {
    let started = Instant::now();
    let store = DiskStore::open(folder, &roomy()).unwrap();
    println!(
        "    open again: {} ms, {} partitions",
        started.elapsed().as_millis(),
        store.size().partitions
    );
    store
}

fn seal(store: &DiskStore) {
    store.seal_all();
    while store.size().head_bytes > 0 || store.size().journal_bytes > 100_000 {
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// What it takes to read one series, and all of a metric, over all time.
fn questions(store: &DiskStore) {
    let one = [Matcher::metric("counter_45"), Matcher::equal("instance", "host-007:9100")];
    let all = [Matcher::metric("counter_45")];
    for matchers in [&one[..], &all[..], &all[..]] {
        let started = Instant::now();
        let found = store.select(matchers, MillisRange::ALL).unwrap();
        let mut read = Samples::default();
        let mut samples = 0;
        for cursor in &found {
            cursor.read(MillisRange::ALL, &mut read).unwrap();
            samples += read.len();
        }
        let (count, took) = (found.len(), started.elapsed().as_secs_f64() * 1e3);
        println!("    {count} series, {samples} samples read in {took:.1} ms");
    }
}

/// Memory and time with so many series, each with a few samples.
fn active(series: usize) {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let store = DiskStore::open(folder.path(), &roomy()).unwrap();
    let kinds: Vec<_> =
        KINDS.iter().flat_map(|(kind, share)| std::iter::repeat_n(*kind, *share)).collect();
    let process = std::process::id();
    let (before, _) = memory_of(process);
    let mut targets = targets(&kinds.repeat(series / kinds.len()));

    let started = Instant::now();
    fill(&store, &mut targets, 0..1);
    let new = series as f64 / started.elapsed().as_secs_f64();
    let started = Instant::now();
    fill(&store, &mut targets, 1..25);
    let rate = (24 * series) as f64 / started.elapsed().as_secs_f64();
    let (after, _) = memory_of(process);
    println!("{series} series: {new:.0} new a second, then {rate:.0} samples a second");
    println!(
        "    {:.0} bytes a series after 25 scrapes; head {:.0}",
        ((after - before) << 20) as f64 / series as f64,
        store.size().head_bytes as f64 / series as f64
    );
}

/// What is scraped together, with the state of each series.
struct Target {
    labels: Vec<Labels>,
    kinds: Vec<&'static str>,
    values: Vec<f64>,
    rates: Vec<f64>,
    offset: Millis,
}

fn targets(kinds: &[&'static str]) -> Vec<Target> {
    let mut chance = Chance(7);
    let targets = kinds.chunks(SERIES_A_TARGET).enumerate();
    targets
        .map(|(number, kinds)| Target {
            labels: kinds
                .iter()
                .enumerate()
                .map(|(place, kind)| labels(number, place, kind))
                .collect(),
            kinds: kinds.to_vec(),
            values: kinds.iter().map(|_| (chance.unit() * 1e6).round()).collect(),
            rates: kinds.iter().map(|_| 20.0 * chance.unit().powi(4)).collect(),
            offset: (chance.unit() * 15_000.0) as Millis,
        })
        .collect()
}

fn labels(target: usize, place: usize, kind: &str) -> Labels {
    let metric = match kind {
        "bucket" => format!("http_request_duration_seconds_{}_bucket", place / 15),
        _ => format!("{}_{place}", kind.replace(' ', "_")),
    };
    let mut pairs = vec![
        ("__name__", metric),
        ("instance", format!("host-{target:03}:9100")),
        ("job", format!("service-{}", target % 12)),
        ("namespace", "production".to_owned()),
        ("pod", format!("service-{}-7d9f8b6c5-{target:05x}", target % 12)),
        ("region", "eu-central-1".to_owned()),
    ];
    if kind == "bucket" {
        pairs.push(("le", format!("{}", 0.005 * f64::from(1_u32 << (place % 15)))));
        pairs.push(("method", "GET".to_owned()));
    }
    Labels::from_pairs(pairs)
}

/// Scrapes all targets, a write each, 64 in flight.
fn fill(store: &DiskStore, targets: &mut [Target], scrapes: std::ops::Range<usize>) {
    let mut chance = Chance(11);
    let (tell, told) = channel();
    let mut waiting = 0;
    for scrape in scrapes {
        let due = START + INTERVAL * Millis::try_from(scrape).unwrap();
        store.tick(Timestamp(due.unsigned_abs() * 1_000_000));
        for target in targets.iter_mut() {
            let time = due + target.offset + (6.0 * chance.unit()) as Millis;
            let write = Arc::new(target.scrape(time, &mut chance));
            let tell = tell.clone();
            store.write(write, Box::new(move |outcome| tell.send(outcome.unwrap()).unwrap()));
            waiting += 1;
            if waiting > 64 {
                let written = told.recv().unwrap();
                assert_eq!(written.refused, []);
                waiting -= 1;
            }
        }
    }
    (0..waiting).for_each(|_| assert_eq!(told.recv().unwrap().refused, []));
}

impl Target {
    fn scrape(&mut self, time: Millis, chance: &mut Chance) -> SeriesWrite {
        let states = self.values.iter_mut().zip(&self.rates).zip(&self.kinds);
        let values: Vec<_> =
            states.map(|((value, rate), kind)| next(kind, value, *rate, chance)).collect();
        let sample = |value| Sample { time, value: SampleValue::Float(value), start: 0 };
        let samples =
            self.labels.iter().cloned().zip(values.into_iter().map(|value| vec![sample(value)]));
        SeriesWrite { samples: samples.collect(), ..SeriesWrite::default() }
    }
}

fn next(kind: &str, value: &mut f64, rate: f64, chance: &mut Chance) -> f64 {
    let noise = chance.unit() + chance.unit() + chance.unit() - 1.5;
    match kind {
        "bucket" | "counter" => *value += (rate * (1.0 + noise)).round().max(0.0),
        "bytes counter" => *value += (1e4 * rate * (1.0 + noise)).round().max(0.0),
        "seconds counter" => {
            let grown = *value + 0.1 * rate * (1.0 + noise).max(0.0);
            *value = (grown * 100.0).round() / 100.0;
        }
        "gauge" => *value += (3.0 * noise).round(),
        "noisy gauge" => return ((50.0 + 10.0 * noise) * 100.0).round() / 100.0,
        _ => {}
    }
    *value
}

/// Numbers at random that are the same each time (`SplitMix64`).
struct Chance(u64);

impl Chance {
    /// From zero to one.
    fn unit(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }
}
