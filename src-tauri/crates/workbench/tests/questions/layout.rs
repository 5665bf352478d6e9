//! How one trace is laid out: order, parents, own times, critical path, and what broken traces become.

use std::time::Instant;

use crate::build::{Line, logs, span, spans, store, trace_id};
use watchglass_storage::Batch;
use watchglass_workbench::{Columns, Error, find_in_trace, whole_trace};

fn columns(batches: &[Batch]) -> Columns {
    whole_trace(&store(batches), trace_id(1)).expect("the trace is stored").spans
}

fn ids(columns: &Columns) -> Vec<u64> {
    let number = |id: &watchglass_model::SpanId| u64::from_be_bytes(id.0);
    columns.span_id.iter().map(number).collect()
}

#[test]
fn children_come_depth_first_by_their_start_whatever_the_order_of_arrival() {
    let batches = [
        spans("b", &[span(4, 2, 120, 130), span(2, 1, 110, 150)]),
        spans("a", &[span(3, 1, 105, 108), span(1, 0, 100, 200), span(5, 2, 115, 118)]),
    ];
    let columns = columns(&batches);
    assert_eq!(ids(&columns), [1, 3, 2, 5, 4]);
    assert_eq!(columns.parent, [-1, 0, 0, 2, 2]);
    assert_eq!(columns.depth, [0, 1, 1, 2, 2]);
    assert_eq!(columns.descendants, [4, 0, 2, 0, 0]);
    assert_eq!(columns.start, [0, 5, 10, 15, 20]);
    assert_eq!(columns.duration, [100, 3, 40, 3, 10]);
    assert_eq!(columns.self_time, [57, 3, 27, 3, 10]);
}

#[test]
fn own_time_takes_overlapping_children_once_and_clips_what_runs_over() {
    let batch = spans(
        "a",
        &[
            span(1, 0, 100, 200),
            span(2, 1, 90, 120),
            span(3, 1, 110, 130),
            span(4, 1, 190, 300),
            span(5, 1, 400, 500),
        ],
    );
    let columns = columns(&[batch]);
    let row = ids(&columns).iter().position(|id| *id == 1).unwrap();
    assert_eq!(columns.self_time[row], 60);
}

#[test]
fn a_span_whose_parent_is_missing_is_a_root_below_the_real_one() {
    let columns =
        columns(&[spans("a", &[span(7, 77, 50, 60), span(1, 0, 100, 200), span(8, 7, 51, 52)])]);
    assert_eq!(ids(&columns), [1, 7, 8]);
    assert_eq!(columns.orphan, [false, true, false]);
    assert_eq!(columns.parent, [-1, -1, 1]);
    assert_eq!(columns.start, [50, 0, 1]);
}

#[test]
fn a_cycle_is_cut_at_its_earliest_span_and_keeps_what_hangs_from_it() {
    let columns = columns(&[spans(
        "a",
        &[
            span(1, 3, 100, 200),
            span(2, 1, 110, 120),
            span(3, 2, 111, 119),
            span(4, 3, 90, 95),
            span(5, 5, 300, 310),
        ],
    )]);
    assert_eq!(ids(&columns), [1, 2, 3, 4, 5]);
    assert_eq!(columns.parent, [-1, 0, 1, 2, -1]);
    assert_eq!(columns.orphan, [true, false, false, false, true]);
}

#[test]
fn a_span_sent_twice_is_drawn_once() {
    let batch = spans("a", &[span(1, 0, 100, 200), span(2, 1, 110, 120)]);
    let columns = columns(&[batch.clone(), batch]);
    assert_eq!(ids(&columns), [1, 2]);
}

#[test]
fn an_end_before_the_start_is_no_duration() {
    let columns = columns(&[spans("a", &[span(1, 0, 100, 200), span(2, 1, 150, 140)])]);
    assert_eq!(columns.duration, [100, 0]);
    assert_eq!(columns.self_time, [100, 0]);
}

#[test]
fn a_span_without_a_start_does_not_stretch_the_trace_to_1970() {
    let trace = whole_trace(
        &store(&[spans("a", &[span(1, 0, 1_000_000, 1_000_100), span(2, 1, 0, 1_000_050)])]),
        trace_id(1),
    );
    let trace = trace.unwrap();
    assert_eq!((trace.start.0, trace.duration), (1_000_000, 100));
    assert_eq!(trace.spans.start, [0, 50]);
}

#[test]
fn the_critical_path_goes_back_through_the_children_that_finish_last() {
    let columns = columns(&[spans(
        "a",
        &[
            span(1, 0, 1000, 1100),
            span(2, 1, 1010, 1040),
            span(3, 1, 1020, 1035),
            span(4, 1, 1050, 1090),
            span(5, 4, 1060, 1080),
            span(6, 4, 1060, 1070),
            span(7, 1, 1095, 1400),
        ],
    )]);
    let critical: Vec<_> = ids(&columns)
        .into_iter()
        .zip(&columns.critical)
        .filter_map(|(id, critical)| critical.then_some(id))
        .collect();
    assert_eq!(critical, [1, 2, 4, 5, 7]);
}

#[test]
fn log_records_are_counted_at_their_spans() {
    let line = |span| Line { time: 120, trace: 1, span, ..Line::default() };
    let other = Line { trace: 2, ..line(1) };
    let columns = columns(&[
        spans("a", &[span(1, 0, 100, 200), span(2, 1, 110, 120)]),
        logs("a", &[line(2), line(2), line(1), line(0), other]),
    ]);
    assert_eq!(columns.logs, [1, 2]);
}

#[test]
fn text_is_found_in_names_ids_attributes_and_events() {
    let mut drafts = [span(1, 0, 100, 200), span(2, 1, 110, 120), span(3, 1, 130, 140)];
    drafts[0].name = "GET /cart";
    drafts[1].attributes = &[("db.query.text", "SELECT Stock")];
    drafts[2].event = "cache miss";
    let store = store(&[spans("shop", &drafts)]);
    let cases: [(&str, &[u32]); 6] = [
        ("/CART", &[0]),
        ("select stock", &[1]),
        ("db.query", &[1]),
        ("miss", &[2]),
        ("0000000000000003", &[2]),
        ("shop", &[0, 1, 2]),
    ];
    for (text, rows) in cases {
        assert_eq!(find_in_trace(&store, trace_id(1), text).unwrap(), rows, "{text}");
    }
}

#[test]
fn an_unknown_trace_is_named_in_the_error() {
    let error = whole_trace(&store(&[]), trace_id(1)).unwrap_err();
    assert!(matches!(error, Error::Unknown { kind: "trace", .. }));
}

#[test]
fn a_hundred_thousand_spans_are_laid_out_without_recursion() {
    let bushy: Vec<_> =
        (1..=100_000_u64).map(|id| span(id, (id + 1) / 3, 1_000 + id, 1_000_000 - id)).collect();
    let chain: Vec<_> =
        (1..=100_000_u64).map(|id| span(id, id - 1, 1_000 + id, 1_000_000 - id)).collect();
    for (shape, drafts) in [("bushy", bushy), ("chain", chain)] {
        let store = store(&[spans("a", &drafts)]);
        let began = Instant::now();
        let trace = whole_trace(&store, trace_id(1)).unwrap();
        println!("{shape}: 100,000 spans in {:?}", began.elapsed());
        assert_eq!(trace.spans.descendants[0], 99_999);
    }
}
