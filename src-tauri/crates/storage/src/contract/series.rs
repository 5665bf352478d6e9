//! What every store of series must pass: written and asked the same, it answers the same as [`MemorySeries`].

use std::collections::BTreeSet;
use std::sync::{Arc, mpsc};

use watchglass_model::{
    Bucket, FloatHistogram, Labels, METRIC_NAME, Millis, STALE, Sample, SampleValue, Samples,
};

use crate::{
    MatchOperator, Matcher, MemorySeries, MetricMetadata, MillisRange, SeriesExemplar,
    SeriesReader, SeriesWrite, SeriesWriter, Written,
};

/// The window for samples out of order that a store must have in [`check_series_store`]: ten minutes.
pub const SERIES_WINDOW: Millis = 600_000;

/// Writes and deletes at random in an empty store of window [`SERIES_WINDOW`] and panics where it differs from the
/// store in memory. The same seed gives the same workload.
pub fn check_series_store<S: SeriesReader + SeriesWriter>(store: &S, seed: u64) {
    let reference = MemorySeries::new(SERIES_WINDOW);
    let mut chance = Chance(seed);
    for step in 0..24 {
        let write = Arc::new(random_write(&mut chance, step));
        let (found, expected) = (keep(store, &write), reference.keep(&write));
        assert_eq!(found, expected, "the store kept or refused other samples than it should");
        if chance.one_in(6) {
            let matcher = Matcher::equal("instance", format!("i{}", chance.below(4)));
            let start = BASE + Millis::from(chance.below(24)) * 60_000;
            let range = MillisRange { start, end: start + 200_000 };
            for writer in [store as &dyn SeriesWriter, &reference] {
                writer
                    .delete(std::slice::from_ref(&matcher), range)
                    .expect("a whole store deletes");
            }
        }
    }
    check_same_series_answers(store, &reference);
}

/// Asks `store` and `reference` the same and panics where the answers differ. A store may show series that have
/// nothing within the range asked for, but not when all time is asked for.
pub fn check_same_series_answers(store: &dyn SeriesReader, reference: &dyn SeriesReader) {
    for matchers in questions(reference) {
        for range in ranges(reference) {
            compare_samples(store, reference, &matchers, range);
            compare_labels(store, reference, &matchers, range);
            let asked = (&matchers, range);
            let exemplars = |one: &dyn SeriesReader| one.exemplars(&matchers, range).expect(WHOLE);
            assert_eq!(exemplars(store), exemplars(reference), "{asked:?} shows other exemplars");
        }
    }
    compare_metadata(store, reference);
}

const WHOLE: &str = "a store that is whole can be read";

/// When workloads begin, 2025-01-01.
const BASE: Millis = 1_735_689_600_000;

fn keep(store: &dyn SeriesWriter, write: &Arc<SeriesWrite>) -> Written {
    let (sender, receiver) = mpsc::channel();
    let done = Box::new(move |written| drop(sender.send(written)));
    store.write(Arc::clone(write), done);
    receiver.recv().expect("the store calls back").expect("a store that is whole can be written")
}

/// Every series with its samples within `range`, described; series without are left out.
fn samples(
    reader: &dyn SeriesReader,
    matchers: &[Matcher],
    range: MillisRange,
) -> Vec<(Labels, Vec<String>)> {
    let mut read = Samples::default();
    let cursors = reader.select(matchers, range).expect(WHOLE);
    let all = cursors.iter().map(|cursor| {
        cursor.read(range, &mut read).expect(WHOLE);
        (cursor.labels().clone(), read.iter().map(|sample| describe(&sample)).collect::<Vec<_>>())
    });
    all.filter(|(_, samples)| !samples.is_empty()).collect()
}

/// A sample to the bit: a NaN with its payload.
fn describe(sample: &Sample) -> String {
    let Sample { time, start, value } = sample;
    match value {
        SampleValue::Float(value) => format!("{time} {start} {value} {:x}", value.to_bits()),
        SampleValue::Histogram(value) => {
            format!("{time} {start} {value:?} {:x}", value.sum.to_bits())
        }
    }
}

