//! Lines by stream on disk. A selection names blocks by directories and filters; a block is read by as much of it as is
//! looked at: times and senders always, columns of lines where a hint or the line itself is wanted, attributes where metadata is.

use std::collections::BTreeSet;
use std::sync::Arc;

use watchglass_model::{Labels, Logs};
use watchglass_storage::{
    DETECTED_LEVEL, LineBatch, LineDetail, LineHint, LineParser, Matcher, MetadataDetail,
    MetadataSets, Nanos, NanosRange, ReadError, StreamPart, StreamReader, StreamScan, StreamVolume,
    Volumes, all_match, nanos, shared_metadata, streams_of, wanted_rows,
};

use crate::codec::columns::Corrupt;
use crate::codec::logs;
use crate::grams;
use crate::lines::{Lines, Rows};
use crate::log_index::Probe;
use crate::scan::Block;
use crate::segment::{LogBlock, LogDirectory, Part, bounds};
use crate::view::{Shared, StoredSegment};

/// Metadata that the filter knows nothing of: it is no text of the record, or recurs in every block.
const UNFILTERED: [&str; 7] = [
    DETECTED_LEVEL,
    "observed_timestamp",
    "severity_number",
    "severity_text",
    "flags",
    "dropped_attributes_count",
    "span_id",
];
/// Metadata that is kept with the attributes, and yet is none.
const IN_DETAIL: [&str; 3] = ["flags", "dropped_attributes_count", "event_name"];

/// The parts that may hold what a scan wants, in the order of arrival.
pub(crate) fn select(
    shared: &Arc<Shared>,
    scan: &StreamScan,
) -> Result<Vec<Box<dyn StreamPart>>, ReadError> {
    let view = shared.view();
    let scan = Arc::new(scan.clone());
    let mut parts: Vec<Box<dyn StreamPart>> = Vec::new();
    for segment in view.segments.iter().rev().filter(|segment| reaches(segment, scan.range)) {
        for (number, bounds) in blocks(segment, shared, &scan) {
            let (shared, segment) = (Arc::clone(shared), Arc::clone(segment));
            parts.push(Box::new(BlockPart {
                shared,
                segment,
                number,
                bounds,
                scan: Arc::clone(&scan),
            }));
        }
    }
    for head in view.heads.iter().rev() {
        parts.extend(head.store.select(&scan)?);
    }
    Ok(parts)
}

/// How much each stream holds.
pub(crate) fn volumes(
    shared: &Shared,
    matchers: &[Matcher],
    range: NanosRange,
) -> Result<Vec<StreamVolume>, ReadError> {
    let view = shared.view();
    let mut volumes = Volumes::default();
    for segment in view.segments.iter().filter(|segment| reaches(segment, range)) {
        let directory = segment.log_directory(shared);
        let passing = passing(directory, matchers);
        let touched = directory.blocks.iter().filter(|block| touches(block, range));
        for share in touched.flat_map(|block| &block.streams) {
            let stream = share.stream as usize;
            if let Some(labels) = directory.streams.get(stream)
                && passing.get(stream).is_some_and(|passes| *passes)
            {
                volumes.add(labels, u64::from(share.rows), share.bytes);
            }
        }
    }
    for head in &view.heads {
        for volume in head.store.volumes(matchers, range)? {
            volumes.add(&volume.labels, volume.entries, volume.bytes);
        }
    }
    Ok(volumes.finish())
}

fn reaches(segment: &StoredSegment, range: NanosRange) -> bool {
    segment.times.is_some_and(|times| {
        let (first, last) = bounds(times);
        range.touches(first, last)
    })
}

fn touches(block: &LogBlock, range: NanosRange) -> bool {
    let (first, last) = bounds(block.times);
    range.touches(first, last)
}

fn passing(directory: &LogDirectory, matchers: &[Matcher]) -> Vec<bool> {
    directory.streams.iter().map(|labels| all_match(matchers, labels)).collect()
}

