//! What the store of series in memory takes, refuses and shows.

use watchglass_model::{Bucket, FloatHistogram, STALE, is_stale};

use super::*;
use crate::contract;

fn labels(name: &str, job: &str) -> Labels {
    Labels::from_pairs([(METRIC_NAME, name), ("job", job)])
}

fn float(time: Millis, value: f64) -> Sample {
    Sample { time, value: SampleValue::Float(value), start: 0 }
}

fn write(labels: &Labels, samples: &[Sample]) -> SeriesWrite {
    SeriesWrite { samples: vec![(labels.clone(), samples.to_vec())], ..SeriesWrite::default() }
}

fn times(store: &MemorySeries, matchers: &[Matcher], range: MillisRange) -> Vec<Vec<Millis>> {
    let mut samples = Samples::default();
    let cursors = store.select(matchers, range).unwrap();
    let read = cursors.iter().map(|cursor| {
        cursor.read(range, &mut samples).unwrap();
        samples.times.clone()
    });
    read.collect()
}

#[test]
fn samples_out_of_order_are_refused_without_a_window() {
    let store = MemorySeries::new(0);
    let up = labels("up", "api");
    let written = store.keep(&write(&up, &[float(10, 1.0), float(5, 1.0), float(20, 1.0)]));
    assert_eq!(written.kept, 2);
    assert_eq!(written.refused, [(up.clone(), 5, SampleFault::OutOfOrder)]);
    assert_eq!(times(&store, &[], MillisRange::ALL), [[10, 20]]);
}

#[test]
fn samples_out_of_order_find_their_place_within_the_window() {
    let store = MemorySeries::new(10);
    let up = labels("up", "api");
    let written = store.keep(&write(&up, &[float(20, 1.0), float(10, 1.0), float(9, 1.0)]));
    assert_eq!(written.refused, [(up.clone(), 9, SampleFault::TooOld)]);
    assert_eq!(times(&store, &[], MillisRange::ALL), [[10, 20]]);
}

#[test]
fn a_time_that_is_taken_takes_only_the_same_value_again() {
    let store = MemorySeries::new(10);
    let up = labels("up", "api");
    store.keep(&write(&up, &[float(10, f64::NAN), float(20, STALE)]));
    let again = [float(10, f64::NAN), float(20, STALE), float(20, f64::NAN), float(10, 1.0)];
    let written = store.keep(&write(&up, &again));
    let duplicate = |time| (up.clone(), time, SampleFault::Duplicate);
    assert_eq!((written.kept, written.refused), (2, vec![duplicate(20), duplicate(10)]));
}

#[test]
fn histograms_are_the_same_when_every_bucket_is() {
    let histogram = |count| {
        let positive = vec![Bucket { index: 1, count }];
        let value = FloatHistogram { count, sum: STALE, positive, ..FloatHistogram::default() };
        Sample { time: 10, value: SampleValue::Histogram(Arc::new(value)), start: 0 }
    };
    let store = MemorySeries::new(0);
    let up = labels("up", "api");
    assert_eq!(store.keep(&write(&up, &[histogram(1.0), histogram(1.0)])).kept, 2);
    assert_eq!(store.keep(&write(&up, &[histogram(2.0), float(10, STALE)])).refused.len(), 2);
}

#[test]
fn selections_come_by_labels_and_hold_no_series_without_samples() {
    let store = MemorySeries::new(0);
    for (name, job, time) in [("up", "b", 10), ("down", "c", 20), ("up", "a", 30)] {
        store.keep(&write(&labels(name, job), &[float(time, 1.0)]));
    }
    let of = |matchers: &[Matcher], range| -> Vec<String> {
        let found = store.select(matchers, range).unwrap();
        found.iter().map(|cursor| cursor.labels().get("job").to_owned()).collect()
    };
    assert_eq!(of(&[], MillisRange::ALL), ["c", "a", "b"]);
    assert_eq!(of(&[Matcher::metric("up")], MillisRange::ALL), ["a", "b"]);
    assert_eq!(of(&[], MillisRange { start: 10, end: 20 }), ["c", "b"]);
    let names = Matcher::new(METRIC_NAME, MatchOperator::Matches, "up|none").unwrap();
    assert_eq!(of(&[names, Matcher::equal("job", "b")], MillisRange::ALL), ["b"]);
    assert_eq!(
        store.label_values("job", &[], MillisRange { start: 20, end: 30 }).unwrap(),
        ["a", "c"]
    );
}

