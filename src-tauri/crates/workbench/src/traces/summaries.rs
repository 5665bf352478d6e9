//! A trace in one line: its root, how long it took, which services took part, how many spans failed.

use std::collections::{BTreeMap, HashSet};
use std::ops::ControlFlow;

use watchglass_model::{SpanId, SpanRef, StatusCode, TimeRange, Timestamp, TraceId};
use watchglass_storage::{Detail, Reader, SpanFilter, SpanScan};

use crate::error::Result;

/// A trace in one line.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TraceSummary {
    /// Which trace.
    pub trace_id: TraceId,
    /// When its first span starts.
    pub start: Timestamp,
    /// Nanoseconds from its first start to its last end.
    pub duration: u64,
    /// The service of the root; of the earliest span where the root is missing.
    pub root_service: String,
    /// The operation of the same span.
    pub root_operation: String,
    /// Whether every span names a parent.
    pub root_missing: bool,
    /// How many spans, resent ones counted once.
    pub spans: u64,
    /// How many of them failed.
    pub errors: u64,
    /// Who took part, by name.
    pub services: Vec<ServiceShare>,
    /// How many spans meet the conditions of the search.
    pub matched_spans: u64,
}

/// A service's part in a trace.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ServiceShare {
    /// The service.
    pub name: String,
    /// How many spans are its.
    pub spans: u64,
    /// How many of them failed.
    pub errors: u64,
}

#[derive(Debug, Default)]
struct Sketch {
    start: Option<Timestamp>,
    end: Timestamp,
    /// Whether it names a parent, when it starts, its service and operation: the least is the root.
    root: Option<(bool, Timestamp, String, String)>,
    services: Vec<ServiceShare>,
    seen: HashSet<SpanId>,
}

/// Summarises traces from their spans that start within `range`.
pub(super) fn summarise(
    reader: &dyn Reader,
    mut traces: Vec<TraceId>,
    range: TimeRange,
) -> Result<Vec<TraceSummary>> {
    traces.sort_unstable();
    let mut sketches: BTreeMap<TraceId, Sketch> =
        traces.iter().map(|trace| (*trace, Sketch::default())).collect();
    let scan = SpanScan {
        range,
        filter: SpanFilter { traces: Some(traces), ..SpanFilter::default() },
        detail: Detail::Core,
    };
    reader.scan_spans(&scan, &mut |batch, rows| {
        for span in rows.iter().filter_map(|row| batch.get(*row as usize)) {
            if let Some(sketch) = sketches.get_mut(&span.row.trace_id) {
                sketch.add(span);
            }
        }
        ControlFlow::Continue(())
    })?;
    let summaries = sketches.into_iter();
    Ok(summaries
        .map(|(trace_id, sketch)| sketch.summary(trace_id))
        .filter(|summary| summary.spans > 0)
        .collect())
}

impl Sketch {
    fn add(&mut self, span: SpanRef<'_>) {
        let row = span.row;
        if !row.span_id.is_none() && !self.seen.insert(row.span_id) {
            return;
        }
        let start = row.start.or(row.end);
        self.start = Some(self.start.map_or(start, |known| known.min(start)));
        self.end = self.end.max(row.end).max(start);
        let errors = u64::from(row.status == StatusCode::Error);
        let name = span.service();
        match self.services.iter_mut().find(|share| share.name == name) {
            Some(share) => {
                share.spans += 1;
                share.errors += errors;
            }
            None => self.services.push(ServiceShare { name: name.to_owned(), spans: 1, errors }),
        }
        let place = (!row.parent_span_id.is_none(), start);
        let is_root =
            self.root.as_ref().is_none_or(|(has_parent, start, ..)| place < (*has_parent, *start));
        if is_root {
            self.root = Some((place.0, place.1, name.to_owned(), span.name().to_owned()));
        }
    }

    fn summary(mut self, trace_id: TraceId) -> TraceSummary {
        let (root_missing, _, root_service, root_operation) = self.root.unwrap_or_default();
        let start = self.start.unwrap_or_default();
        self.services.sort_by(|one, other| one.name.cmp(&other.name));
        TraceSummary {
            trace_id,
            start,
            duration: self.end.since(start),
            root_service,
            root_operation,
            root_missing,
            spans: self.services.iter().map(|share| share.spans).sum(),
            errors: self.services.iter().map(|share| share.errors).sum(),
            services: self.services,
            matched_spans: 0,
        }
    }
}