/// The blocks of a segment that may hold what a scan wants.
fn blocks(
    segment: &StoredSegment,
    shared: &Shared,
    scan: &StreamScan,
) -> Vec<(u32, (Nanos, Nanos))> {
    let directory = segment.log_directory(shared);
    if let Some(count) = segment.unknown_log_blocks(shared) {
        return (0..count).map(|number| (number, (Nanos::MIN, Nanos::MAX))).collect();
    }
    let passing = passing(directory, &scan.matchers);
    let passes = |stream: u32| passing.get(stream as usize).is_some_and(|passes| *passes);
    let mut wanted: Vec<bool> = directory
        .blocks
        .iter()
        .map(|block| {
            touches(block, scan.range) && block.streams.iter().any(|share| passes(share.stream))
        })
        .collect();
    if wanted.contains(&true)
        && !scan.hints.is_empty()
        && let Some(index) = segment.log_index(shared)
    {
        let mut probe = index.probe();
        for hint in &scan.hints {
            let may = may_hold(hint, directory, &passing, &mut probe);
            wanted.iter_mut().zip(may).for_each(|(wanted, may)| *wanted = *wanted && may);
        }
    }
    let numbered = (0_u32..).zip(&directory.blocks).zip(wanted);
    numbered
        .filter(|(_, wanted)| *wanted)
        .map(|((number, block), _)| (number, bounds(block.times)))
        .collect()
}

/// Says of each block whether an entry of it may meet a hint.
fn may_hold(
    hint: &LineHint,
    directory: &LogDirectory,
    passing: &[bool],
    probe: &mut Probe<'_>,
) -> Vec<bool> {
    match hint {
        LineHint::Line(any) => any_of(any.iter().map(Vec::as_slice), directory, probe),
        LineHint::Number { .. } => vec![true; directory.blocks.len()],
        LineHint::Label { name, values, in_line } => {
            let labels: Vec<&str> =
                directory.streams.iter().map(|labels| labels.get(name)).collect();
            let elsewhere = if UNFILTERED.contains(&name.as_str()) {
                vec![true; directory.blocks.len()]
            } else {
                let values = values.iter().map(String::as_bytes);
                any_of(values.chain(in_line.iter().map(Vec::as_slice)), directory, probe)
            };
            let blocks = directory.blocks.iter().zip(elsewhere);
            blocks
                .map(|(block, elsewhere)| {
                    let mut streams = block.streams.iter().map(|share| share.stream as usize);
                    streams.any(|stream| {
                        let passes = passing.get(stream).is_some_and(|passes| *passes);
                        passes
                            && match labels.get(stream).copied().unwrap_or_default() {
                                "" => elsewhere,
                                value => values.iter().any(|one| one == value),
                            }
                    })
                })
                .collect()
        }
    }
}

fn any_of<'a>(
    texts: impl Iterator<Item = &'a [u8]>,
    directory: &LogDirectory,
    probe: &mut Probe<'_>,
) -> Vec<bool> {
    let mut found = vec![false; directory.blocks.len()];
    for text in texts {
        let may = probe.blocks_with(&grams::of(text));
        found.iter_mut().zip(may).for_each(|(found, may)| *found = *found || may);
    }
    found
}

/// A block of log records.
struct BlockPart {
    shared: Arc<Shared>,
    segment: Arc<StoredSegment>,
    number: u32,
    bounds: (Nanos, Nanos),
    scan: Arc<StreamScan>,
}

impl StreamPart for BlockPart {
    fn bounds(&self) -> (Nanos, Nanos) {
        self.bounds
    }

