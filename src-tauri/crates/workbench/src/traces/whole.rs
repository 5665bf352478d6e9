//! One trace as a whole: its spans gathered and laid out, and the rows in which a text occurs.

use std::collections::{HashMap, HashSet};
use std::ops::ControlFlow;

use watchglass_model::{SpanId, SpanRef, Spans, TimeRange, Timestamp, TraceId, ValueRef};
use watchglass_storage::{Detail, LogFilter, LogScan, Reader, SpanFilter, SpanScan, text_of};

use super::MARGIN;
use super::layout::{Columns, first_start, layout};
use super::tree::{Placed, Tree};
use crate::error::{Error, Result};
use crate::numbers::{contains, small};
use crate::windows::padded;

/// One trace, laid out for drawing.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Trace {
    /// Which trace.
    pub trace_id: TraceId,
    /// When its first span starts.
    pub start: Timestamp,
    /// Nanoseconds from its first start to its last end.
    pub duration: u64,
    /// The service of the first row.
    pub root_service: String,
    /// The operation of the first row.
    pub root_operation: String,
    /// Names of services.
    pub services: Vec<String>,
    /// Names of operations.
    pub operations: Vec<String>,
    /// Names of instrumentations.
    pub scopes: Vec<String>,
    /// The spans.
    pub spans: Columns,
}

/// Lays out the trace, with the log records of each span counted.
pub fn whole_trace(reader: &dyn Reader, trace_id: TraceId) -> Result<Trace> {
    let mut gathered = Gathered::default();
    gathered.read(reader, trace_id, Detail::Core, &mut |_| ())?;
    let start = first_start(&gathered.spans);
    let end = gathered.spans.iter().map(|span| span.end.max(span.start));
    let end = end.max().unwrap_or(start);
    let tree = Tree::of(gathered.spans);
    let logs = log_counts(reader, trace_id, TimeRange { start, end })?;
    let spans = layout(&tree, &logs);
    let root = |column: &[u32], names: &[String]| {
        let name = column.first().and_then(|index| names.get(*index as usize));
        name.cloned().unwrap_or_default()
    };
    Ok(Trace {
        trace_id,
        start,
        duration: end.since(start),
        root_service: root(&spans.service, &gathered.services.names),
        root_operation: root(&spans.operation, &gathered.operations.names),
        services: gathered.services.names,
        operations: gathered.operations.names,
        scopes: gathered.scopes.names,
        spans,
    })
}

/// The rows whose operation, service, ids, attributes, event names or status message hold `text`.
pub fn find_in_trace(reader: &dyn Reader, trace_id: TraceId, text: &str) -> Result<Vec<u32>> {
    let mut gathered = Gathered::default();
    let mut matching = HashSet::new();
    gathered.read(reader, trace_id, Detail::Whole, &mut |span| {
        if holds(span, text) {
            matching.insert(span.row.span_id);
        }
    })?;
    let columns = layout(&Tree::of(gathered.spans), &HashMap::new());
    let rows = columns.span_id.iter().enumerate();
    Ok(rows.filter(|(_, span)| matching.contains(span)).map(|(row, _)| small(row)).collect())
}

/// A scan for the spans of one trace.
pub(super) fn scan_of(trace_id: TraceId, detail: Detail) -> SpanScan {
    SpanScan {
        range: TimeRange::ALL,
        filter: SpanFilter { traces: Some(vec![trace_id]), ..SpanFilter::default() },
        detail,
    }
}

#[derive(Debug, Default)]
struct Gathered {
    spans: Vec<Placed>,
    services: Dictionary,
    operations: Dictionary,
    scopes: Dictionary,
}

impl Gathered {
    fn read(
        &mut self,
        reader: &dyn Reader,
        trace_id: TraceId,
        detail: Detail,
        look_at: &mut dyn FnMut(SpanRef<'_>),
    ) -> Result<()> {
        reader.scan_spans(&scan_of(trace_id, detail), &mut |batch, rows| {
            self.add(batch, rows, look_at);
            ControlFlow::Continue(())
        })?;
        if self.spans.is_empty() {
            return Err(Error::Unknown { kind: "trace", name: trace_id.to_string() });
        }
        Ok(())
    }

    fn add(&mut self, batch: &Spans, rows: &[u32], look_at: &mut dyn FnMut(SpanRef<'_>)) {
        let mut services = HashMap::new();
        let mut scopes = HashSet::new();
        for span in rows.iter().filter_map(|row| batch.get(*row as usize)) {
            let row = span.row;
            let service = *services
                .entry(row.resource)
                .or_insert_with(|| self.services.index_of(span.service()));
            if scopes.insert(row.scope) {
                self.scopes.index_of(span.scope().name());
            }
            self.spans.push(Placed {
                span_id: row.span_id,
                parent: row.parent_span_id,
                start: row.start,
                end: row.end,
                service,
                operation: self.operations.index_of(span.name()),
                kind: row.kind as u8,
                status: row.status as u8,
                events: row.events.length,
                links: row.links.length,
            });
            look_at(span);
        }
    }
}

#[derive(Debug, Default)]
struct Dictionary {
    names: Vec<String>,
    places: HashMap<String, u32>,
}

impl Dictionary {
    fn index_of(&mut self, name: &str) -> u32 {
        if let Some(place) = self.places.get(name) {
            return *place;
        }
        let place = small(self.names.len());
        self.names.push(name.to_owned());
        self.places.insert(name.to_owned(), place);
        place
    }
}

fn log_counts(
    reader: &dyn Reader,
    trace_id: TraceId,
    range: TimeRange,
) -> Result<HashMap<SpanId, u32>> {
    let scan = LogScan {
        range: padded(range, MARGIN),
        filter: LogFilter { trace: Some(trace_id), ..LogFilter::default() },
        detail: Detail::Core,
    };
    let mut counts = HashMap::new();
    reader.scan_logs(&scan, &mut |batch, rows| {
        for record in rows.iter().filter_map(|row| batch.get(*row as usize)) {
            if !record.row.span_id.is_none() {
                *counts.entry(record.row.span_id).or_default() += 1;
            }
        }
        ControlFlow::Continue(())
    })?;
    Ok(counts)
}

fn holds(span: SpanRef<'_>, text: &str) -> bool {
    let holds_entry =
        |(key, value): (&str, ValueRef<'_>)| contains(key, text) || contains(&text_of(value), text);
    contains(span.name(), text)
        || contains(span.service(), text)
        || contains(&span.row.span_id.to_string(), text)
        || contains(&span.row.trace_id.to_string(), text)
        || contains(span.status_message(), text)
        || span.attributes().iter().any(holds_entry)
        || span
            .events()
            .any(|event| contains(event.name(), text) || event.attributes().iter().any(holds_entry))
}
