//! Spans and links without valid ids.

use watchglass_model::{Link, Range, Span, SpanId, Spans, TraceId};
use watchglass_otlp::{clear_invalid, decode_logs, decode_traces, reject_invalid};

const TRACE: TraceId = TraceId([1; 16]);
const SPAN: SpanId = SpanId([2; 8]);

fn span(trace_id: TraceId, span_id: SpanId) -> Span {
    Span { trace_id, span_id, ..Span::default() }
}

#[test]
fn spans_without_ids_are_taken_out_and_told_of() {
    let mut spans = Spans::default();
    let name = spans.arena.push_text("GET /cart");
    spans.rows = vec![
        span(TRACE, SPAN),
        Span { name, ..span(TRACE, SpanId::NONE) },
        span(TraceId::NONE, SPAN),
        span(TRACE, SPAN),
    ];
    let rejected = reject_invalid(&mut spans);
    assert_eq!((rejected.count, spans.rows.len()), (2, 2));
    assert_eq!(
        rejected.message,
        "2 of 4 spans rejected: a trace id of 16 bytes and a span id of 8 bytes, not all zero, are needed; the first \
         is span 1 of resource_spans[0] (\"GET /cart\" of unknown_service), which has no valid span id"
    );
    let rejected = reject_invalid(&mut spans);
    assert_eq!((rejected.count, rejected.message.as_str()), (0, ""));
}

#[test]
fn links_without_ids_are_dropped_and_told_of() {
    let link = |byte: u8| Link { trace_id: TraceId([byte; 16]), span_id: SPAN, ..Link::default() };
    let mut spans =
        Spans { links: vec![link(1), link(0), link(2), link(0), link(3)], ..Spans::default() };
    let links = |start, length| Span { links: Range { start, length }, ..span(TRACE, SPAN) };
    spans.rows = vec![links(0, 3), links(3, 2)];
    let rejected = reject_invalid(&mut spans);
    assert_eq!(rejected.count, 0);
    assert!(rejected.message.starts_with("2 span links dropped"));
    let left: Vec<Vec<u8>> = spans
        .iter()
        .map(|span| span.links().map(|link| link.row.trace_id.0[0]).collect())
        .collect();
    assert_eq!(left, [vec![1, 2], vec![3]]);
    assert_eq!(spans.rows[0].dropped_links_count, 1);
}

#[test]
fn ids_of_a_wrong_length_are_no_ids() {
    let span = [0x0a, 2, 1, 1, 0x12, 8, 1, 1, 1, 1, 1, 1, 1, 1];
    let mut request = vec![0x0a, 18, 0x12, 16, 0x12, 14];
    request.extend(span);
    let mut spans = decode_traces(&request).unwrap();
    assert!(spans.rows[0].trace_id.is_none());
    assert_eq!(reject_invalid(&mut spans).count, 1);
}

#[test]
fn log_records_with_invalid_ids_stay_and_lose_them() {
    let record = [0x4a, 2, 1, 1, 0x52, 8, 1, 1, 1, 1, 1, 1, 1, 1];
    let mut request = vec![0x0a, 18, 0x12, 16, 0x12, 14];
    request.extend(record);
    let mut logs = decode_logs(&request).unwrap();
    clear_invalid(&mut logs);
    assert_eq!(logs.rows.len(), 1);
    assert!(logs.rows[0].trace_id.is_none() && logs.rows[0].span_id.is_none());
}
