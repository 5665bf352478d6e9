//! Blocks of log records, sorted by time: a core for lists and volumes, and the detail with attributes. Their lines lie
//! beside both (`lines`).

use std::collections::VecDeque;

use watchglass_model::{
    LogRecord, LogRef, Logs, Range, SpanId, Timestamp, TraceId, Value, ValueRef,
};

use super::attributes::{ListReader, ListWriter};
use super::columns::{Corrupt, Reader, Writer, join, split, unzigzag, zigzag};
use super::dictionary::{Dictionary, Texts};
use super::numbers;
use super::sections::{self, Packer, Unpacker};
use super::sources::{SourceTable, read_resources, read_scopes, write_resource, write_scope};
use super::spans::Parts;

/// A record to be written, with the number of the batch that it comes from.
pub(crate) type Row<'a> = (u32, LogRef<'a>);

/// Writes rows in their order. The core is packed already, the detail is not.
pub(crate) fn encode(rows: &[Row<'_>]) -> std::io::Result<Parts> {
    let mut core = CoreWriter::default();
    let mut detail = DetailWriter::default();
    for (batch, record) in rows {
        core.record(*batch, *record);
        detail.record(*record);
    }
    Ok(Parts { core: core.finish()?, detail: detail.finish() })
}

#[derive(Debug, Default)]
struct CoreWriter<'a> {
    resources: SourceTable,
    scopes: SourceTable,
    texts: Dictionary<'a>,
    traces: IdTable<16>,
    spans: IdTable<8>,
    times: Vec<u64>,
    observed: Vec<u64>,
    severities: Vec<u64>,
    severity_texts: Vec<u64>,
    trace_numbers: Vec<u64>,
    span_numbers: Vec<u64>,
    senders: Vec<u64>,
    scope_numbers: Vec<u64>,
    counts: Vec<u64>,
}

const NO_ID: u64 = 0;
const NEW_ID: u64 = 1;
const FIRST_OLD: u64 = 2;
/// Records of one trace come close together: so many ids back one is looked for.
const LOOK_BACK: usize = 16;
/// What times are multiples of: seconds, milliseconds, microseconds.
const UNITS: [u64; 3] = [1_000_000_000, 1_000_000, 1_000];
/// Times of collection are told as differences to the time,
const DIFFERENCES: u8 = 0;
/// or, where a collector gave many records the same, as places in a list.
const LISTED: u8 = 1;

/// Ids of traces or spans, each written when it is new or was not seen for long.
#[derive(Debug, Default)]
struct IdTable<const N: usize> {
    recent: VecDeque<[u8; N]>,
    ids: Writer,
}

impl<const N: usize> IdTable<N> {
    /// 0 for none, 1 for a new id, n for the id that stands n - 2 new ids back.
    fn number(&mut self, id: [u8; N]) -> u64 {
        if id == [0; N] {
            return NO_ID;
        }
        if let Some(back) = self.recent.iter().position(|recent| *recent == id) {
            return FIRST_OLD + back as u64;
        }
        self.ids.raw(&id);
        self.recent.truncate(LOOK_BACK - 1);
        self.recent.push_front(id);
        NEW_ID
    }
}

/// The ids that [`IdTable`] wrote, as its numbers ask for them.
struct Ids<'a, const N: usize> {
    all: &'a [[u8; N]],
    seen: usize,
}

impl<'a, const N: usize> Ids<'a, N> {
    fn new(bytes: &'a [u8]) -> Self {
        Self { all: bytes.as_chunks::<N>().0, seen: 0 }
    }

    fn id(&mut self, number: u64) -> Result<[u8; N], Corrupt> {
        if number == NO_ID {
            return Ok([0; N]);
        }
        self.seen += usize::from(number == NEW_ID);
        let back = usize::try_from(number.saturating_sub(FIRST_OLD)).unwrap_or(usize::MAX);
        let place = self.seen.checked_sub(1).and_then(|last| last.checked_sub(back));
        let id = place.and_then(|place| self.all.get(place));
        id.copied().ok_or(Corrupt("an id that was not written"))
    }
}