fn compare_samples(
    store: &dyn SeriesReader,
    reference: &dyn SeriesReader,
    matchers: &[Matcher],
    range: MillisRange,
) {
    let found = samples(store, matchers, range);
    let expected = samples(reference, matchers, range);
    for (one, other) in found.iter().zip(&expected) {
        assert_eq!(one, other, "{matchers:?} within {range:?} shows other samples than it should");
    }
    assert_eq!(found.len(), expected.len(), "{matchers:?} within {range:?} shows other series");
}

fn compare_labels(
    store: &dyn SeriesReader,
    reference: &dyn SeriesReader,
    matchers: &[Matcher],
    range: MillisRange,
) {
    let names =
        |reader: &dyn SeriesReader, range| reader.label_names(matchers, range).expect(WHOLE);
    compare_texts(|reader, range| names(reader, range), store, reference, range);
    for name in [METRIC_NAME, "instance", "zone", "none"] {
        let values = |reader: &dyn SeriesReader, range| {
            reader.label_values(name, matchers, range).expect(WHOLE)
        };
        compare_texts(values, store, reference, range);
    }
}

/// What a store lists must be sorted, hold all that the range has, and nothing that all time has not.
fn compare_texts(
    listed: impl Fn(&dyn SeriesReader, MillisRange) -> Vec<String>,
    store: &dyn SeriesReader,
    reference: &dyn SeriesReader,
    range: MillisRange,
) {
    let found = listed(store, range);
    assert!(found.is_sorted_by(|one, other| one < other), "{found:?} is not sorted");
    let found: BTreeSet<_> = found.into_iter().collect();
    let least: BTreeSet<_> = listed(reference, range).into_iter().collect();
    let most: BTreeSet<_> = listed(reference, MillisRange::ALL).into_iter().collect();
    assert!(found.is_superset(&least), "{found:?} lacks some of {least:?} within {range:?}");
    assert!(found.is_subset(&most), "{found:?} has more than {most:?} within {range:?}");
}

fn compare_metadata(store: &dyn SeriesReader, reference: &dyn SeriesReader) {
    let all = |reader: &dyn SeriesReader, metric: Option<&str>| {
        let mut found = reader.metadata(metric).expect(WHOLE);
        for (_, known) in &mut found {
            known.sort_by_cached_key(|one| (one.kind.clone(), one.help.clone(), one.unit.clone()));
        }
        found
    };
    assert_eq!(all(store, None), all(reference, None), "metadata differs");
    for (metric, _) in all(reference, None) {
        assert_eq!(all(store, Some(&metric)), all(reference, Some(&metric)), "metadata differs");
    }
    assert_eq!(all(store, Some("no such metric")), []);
}

/// Matchers that some of the series of `reference` pass, and some that none does.
fn questions(reference: &dyn SeriesReader) -> Vec<Vec<Matcher>> {
    let new = |name: &str, operator, value: String| {
        Matcher::new(name, operator, value).expect("the pattern is a legal one")
    };
    let all = reference.select(&[], MillisRange::ALL).expect(WHOLE);
    let mut questions = vec![
        vec![],
        vec![Matcher::metric("no such metric")],
        vec![Matcher::equal("zone", "")],
        vec![new("zone", MatchOperator::NotEqual, String::new())],
        vec![new("zone", MatchOperator::Matches, "a|b|".to_owned())],
    ];
    for cursor in all.iter().step_by(3).take(8) {
        let labels = cursor.labels();
        let (metric, instance) = (labels.name(), labels.get("instance"));
        let start: String = metric.chars().take(3).collect();
        questions.extend([
            vec![Matcher::metric(metric)],
            vec![Matcher::metric(metric), Matcher::equal("instance", instance)],
            vec![
                new(METRIC_NAME, MatchOperator::Matches, format!("{start}.*")),
                new("instance", MatchOperator::NotEqual, instance.to_owned()),
            ],
            vec![new("instance", MatchOperator::NotMatches, format!("{instance}|i3"))],
            vec![new("instance", MatchOperator::Matches, format!("none|{instance}"))],
        ]);
    }
    questions
}

