//! Blocks of log records, sorted by time: a core for lists and volumes, and the detail with body and attributes.

use std::collections::VecDeque;

use watchglass_model::{LogRecord, LogRef, Logs, Range, SpanId, Timestamp, TraceId};

use super::attributes::{ListReader, ListWriter};
use super::columns::{Corrupt, Writer, join, split};
use super::dictionary::{Dictionary, Texts};
use super::sources::{SourceTable, read_resources, read_scopes, write_resource, write_scope};
use super::spans::Parts;

/// A record to be written, with the number of the batch that it comes from.
pub(crate) type Row<'a> = (u32, LogRef<'a>);

/// Writes rows in their order.
pub(crate) fn encode(rows: &[Row<'_>]) -> Parts {
    let mut core = CoreWriter::default();
    let mut detail = DetailWriter::default();
    for (batch, record) in rows {
        core.record(*batch, *record);
        detail.record(*record);
    }
    Parts { core: core.finish(), detail: detail.finish() }
}

#[derive(Debug, Default)]
struct CoreWriter<'a> {
    resources: SourceTable,
    scopes: SourceTable,
    texts: Dictionary<'a>,
    traces: TraceTable,
    times: Writer,
    observed: Writer,
    severities: Writer,
    severity_texts: Writer,
    trace_numbers: Writer,
    span_ids: Writer,
    senders: Writer,
    scope_numbers: Writer,
    counts: Writer,
    last_time: u64,
}

const NO_TRACE: u64 = 0;
const NEW_TRACE: u64 = 1;
const FIRST_OLD: u64 = 2;
/// Records of one trace come close together: so many traces back one is looked for.
const LOOK_BACK: usize = 16;

/// Trace ids, each written when it is new or was not seen for long.
#[derive(Debug, Default)]
struct TraceTable {
    recent: VecDeque<TraceId>,
    ids: Writer,
}

impl TraceTable {
    /// 0 for none, 1 for a new id, n for the id that stands n - 2 new ids back.
    fn number(&mut self, id: TraceId) -> u64 {
        if id.is_none() {
            return NO_TRACE;
        }
        if let Some(back) = self.recent.iter().position(|recent| *recent == id) {
            return FIRST_OLD + back as u64;
        }
        self.ids.raw(&id.0);
        self.recent.truncate(LOOK_BACK - 1);
        self.recent.push_front(id);
        NEW_TRACE
    }
}

impl<'a> CoreWriter<'a> {
    fn record(&mut self, batch: u32, record: LogRef<'a>) {
        let row = record.row;
        self.times.zigzag(row.time.0.wrapping_sub(self.last_time).cast_signed());
        self.last_time = row.time.0;
        self.observed.zigzag(row.observed_time.0.wrapping_sub(row.time.0).cast_signed());
        self.severities.zigzag(i64::from(row.severity_number));
        self.severity_texts.varint(self.texts.number(record.severity_text()));
        self.trace_numbers.varint(self.traces.number(row.trace_id));
        // A record of a trace has a span more often than not; others never do, so they pay one bit, not eight bytes.
        self.trace_numbers.raw(&[u8::from(!row.span_id.is_none())]);
        if !row.span_id.is_none() {
            self.span_ids.raw(&row.span_id.0);
        }
        self.senders.varint(self.resources.number(batch, row.resource, |out| {
            write_resource(out, record.resource());
        }));
        self.scope_numbers.varint(self.scopes.number(batch, row.scope, |out| {
            write_scope(out, record.scope());
        }));
        self.counts.varint(u64::from(row.attributes.length));
    }

    fn finish(self) -> Vec<u8> {
        let mut texts = Writer::default();
        self.texts.write(&mut texts);
        join([
            self.resources.finish(),
            self.scopes.finish(),
            texts,
            self.traces.ids,
            self.times,
            self.observed,
            self.severities,
            self.severity_texts,
            self.trace_numbers,
            self.span_ids,
            self.senders,
            self.scope_numbers,
            self.counts,
        ])
    }
}

#[derive(Debug, Default)]
struct DetailWriter<'a> {
    /// A body is a list of one, so that bodies become columns like any attribute.
    body_lists: ListWriter<'a>,
    lists: ListWriter<'a>,
    texts: Dictionary<'a>,
    bodies: Writer,
    shapes: Writer,
    event_names: Writer,
    flags: Writer,
    dropped: Writer,
}