impl<'a> CoreWriter<'a> {
    fn record(&mut self, batch: u32, record: LogRef<'a>) {
        let row = record.row;
        self.times.push(row.time.0);
        self.observed.push(row.observed_time.0);
        self.severities.push(zigzag(i64::from(row.severity_number)));
        self.severity_texts.push(self.texts.number(record.severity_text()));
        self.trace_numbers.push(self.traces.number(row.trace_id.0));
        self.span_numbers.push(self.spans.number(row.span_id.0));
        self.senders.push(self.resources.number(batch, row.resource, |out| {
            write_resource(out, record.resource());
        }));
        self.scope_numbers.push(self.scopes.number(batch, row.scope, |out| {
            write_scope(out, record.scope());
        }));
        self.counts.push(u64::from(row.attributes.length));
    }

    fn finish(self) -> std::io::Result<Vec<u8>> {
        let mut out = Packer::new()?;
        out.directory.count(self.times.len());
        out.directory.blob(&self.resources.finish().bytes);
        out.directory.blob(&self.scopes.finish().bytes);
        let mut texts = Writer::default();
        self.texts.write(&mut texts);
        out.directory.blob(&texts.bytes);
        write_times(&self.times, &mut out)?;
        write_observed(&self.observed, &self.times, &mut out)?;
        let columns = [
            &self.severities,
            &self.severity_texts,
            &self.trace_numbers,
            &self.span_numbers,
            &self.senders,
            &self.scope_numbers,
            &self.counts,
        ];
        columns.into_iter().try_for_each(|column| numbers::write(column, &mut out))?;
        out.section(&self.traces.ids.bytes)?;
        out.section(&self.spans.ids.bytes)?;
        out.finish()
    }
}

fn write_times(times: &[u64], out: &mut Packer) -> std::io::Result<()> {
    let unit = UNITS.into_iter().find(|unit| times.iter().all(|time| time % unit == 0));
    let unit = unit.unwrap_or(1);
    out.directory.varint(unit);
    numbers::write(&times.iter().map(|time| time / unit).collect::<Vec<_>>(), out)
}

fn write_observed(observed: &[u64], times: &[u64], out: &mut Packer) -> std::io::Result<()> {
    let mut different = observed.to_vec();
    different.sort_unstable();
    different.dedup();
    if different.len() > observed.len() / 8 {
        out.directory.raw(&[DIFFERENCES]);
        let pairs = observed.iter().zip(times);
        let steps =
            pairs.map(|(observed, time)| zigzag(observed.wrapping_sub(*time).cast_signed()));
        return numbers::write(&steps.collect::<Vec<_>>(), out);
    }
    out.directory.raw(&[LISTED]);
    out.directory.count(different.len());
    write_times(&different, out)?;
    let place = |time: &u64| different.partition_point(|one| one < time) as u64;
    numbers::write(&observed.iter().map(place).collect::<Vec<_>>(), out)
}

#[derive(Debug, Default)]
struct DetailWriter<'a> {
    /// A body that is no text is a list of one, so that bodies become columns like any attribute.
    body_lists: ListWriter<'a>,
    lists: ListWriter<'a>,
    texts: Dictionary<'a>,
    bodies: Writer,
    shapes: Writer,
    event_names: Writer,
    flags: Writer,
    dropped: Writer,
}

/// A body that is the line.
const TEXT_BODY: u64 = 0;

