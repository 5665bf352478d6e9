//! What the cases of the corpus cannot say: limits, interruptions, statistics, what a store is asked for.
#![expect(clippy::unwrap_used, reason = "a test says by panicking what went wrong")]

use std::sync::Mutex;

use watchglass_logql::{
    Answer, Direction, Engine, EngineOptions, Interruption, Query, QueryError, Value, When,
};
use watchglass_model::Labels;
use watchglass_storage::{
    LineDetail, Matcher, MemoryStreams, MetadataDetail, NanosRange, ReadError, StreamEntry,
    StreamPart, StreamReader, StreamScan, StreamVolume, StreamWrite,
};

const SECOND: i64 = 1_000_000_000;

fn query(text: &str, when: When) -> Query<'_> {
    Query { text, when, direction: Direction::Backward, limit: 100, now: 0 }
}

fn hour() -> When {
    When::Range { start: 0, end: 3_600 * SECOND, step: 60 * SECOND }
}

/// Lines `n=0`, `n=1` and so on, one a second, of streams `s0` to `s9`.
fn store(lines: i64, block_rows: usize) -> MemoryStreams {
    let store = MemoryStreams::with_block_rows(block_rows);
    for place in 0..lines {
        let labels =
            Labels::from_pairs([("app", "a".to_owned()), ("s", format!("s{}", place % 10))]);
        let entry = StreamEntry {
            time: place * SECOND,
            line: format!("n={place}").into_bytes(),
            metadata: vec![("pod".to_owned(), format!("p{}", place % 2))],
        };
        store.keep(&StreamWrite { streams: vec![(labels, vec![entry])] });
    }
    store
}

fn ask(store: &dyn StreamReader, engine: &Engine, text: &str, when: When) -> Answer {
    engine.query(store, &query(text, when), &|| None).unwrap()
}