#[test]
fn a_cursor_shows_what_was_there_when_it_was_selected() {
    let store = MemorySeries::new(0);
    let up = labels("up", "api");
    store.keep(&write(&up, &[float(10, STALE)]));
    let cursors = store.select(&[], MillisRange::ALL).unwrap();
    store.keep(&write(&up, &[float(20, 1.0)]));
    store.clear();
    let mut samples = Samples::default();
    cursors[0].read(MillisRange::ALL, &mut samples).unwrap();
    assert_eq!(samples.times, [10]);
    assert!(is_stale(samples.floats[0]));
}

#[test]
fn what_was_deleted_is_as_if_never_written() {
    let store = MemorySeries::new(0);
    let (one, other) = (labels("up", "a"), labels("up", "b"));
    for up in [&one, &other] {
        store.keep(&write(up, &[float(10, 1.0), float(20, 1.0), float(30, 1.0)]));
    }
    let range = MillisRange { start: 20, end: 30 };
    store.delete(&[Matcher::equal("job", "a")], range).unwrap();
    assert_eq!(times(&store, &[], MillisRange::ALL), [vec![10], vec![10, 20, 30]]);
    assert_eq!(store.keep(&write(&one, &[float(20, 2.0)])).kept, 1);
    store.delete(&[Matcher::equal("job", "b")], MillisRange::ALL).unwrap();
    assert_eq!(store.label_values("job", &[], MillisRange::ALL).unwrap(), ["a"]);
}

#[test]
fn exemplars_come_by_series_and_time_and_once() {
    let store = MemorySeries::new(0);
    let up = labels("up", "a");
    let exemplar =
        |time| SeriesExemplar { labels: Labels::from_pairs([("trace_id", "1")]), value: 1.0, time };
    let exemplars = vec![(up.clone(), vec![exemplar(20), exemplar(10), exemplar(20)])];
    store.keep(&SeriesWrite { exemplars, ..SeriesWrite::default() });
    let found = store.exemplars(&[Matcher::metric("up")], MillisRange::ALL).unwrap();
    assert_eq!(found, [(up, vec![exemplar(10), exemplar(20)])]);
    assert!(store.exemplars(&[Matcher::metric("down")], MillisRange::ALL).unwrap().is_empty());
    assert!(store.select(&[], MillisRange::ALL).unwrap().is_empty());
}

#[test]
fn metadata_keeps_what_senders_disagree_about() {
    let store = MemorySeries::new(0);
    let is = |kind: &str| {
        ("up".to_owned(), MetricMetadata { kind: kind.to_owned(), ..MetricMetadata::default() })
    };
    let metadata = vec![is("gauge"), is("counter"), is("gauge")];
    store.keep(&SeriesWrite { metadata, ..SeriesWrite::default() });
    let found = store.metadata(Some("up")).unwrap();
    let kinds: Vec<_> = found[0].1.iter().map(|one| one.kind.as_str()).collect();
    assert_eq!(kinds, ["gauge", "counter"]);
    assert!(store.metadata(Some("down")).unwrap().is_empty());
}

#[test]
fn two_stores_in_memory_pass_the_contract() {
    for seed in 0..8 {
        contract::check_series_store(&MemorySeries::new(contract::SERIES_WINDOW), seed);
    }
}

#[test]
#[should_panic(expected = "refused")]
fn the_contract_finds_a_store_that_takes_everything() {
    contract::check_series_store(&MemorySeries::new(Millis::MAX), 1);
}

#[test]
#[should_panic(expected = "shows other samples")]
fn the_contract_finds_a_missing_sample() {
    let (store, reference) = (MemorySeries::new(0), MemorySeries::new(0));
    let up = labels("up", "a");
    store.keep(&write(&up, &[float(10, 1.0)]));
    reference.keep(&write(&up, &[float(10, 1.0), float(20, 1.0)]));
    contract::check_same_series_answers(&store, &reference);
}