impl<'a> DetailWriter<'a> {
    fn record(&mut self, record: LogRef<'a>) {
        self.bodies.varint(match record.body() {
            ValueRef::Text(_) => TEXT_BODY,
            body => self.body_lists.list(std::iter::once(("", body))) + 1,
        });
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
    let (directory, payload) = sections::directory(bytes)?;
    let mut from = Unpacker { directory: Reader { bytes: &directory }, payload, next: 0 };
    let count = usize::try_from(from.directory.varint()?).unwrap_or(usize::MAX);
    if count > crate::lines::MOST_ROWS {
        return Err(Corrupt("a block of too many rows"));
    }
    let mut logs = Logs::default();
    read_resources(&mut Reader { bytes: from.directory.blob()? }, &mut logs.arena)?;
    read_scopes(&mut Reader { bytes: from.directory.blob()? }, &mut logs.arena)?;
    let mut texts = Reader { bytes: from.directory.blob()? };
    let mut texts = Texts::load(&mut texts, &mut logs.arena)?;
    let times = read_times(&mut from, payload, count)?;
    let observed = read_observed(&mut from, payload, &times)?;
    let mut column = || numbers::read(&mut from)?.decode(payload, count);
    let (severities, severity_texts) = (column()?, column()?);
    let (trace_numbers, span_numbers) = (column()?, column()?);
    let (senders, scope_numbers, counts) = (column()?, column()?, column()?);
    let traces = from.section()?.read(payload)?;
    let spans = from.section()?.read(payload)?;
    let (mut traces, mut spans) = (Ids::new(&traces), Ids::new(&spans));
    logs.rows.reserve(count);
    for (row, time) in times.into_iter().enumerate() {
        let at = |column: &[u64]| column.get(row).copied().unwrap_or_default();
        logs.rows.push(LogRecord {
            time: Timestamp(time),
            observed_time: Timestamp(at(&observed)),
            severity_number: i32::try_from(unzigzag(at(&severities))).unwrap_or_default(),
            severity_text: texts.entry(at(&severity_texts))?,
            trace_id: TraceId(traces.id(at(&trace_numbers))?),
            span_id: SpanId(spans.id(at(&span_numbers))?),
            resource: index(at(&senders))?,
            scope: index(at(&scope_numbers))?,
            attributes: Range { start: u32::MAX, length: index(at(&counts))? },
            ..LogRecord::default()
        });
    }
    Ok(logs)
}

fn index(number: u64) -> Result<u32, Corrupt> {
    u32::try_from(number).map_err(|_| Corrupt("an index beyond 32 bits"))
}

fn read_times(from: &mut Unpacker<'_>, payload: &[u8], count: usize) -> Result<Vec<u64>, Corrupt> {
    let unit = from.directory.varint()?;
    let mut times = numbers::read(from)?.decode(payload, count)?;
    for time in &mut times {
        *time = time.wrapping_mul(unit);
    }
    Ok(times)
}

fn read_observed(
    from: &mut Unpacker<'_>,
    payload: &[u8],
    times: &[u64],
) -> Result<Vec<u64>, Corrupt> {
    if from.directory.array()? == [DIFFERENCES] {
        let steps = numbers::read(from)?.decode(payload, times.len())?;
        let pairs = times.iter().zip(steps);
        return Ok(pairs
            .map(|(time, step)| time.wrapping_add(unzigzag(step).cast_unsigned()))
            .collect());
    }
    let count = from.directory.count(crate::lines::MOST_ROWS)?;
    let different = read_times(from, payload, count)?;
    let places = numbers::read(from)?.decode(payload, times.len())?;
    let time = |place: u64| usize::try_from(place).ok().and_then(|place| different.get(place));
    Ok(places.into_iter().map(|place| time(place).copied().unwrap_or_default()).collect())
}

/// Adds the detail to the core of the same block, but for bodies of text: those are the lines.
pub(crate) fn decode_detail(logs: &mut Logs, bytes: &[u8]) -> Result<(), Corrupt> {
    let [body_lists, lists, mut texts, mut bodies, mut shapes, mut event_names, rest @ ..] =
        split::<8>(bytes)?;
    let [mut flags, mut dropped] = rest;
    let mut body_lists = ListReader::open(body_lists, &mut logs.arena)?;
    let mut lists = ListReader::open(lists, &mut logs.arena)?;
    let mut texts = Texts::load(&mut texts, &mut logs.arena)?;
    for row in &mut logs.rows {
        row.body = match bodies.varint()? {
            TEXT_BODY => Value::Text(watchglass_model::Text::EMPTY),
            list => {
                let body = body_lists.list(list - 1, &mut logs.arena)?;
                // The list of one has served; its place among the attributes is given back where it lies last.
                let all = body.of(&logs.arena.attributes);
                let value = all.first().map(|one| one.value).unwrap_or_default();
                logs.arena.attributes.truncate(body.start as usize);
                value
            }
        };
        row.attributes = lists.list(shapes.varint()?, &mut logs.arena)?;
        row.event_name = texts.entry(event_names.varint()?)?;
        row.flags = flags.index()?;
        row.dropped_attributes_count = dropped.index()?;
    }
    Ok(())
}
