//! Blocks of spans. A block has two parts: the core, which lists and statistics need, and the detail (attributes,
//! events, links). Rows are sorted by trace and start, so a parent is a small number and ids stand once a trace.

use watchglass_model::{
    Event, Link, Range, Span, SpanId, SpanKind, SpanRef, Spans, StatusCode, Timestamp, TraceId,
};

use super::attributes::{ListReader, ListWriter};
use super::columns::{Corrupt, Writer, join, split};
use super::dictionary::{Dictionary, Texts};
use super::sources::{SourceTable, read_resources, read_scopes, write_resource, write_scope};

/// A span to be written, with the number of the batch that it comes from.
pub(crate) type Row<'a> = (u32, SpanRef<'a>);

/// The two parts of a block.
#[derive(Debug)]
pub(crate) struct Parts {
    pub(crate) core: Vec<u8>,
    pub(crate) detail: Vec<u8>,
}

const NO_PARENT: u64 = 0;
const FOREIGN_PARENT: u64 = 1;
const FIRST_LOCAL: u64 = 2;
/// A range whose elements were left out keeps its length and starts here.
const LEFT_OUT: u32 = u32::MAX;

/// Writes rows that are sorted by trace id.
pub(crate) fn encode(rows: &[Row<'_>]) -> Parts {
    let mut core = CoreWriter::default();
    let mut detail = DetailWriter::default();
    for run in rows.chunk_by(|(_, one), (_, other)| one.row.trace_id == other.row.trace_id) {
        core.trace(run);
        for (position, (batch, span)) in run.iter().enumerate() {
            core.span(run, position, *batch, *span);
            detail.span(*span);
        }
    }
    Parts { core: core.finish(), detail: detail.finish() }
}

#[derive(Debug, Default)]
struct CoreWriter<'a> {
    resources: SourceTable,
    scopes: SourceTable,
    texts: Dictionary<'a>,
    names: Writer,
    traces: Writer,
    runs: Writer,
    span_ids: Writer,
    parents: Writer,
    foreign_parents: Writer,
    starts: Writer,
    lengths: Writer,
    senders: Writer,
    scope_numbers: Writer,
    states: Writer,
    messages: Writer,
    counts: Writer,
    last_start: u64,
}

