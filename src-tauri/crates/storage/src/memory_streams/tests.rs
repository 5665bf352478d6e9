//! The store in memory against its contract, whatever the size of its blocks.

use watchglass_model::Labels;

use super::MemoryStreams;
use crate::contract::{check_same_stream_answers, stream_workload};
use crate::{
    LineBatch, Matcher, NanosRange, ReadError, StreamEntry, StreamPart, StreamReader, StreamScan,
    StreamVolume, StreamWrite,
};

fn write(entries: &[(&str, i64, &str)]) -> StreamWrite {
    let stream = |(app, time, line): &(&str, i64, &str)| {
        let entry = StreamEntry { time: *time, line: line.as_bytes().to_vec(), metadata: vec![] };
        (Labels::from_pairs([("app", *app)]), vec![entry])
    };
    StreamWrite { streams: entries.iter().map(stream).collect() }
}

fn lines(store: &MemoryStreams, range: NanosRange) -> Vec<String> {
    let mut found = Vec::new();
    for part in store.select(&StreamScan::whole(Vec::new(), range)).unwrap() {
        part.read(&mut |batch: LineBatch<'_>| {
            let all: Vec<u32> = (0..).take(batch.len()).collect();
            let rows = batch.rows.unwrap_or(&all).iter();
            found.extend(
                rows.map(|row| String::from_utf8_lossy(batch.line(*row as usize)).into_owned()),
            );
        })
        .unwrap();
    }
    found
}

#[test]
fn the_size_of_blocks_changes_no_answer() {
    for seed in 0..3 {
        let workload = stream_workload(seed, 200);
        let stores = [1, 7, 10_000].map(MemoryStreams::with_block_rows);
        for store in &stores {
            store.keep(&workload);
        }
        let [one, some, reference] = &stores;
        check_same_stream_answers(one, reference);
        check_same_stream_answers(some, reference);
    }
}

#[test]
fn the_start_of_a_range_lies_inside_and_its_end_outside() {
    let store = MemoryStreams::new();
    store.keep(&write(&[("a", 1, "one"), ("a", 2, "two"), ("a", 3, "three")]));
    assert_eq!(lines(&store, NanosRange { start: 1, end: 3 }), ["one", "two"]);
    assert_eq!(lines(&store, NanosRange { start: 3, end: 3 }), Vec::<String>::new());
}

#[test]
fn parts_stay_as_they_were_when_they_were_named() {
    let store = MemoryStreams::new();
    store.keep(&write(&[("a", 1, "one")]));
    let parts = store.select(&StreamScan::whole(Vec::new(), NanosRange::ALL)).unwrap();
    store.keep(&write(&[("a", 2, "two")]));
    let mut rows = 0;
    for part in parts {
        part.read(&mut |batch| rows += batch.len()).unwrap();
    }
    assert_eq!((rows, lines(&store, NanosRange::ALL).len()), (1, 2));
}

#[test]
fn metadata_is_sorted_and_the_last_of_a_name_counts() {
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let metadata = vec![pair("b", "1"), pair("a", "2"), pair("b", "3"), pair("c", "")];
    let entry = StreamEntry { time: 1, line: Vec::new(), metadata };
    let store = MemoryStreams::new();
    store.keep(&StreamWrite { streams: vec![(Labels::EMPTY, vec![entry])] });
    for part in store.select(&StreamScan::whole(Vec::new(), NanosRange::ALL)).unwrap() {
        part.read(&mut |batch| {
            let pairs: Vec<_> = batch.metadata.of_row(0).collect();
            assert_eq!(pairs, [("a", "2"), ("b", "3")]);
        })
        .unwrap();
    }
}

#[test]
fn volumes_count_entries_and_bytes_of_lines() {
    let store = MemoryStreams::with_block_rows(2);
    store.keep(&write(&[("a", 1, "12345"), ("b", 2, "1"), ("a", 3, ""), ("a", 4, "12")]));
    let volumes = store.volumes(&[], NanosRange { start: 1, end: 4 }).unwrap();
    let counted: Vec<_> = volumes
        .iter()
        .map(|one| (one.labels.get("app"), one.entries, one.bytes, one.parts))
        .collect();
    assert_eq!(counted, [("a", 2, 5, 2), ("b", 1, 1, 1)]);
}

/// A store that takes a hint for the filter itself, and is wrong about which parts it lets it skip.
struct TooEager(MemoryStreams);

impl StreamReader for TooEager {
    fn select(&self, scan: &StreamScan) -> Result<Vec<Box<dyn StreamPart>>, ReadError> {
        let skipped = usize::from(!scan.hints.is_empty());
        Ok(self.0.select(scan)?.into_iter().skip(skipped).collect())
    }

    fn volumes(
        &self,
        matchers: &[Matcher],
        range: NanosRange,
    ) -> Result<Vec<StreamVolume>, ReadError> {
        self.0.volumes(matchers, range)
    }
}

#[test]
#[should_panic(expected = "leaves out rows that it must show")]
fn the_contract_finds_a_store_that_skips_too_much() {
    let store = TooEager(MemoryStreams::with_block_rows(7));
    store.0.keep(&stream_workload(1, 100));
    check_same_stream_answers(&store, &store.0);
}
