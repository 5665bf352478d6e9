//! Making a segment from a head: rows are gathered from all batches, put in order, and cut into blocks.

mod logs;

use std::collections::BTreeSet;

use rapidhash::RapidHashMap;
use watchglass_model::{PointRef, Points, Spans, TimeRange, Timestamp};
use watchglass_storage::MemoryStore;

use super::header::{Header, PointBlock, Received, SpanBlock};

use super::{Key, Part, Record};
use crate::bloom::Bloom;
use crate::codec::columns::Writer;
use crate::codec::points::Row as PointRow;
use crate::codec::sources::{write_attributes, write_resource, write_scope};
use crate::codec::{envelope, points, spans};
use crate::log_index::Pieces;
use crate::series::{self, head::SeriesHead};

/// About how many rows make a block of 16 to 64 KiB.
const SPANS_PER_BLOCK: usize = 2048;
const POINTS_PER_BLOCK: usize = 8192;

/// What a head becomes.
pub(crate) struct Built {
    pub(crate) header: Header,
    /// The header comes last, so that a segment with a header is whole.
    pub(crate) records: Vec<Record>,
    /// The pieces of the texts of each block of log records.
    pub(crate) pieces: Vec<Pieces>,
}

/// The segment that `head` becomes.
pub(crate) fn build(
    number: u32,
    received: Received,
    head: &MemoryStore,
    series: &SeriesHead,
) -> std::io::Result<Built> {
    let header = Header { received, ..Header::default() };
    let mut out = Builder { number, names: Names::default(), header, records: Vec::new() };
    let batches = head.spans();
    out.spans(&batches.iter().map(AsRef::as_ref).collect::<Vec<_>>())?;
    let batches = head.logs();
    let pieces = out.logs(&batches.iter().map(AsRef::as_ref).collect::<Vec<_>>())?;
    let batches = head.points();
    out.points(&batches.iter().map(AsRef::as_ref).collect::<Vec<_>>())?;
    let (summary, records) = series::build::of_head(number, series)?;
    out.header.series = summary;
    out.records.extend(records);
    out.header.names = out.names.in_order;
    let header = envelope::wrap(&out.header.encode())?;
    out.records.push((Key::header(number), header));
    Ok(Built { header: out.header, records: out.records, pieces })
}

struct Builder {
    number: u32,
    names: Names,
    header: Header,
    records: Vec<Record>,
}

/// Names by number, in the order in which they were first seen.
#[derive(Default)]
struct Names {
    numbers: RapidHashMap<String, u32>,
    in_order: Vec<String>,
}

impl Names {
    fn number(&mut self, name: &str) -> u32 {
        if let Some(number) = self.numbers.get(name) {
            return *number;
        }
        let number = u32::try_from(self.in_order.len()).unwrap_or(u32::MAX);
        self.numbers.insert(name.to_owned(), number);
        self.in_order.push(name.to_owned());
        number
    }

    /// The numbers of the names that occur, each once.
    fn numbers<'a>(&mut self, names: impl Iterator<Item = &'a str>) -> Vec<u32> {
        // Neighbours mostly share a name, and a set of a handful of names is cheap to ask.
        let mut different = BTreeSet::new();
        let mut last = "";
        for name in names {
            if name != last || different.is_empty() {
                different.insert(name);
                last = name;
            }
        }
        different.into_iter().map(|name| self.number(name)).collect()
    }
}

impl Builder {
    fn store(&mut self, part: Part, block: usize, raw: &[u8]) -> std::io::Result<()> {
        let block = u32::try_from(block).unwrap_or(u32::MAX);
        let key = Key { segment: self.number, part, block };
        self.records.push((key, envelope::wrap(raw)?));
        Ok(())
    }

    fn spans(&mut self, batches: &[&Spans]) -> std::io::Result<()> {
        let mut rows: Vec<spans::Row<'_>> = Vec::new();
        for (number, batch) in (0_u32..).zip(batches) {
            rows.extend(batch.iter().map(|span| (number, span)));
        }
        rows.sort_by_key(|(_, span)| (span.row.trace_id, span.row.start));
        let traces = rows.chunk_by(|(_, a), (_, b)| a.row.trace_id == b.row.trace_id);
        let ids: Vec<_> =
            traces.filter_map(|run| run.first()).map(|(_, span)| span.row.trace_id).collect();
        self.header.traces = Bloom::of(ids.iter().copied(), ids.len());
        let mut rest = rows.as_slice();
        while !rest.is_empty() {
            let (block, after) = rest.split_at(end_of_span_block(rest));
            self.span_block(block)?;
            rest = after;
        }
        Ok(())
    }