/// All time, parts of the times that occur, one instant, and times before everything.
fn ranges(reference: &dyn SeriesReader) -> Vec<MillisRange> {
    let mut read = Samples::default();
    let mut times = BTreeSet::new();
    for cursor in reference.select(&[], MillisRange::ALL).expect(WHOLE) {
        cursor.read(MillisRange::ALL, &mut read).expect(WHOLE);
        times.extend(read.times.iter().copied());
    }
    let at = |third: usize| times.iter().nth(times.len() * third / 3).copied().unwrap_or(BASE);
    let before = times.first().copied().unwrap_or(BASE) - 1;
    vec![
        MillisRange::ALL,
        MillisRange { start: at(1), end: at(2) },
        MillisRange { start: at(1), end: at(1) },
        MillisRange { start: Millis::MIN, end: before },
    ]
}

/// One write of a workload: late samples, repeated ones, markers, histograms, starts, exemplars, metadata.
fn random_write(chance: &mut Chance, step: u32) -> SeriesWrite {
    let mut write = SeriesWrite::default();
    let newest = BASE + Millis::from(step) * 60_000;
    for _ in 0..=chance.below(10) {
        let labels = random_labels(chance);
        if write.samples.iter().any(|(own, _)| *own == labels) {
            continue;
        }
        let late = if chance.one_in(4) { Millis::from(chance.below(900)) * 1_000 } else { 0 };
        let first = newest - late;
        let samples = (0..=chance.below(5))
            .map(|place| random_sample(chance, first + Millis::from(place) * 15_000));
        write.samples.push((labels.clone(), samples.collect()));
        if chance.one_in(3) {
            let trace = Labels::from_pairs([("trace_id", format!("{:x}", chance.below(1_000)))]);
            let exemplar = SeriesExemplar { labels: trace, value: 0.25, time: first };
            write.exemplars.push((labels, vec![exemplar]));
        }
    }
    if chance.one_in(3) {
        let kind = if chance.one_in(5) { "gauge" } else { "counter" };
        let metadata = MetricMetadata { kind: kind.to_owned(), ..MetricMetadata::default() };
        write.metadata.push((format!("metric_{}", chance.below(3)), metadata));
    }
    write
}

fn random_labels(chance: &mut Chance) -> Labels {
    let zone = match chance.below(3) {
        0 => "",
        1 => "a",
        _ => "b",
    };
    Labels::from_pairs([
        (METRIC_NAME, format!("metric_{}", chance.below(3))),
        ("instance", format!("i{}", chance.below(4))),
        ("zone", zone.to_owned()),
    ])
}

fn random_sample(chance: &mut Chance, time: Millis) -> Sample {
    let value = match chance.below(12) {
        0 => SampleValue::Float(STALE),
        1 => SampleValue::Float(f64::NAN),
        2 => SampleValue::Float(f64::NEG_INFINITY),
        3 | 4 => SampleValue::Histogram(Arc::new(random_histogram(chance))),
        _ => SampleValue::Float(f64::from(chance.below(3)) / 4.0),
    };
    Sample { time, value, start: if chance.one_in(5) { time - 1_000 } else { 0 } }
}

fn random_histogram(chance: &mut Chance) -> FloatHistogram {
    let counts = [chance.below(3), chance.below(3)].map(f64::from);
    FloatHistogram {
        schema: 3,
        zero_threshold: 0.001,
        count: counts.iter().sum(),
        sum: if chance.one_in(6) { STALE } else { 1.5 },
        positive: vec![
            Bucket { index: -2, count: counts[0] },
            Bucket { index: 5, count: counts[1] },
        ],
        ..FloatHistogram::default()
    }
}

/// Numbers at random that are the same for the same seed (`SplitMix64`).
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: u32) -> u32 {
        u32::try_from(self.next() % u64::from(end))
            .expect("a remainder is smaller than its divisor")
    }

    fn one_in(&mut self, many: u32) -> bool {
        self.below(many) == 0
    }
}