#[test]
fn a_log_query_reads_no_more_parts_than_it_needs() {
    let answer = ask(&store(1_000, 50), &Engine::default(), r#"{app="a"}"#, hour());
    let Value::Streams(streams) = &answer.value else { panic!("no lines") };
    assert_eq!(streams.iter().map(|one| one.entries.len()).sum::<usize>(), 100);
    assert_eq!(answer.statistics.parts, 2);
    assert_eq!(answer.statistics.lines, 100);
    assert_eq!((answer.statistics.passed, answer.statistics.entries), (100, 100));
}

#[test]
fn a_metric_query_counts_what_it_reads() {
    let text = r#"sum(count_over_time({app="a"} |= "n=1" [1h]))"#;
    let answer = ask(&store(100, 7), &Engine::default(), text, When::Instant(3_600 * SECOND));
    // `n=1` and `n=10` to `n=19`; the line at the very beginning lies outside of the window.
    assert_eq!(answer.statistics.passed, 11);
    assert_eq!(answer.statistics.lines, 99);
    assert_eq!(answer.statistics.bytes, 9 * 3 + 90 * 4);
}

#[test]
fn too_many_series_are_refused_and_said_how_to_have_fewer() {
    let engine = Engine::new(EngineOptions { max_series: 5, ..EngineOptions::default() });
    let store = store(100, 10);
    let text = r#"count_over_time({app="a"}[1h])"#;
    let fault = engine.query(&store, &query(text, hour()), &|| None).unwrap_err().to_string();
    assert!(
        fault.starts_with("maximum number of series (5) reached for a single query"),
        "{fault}"
    );
    // What is aggregated away does not count.
    ask(&store, &engine, &format!("sum({text})"), hour());
    ask(&store, &engine, &format!("count by (pod) ({text})"), hour());
}

#[test]
fn a_query_that_would_hold_too_much_ends() {
    let engine = Engine::new(EngineOptions { max_samples: 50, ..EngineOptions::default() });
    for text in [
        r#"sum(sum_over_time({app="a"} | logfmt | unwrap n [1h]))"#,
        r#"count_over_time({app="a"} | logfmt [1h])"#,
    ] {
        let fault = engine.query(&store(100, 10), &query(text, hour()), &|| None).unwrap_err();
        assert!(fault.to_string().contains("would hold more than 50"), "{fault}");
    }
}

#[test]
fn a_query_ends_when_it_is_interrupted() {
    let store = store(100, 10);
    for text in [r#"{app="a"}"#, r#"rate({app="a"}[1m])"#, "1 + 1"] {
        let asked = Engine::default()
            .query(&store, &query(text, hour()), &|| Some(Interruption::Cancelled));
        assert!(matches!(asked, Err(QueryError::Cancelled)), "{text}");
        let asked =
            Engine::default().query(&store, &query(text, hour()), &|| Some(Interruption::Timeout));
        assert!(matches!(asked, Err(QueryError::Timeout)), "{text}");
    }
}

#[test]
fn the_first_failure_is_told_whatever_the_number_of_threads() {
    let store = store(200, 3);
    let text = r#"count_over_time({app="a"} | logfmt | n > 0 | label_format x="{{ div 1 (mod .n 50) }}" [1h])"#;
    for threads in [1, 2, 5] {
        let engine = Engine::new(EngineOptions { threads, ..EngineOptions::default() });
        let fault = engine.query(&store, &query(text, hour()), &|| None).unwrap_err().to_string();
        assert!(fault.contains(r#"n="50""#), "{fault}");
    }
}

#[test]
fn labels_say_where_they_come_from() {
    let text = r#"{app="a", s="s7"} | logfmt | drop app"#;
    let answer = ask(&store(8, 10), &Engine::default(), text, hour());
    let Value::Streams(streams) = answer.value else { panic!("no lines") };
    let [stream] = streams.as_slice() else { panic!("{streams:?}") };
    let pair = |name: &str, value: &str| vec![(name.to_owned(), value.to_owned())];
    assert_eq!(stream.stream, pair("s", "s7"));
    assert_eq!(stream.metadata, pair("pod", "p1"));
    assert_eq!(stream.parsed, pair("n", "7"));
    assert_eq!(stream.labels(), [("n", "7"), ("pod", "p1"), ("s", "s7")]);
}

/// A store that takes note of what it is asked for.
struct Listening(MemoryStreams, Mutex<Vec<StreamScan>>);

impl StreamReader for Listening {
    fn select(&self, scan: &StreamScan) -> Result<Vec<Box<dyn StreamPart>>, ReadError> {
        self.1.lock().unwrap().push(scan.clone());
        self.0.select(scan)
    }

    fn volumes(
        &self,
        matchers: &[Matcher],
        range: NanosRange,
    ) -> Result<Vec<StreamVolume>, ReadError> {
        self.0.volumes(matchers, range)
    }
}

fn asked_for(text: &str) -> StreamScan {
    let store = Listening(store(10, 10), Mutex::default());
    ask(&store, &Engine::default(), text, When::Instant(600 * SECOND));
    let mut scans = store.1.into_inner().unwrap();
    assert_eq!(scans.len(), 1);
    scans.remove(0)
}

#[test]
fn a_store_is_asked_for_no_more_than_is_looked_at() {
    let named = |names: &[&str]| {
        MetadataDetail::Named(names.iter().map(|name| (*name).to_owned()).collect())
    };
    for (text, lines, metadata) in [
        (r#"sum(count_over_time({app="a"}[1m]))"#, LineDetail::Nothing, named(&[])),
        (r#"sum by (pod) (count_over_time({app="a"}[1m]))"#, LineDetail::Nothing, named(&["pod"])),
        (r#"count_over_time({app="a"}[1m])"#, LineDetail::Nothing, MetadataDetail::All),
        (r#"sum(bytes_rate({app="a"}[1m]))"#, LineDetail::Lengths, named(&[])),
        (r#"sum(count_over_time({app="a"} |= "n" [1m]))"#, LineDetail::Text, named(&[])),
        (r#"sum(count_over_time({app="a"} | logfmt [1m]))"#, LineDetail::Nothing, named(&[])),
        (
            r#"sum(count_over_time({app="a"} | label_format x="{{ __line__ }}" | x="n=1" [1m]))"#,
            LineDetail::Text,
            named(&["x"]),
        ),
        (
            r#"sum by (x_extracted) (count_over_time({app="a"} | logfmt [1m]))"#,
            LineDetail::Text,
            named(&["x_extracted", "x"]),
        ),
    ] {
        let scan = asked_for(text);
        assert_eq!((scan.lines, scan.metadata), (lines, metadata), "{text}");
    }
    let scan = asked_for(r#"rate({app="a"}[1m] offset 2m)"#);
    let range = NanosRange { start: 420 * SECOND + 1, end: 480 * SECOND + 1 };
    assert_eq!(scan.range, range);
}

#[test]
fn a_line_with_thousands_of_fields_gives_as_many_labels_as_it_may() {
    let fields: Vec<_> = (0..6_000).map(|place| format!("k{place}={place}")).collect();
    let entry = StreamEntry { time: 1, line: fields.join(" ").into_bytes(), metadata: Vec::new() };
    let store = MemoryStreams::new();
    let labels = Labels::from_pairs([("app", "a")]);
    store.keep(&StreamWrite { streams: vec![(labels, vec![entry])] });
    let answer = ask(&store, &Engine::default(), r#"{app="a"} | logfmt"#, hour());
    let Value::Streams(streams) = answer.value else { panic!("no lines") };
    assert_eq!(streams.iter().map(|one| one.parsed.len()).sum::<usize>(), 5_000);
}

#[test]
fn hostile_queries_are_refused_and_do_not_fill_the_stack() {
    let long = "x".repeat(100_000);
    for text in [
        format!(r#"{{app="a"}} | b > 1{long}"#),
        "(".repeat(100_000),
        "1+".repeat(60_000) + "1",
        format!("sum({}", "sum(".repeat(20_000)),
        format!(r#"{{app="a"}} | {}a=1"#, "(".repeat(50_000)),
        format!(r#"{{app="a"}} | a=1 {}"#, "or a=1 ".repeat(10_000)),
        format!(r#"{{app="a"}}{}"#, r#"|="x""#.repeat(10_000)),
        format!("rate({}", "(".repeat(50_000)),
        format!(r#"{{app="{}"}}"#, "x".repeat(131_072)),
    ] {
        assert!(watchglass_logql::syntax::parse(&text).is_err(), "{}", &text[..30]);
    }
}
