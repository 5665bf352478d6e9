//! Batches built in a few words, for tests of the workbench and of the routes over it.

use std::sync::Arc;

use watchglass_model::{
    Arena, Attribute, Buckets, Event, Exemplar, ExemplarValue, ExponentialHistogram, Histogram,
    Link, LogRecord, Logs, Metric, MetricKind, Point, PointValue, Points, Quantile, Range,
    Resource, Scope, Span, SpanId, SpanKind, Spans, StatusCode, Summary, Timestamp, TraceId, Value,
};
use watchglass_storage::{Batch, MemoryStore};

/// A trace id from a small number.
pub(crate) fn trace_id(number: u64) -> TraceId {
    let mut bytes = [0; 16];
    bytes[8..].copy_from_slice(&number.to_be_bytes());
    TraceId(bytes)
}

/// A span id from a small number.
pub(crate) fn span_id(number: u64) -> SpanId {
    SpanId(number.to_be_bytes())
}

/// A span in a few words; times are nanoseconds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Draft<'a> {
    pub(crate) trace: u64,
    pub(crate) id: u64,
    pub(crate) parent: u64,
    pub(crate) start: u64,
    pub(crate) end: u64,
    pub(crate) name: &'a str,
    pub(crate) kind: SpanKind,
    pub(crate) status: StatusCode,
    pub(crate) attributes: &'a [(&'a str, &'a str)],
    pub(crate) event: &'a str,
}

/// A span of trace 1.
pub(crate) fn span(id: u64, parent: u64, start: u64, end: u64) -> Draft<'static> {
    Draft {
        trace: 1,
        id,
        parent,
        start,
        end,
        name: "work",
        kind: SpanKind::Internal,
        status: StatusCode::Unset,
        attributes: &[],
        event: "",
    }
}

fn attributes(arena: &mut Arena, all: &[(&str, &str)]) -> Range {
    let first = arena.attributes.len();
    for (key, value) in all {
        let key = arena.push_text(key);
        let value = match value.parse() {
            Ok(int) => Value::Int(int),
            Err(_) => Value::Text(arena.push_text(value)),
        };
        arena.attributes.push(Attribute { key, value });
    }
    Range::since(first, arena.attributes.len())
}

fn sender(arena: &mut Arena, service: &str) {
    let all = [("service.name", service), ("telemetry.sdk.language", "rust")];
    let attributes = attributes(arena, &all);
    let name = arena.push_text(service);
    arena.resources.push(Resource { attributes, service: name, ..Resource::default() });
    let name = arena.push_text("test");
    arena.scopes.push(Scope { name, ..Scope::default() });
}

/// A batch of one service's spans.
pub(crate) fn spans(service: &str, drafts: &[Draft<'_>]) -> Batch {
    let mut batch = Spans::default();
    sender(&mut batch.arena, service);
    for draft in drafts {
        let attributes = attributes(&mut batch.arena, draft.attributes);
        let first_event = batch.events.len();
        if !draft.event.is_empty() {
            let name = batch.arena.push_text(draft.event);
            batch.events.push(Event { time: Timestamp(draft.start), name, ..Event::default() });
            batch.links.push(Link {
                trace_id: trace_id(99),
                span_id: span_id(99),
                ..Link::default()
            });
        }
        let links = Range::since(first_event, batch.links.len());
        let name = batch.arena.push_text(draft.name);
        batch.rows.push(Span {
            trace_id: trace_id(draft.trace),
            span_id: span_id(draft.id),
            parent_span_id: span_id(draft.parent),
            name,
            kind: draft.kind,
            start: Timestamp(draft.start),
            end: Timestamp(draft.end),
            status: draft.status,
            attributes,
            events: Range::since(first_event, batch.events.len()),
            links,
            ..Span::default()
        });
    }
    Batch::Spans(Arc::new(batch))
}

/// A log record in a few words.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Line<'a> {
    pub(crate) time: u64,
    pub(crate) severity: i32,
    pub(crate) body: &'a str,
    pub(crate) trace: u64,
    pub(crate) span: u64,
    pub(crate) attributes: &'a [(&'a str, &'a str)],
}