    fn span_block(&mut self, block: &[spans::Row<'_>]) -> std::io::Result<()> {
        let parts = spans::encode(block);
        let number = self.header.spans.len();
        self.store(Part::SpanCore, number, &parts.core)?;
        self.store(Part::SpanDetail, number, &parts.detail)?;
        let spans = || block.iter().map(|(_, span)| *span);
        let (Some(first), Some(last)) = (spans().next(), spans().next_back()) else {
            return Ok(());
        };
        self.header.spans.push(SpanBlock {
            rows: length(block),
            times: times(spans().map(|span| span.row.start)),
            first_trace: first.row.trace_id,
            last_trace: last.row.trace_id,
            longest: spans().map(watchglass_model::SpanRef::duration).max().unwrap_or(0),
            statuses: spans().fold(0, |all, span| all | 1 << span.row.status as u8),
            services: self.names.numbers(spans().map(watchglass_model::SpanRef::service)),
        });
        Ok(())
    }

    fn points(&mut self, batches: &[&Points]) -> std::io::Result<()> {
        let mut numbers = SeriesNumbers::default();
        let mut rows = Vec::new();
        for (number, batch) in (0_u32..).zip(batches) {
            numbers.metrics.clear();
            rows.extend(batch.iter().map(|point| PointRow {
                batch: number,
                series: numbers.number(point),
                point,
            }));
        }
        rows.sort_by_key(|row| (row.series, row.point.row.time));
        for block in rows.chunks(POINTS_PER_BLOCK) {
            let number = self.header.points.len();
            self.store(Part::Points, number, &points::encode(block))?;
            let metrics = block.iter().map(|row| row.point.metric());
            let names = metrics.flat_map(|metric| [metric.name(), metric.resource().service()]);
            self.header.points.push(PointBlock {
                rows: length(block),
                times: times(block.iter().map(|row| row.point.row.time)),
                names: self.names.numbers(names),
            });
        }
        Ok(())
    }
}

/// Numbers for series, the same for the same metric, sender, scope and labels in whatever batch.
#[derive(Default)]
struct SeriesNumbers {
    spelled: RapidHashMap<Vec<u8>, u64>,
    /// Metrics of the batch at hand, by their index in it.
    metrics: RapidHashMap<u32, u64>,
    buffer: Writer,
}

impl SeriesNumbers {
    fn number(&mut self, point: PointRef<'_>) -> u64 {
        let index = point.row.metric;
        let metric = if let Some(number) = self.metrics.get(&index) {
            *number
        } else {
            let number = self.spell(|out| {
                let metric = point.metric();
                out.blob(metric.name().as_bytes());
                out.blob(metric.unit().as_bytes());
                out.blob(metric.description().as_bytes());
                out.blob(format!("{:?}", metric.row.kind).as_bytes());
                write_attributes(out, metric.metadata());
                write_resource(out, metric.resource());
                write_scope(out, metric.scope());
            });
            self.metrics.insert(index, number);
            number
        };
        self.spell(|out| {
            out.varint(metric);
            write_attributes(out, point.attributes());
        })
    }

    fn spell(&mut self, write: impl FnOnce(&mut Writer)) -> u64 {
        self.buffer.bytes.clear();
        write(&mut self.buffer);
        if let Some(number) = self.spelled.get(&self.buffer.bytes) {
            return *number;
        }
        let number = self.spelled.len() as u64;
        self.spelled.insert(self.buffer.bytes.clone(), number);
        number
    }
}

/// A block ends where a trace ends; a trace longer than two blocks is cut.
fn end_of_span_block(rows: &[spans::Row<'_>]) -> usize {
    let at_least = SPANS_PER_BLOCK.min(rows.len());
    let at_most = (2 * SPANS_PER_BLOCK).min(rows.len());
    let trace = |row: usize| rows.get(row).map(|(_, span)| span.row.trace_id);
    (at_least..at_most).find(|row| trace(*row) != trace(row - 1)).unwrap_or(at_most)
}

fn length<T>(rows: &[T]) -> u32 {
    u32::try_from(rows.len()).unwrap_or(u32::MAX)
}

fn times(mut all: impl Iterator<Item = Timestamp>) -> TimeRange {
    let first = all.next().unwrap_or_default();
    all.fold(TimeRange { start: first, end: first }, TimeRange::including)
}
