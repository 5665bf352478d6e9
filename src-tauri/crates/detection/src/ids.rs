//! Ids of traces and spans under the names that loggers give them.

use memchr::{memchr2_iter, memmem};
use watchglass_model::{SpanId, TraceId};

/// Longer names are none of those known.
const LONGEST_NAME: usize = 64;

/// Ids found so far; what is found first stays, and W3C's go before Datadog's.
#[derive(Debug, Default)]
pub(crate) struct Ids {
    trace: Option<TraceId>,
    span: Option<SpanId>,
    datadog_trace: Option<TraceId>,
    datadog_span: Option<SpanId>,
}

impl Ids {
    /// Looks whether a field is an id. Names are compared without case and separators, and by their end, so that
    /// `traceId`, `context.trace_id` and `otelTraceID` are the same.
    pub(crate) fn note(&mut self, name: &str, value: &str) {
        let mut room = [0; LONGEST_NAME];
        let Some(name) = squeezed(name, &mut room) else { return };
        if name == b"traceparent" {
            if let Some((trace, span)) = of_traceparent(value) {
                self.trace.get_or_insert(trace);
                self.span.get_or_insert(span);
            }
        } else if name.ends_with(b"ddtraceid") {
            self.datadog_trace = self.datadog_trace.or_else(|| datadog_trace(value));
        } else if name.ends_with(b"ddspanid") {
            self.datadog_span = self.datadog_span.or_else(|| datadog_span(value));
        } else if name.ends_with(b"traceid") || name == b"@tr" {
            self.trace = self.trace.or_else(|| trace_id(value));
        } else if (name.ends_with(b"spanid") && !name.ends_with(b"parentspanid")) || name == b"@sp"
        {
            self.span = self.span.or_else(|| span_id(value));
        }
    }

    /// The trace, if there is one, and the span within it.
    pub(crate) fn finish(self) -> (Option<TraceId>, SpanId) {
        match (self.trace, self.datadog_trace) {
            (Some(trace), _) => (Some(trace), self.span.unwrap_or_default()),
            (None, datadog) => (datadog, self.datadog_span.or(self.span).unwrap_or_default()),
        }
    }
}

/// Whether a line can hold an id at all: each name of a trace has this word, but for that of Serilog's compact form.
pub(crate) fn may_name_a_trace(line: &str) -> bool {
    let bytes = line.as_bytes();
    let names = |place: usize| {
        bytes.get(place..place + 5).is_some_and(|word| word.eq_ignore_ascii_case(b"trace"))
    };
    memchr2_iter(b't', b'T', bytes).any(names) || memmem::find(bytes, b"\"@tr\"").is_some()
}

/// A name in lower case without separators.
fn squeezed<'r>(name: &str, room: &'r mut [u8; LONGEST_NAME]) -> Option<&'r [u8]> {
    let mut length = 0;
    for byte in name.bytes().filter(|byte| !matches!(byte, b'_' | b'-' | b'.')) {
        *room.get_mut(length)? = byte.to_ascii_lowercase();
        length += 1;
    }
    room.get(..length)
}

/// 32 digits, with or without dashes, or 16 for ids of 64 bits.
fn trace_id(text: &str) -> Option<TraceId> {
    let text = text.trim();
    let id = match text.len() {
        32 => text.parse().ok()?,
        36 => text.replace('-', "").parse().ok()?,
        16 => format!("{:016}{text}", 0).parse().ok()?,
        _ => return None,
    };
    Some(id).filter(|id: &TraceId| !id.is_none())
}

fn span_id(text: &str) -> Option<SpanId> {
    text.trim().parse().ok().filter(|id: &SpanId| !id.is_none())
}

/// Datadog writes the low 64 bits in decimal, and newer libraries all 128 in hexadecimal.
fn datadog_trace(text: &str) -> Option<TraceId> {
    match text.parse::<u64>() {
        Ok(0) => None,
        Ok(number) => Some(TraceId(u128::from(number).to_be_bytes())),
        Err(_) => trace_id(text),
    }
}

fn datadog_span(text: &str) -> Option<SpanId> {
    match text.parse::<u64>() {
        Ok(0) => None,
        Ok(number) => Some(SpanId(number.to_be_bytes())),
        Err(_) => span_id(text),
    }
}

/// `00-<trace>-<span>-01` (<https://www.w3.org/TR/trace-context/#traceparent-header>).
fn of_traceparent(text: &str) -> Option<(TraceId, SpanId)> {
    let mut parts = text.trim().split('-');
    let version = parts.next()?;
    let (trace, span) = (parts.next()?, parts.next()?);
    let is_version = version.len() == 2 && version.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !is_version || version.eq_ignore_ascii_case("ff") || trace.len() != 32 {
        return None;
    }
    Some((trace_id(trace)?, span_id(span)?))
}
