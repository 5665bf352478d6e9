//! Log records a page at a time, and how many there are.

use std::time::Duration;

use crate::build::{Line, logs, store};
use proptest::prelude::{ProptestConfig, prop, prop_assert, prop_assert_eq, proptest};
use watchglass_model::{Severity, TimeRange, Timestamp};
use watchglass_storage::{LogFilter, MemoryStore};
use watchglass_workbench::{Cursor, LogPage, LogQuery, log_page, log_volume};

fn page(store: &MemoryStore, limit: usize, cursor: Option<Cursor>) -> LogPage {
    let query = LogQuery {
        range: TimeRange::ALL,
        filter: LogFilter::default(),
        limit,
        cursor,
        patience: Duration::from_mins(1),
    };
    log_page(store, &query).expect("memory can be read")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn pages_give_every_record_once_newest_first(
        batches in prop::collection::vec(prop::collection::vec((1_u64..6, 0_u8..3), 0..12), 1..6),
        limit in 1_usize..7,
    ) {
        let bodies = ["a", "b", "c"];
        let batches: Vec<_> = batches
            .iter()
            .map(|lines| {
                let lines: Vec<_> = lines
                    .iter()
                    // Far apart, so that windows end between them.
                    .map(|(time, body)| Line {
                        time: time * 7_000_000_000,
                        body: bodies[usize::from(*body)],
                        ..Line::default()
                    })
                    .collect();
                logs("a", &lines)
            })
            .collect();
        let total: usize = batches.iter().map(watchglass_storage::Batch::len).sum();
        let all = page(&store(&batches), 1_000, None).records;
        let reversed: Vec<_> = batches.iter().rev().cloned().collect();
        let mut paged = Vec::new();
        let mut cursor = None;
        loop {
            // Batches may lie differently from one page to the next, as they do when a store seals its head.
            let order = if paged.len() % 2 == 0 { &batches } else { &reversed };
            let next = page(&store(order), limit, cursor);
            prop_assert!(next.complete);
            prop_assert!(next.records.len() <= limit);
            paged.extend(next.records);
            cursor = next.cursor.map(|cursor| cursor.to_string().parse().unwrap());
            if cursor.is_none() {
                break;
            }
        }
        prop_assert_eq!(all.len(), total);
        prop_assert!(all.windows(2).all(|pair| pair[0].time >= pair[1].time));
        let ids = |records: &[watchglass_workbench::LogRecord]| -> Vec<String> {
            records.iter().map(|record| record.id.clone()).collect()
        };
        prop_assert_eq!(ids(&paged), ids(&all));
        let mut different = ids(&all);
        different.sort();
        different.dedup();
        prop_assert_eq!(different.len(), total);
    }
}

#[test]
fn a_search_out_of_patience_can_be_continued() {
    let line = |time| Line { time, ..Line::default() };
    let store = store(&[logs("a", &[line(1), line(1_000_000_000_000)])]);
    let mut query = LogQuery {
        range: TimeRange { start: Timestamp(0), end: Timestamp(1_000_000_000_000) },
        filter: LogFilter::default(),
        limit: 10,
        cursor: None,
        patience: Duration::ZERO,
    };
    let mut found = Vec::new();
    let mut pages = 0;
    loop {
        let page = log_page(&store, &query).unwrap();
        pages += 1;
        assert_eq!(page.complete, page.cursor.is_none());
        found.extend(page.records);
        query.cursor = page.cursor;
        if query.cursor.is_none() {
            break;
        }
    }
    assert_eq!(found.len(), 2);
    assert!(pages > 1);
}

#[test]
fn what_is_no_cursor_is_refused() {
    for text in ["", "1", "1.2.3", "1.2.3.x", "1.2.3.100000000", "1.2.3.4.5"] {
        assert!(text.parse::<Cursor>().is_err(), "{text}");
    }
}

#[test]
fn volume_counts_each_severity_in_its_bucket() {
    let line = |time, severity| Line { time, severity, body: "disk full", ..Line::default() };
    let store =
        store(&[logs("a", &[line(0, 9), line(9, 9), line(10, 17), line(99, 0), line(100, 21)])]);
    let range = TimeRange { start: Timestamp(0), end: Timestamp(99) };
    let volume = log_volume(&store, range, &LogFilter::default(), 10).unwrap();
    assert_eq!(volume.step, 10);
    let counts = |severity: Severity| volume.counts[severity as usize].clone();
    assert_eq!(counts(Severity::Info), [2, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    assert_eq!(counts(Severity::Error), [0, 1, 0, 0, 0, 0, 0, 0, 0, 0]);
    assert_eq!(counts(Severity::Unspecified), [0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
    assert_eq!(counts(Severity::Fatal).iter().sum::<u64>(), 0);
    let text = LogFilter {
        text: Some("FULL".into()),
        severity: Some(Severity::Error),
        ..LogFilter::default()
    };
    let volume = log_volume(&store, range, &text, 1).unwrap();
    assert_eq!(volume.counts[Severity::Error as usize], [1]);
    assert_eq!(volume.counts[Severity::Info as usize], [0]);
}
