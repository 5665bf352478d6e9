//! One span with everything that was sent of it.

use std::ops::ControlFlow;

use watchglass_model::{EventRef, LinkRef, SpanId, SpanRef, Timestamp, TraceId};
use watchglass_storage::{Detail, Reader};

use super::whole::scan_of;
use crate::error::{Error, Result};
use crate::values::{KeyValues, Resource, Scope, key_values};

/// One span with everything that was sent of it.
#[derive(Debug, Clone, PartialEq)]
pub struct SpanDetail {
    /// The trace it belongs to.
    pub trace_id: TraceId,
    /// Itself.
    pub span_id: SpanId,
    /// What caused it; none for a root.
    pub parent_span_id: SpanId,
    /// W3C `tracestate`.
    pub trace_state: String,
    /// W3C trace flags in the low byte, OTLP's remote bits above.
    pub flags: u32,
    /// The operation.
    pub name: String,
    /// OTLP's number of its kind.
    pub kind: u8,
    /// When it began.
    pub start: Timestamp,
    /// When it ended.
    pub end: Timestamp,
    /// Nanoseconds; zero where the end came before the start.
    pub duration: u64,
    /// The sender's `service.name`.
    pub service: String,
    /// What describes it.
    pub attributes: KeyValues,
    /// How many attributes the sender left out.
    pub dropped_attributes_count: u32,
    /// What happened during it.
    pub events: Vec<SpanEvent>,
    /// How many events the sender left out.
    pub dropped_events_count: u32,
    /// What it points to.
    pub links: Vec<SpanLink>,
    /// How many links the sender left out.
    pub dropped_links_count: u32,
    /// OTLP's number of its status.
    pub status: u8,
    /// Why it failed.
    pub status_message: String,
    /// The sender.
    pub resource: Resource,
    /// The instrumentation.
    pub scope: Scope,
}

/// Something that happened during a span.
#[derive(Debug, Clone, PartialEq)]
pub struct SpanEvent {
    /// When.
    pub time: Timestamp,
    /// What.
    pub name: String,
    /// What describes it.
    pub attributes: KeyValues,
    /// How many attributes the sender left out.
    pub dropped_attributes_count: u32,
}

/// A pointer to another span.
#[derive(Debug, Clone, PartialEq)]
pub struct SpanLink {
    /// The other's trace.
    pub trace_id: TraceId,
    /// The other span.
    pub span_id: SpanId,
    /// W3C `tracestate` of the other.
    pub trace_state: String,
    /// W3C trace flags of the other.
    pub flags: u32,
    /// What describes the link.
    pub attributes: KeyValues,
    /// How many attributes the sender left out.
    pub dropped_attributes_count: u32,
}

/// Everything that was sent of a span.
pub fn span_detail(reader: &dyn Reader, trace_id: TraceId, span_id: SpanId) -> Result<SpanDetail> {
    let mut found = None;
    reader.scan_spans(&scan_of(trace_id, Detail::Whole), &mut |batch, rows| {
        let spans = rows.iter().filter_map(|row| batch.get(*row as usize));
        found = spans.filter(|span| span.row.span_id == span_id).map(SpanDetail::from).next();
        if found.is_some() {
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    })?;
    found.ok_or_else(|| Error::Unknown {
        kind: "span",
        name: format!("{span_id} in trace {trace_id}"),
    })
}

impl From<SpanRef<'_>> for SpanDetail {
    fn from(span: SpanRef<'_>) -> Self {
        let row = span.row;
        Self {
            trace_id: row.trace_id,
            span_id: row.span_id,
            parent_span_id: row.parent_span_id,
            trace_state: span.trace_state().to_owned(),
            flags: row.flags,
            name: span.name().to_owned(),
            kind: row.kind as u8,
            start: row.start,
            end: row.end,
            duration: span.duration(),
            service: span.service().to_owned(),
            attributes: key_values(span.attributes()),
            dropped_attributes_count: row.dropped_attributes_count,
            events: span.events().map(SpanEvent::from).collect(),
            dropped_events_count: row.dropped_events_count,
            links: span.links().map(SpanLink::from).collect(),
            dropped_links_count: row.dropped_links_count,
            status: row.status as u8,
            status_message: span.status_message().to_owned(),
            resource: span.resource().into(),
            scope: span.scope().into(),
        }
    }
}

impl From<EventRef<'_>> for SpanEvent {
    fn from(event: EventRef<'_>) -> Self {
        Self {
            time: event.row.time,
            name: event.name().to_owned(),
            attributes: key_values(event.attributes()),
            dropped_attributes_count: event.row.dropped_attributes_count,
        }
    }
}

impl From<LinkRef<'_>> for SpanLink {
    fn from(link: LinkRef<'_>) -> Self {
        Self {
            trace_id: link.row.trace_id,
            span_id: link.row.span_id,
            trace_state: link.trace_state().to_owned(),
            flags: link.row.flags,
            attributes: key_values(link.attributes()),
            dropped_attributes_count: link.row.dropped_attributes_count,
        }
    }
}