/// A batch of one service's log records.
pub(crate) fn logs(service: &str, lines: &[Line<'_>]) -> Batch {
    let mut batch = Logs::default();
    sender(&mut batch.arena, service);
    for line in lines {
        let attributes = attributes(&mut batch.arena, line.attributes);
        let body = Value::Text(batch.arena.push_text(line.body));
        batch.rows.push(LogRecord {
            time: Timestamp(line.time),
            severity_number: line.severity,
            body,
            trace_id: trace_id(line.trace),
            span_id: span_id(line.span),
            attributes,
            ..LogRecord::default()
        });
    }
    Batch::Logs(Arc::new(batch))
}

/// A batch with one point of each kind at `time`: gauge, sum, histogram, exponential histogram, summary.
pub(crate) fn points(service: &str, time: u64, labels: &[(&str, &str)]) -> Batch {
    let mut batch = Points::default();
    sender(&mut batch.arena, service);
    let temporality = watchglass_model::Temporality::Cumulative;
    let sum = MetricKind::Sum { temporality, monotonic: true };
    add_larger_kinds(&mut batch, time);
    let kinds = [
        ("queue.length", MetricKind::Gauge, PointValue::Int(3)),
        ("requests", sum, PointValue::Double(41.0)),
        ("latency", MetricKind::Histogram(temporality), PointValue::Histogram(0)),
        (
            "latency.exp",
            MetricKind::ExponentialHistogram(temporality),
            PointValue::ExponentialHistogram(0),
        ),
        ("latency.summary", MetricKind::Summary, PointValue::Summary(0)),
    ];
    for (number, (name, kind, value)) in (0..).zip(kinds) {
        let name = batch.arena.push_text(name);
        let unit = batch.arena.push_text("ms");
        batch.metrics.push(Metric {
            name,
            description: unit,
            unit,
            kind,
            metadata: Range::default(),
            resource: 0,
            scope: 0,
        });
        let attributes = attributes(&mut batch.arena, labels);
        batch.rows.push(Point {
            metric: number,
            attributes,
            start: Timestamp(1),
            time: Timestamp(time),
            flags: 0,
            value,
            exemplars: Range::since(0, usize::from(number == 2)),
        });
    }
    Batch::Points(Arc::new(batch))
}

fn add_larger_kinds(batch: &mut Points, time: u64) {
    batch.doubles = vec![1.0, 5.0];
    // Three for the histogram, the last two also for one side of the exponential one.
    batch.counts = vec![1, 2, 3];
    batch.quantiles =
        vec![Quantile { quantile: 0.5, value: 10.0 }, Quantile { quantile: 0.99, value: 20.0 }];
    batch.exemplars = vec![Exemplar {
        time: Timestamp(time),
        value: ExemplarValue::Double(4.5),
        trace_id: trace_id(1),
        span_id: span_id(1),
        attributes: Range::default(),
    }];
    batch.histograms = vec![Histogram {
        count: 6,
        sum: Some(12.5),
        min: Some(0.5),
        max: Some(9.0),
        bounds: Range::since(0, 2),
        counts: Range::since(0, 3),
    }];
    batch.exponential_histograms = vec![ExponentialHistogram {
        count: 7,
        sum: None,
        min: Some(-8.0),
        max: Some(4.0),
        // Each time another scale, as an SDK does when a measurement does not fit.
        scale: if time.is_multiple_of(20) { -1 } else { 3 },
        zero_count: 2,
        zero_threshold: 0.25,
        positive: Buckets { offset: -4, counts: Range::since(1, 3) },
        negative: Buckets { offset: 5, counts: Range::default() },
    }];
    batch.summaries = vec![Summary { count: 8, sum: 80.0, quantiles: Range::since(0, 2) }];
}

/// A store that holds batches.
pub(crate) fn store(batches: &[Batch]) -> MemoryStore {
    let store = MemoryStore::new();
    for batch in batches {
        store.keep(batch);
    }
    store
}
