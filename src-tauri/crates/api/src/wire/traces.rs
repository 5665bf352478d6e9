//! Traces: lists of them, one laid out in columns, one span with everything.

use serde::Serialize;
use utoipa::ToSchema;
use watchglass_workbench as workbench;

use super::ids::{Nanos, SpanHex, TraceHex};
use super::values::{KeyValue, Resource, Scope, key_values};

/// The traces that were found.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TraceList {
    pub(crate) traces: Vec<TraceSummary>,
    /// How many traces matched; at least so many where the search is not complete.
    pub(crate) matched: u64,
    pub(crate) complete: bool,
    pub(crate) examined_spans: u64,
    pub(crate) elapsed_ms: f64,
}

/// A trace in one line.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TraceSummary {
    #[schema(value_type = String)]
    pub(crate) trace_id: TraceHex,
    pub(crate) start: Nanos,
    /// Nanoseconds.
    pub(crate) duration: u64,
    pub(crate) root_service: String,
    pub(crate) root_operation: String,
    /// Whether every span names a parent; the earliest span then stands for the root.
    pub(crate) root_missing: bool,
    pub(crate) spans: u64,
    pub(crate) errors: u64,
    pub(crate) services: Vec<ServiceShare>,
    pub(crate) matched_spans: u64,
}

/// A service's part in a trace.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ServiceShare {
    pub(crate) name: String,
    pub(crate) spans: u64,
    pub(crate) errors: u64,
}

/// A trace laid out for drawing.
#[derive(Debug, Serialize, ToSchema)]
#[expect(clippy::struct_field_names, reason = "OTLP calls it `trace_id` everywhere")]
pub(crate) struct Trace {
    #[schema(value_type = String)]
    pub(crate) trace_id: TraceHex,
    pub(crate) start: Nanos,
    /// Nanoseconds.
    pub(crate) duration: u64,
    pub(crate) root_service: String,
    pub(crate) root_operation: String,
    pub(crate) services: Vec<String>,
    pub(crate) operations: Vec<String>,
    pub(crate) scopes: Vec<String>,
    pub(crate) spans: SpanColumns,
}

/// Arrays of equal length, one entry a span, in depth-first order, children by start.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SpanColumns {
    #[schema(value_type = Vec<String>)]
    pub(crate) span_id: Vec<SpanHex>,
    /// Index or -1.
    pub(crate) parent: Vec<i32>,
    pub(crate) depth: Vec<u32>,
    /// How many rows below belong to it.
    pub(crate) descendants: Vec<u32>,
    /// Nanoseconds after the trace's start.
    pub(crate) start: Vec<u64>,
    /// Nanoseconds.
    pub(crate) duration: Vec<u64>,
    /// Nanoseconds in which none of its children ran.
    pub(crate) self_time: Vec<u64>,
    /// Into `services`.
    pub(crate) service: Vec<u32>,
    /// Into `operations`.
    pub(crate) operation: Vec<u32>,
    /// OTLP's `SpanKind`, 0–5.
    #[schema(value_type = Vec<u32>)]
    pub(crate) kind: Vec<u8>,
    /// 0 unset, 1 ok, 2 error.
    #[schema(value_type = Vec<u32>)]
    pub(crate) status: Vec<u8>,
    pub(crate) events: Vec<u32>,
    pub(crate) links: Vec<u32>,
    /// Log records that carry the span's id.
    pub(crate) logs: Vec<u32>,
    /// Names a parent and is drawn as a root.
    pub(crate) orphan: Vec<bool>,
    pub(crate) critical: Vec<bool>,
}

/// The rows in which a text occurs.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Found {
    pub(crate) rows: Vec<u32>,
}

/// One span with everything that was sent of it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SpanDetail {
    #[schema(value_type = String)]
    pub(crate) trace_id: TraceHex,
    #[schema(value_type = String)]
    pub(crate) span_id: SpanHex,
    #[schema(value_type = String)]
    pub(crate) parent_span_id: SpanHex,
    pub(crate) trace_state: String,
    pub(crate) flags: u32,
    pub(crate) name: String,
    pub(crate) kind: u8,
    pub(crate) start: Nanos,
    pub(crate) end: Nanos,
    /// Nanoseconds.
    pub(crate) duration: u64,
    pub(crate) service: String,
    pub(crate) attributes: Vec<KeyValue>,
    pub(crate) dropped_attributes_count: u32,
    pub(crate) events: Vec<SpanEvent>,
    pub(crate) dropped_events_count: u32,
    pub(crate) links: Vec<SpanLink>,
    pub(crate) dropped_links_count: u32,
    pub(crate) status: SpanStatus,
    pub(crate) resource: Resource,
    pub(crate) scope: Scope,
}