    fn read(&self, visit: &mut dyn FnMut(LineBatch<'_>)) -> Result<(), ReadError> {
        let at = Block { shared: &self.shared, segment: &self.segment, number: self.number };
        let Some(mut read) = BlockRead::open(at, &self.scan) else { return Ok(()) };
        // Damage of the lines or the attributes costs the block, and is noted where it is read.
        let _ = read.narrow().and_then(|()| read.show(visit));
        Ok(())
    }
}

/// A block being read for a scan.
struct BlockRead<'a> {
    at: Block<'a>,
    scan: &'a StreamScan,
    logs: Logs,
    streams: Vec<Labels>,
    stream_of: Vec<u32>,
    times: Vec<Nanos>,
    /// The rows that are left.
    rows: Vec<u32>,
    lines: Option<Lines>,
}

impl<'a> BlockRead<'a> {
    fn open(at: Block<'a>, scan: &'a StreamScan) -> Option<Self> {
        let logs = at.read(Part::LogCore, logs::decode_core)?;
        let streams = streams_of(&logs);
        let stream_of: Vec<u32> = logs.rows.iter().map(|row| row.resource).collect();
        let times: Vec<Nanos> = logs.rows.iter().map(|row| nanos(row.timestamp())).collect();
        let rows = wanted_rows(&streams, &stream_of, &times, scan);
        Some(Self { at, scan, logs, streams, stream_of, times, rows, lines: None })
    }

    /// Leaves out rows that cannot meet the hints.
    fn narrow(&mut self) -> Option<()> {
        for hint in &self.scan.hints {
            if self.rows.is_empty() {
                return None;
            }
            match hint {
                LineHint::Line(any) => {
                    let holding = self.holding(any)?;
                    let holds = |row: &u32| holding.get(*row as usize).is_some_and(|held| *held);
                    self.rows.retain(holds);
                }
                LineHint::Label { name, values, in_line } => {
                    self.narrow_label(name, values, in_line)?;
                }
                LineHint::Number { name, parser, comparison, value } => {
                    self.narrow_number(name, *parser, |number| comparison.holds(number, *value))?;
                }
            }
        }
        Some(())
    }

    fn narrow_label(&mut self, name: &str, values: &[String], in_line: &[Vec<u8>]) -> Option<()> {
        let labels: Vec<String> =
            self.streams.iter().map(|labels| labels.get(name).to_owned()).collect();
        let may_be_metadata = UNFILTERED.contains(&name) || self.has_key(name);
        let unlabelled = labels.iter().any(String::is_empty);
        let holding =
            if may_be_metadata || !unlabelled { None } else { Some(self.holding(in_line)?) };
        let (logs, stream_of) = (&self.logs, &self.stream_of);
        self.rows.retain(|row| {
            let row = *row as usize;
            let stream = stream_of.get(row).and_then(|stream| labels.get(*stream as usize));
            if let Some(value) = stream.filter(|value| !value.is_empty()) {
                return values.contains(value);
            }
            let trace = logs.rows.get(row).map(|row| row.trace_id).unwrap_or_default();
            if name == "trace_id" && !trace.is_none() {
                return values.contains(&trace.to_string());
            }
            may_be_metadata
                || match &holding {
                    Some(holding) => holding.get(row).is_some_and(|held| *held),
                    None => true,
                }
        });
        Some(())
    }

    /// Leaves out rows whose line has a number that does not compare, or surely none.
    fn narrow_number(
        &mut self,
        name: &str,
        parser: LineParser,
        holds: impl Fn(f64) -> bool,
    ) -> Option<()> {
        if UNFILTERED.contains(&name) || name == "trace_id" || self.has_key(name) {
            return Some(());
        }
        let labelled: Vec<bool> =
            self.streams.iter().map(|labels| !labels.get(name).is_empty()).collect();
        self.open_lines()?;
        let lines = self.lines.as_ref()?;
        let failing = self.at.noted(Part::LogLines, lines.failing(name, parser, &holds))?;
        let stream_of = &self.stream_of;
        self.rows.retain(|row| {
            let stream = stream_of.get(*row as usize);
            stream.and_then(|stream| labelled.get(*stream as usize)) == Some(&true)
                || failing.get(*row as usize) != Some(&true)
        });
        Some(())
    }

