//! The drawing order of a trace: depth first, in columns, so that 100,000 spans are a few arrays.

use std::collections::HashMap;

use watchglass_model::{SpanId, Timestamp};

use super::critical::critical_path;
use super::tree::{Placed, Tree};
use crate::numbers::small;

/// A trace's spans in depth-first order, children by start: one entry a span in each column.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Columns {
    /// Its id.
    pub span_id: Vec<SpanId>,
    /// The parent's row, or -1.
    pub parent: Vec<i32>,
    /// How many ancestors it has.
    pub depth: Vec<u32>,
    /// How many rows below it descend from it.
    pub descendants: Vec<u32>,
    /// Nanoseconds from the trace's start.
    pub start: Vec<u64>,
    /// Nanoseconds; zero where the end came before the start.
    pub duration: Vec<u64>,
    /// Nanoseconds in which none of its children ran.
    pub self_time: Vec<u64>,
    /// Index into the trace's services.
    pub service: Vec<u32>,
    /// Index into the trace's operations.
    pub operation: Vec<u32>,
    /// OTLP's number of its kind.
    pub kind: Vec<u8>,
    /// OTLP's number of its status.
    pub status: Vec<u8>,
    /// How many events it has.
    pub events: Vec<u32>,
    /// How many links it has.
    pub links: Vec<u32>,
    /// How many log records carry its id.
    pub logs: Vec<u32>,
    /// Whether it names a parent and is drawn as a root.
    pub orphan: Vec<bool>,
    /// Whether the trace's end had to wait for it.
    pub critical: Vec<bool>,
}

/// When the first span starts, where any tells it.
pub(super) fn first_start(spans: &[Placed]) -> Timestamp {
    let given = spans.iter().map(|span| span.start.or(span.end));
    given.filter(|start| *start != Timestamp::ZERO).min().unwrap_or_default()
}

/// Lays a tree out; `logs` counts the log records of each span.
pub(super) fn layout(tree: &Tree, logs: &HashMap<SpanId, u32>) -> Columns {
    let began = first_start(&tree.spans);
    let critical = critical_path(tree);
    let mut columns = Columns::default();
    let mut row_of = vec![0_u32; tree.spans.len()];
    let mut open: Vec<u32> = tree.roots.iter().rev().copied().collect();
    while let Some(place) = open.pop() {
        let at = place as usize;
        row_of[at] = small(columns.span_id.len());
        let parent = tree.parent[at].map(|parent| row_of[parent as usize]);
        columns.push(tree.spans[at], parent, began);
        columns.self_time.push(self_time(tree, place));
        columns.orphan.push(tree.orphan[at]);
        columns.critical.push(critical[at]);
        let records = logs.get(&tree.spans[at].span_id).copied();
        columns.logs.push(records.unwrap_or_default());
        open.extend(tree.children_of(place).iter().rev());
    }
    columns.count_descendants();
    columns
}

impl Columns {
    fn push(&mut self, span: Placed, parent: Option<u32>, began: Timestamp) {
        let depth = parent.map_or(0, |row| self.depth[row as usize] + 1);
        let row = parent.and_then(|row| i32::try_from(row).ok());
        self.span_id.push(span.span_id);
        self.parent.push(row.unwrap_or(-1));
        self.depth.push(depth);
        self.start.push(span.start.since(began));
        self.duration.push(span.end.since(span.start));
        self.service.push(span.service);
        self.operation.push(span.operation);
        self.kind.push(span.kind);
        self.status.push(span.status);
        self.events.push(span.events);
        self.links.push(span.links);
    }

    /// Rows below add up to the rows they hang from, last row first.
    fn count_descendants(&mut self) {
        self.descendants = vec![0; self.parent.len()];
        for row in (0..self.parent.len()).rev() {
            if let Ok(parent) = usize::try_from(self.parent[row]) {
                self.descendants[parent] += self.descendants[row] + 1;
            }
        }
    }
}

/// A span's own time: its interval without the union of its children's.
fn self_time(tree: &Tree, place: u32) -> u64 {
    let span = tree.spans[place as usize];
    let mut covered_to = span.start;
    let mut own = 0;
    for child in tree.children_of(place) {
        let child = tree.spans[*child as usize];
        let from = child.start.min(span.end);
        own += from.since(covered_to);
        covered_to = covered_to.max(child.end.min(span.end));
    }
    own + span.end.since(covered_to)
}
