//! Blocks of log records, sorted by time: a core for lists and volumes, and the detail with body and attributes.

use watchglass_model::{LogRecord, LogRef, Logs, Range, SpanId, Timestamp, TraceId};

use super::attributes::{ListReader, ListWriter};
use super::columns::{Corrupt, Writer, join, split};
use super::dictionary::{self, Dictionary, entry};
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

/// Trace ids, each written once; number 0 is "none".
#[derive(Debug, Default)]
struct TraceTable {
    numbers: rapidhash::RapidHashMap<TraceId, u64>,
    ids: Writer,
}

impl TraceTable {
    fn number(&mut self, id: TraceId) -> u64 {
        if id.is_none() {
            return 0;
        }
        let next = self.numbers.len() as u64 + 1;
        *self.numbers.entry(id).or_insert_with(|| {
            self.ids.raw(&id.0);
            next
        })
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
        // The body is a list of one, so that bodies share a dictionary and a column like any attribute.
        self.bodies.varint(self.lists.list(std::iter::once(("", record.body()))));
        self.shapes.varint(self.lists.list(record.attributes().iter()));
        self.event_names.varint(self.texts.number(record.event_name()));
        self.flags.varint(u64::from(record.row.flags));
        self.dropped.varint(u64::from(record.row.dropped_attributes_count));
    }

    fn finish(self) -> Vec<u8> {
        let mut texts = Writer::default();
        self.texts.write(&mut texts);
        join([
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
    let texts = dictionary::load(&mut texts, &mut logs.arena)?;
    let mut ids = vec![TraceId::NONE];
    while !traces.bytes.is_empty() {
        ids.push(TraceId(traces.array()?));
    }
    let mut last_time = 0_u64;
    while !times.bytes.is_empty() {
        last_time = last_time.wrapping_add(times.zigzag()?.cast_unsigned());
        let observed_time = last_time.wrapping_add(observed.zigzag()?.cast_unsigned());
        let trace_id = entry(&ids, trace_numbers.varint()?)?;
        let span_id = match trace_numbers.array()? {
            [0] => SpanId::NONE,
            _ => SpanId(span_ids.array()?),
        };
        logs.rows.push(LogRecord {
            time: Timestamp(last_time),
            observed_time: Timestamp(observed_time),
            severity_number: i32::try_from(severities.zigzag()?).unwrap_or_default(),
            severity_text: entry(&texts, severity_texts.varint()?)?,
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

/// Adds the detail to the core of the same block.
pub(crate) fn decode_detail(logs: &mut Logs, bytes: &[u8]) -> Result<(), Corrupt> {
    let [lists, mut texts, mut bodies, mut shapes, mut event_names, mut flags, mut dropped] =
        split::<7>(bytes)?;
    let mut lists = ListReader::open(lists, &mut logs.arena)?;
    let texts = dictionary::load(&mut texts, &mut logs.arena)?;
    for row in &mut logs.rows {
        let body = lists.list(bodies.varint()?, &mut logs.arena)?;
        // The list of one has served; its place among the attributes is given back where it lies last.
        row.body = body.of(&logs.arena.attributes).first().map(|one| one.value).unwrap_or_default();
        logs.arena.attributes.truncate(body.start as usize);
        row.attributes = lists.list(shapes.varint()?, &mut logs.arena)?;
        row.event_name = entry(&texts, event_names.varint()?)?;
        row.flags = flags.index()?;
        row.dropped_attributes_count = dropped.index()?;
    }
    Ok(())
}
