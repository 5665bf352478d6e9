//! Finding traces: what matches, in which order, and how each is summed up.

use crate::build::{Draft, span, spans, store, trace_id};
use watchglass_model::{SpanKind, StatusCode, TimeRange, Timestamp};
use watchglass_storage::{Batch, MemoryStore, SpanFilter};
use watchglass_workbench::{
    TraceList, TraceQuery, TraceSort, parse_condition, search, span_detail,
};

const SECOND: u64 = 1_000_000_000;

/// Trace n: begins in second n, lasts n seconds, has n spans of which n-1 failed.
fn shop() -> MemoryStore {
    let batches: Vec<Batch> = (1..=5)
        .flat_map(|number| {
            let start = number * SECOND;
            let root = Draft {
                trace: number,
                name: "checkout",
                kind: SpanKind::Server,
                ..span(number * 100, 0, start, start + number * SECOND)
            };
            let children: Vec<_> = (1..number)
                .map(|child| Draft {
                    trace: number,
                    name: "query",
                    status: StatusCode::Error,
                    attributes: &[("db.system", "sqlite"), ("rows", "7")],
                    ..span(number * 100 + child, number * 100, start + child, start + child + 10)
                })
                .collect();
            [spans("web", &[root]), spans("db", &children)]
        })
        .collect();
    store(&batches)
}

fn ask(filter: SpanFilter, sort: TraceSort, limit: usize) -> TraceList {
    let query = TraceQuery {
        range: TimeRange { start: Timestamp(0), end: Timestamp(100 * SECOND) },
        filter,
        sort,
        limit,
    };
    search(&shop(), &query).expect("memory can be read")
}

fn numbers(list: &TraceList) -> Vec<u8> {
    list.traces.iter().map(|one| one.trace_id.0[15]).collect()
}

#[test]
fn each_order_puts_the_right_traces_first() {
    let cases = [
        (TraceSort::Newest, [5, 4]),
        (TraceSort::Oldest, [1, 2]),
        (TraceSort::Longest, [5, 4]),
        (TraceSort::Shortest, [1, 2]),
        (TraceSort::MostSpans, [5, 4]),
        (TraceSort::MostErrors, [5, 4]),
    ];
    for (sort, first) in cases {
        let list = ask(SpanFilter::default(), sort, 2);
        assert_eq!(numbers(&list), first, "{sort:?}");
        assert_eq!((list.matched, list.complete), (5, true), "{sort:?}");
    }
}

#[test]
fn an_order_by_the_whole_trace_holds_when_only_small_spans_match() {
    let filter = SpanFilter { service: Some("db".into()), ..SpanFilter::default() };
    let list = ask(filter, TraceSort::Longest, 2);
    assert_eq!(numbers(&list), [5, 4]);
    assert_eq!(list.matched, 4);
    assert_eq!(list.traces[0].matched_spans, 4);
}

#[test]
fn all_conditions_must_hold_for_one_span() {
    let filter = |condition: &str| SpanFilter {
        service: Some("db".into()),
        status: Some(StatusCode::Error),
        attributes: vec![parse_condition(condition).unwrap()],
        ..SpanFilter::default()
    };
    let cases = [
        ("db.system=sqlite", 4),
        ("db.system~SQL", 4),
        ("rows=7", 4),
        ("rows!=7", 0),
        ("db.system", 4),
        ("nothing", 0),
        ("service.name=db", 4),
    ];
    for (condition, matched) in cases {
        let list = ask(filter(condition), TraceSort::Newest, 10);
        assert_eq!(list.matched, matched, "{condition}");
    }
    let elsewhere = SpanFilter { operation: Some("checkout".into()), ..filter("db.system") };
    assert_eq!(ask(elsewhere, TraceSort::Newest, 10).matched, 0);
}

#[test]
fn a_summary_tells_root_services_and_errors() {
    let list = ask(SpanFilter::default(), TraceSort::Newest, 1);
    let trace = &list.traces[0];
    assert_eq!(trace.trace_id, trace_id(5));
    assert_eq!((trace.start.0, trace.duration), (5 * SECOND, 5 * SECOND));
    assert_eq!((trace.root_service.as_str(), trace.root_operation.as_str()), ("web", "checkout"));
    assert_eq!((trace.spans, trace.errors, trace.root_missing), (5, 4, false));
    let shares: Vec<_> =
        trace.services.iter().map(|one| (one.name.as_str(), one.spans, one.errors)).collect();
    assert_eq!(shares, [("db", 4, 4), ("web", 1, 0)]);
}

#[test]
fn a_trace_without_a_root_says_so_and_counts_resent_spans_once() {
    let batch = spans("a", &[span(2, 1, 100, 120)]);
    let store = store(&[batch.clone(), batch]);
    let query = TraceQuery {
        range: TimeRange::ALL,
        filter: SpanFilter::default(),
        sort: TraceSort::Newest,
        limit: 10,
    };
    let list = search(&store, &query).unwrap();
    assert!(list.traces[0].root_missing);
    assert_eq!(list.traces[0].spans, 1);
}

#[test]
fn a_search_that_finds_nothing_is_complete() {
    let filter = SpanFilter { service: Some("nobody".into()), ..SpanFilter::default() };
    let list = ask(filter, TraceSort::Longest, 10);
    assert_eq!((list.matched, list.complete, list.traces.len()), (0, true, 0));
}

#[test]
fn a_span_is_shown_with_all_that_was_sent_of_it() {
    let mut draft = span(2, 1, 100, 120);
    draft.event = "retry";
    draft.attributes = &[("rows", "7")];
    let store = store(&[spans("a", &[draft])]);
    let detail = span_detail(&store, trace_id(1), crate::build::span_id(2)).unwrap();
    assert_eq!(detail.events[0].name, "retry");
    assert_eq!(detail.links[0].trace_id, trace_id(99));
    assert_eq!(detail.attributes[0].0, "rows");
    assert_eq!(detail.resource.attributes[0].0, "service.name");
    assert_eq!(detail.scope.name, "test");
    assert!(span_detail(&store, trace_id(1), crate::build::span_id(3)).is_err());
}