impl<'a> CoreWriter<'a> {
    fn trace(&mut self, run: &[Row<'a>]) {
        self.runs.count(run.len());
        if let Some((_, first)) = run.first() {
            self.traces.raw(&first.row.trace_id.0);
        }
    }

    fn span(&mut self, run: &[Row<'a>], position: usize, batch: u32, span: SpanRef<'a>) {
        let row = span.row;
        self.span_ids.raw(&row.span_id.0);
        self.parent(run, position, row.parent_span_id);
        self.starts.zigzag(row.start.0.wrapping_sub(self.last_start).cast_signed());
        self.last_start = row.start.0;
        self.lengths.zigzag(row.end.0.wrapping_sub(row.start.0).cast_signed());
        self.names.varint(self.texts.number(span.name()));
        self.senders.varint(self.resources.number(batch, row.resource, |out| {
            write_resource(out, span.resource());
        }));
        self.scope_numbers.varint(self.scopes.number(batch, row.scope, |out| {
            write_scope(out, span.scope());
        }));
        self.states.raw(&[row.kind as u8 | (row.status as u8) << 4]);
        self.messages.varint(self.texts.number(span.status_message()));
        for count in [row.attributes.length, row.events.length, row.links.length] {
            self.counts.varint(u64::from(count));
        }
    }

    /// A parent in the same block is named by its place in the trace.
    fn parent(&mut self, run: &[Row<'a>], position: usize, parent: SpanId) {
        if parent.is_none() {
            return self.parents.varint(NO_PARENT);
        }
        // Parents start before their children, mostly just before: looked for backwards, and not far.
        let nearby = position.saturating_sub(64);
        let found = run[nearby..position].iter().rposition(|(_, one)| one.row.span_id == parent);
        if let Some(found) = found {
            self.parents.varint(FIRST_LOCAL + (position - nearby - 1 - found) as u64);
        } else {
            self.parents.varint(FOREIGN_PARENT);
            self.foreign_parents.raw(&parent.0);
        }
    }

    fn finish(self) -> Vec<u8> {
        let mut texts = Writer::default();
        self.texts.write(&mut texts);
        join([
            self.resources.finish(),
            self.scopes.finish(),
            texts,
            self.names,
            self.traces,
            self.runs,
            self.span_ids,
            self.parents,
            self.foreign_parents,
            self.starts,
            self.lengths,
            self.senders,
            self.scope_numbers,
            self.states,
            self.messages,
            self.counts,
        ])
    }
}

#[derive(Debug, Default)]
struct DetailWriter<'a> {
    lists: ListWriter<'a>,
    texts: Dictionary<'a>,
    shapes: Writer,
    flags: Writer,
    trace_states: Writer,
    dropped: Writer,
    event_times: Writer,
    event_names: Writer,
    event_shapes: Writer,
    link_ids: Writer,
    link_states: Writer,
    link_shapes: Writer,
}

impl<'a> DetailWriter<'a> {
    fn span(&mut self, span: SpanRef<'a>) {
        let row = span.row;
        self.shapes.varint(self.lists.list(span.attributes().iter()));
        self.flags.varint(u64::from(row.flags));
        self.trace_states.varint(self.texts.number(span.trace_state()));
        self.dropped.varint(u64::from(row.dropped_attributes_count));
        self.dropped.varint(u64::from(row.dropped_events_count));
        self.dropped.varint(u64::from(row.dropped_links_count));
        for event in span.events() {
            let after_start = event.row.time.0.wrapping_sub(row.start.0).cast_signed();
            self.event_times.zigzag(after_start);
            self.event_names.varint(self.texts.number(event.name()));
            self.event_shapes.varint(self.lists.list(event.attributes().iter()));
            self.event_shapes.varint(u64::from(event.row.dropped_attributes_count));
        }
        for link in span.links() {
            self.link_ids.raw(&link.row.trace_id.0);
            self.link_ids.raw(&link.row.span_id.0);
            self.link_states.varint(self.texts.number(link.trace_state()));
            self.link_states.varint(u64::from(link.row.flags));
            self.link_shapes.varint(self.lists.list(link.attributes().iter()));
            self.link_shapes.varint(u64::from(link.row.dropped_attributes_count));
        }
    }

    fn finish(self) -> Vec<u8> {
        let mut texts = Writer::default();
        self.texts.write(&mut texts);
        join([
            self.lists.finish(),
            texts,
            self.shapes,
            self.flags,
            self.trace_states,
            self.dropped,
            self.event_times,
            self.event_names,
            self.event_shapes,
            self.link_ids,
            self.link_states,
            self.link_shapes,
        ])
    }
}

/// Reads the core of a block. Ranges of attributes, events and links know their length and hold nothing.
pub(crate) fn decode_core(bytes: &[u8]) -> Result<Spans, Corrupt> {
    let [mut resources, mut scopes, mut texts, mut names, mut traces, mut runs, rest @ ..] =
        split::<16>(bytes)?;
    let [mut span_ids, mut parents, mut foreign, mut starts, mut lengths, rest @ ..] = rest;
    let [mut senders, mut scope_numbers, mut states, mut messages, mut counts] = rest;
    let mut spans = Spans::default();
    read_resources(&mut resources, &mut spans.arena)?;
    read_scopes(&mut scopes, &mut spans.arena)?;
    let mut texts = Texts::load(&mut texts, &mut spans.arena)?;
    let mut last_start = 0_u64;
    spans.rows.reserve(span_ids.bytes.len() / 8);
    while !runs.bytes.is_empty() {
        let trace_id = TraceId(traces.array()?);
        for _ in 0..runs.varint()? {
            let span_id = SpanId(span_ids.array()?);
            let parent_span_id = match parents.varint()? {
                NO_PARENT => SpanId::NONE,
                FOREIGN_PARENT => SpanId(foreign.array()?),
                local => local_parent(&spans.rows, local - FIRST_LOCAL)?,
            };
            last_start = last_start.wrapping_add(starts.zigzag()?.cast_unsigned());
            let end = last_start.wrapping_add(lengths.zigzag()?.cast_unsigned());
            let [state] = states.array()?;
            spans.rows.push(Span {
                trace_id,
                span_id,
                parent_span_id,
                name: texts.entry(names.varint()?)?,
                kind: SpanKind::from_number(i32::from(state & 0x0f)),
                start: Timestamp(last_start),
                end: Timestamp(end),
                status: StatusCode::from_number(i32::from(state >> 4)),
                status_message: texts.entry(messages.varint()?)?,
                resource: senders.index()?,
                scope: scope_numbers.index()?,
                attributes: Range { start: LEFT_OUT, length: counts.index()? },
                events: Range { start: LEFT_OUT, length: counts.index()? },
                links: Range { start: LEFT_OUT, length: counts.index()? },
                ..Span::default()
            });
        }
    }
    Ok(spans)
}

fn local_parent(rows: &[Span], back: u64) -> Result<SpanId, Corrupt> {
    let back = usize::try_from(back).unwrap_or(usize::MAX);
    let place = rows.len().checked_sub(1).and_then(|last| last.checked_sub(back));
    let parent = place.and_then(|place| rows.get(place));
    parent.map(|row| row.span_id).ok_or(Corrupt("a parent outside its block"))
}

/// Adds the detail to the core of the same block.
pub(crate) fn decode_detail(spans: &mut Spans, bytes: &[u8]) -> Result<(), Corrupt> {
    let [lists, mut texts, mut shapes, mut flags, mut trace_states, mut dropped, rest @ ..] =
        split::<12>(bytes)?;
    let [event_times, event_names, event_shapes, link_ids, link_states, link_shapes] = rest;
    let mut lists = ListReader::open(lists, &mut spans.arena)?;
    let mut texts = Texts::load(&mut texts, &mut spans.arena)?;
    let mut events = [event_times, event_names, event_shapes];
    let mut links = [link_ids, link_states, link_shapes];
    for row in &mut spans.rows {
        row.attributes = lists.list(shapes.varint()?, &mut spans.arena)?;
        row.flags = flags.index()?;
        row.trace_state = texts.entry(trace_states.varint()?)?;
        row.dropped_attributes_count = dropped.index()?;
        row.dropped_events_count = dropped.index()?;
        row.dropped_links_count = dropped.index()?;
        let first_event = spans.events.len();
        for _ in 0..row.events.length {
            let [times, names, shapes] = &mut events;
            spans.events.push(Event {
                time: Timestamp(row.start.0.wrapping_add(times.zigzag()?.cast_unsigned())),
                name: texts.entry(names.varint()?)?,
                attributes: lists.list(shapes.varint()?, &mut spans.arena)?,
                dropped_attributes_count: shapes.index()?,
            });
        }
        row.events = Range::since(first_event, spans.events.len());
        let first_link = spans.links.len();
        for _ in 0..row.links.length {
            let [ids, states, shapes] = &mut links;
            spans.links.push(Link {
                trace_id: TraceId(ids.array()?),
                span_id: SpanId(ids.array()?),
                trace_state: texts.entry(states.varint()?)?,
                flags: states.index()?,
                attributes: lists.list(shapes.varint()?, &mut spans.arena)?,
                dropped_attributes_count: shapes.index()?,
            });
        }
        row.links = Range::since(first_link, spans.links.len());
    }
    Ok(())
}