    fn open_lines(&mut self) -> Option<()> {
        if self.lines.is_none() {
            self.lines = Some(self.at.lines(self.times.len())?);
        }
        Some(())
    }

    /// Whether a record, its sender or its scope may bring metadata of a name.
    fn has_key(&self, name: &str) -> bool {
        let directory = self.at.segment.log_directory(self.at.shared);
        let known = directory.blocks.get(self.at.number as usize).is_some_and(|block| {
            directory.number(name).is_none_or(|number| !block.keys.contains(&number))
        });
        let named = MetadataDetail::Named(vec![name.to_owned()]);
        !known || name == "event_name" || {
            let mut senders = BTreeSet::new();
            let mut records = self.logs.iter();
            records.any(|record| {
                senders.insert((record.row.resource, record.row.scope))
                    && !shared_metadata(record, &named).is_empty()
            })
        }
    }

    /// Says of each line whether it holds one of some texts.
    fn holding(&mut self, any: &[Vec<u8>]) -> Option<Vec<bool>> {
        self.open_lines()?;
        let lines = self.lines.as_ref()?;
        let rows = Rows { records: &self.logs.rows };
        let mut found = vec![false; self.logs.rows.len()];
        for text in any {
            let holding = match std::str::from_utf8(text) {
                Ok(text) => lines.holding(text, &rows),
                Err(_) => lines.holding_bytes(text, &rows),
            };
            let holding = self.at.noted(Part::LogLines, holding)?;
            found.iter_mut().zip(holding).for_each(|(found, held)| *found = *found || held);
        }
        Some(found)
    }

    fn show(&mut self, visit: &mut dyn FnMut(LineBatch<'_>)) -> Option<()> {
        if self.rows.is_empty() {
            return Some(());
        }
        let details = self.needs_detail();
        if details {
            let logs = &mut self.logs;
            self.at.read(Part::LogDetail, |raw| logs::decode_detail(logs, raw))?;
        }
        let (mut text, mut ends) = (String::new(), Vec::new());
        if self.scan.lines > LineDetail::Nothing {
            self.open_lines()?;
            let written = self.write_lines(&mut text, &mut ends);
            self.at.noted(Part::LogLines, written)?;
        }
        let mut shown = vec![false; self.times.len()];
        for row in &self.rows {
            shown.get_mut(*row as usize).into_iter().for_each(|shown| *shown = true);
        }
        let is_wanted = |row: usize| shown.get(row).is_some_and(|shown| *shown);
        let metadata = MetadataSets::of(&self.logs, &self.scan.metadata, is_wanted, details);
        let all = self.rows.len() == self.times.len();
        visit(LineBatch {
            streams: &self.streams,
            stream_of: &self.stream_of,
            times: &self.times,
            ends: &ends,
            text: text.as_bytes(),
            metadata: metadata.column(),
            rows: (!all).then_some(&self.rows),
        });
        Some(())
    }

    /// The lines of the rows that are left; the others stay empty.
    fn write_lines(&self, text: &mut String, ends: &mut Vec<u32>) -> Result<(), Corrupt> {
        let Some(lines) = &self.lines else { return Ok(()) };
        let rows = Rows { records: &self.logs.rows };
        let end = |text: &str| u32::try_from(text.len()).unwrap_or(u32::MAX);
        for row in &self.rows {
            ends.resize(*row as usize, end(text));
            lines.append(*row, &rows, text)?;
            ends.push(end(text));
        }
        ends.resize(self.times.len(), end(text));
        Ok(())
    }

    /// Whether metadata is looked at that lies with the attributes.
    fn needs_detail(&self) -> bool {
        let MetadataDetail::Named(names) = &self.scan.metadata else { return true };
        let directory = self.at.segment.log_directory(self.at.shared);
        let block = directory.blocks.get(self.at.number as usize);
        names.iter().any(|name| {
            IN_DETAIL.contains(&name.as_str())
                || block.is_none_or(|block| {
                    directory.number(name).is_some_and(|number| block.keys.contains(&number))
                })
        })
    }
}