impl<'a> DetailWriter<'a> {
    fn record(&mut self, record: LogRef<'a>) {
        self.bodies.varint(self.body_lists.list(std::iter::once(("", record.body()))));
        self.shapes.varint(self.lists.list(record.attributes().iter()));
        self.event_names.varint(self.texts.number(record.event_name()));
        self.flags.varint(u64::from(record.row.flags));
        self.dropped.varint(u64::from(record.row.dropped_attributes_count));
    }

    fn finish(self) -> Vec<u8> {
        let mut texts = Writer::default();
        self.texts.write(&mut texts);
        join([
            self.body_lists.finish(),
            self.lists.finish(),
            texts,
            self.bodies,
            self.shapes,
            self.event_names,
            self.flags,
            self.dropped,
        ])
    }
}

/// Reads the core of a block: no body, no attributes, no event name.
pub(crate) fn decode_core(bytes: &[u8]) -> Result<Logs, Corrupt> {
    let [mut resources, mut scopes, mut texts, mut traces, mut times, mut observed, rest @ ..] =
        split::<13>(bytes)?;
    let [mut severities, mut severity_texts, mut trace_numbers, mut span_ids, rest @ ..] = rest;
    let [mut senders, mut scope_numbers, mut counts] = rest;
    let mut logs = Logs::default();
    read_resources(&mut resources, &mut logs.arena)?;
    read_scopes(&mut scopes, &mut logs.arena)?;
    let mut texts = Texts::load(&mut texts, &mut logs.arena)?;
    let mut ids = Vec::new();
    let mut last_time = 0_u64;
    while !times.bytes.is_empty() {
        last_time = last_time.wrapping_add(times.zigzag()?.cast_unsigned());
        let observed_time = last_time.wrapping_add(observed.zigzag()?.cast_unsigned());
        let trace_id = match trace_numbers.varint()? {
            NO_TRACE => TraceId::NONE,
            NEW_TRACE => {
                ids.push(TraceId(traces.array()?));
                ids.last().copied().unwrap_or_default()
            }
            old => old_trace(&ids, old - FIRST_OLD)?,
        };
        let span_id = match trace_numbers.array()? {
            [0] => SpanId::NONE,
            _ => SpanId(span_ids.array()?),
        };
        logs.rows.push(LogRecord {
            time: Timestamp(last_time),
            observed_time: Timestamp(observed_time),
            severity_number: i32::try_from(severities.zigzag()?).unwrap_or_default(),
            severity_text: texts.entry(severity_texts.varint()?)?,
            trace_id,
            span_id,
            resource: senders.index()?,
            scope: scope_numbers.index()?,
            attributes: Range { start: u32::MAX, length: counts.index()? },
            ..LogRecord::default()
        });
    }
    Ok(logs)
}

fn old_trace(ids: &[TraceId], back: u64) -> Result<TraceId, Corrupt> {
    let back = usize::try_from(back).unwrap_or(usize::MAX);
    let place = ids.len().checked_sub(1).and_then(|last| last.checked_sub(back));
    let id = place.and_then(|place| ids.get(place)).copied();
    id.ok_or(Corrupt("a trace that was not written"))
}

/// Adds the detail to the core of the same block.
pub(crate) fn decode_detail(logs: &mut Logs, bytes: &[u8]) -> Result<(), Corrupt> {
    let [body_lists, lists, mut texts, mut bodies, mut shapes, mut event_names, rest @ ..] =
        split::<8>(bytes)?;
    let [mut flags, mut dropped] = rest;
    let mut body_lists = ListReader::open(body_lists, &mut logs.arena)?;
    let mut lists = ListReader::open(lists, &mut logs.arena)?;
    let mut texts = Texts::load(&mut texts, &mut logs.arena)?;
    for row in &mut logs.rows {
        let body = body_lists.list(bodies.varint()?, &mut logs.arena)?;
        // The list of one has served; its place among the attributes is given back where it lies last.
        row.body = body.of(&logs.arena.attributes).first().map(|one| one.value).unwrap_or_default();
        logs.arena.attributes.truncate(body.start as usize);
        row.attributes = lists.list(shapes.varint()?, &mut logs.arena)?;
        row.event_name = texts.entry(event_names.varint()?)?;
        row.flags = flags.index()?;
        row.dropped_attributes_count = dropped.index()?;
    }
    Ok(())
}
