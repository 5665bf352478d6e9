//! Blocks of log records: cores, details and lines, with what the directory and the filter say of them.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use watchglass_model::{Labels, LogRecord, LogRef, Logs, ResourceRef, TraceId, ValueRef};
use watchglass_storage::{
    MetadataDetail, attribute_metadata, line_of, nanos, shared_metadata, stream_labels, text_of,
};

use super::super::log_directory::{LogBlock, Numbering, StreamShare};
use super::super::{Key, Part};
use super::{Builder, length, times};
use crate::codec::{envelope, logs};
use crate::grams;
use crate::lines::{Cuts, Rows};
use crate::log_index::Pieces;

/// Rows in a block: larger blocks compress better and are fewer to look at, smaller ones decode less for one row.
const ROWS: usize = 8192;
/// Bytes of lines in a block, unless a single line is longer.
const BYTES: usize = 8 << 20;

impl Builder {
    /// Writes all log records, and gives the pieces of each block.
    pub(super) fn logs(&mut self, batches: &[&Logs]) -> std::io::Result<Vec<Pieces>> {
        let mut rows: Vec<logs::Row<'_>> = Vec::new();
        for (number, batch) in (0_u32..).zip(batches) {
            rows.extend(batch.iter().map(|record| (number, record)));
        }
        // A stable sort: records of the same time stay in the order of their arrival.
        rows.sort_by_key(|(_, record)| nanos(record.row.timestamp()));
        let mut numbers = Numbers::default();
        let mut pieces = Vec::new();
        let mut rest = rows.as_slice();
        while !rest.is_empty() {
            let (block, after) = rest.split_at(end_of_block(rest));
            pieces.push(self.log_block(block, &mut numbers)?);
            rest = after;
        }
        self.header.logs.names = numbers.names.in_order;
        self.header.logs.streams = numbers.streams.in_order;
        Ok(pieces)
    }

    fn log_block(
        &mut self,
        block: &[logs::Row<'_>],
        numbers: &mut Numbers,
    ) -> std::io::Result<Pieces> {
        let number = self.header.logs.blocks.len();
        let parts = logs::encode(block)?;
        let records: Vec<LogRecord> = block.iter().map(|(_, record)| *record.row).collect();
        let lines: Vec<Cow<'_, str>> = block.iter().map(|(_, record)| line_of(*record)).collect();
        let cuts = Cuts::lines(lines.iter().map(AsRef::as_ref));
        let packed = cuts.write_lines(&Rows { records: &records })?;
        self.pack(Part::LogCore, number, &parts.core);
        self.store(Part::LogDetail, number, &parts.detail)?;
        self.pack(Part::LogLines, number, &packed);
        let known = numbers.block(block, &lines);
        self.header.logs.blocks.push(known);
        Ok(pieces(block, &cuts))
    }

    /// Keeps a block that is packed already.
    fn pack(&mut self, part: Part, block: usize, packed: &[u8]) {
        let block = u32::try_from(block).unwrap_or(u32::MAX);
        let key = Key { segment: self.number, part, block };
        self.records.push((key, envelope::wrap_packed(packed)));
    }
}

fn end_of_block(rows: &[logs::Row<'_>]) -> usize {
    let mut bytes = 0;
    let lengths = rows.iter().map(|(_, record)| match record.body() {
        ValueRef::Text(text) => text.len(),
        _ => 0,
    });
    let fits = lengths.take(ROWS).take_while(|length| {
        bytes += length;
        bytes <= BYTES
    });
    fits.count().max(1)
}

/// What blocks share: names and streams by number.
#[derive(Default)]
struct Numbers {
    names: Numbering<String>,
    streams: Numbering<Labels>,
}

impl Numbers {
    fn block(&mut self, block: &[logs::Row<'_>], lines: &[Cow<'_, str>]) -> LogBlock {
        // A batch's resource is looked at once, not row by row.
        let mut senders: BTreeMap<(u32, u32), (u32, u32)> = BTreeMap::new();
        let mut shares: BTreeMap<u32, (u32, u64)> = BTreeMap::new();
        let mut services = BTreeSet::new();
        let mut last = None;
        for ((batch, record), line) in block.iter().zip(lines) {
            let key = (*batch, record.row.resource);
            let (stream, service) = match last {
                Some((known, found)) if known == key => found,
                _ => *senders.entry(key).or_insert_with(|| self.sender(record.resource())),
            };
            last = Some((key, (stream, service)));
            services.insert(service);
            let share = shares.entry(stream).or_default();
            share.0 += 1;
            share.1 += line.len() as u64;
        }
        let records = || block.iter().map(|(_, record)| *record);
        let shares = shares.into_iter();
        LogBlock {
            rows: length(block),
            times: times(records().map(|record| record.row.timestamp())),
            most_severe: records().map(LogRef::severity).max().unwrap_or_default(),
            services: services.into_iter().collect(),
            keys: self.keys(block),
            streams: shares
                .map(|(stream, (rows, bytes))| StreamShare { stream, rows, bytes })
                .collect(),
        }
    }

    fn sender(&mut self, resource: ResourceRef<'_>) -> (u32, u32) {
        let stream = self.streams.number(&stream_labels(resource));
        (stream, self.names.number(&resource.service().to_owned()))
    }

    /// The names that the attributes of records have as structured metadata, each once.
    fn keys(&mut self, block: &[logs::Row<'_>]) -> Vec<u32> {
        let mut names: BTreeSet<String> = BTreeSet::new();
        let mut seen: BTreeSet<Vec<&str>> = BTreeSet::new();
        let mut shape = Vec::new();
        for (_, record) in block {
            let nested = |value| matches!(value, ValueRef::Map(_));
            shape.clear();
            shape.extend(record.attributes().iter().map(|(key, _)| key));
            let has_nested = record.attributes().iter().any(|(_, value)| nested(value));
            if has_nested || !shape.is_empty() && !seen.contains(&shape) {
                seen.insert(shape.clone());
                attribute_metadata(*record, &mut |name, _| {
                    if !names.contains(name) {
                        names.insert(name.to_owned());
                    }
                });
            }
        }
        names.iter().map(|name| self.names.number(name)).collect()
    }
}

/// The pieces of all that may be asked for: lines, trace ids, metadata.
fn pieces(block: &[logs::Row<'_>], cuts: &Cuts<'_>) -> Pieces {
    let mut pieces = Vec::new();
    let mut add = |hash| pieces.push(hash);
    cuts.each_text(|text| grams::each(text.as_bytes(), &mut add));
    let mut last = TraceId::NONE;
    let mut shared = BTreeSet::new();
    for (batch, record) in block {
        let trace = record.row.trace_id;
        if trace != last && !trace.is_none() {
            grams::each(trace.to_string().as_bytes(), &mut add);
            last = trace;
        }
        if shared.insert((*batch, record.row.resource, record.row.scope)) {
            for (_, value) in shared_metadata(*record, &MetadataDetail::All) {
                grams::each(value.as_bytes(), &mut add);
            }
        }
        for (_, value) in record.attributes().iter() {
            grams::each(text_of(value).as_bytes(), &mut add);
        }
        grams::each(record.event_name().as_bytes(), &mut add);
    }
    pieces.sort_unstable();
    pieces.dedup();
    pieces
}
