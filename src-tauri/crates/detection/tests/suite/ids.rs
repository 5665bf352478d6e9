//! Ids of traces and spans, by the names and forms that loggers use.

use watchglass_model::LogRecord;

use crate::{Sent, derived};

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const SPAN: &str = "00f067aa0ba902b7";

/// The ids that a record ends up with, empty where there are none.
fn ids(sent: Sent<'_>) -> [String; 2] {
    let row = derived(sent).rows[0];
    let text = |is_none, text: String| if is_none { String::new() } else { text };
    [
        text(row.trace_id.is_none(), row.trace_id.to_string()),
        text(row.span_id.is_none(), row.span_id.to_string()),
    ]
}

fn ids_of(body: &str) -> [String; 2] {
    ids(Sent { body, ..Sent::default() })
}

#[test]
fn lines_tell_ids_in_json_logfmt_and_brackets() {
    let lines = [
        format!(r#"{{"trace_id":"{TRACE}","span_id":"{SPAN}"}}"#),
        format!(r#"{{"traceID":"{TRACE}","spanID":"{SPAN}"}}"#),
        format!(r#"{{"traceId":"{TRACE}","spanId":"{SPAN}","msg":"x"}}"#),
        format!(r#"{{"trace.id":"{TRACE}","span.id":"{SPAN}"}}"#),
        format!(r#"{{"trace":{{"id":"{TRACE}"}},"span":{{"id":"{SPAN}"}}}}"#),
        format!(r#"{{"contextMap":{{"traceId":"{TRACE}","spanId":"{SPAN}"}}}}"#),
        format!(r#"{{"otelTraceID":"{TRACE}","otelSpanID":"{SPAN}"}}"#),
        format!(r#"{{"@tr":"{TRACE}","@sp":"{SPAN}"}}"#),
        format!(r#"{{"traceparent":"00-{TRACE}-{SPAN}-01"}}"#),
        format!("level=info trace_id={TRACE} span_id={SPAN} msg=x"),
        format!("level=info traceID=\"{TRACE}\" spanID=\"{SPAN}\""),
        format!("12:00 INFO [app] [trace_id={TRACE} span_id={SPAN} trace_sampled=True] - hello"),
        format!("parent_span_id=1111111111111111 span_id={SPAN} TraceId={}", TRACE.to_uppercase()),
        format!("traceparent=00-{TRACE}-{SPAN}-00"),
        format!("X-B3-TraceId={TRACE}, X-B3-SpanId={SPAN}"),
        format!("trace_id=4bf92f35-77b3-4da6-a3ce-929d0e0e4736 span_id={SPAN}"),
    ];
    for line in lines {
        assert_eq!(ids_of(&line), [TRACE, SPAN], "{line}");
    }
}

#[test]
fn datadog_writes_decimal_ids_of_64_bits() {
    let expected = ["00000000000000005fb11f62984f0d26", "000000000000000b"];
    let line = r#"{"dd":{"trace_id":"6895327012803513638","span_id":"11"},"msg":"x"}"#;
    assert_eq!(ids_of(line), expected);
    assert_eq!(ids_of(r#"{"dd.trace_id":6895327012803513638,"dd.span_id":11}"#), expected);
    assert_eq!(ids_of("[dd.trace_id=6895327012803513638 dd.span_id=11] hello"), expected);
    let both = format!("dd.trace_id=5 dd.span_id=6 trace_id={TRACE} span_id={SPAN}");
    assert_eq!(ids_of(&both), [TRACE, SPAN], "the ids that OpenTelemetry's spans have go first");
}

#[test]
fn ids_of_64_bits_are_filled_up() {
    assert_eq!(ids_of(&format!("traceID={SPAN}")), ["000000000000000000f067aa0ba902b7", ""]);
}

#[test]
fn what_is_no_id_is_none() {
    let none = ["", ""];
    assert_eq!(ids_of("trace_id=0 span_id=0"), none);
    assert_eq!(ids_of("trace_id=00000000000000000000000000000000"), none);
    assert_eq!(ids_of("trace_id=hello"), none);
    assert_eq!(ids_of(&format!("span_id={SPAN}")), none, "a span without its trace leads nowhere");
    assert_eq!(ids_of("traceparent=ff-x-y-z"), none);
    assert_eq!(ids_of("dd.trace_id=0"), none);
}

#[test]
fn attributes_go_before_the_line_and_what_was_sent_stays() {
    let body = "trace_id=11111111111111111111111111111111";
    let attributes: &[_] = &[("traceid", TRACE), ("span_id", SPAN)];
    assert_eq!(ids(Sent { body, attributes, ..Sent::default() }), [TRACE, SPAN]);
    let row = LogRecord { trace_id: TRACE.parse().unwrap(), ..LogRecord::default() };
    assert_eq!(ids(Sent { body, row, ..Sent::default() }), [TRACE, ""]);
}
