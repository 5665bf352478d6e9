//! What a request may not hold even though it decodes: spans and links without valid ids.

use watchglass_model::{Logs, SpanId, Spans};

/// Rows that were left out, to be told to the sender as a partial success.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rejected {
    /// How many rows.
    pub count: u64,
    /// Why, with the first of them as an example; empty where there is nothing to tell.
    pub message: String,
}

/// Takes out spans whose trace id or span id is missing, zero or of the wrong length, and links likewise.
/// A link that is taken out counts as dropped by the sender; it is told of, but does not count as rejected.
pub fn reject_invalid(spans: &mut Spans) -> Rejected {
    let dropped_links = drop_invalid_links(spans);
    let is_valid = |row: &watchglass_model::Span| !row.trace_id.is_none() && !row.span_id.is_none();
    let example = spans.rows.iter().position(|row| !is_valid(row));
    let mut sentences = Vec::new();
    let before = spans.rows.len();
    if let Some(place) = example {
        let example = describe(spans, place);
        spans.rows.retain(is_valid);
        let count = before - spans.rows.len();
        sentences.push(format!(
            "{count} of {before} spans rejected: a trace id of 16 bytes and a span id of 8 bytes, not all zero, are \
             needed; the first is {example}"
        ));
    }
    if dropped_links > 0 {
        sentences.push(format!(
            "{dropped_links} span links dropped: their trace id or span id is missing, zero or of the wrong length"
        ));
    }
    Rejected { count: (before - spans.rows.len()) as u64, message: sentences.join("; ") }
}

/// Which of the request's spans it is, and what is wrong with it.
fn describe(spans: &Spans, place: usize) -> String {
    let Some(span) = spans.get(place) else {
        return String::new();
    };
    let sender = span.row.resource;
    let before = spans.rows.iter().take(place);
    let index = before.filter(|row| row.resource == sender).count();
    let wrong = if span.row.trace_id.is_none() { "trace id" } else { "span id" };
    let (name, service) = (span.name(), span.service());
    format!(
        "span {index} of resource_spans[{sender}] ({name:?} of {service}), which has no valid {wrong}"
    )
}

fn drop_invalid_links(spans: &mut Spans) -> usize {
    let is_invalid =
        |link: &watchglass_model::Link| link.trace_id.is_none() || link.span_id.is_none();
    if !spans.links.iter().any(is_invalid) {
        return 0;
    }
    let mut dropped = 0;
    for row in &mut spans.rows {
        let start = row.links.start as usize;
        let Some(links) = spans.links.get_mut(start..start + row.links.length as usize) else {
            continue;
        };
        // Stable: the valid links move to the front in their order, and the range ends behind them.
        links.sort_by_key(|link| is_invalid(link));
        let valid = links.partition_point(|link| !is_invalid(link));
        let invalid = links.len() - valid;
        let count = u32::try_from(invalid).unwrap_or(u32::MAX);
        row.links.length -= count;
        row.dropped_links_count = row.dropped_links_count.saturating_add(count);
        dropped += invalid;
    }
    dropped
}

/// Takes the span id from log records that name a span without its trace, as OTLP wants both or none.
pub fn clear_invalid(logs: &mut Logs) {
    for row in &mut logs.rows {
        if row.trace_id.is_none() {
            row.span_id = SpanId::NONE;
        }
    }
}