/// How a span ended.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SpanStatus {
    pub(crate) code: u8,
    pub(crate) message: String,
}

/// Something that happened during a span.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SpanEvent {
    pub(crate) time: Nanos,
    pub(crate) name: String,
    pub(crate) attributes: Vec<KeyValue>,
    pub(crate) dropped_attributes_count: u32,
}

/// A pointer to another span.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SpanLink {
    #[schema(value_type = String)]
    pub(crate) trace_id: TraceHex,
    #[schema(value_type = String)]
    pub(crate) span_id: SpanHex,
    pub(crate) trace_state: String,
    pub(crate) flags: u32,
    pub(crate) attributes: Vec<KeyValue>,
    pub(crate) dropped_attributes_count: u32,
}

impl TraceList {
    pub(crate) fn of(list: workbench::TraceList, elapsed: std::time::Duration) -> Self {
        Self {
            traces: list.traces.into_iter().map(TraceSummary::from).collect(),
            matched: list.matched,
            complete: list.complete,
            examined_spans: list.examined_spans,
            elapsed_ms: elapsed.as_secs_f64() * 1_000.0,
        }
    }
}

impl From<workbench::TraceSummary> for TraceSummary {
    fn from(trace: workbench::TraceSummary) -> Self {
        let services = trace.services.into_iter();
        Self {
            trace_id: TraceHex(trace.trace_id),
            start: trace.start.into(),
            duration: trace.duration,
            root_service: trace.root_service,
            root_operation: trace.root_operation,
            root_missing: trace.root_missing,
            spans: trace.spans,
            errors: trace.errors,
            services: services
                .map(|share| ServiceShare {
                    name: share.name,
                    spans: share.spans,
                    errors: share.errors,
                })
                .collect(),
            matched_spans: trace.matched_spans,
        }
    }
}

impl From<workbench::Trace> for Trace {
    fn from(trace: workbench::Trace) -> Self {
        Self {
            trace_id: TraceHex(trace.trace_id),
            start: trace.start.into(),
            duration: trace.duration,
            root_service: trace.root_service,
            root_operation: trace.root_operation,
            services: trace.services,
            operations: trace.operations,
            scopes: trace.scopes,
            spans: trace.spans.into(),
        }
    }
}

impl From<workbench::Columns> for SpanColumns {
    fn from(columns: workbench::Columns) -> Self {
        Self {
            span_id: columns.span_id.into_iter().map(SpanHex).collect(),
            parent: columns.parent,
            depth: columns.depth,
            descendants: columns.descendants,
            start: columns.start,
            duration: columns.duration,
            self_time: columns.self_time,
            service: columns.service,
            operation: columns.operation,
            kind: columns.kind,
            status: columns.status,
            events: columns.events,
            links: columns.links,
            logs: columns.logs,
            orphan: columns.orphan,
            critical: columns.critical,
        }
    }
}

impl From<workbench::SpanDetail> for SpanDetail {
    fn from(span: workbench::SpanDetail) -> Self {
        Self {
            trace_id: TraceHex(span.trace_id),
            span_id: SpanHex(span.span_id),
            parent_span_id: SpanHex(span.parent_span_id),
            trace_state: span.trace_state,
            flags: span.flags,
            name: span.name,
            kind: span.kind,
            start: span.start.into(),
            end: span.end.into(),
            duration: span.duration,
            service: span.service,
            attributes: key_values(span.attributes),
            dropped_attributes_count: span.dropped_attributes_count,
            events: span.events.into_iter().map(SpanEvent::from).collect(),
            dropped_events_count: span.dropped_events_count,
            links: span.links.into_iter().map(SpanLink::from).collect(),
            dropped_links_count: span.dropped_links_count,
            status: SpanStatus { code: span.status, message: span.status_message },
            resource: span.resource.into(),
            scope: span.scope.into(),
        }
    }
}

impl From<workbench::SpanEvent> for SpanEvent {
    fn from(event: workbench::SpanEvent) -> Self {
        Self {
            time: event.time.into(),
            name: event.name,
            attributes: key_values(event.attributes),
            dropped_attributes_count: event.dropped_attributes_count,
        }
    }
}

impl From<workbench::SpanLink> for SpanLink {
    fn from(link: workbench::SpanLink) -> Self {
        Self {
            trace_id: TraceHex(link.trace_id),
            span_id: SpanHex(link.span_id),
            trace_state: link.trace_state,
            flags: link.flags,
            attributes: key_values(link.attributes),
            dropped_attributes_count: link.dropped_attributes_count,
        }
    }
}
