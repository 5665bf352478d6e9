//! Making the series of a segment: chunks in blocks, columns of times in blocks that series share, the table, and
//! postings by name and value.

use std::collections::BTreeMap;
use std::io;

use rapidhash::RapidHashMap;
use watchglass_model::{Labels, Millis, Samples};
use watchglass_storage::MillisRange;

use super::chunk;
use super::columns::append_within;
use super::head::SeriesHead;
use super::pack::Pack;
use super::summary::Summary;
use super::table::{self, ChunkPlace, ROWS, Row};
use super::tombstone::Tombstone;
use crate::codec::columns::{Corrupt, Reader, Writer};
use crate::codec::envelope;
use crate::segment::{Key, Part, Record};

/// Bytes of a block before compression.
const BLOCK: usize = 64 << 10;
/// Chunks end where four hours of the clock do, so that series of one scrape share columns of times whenever they
/// began,
const WINDOW: Millis = 4 * 3_600_000;
/// unless they are shorter than this,
const LEAST: usize = 60;
/// and at the latest after so many samples.
const MOST: usize = 4_096;
/// Bytes of columns of times that are compared with.
const COMPARED: usize = 16 << 20;

/// Where the blocks of a segment begin.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Directory {
    pub(crate) series: u32,
    /// The first column of each block of times.
    pub(crate) times: Vec<u32>,
    /// The first name and value of each block of postings.
    pub(crate) postings: Vec<(String, String)>,
}

/// The series of a segment on their way. They come sorted by labels.
#[derive(Debug, Default)]
pub(crate) struct Builder {
    segment: u32,
    records: Vec<Record>,
    summary: Summary,
    directory: Directory,
    rows: Vec<Row>,
    chunks: Pack,
    chunk_blocks: u32,
    times: Pack,
    columns: u32,
    known: RapidHashMap<Vec<u8>, u32>,
    known_bytes: usize,
    postings: BTreeMap<Box<str>, BTreeMap<Box<str>, Numbers>>,
}

/// The numbers of series, ascending.
#[derive(Debug, Default)]
struct Numbers {
    last: u32,
    steps: Writer,
}

impl Builder {
    /// Nothing yet, for segment number `segment`.
    pub(crate) fn new(segment: u32) -> Self {
        Self { segment, ..Self::default() }
    }

    /// Adds a series with its samples.
    pub(crate) fn add(&mut self, labels: &Labels, samples: &Samples) -> io::Result<()> {
        let (Some(first), Some(last)) = (samples.times.first(), samples.times.last()) else {
            return Ok(());
        };
        self.note(labels, MillisRange { start: *first, end: *last }, samples.len());
        let mut chunks = Vec::new();
        let mut cut = Samples::default();
        for range in ranges(&samples.times) {
            cut.clear();
            append_within(samples, range, &mut cut);
            chunks.push(self.chunk(&cut, range)?);
        }
        self.rows.push(Row { labels: labels.clone(), chunks });
        if self.rows.len() == ROWS as usize { self.table() } else { Ok(()) }
    }

    fn note(&mut self, labels: &Labels, range: MillisRange, samples: usize) {
        let times = self.summary.times.get_or_insert(range);
        (times.start, times.end) = (times.start.min(range.start), times.end.max(range.end));
        self.summary.samples += samples as u64;
        let number = self.summary.series;
        self.summary.series += 1;
        for (name, value) in labels {
            let values = match self.postings.get_mut(name) {
                Some(values) => values,
                None => self.postings.entry(name.into()).or_default(),
            };
            let numbers = match values.get_mut(value) {
                Some(numbers) => numbers,
                None => values.entry(value.into()).or_default(),
            };
            numbers.steps.varint(u64::from(number - numbers.last));
            numbers.last = number;
        }
    }

    fn chunk(&mut self, samples: &Samples, range: MillisRange) -> io::Result<ChunkPlace> {
        let times = self.column(chunk::times::encode(&samples.times))?;
        let mut content = Writer::default();
        chunk::encode(samples, &mut content);
        let block = self.chunk_blocks;
        let place = self.chunks.push(&content.bytes);
        if self.chunks.len() >= BLOCK {
            let raw = self.chunks.take();
            self.store(Part::SeriesChunks, block, &raw)?;
            self.chunk_blocks += 1;
        }
        Ok(ChunkPlace { range, block, place, times })
    }

    /// The number of a column of times, which is stored if it is not known.
    fn column(&mut self, column: Vec<u8>) -> io::Result<u32> {
        if let Some(number) = self.known.get(&column) {
            return Ok(*number);
        }
        let number = self.columns;
        self.columns += 1;
        if self.times.is_empty() {
            self.directory.times.push(number);
        }
        self.times.push(&column);
        if self.times.len() >= BLOCK {
            self.times_block()?;
        }
        self.known_bytes += column.len();
        if self.known_bytes > COMPARED {
            self.known.clear();
            self.known_bytes = column.len();
        }
        self.known.insert(column, number);
        Ok(number)
    }

    fn times_block(&mut self) -> io::Result<()> {
        let block = self.directory.times.len().saturating_sub(1);
        let raw = self.times.take();
        self.store(Part::SeriesTimes, u32::try_from(block).unwrap_or(u32::MAX), &raw)
    }

    fn table(&mut self) -> io::Result<()> {
        let block = self.summary.series.saturating_sub(1) / ROWS;
        let raw = table::encode(&self.rows);
        self.rows.clear();
        self.store(Part::SeriesTable, block, &raw)
    }

    fn store(&mut self, part: Part, block: u32, raw: &[u8]) -> io::Result<()> {
        let key = Key { segment: self.segment, part, block };
        self.records.push((key, envelope::wrap(raw)?));
        Ok(())
    }

    /// Bytes of the records that are ready.
    pub(crate) fn ready(&self) -> usize {
        self.records.iter().map(|(_, record)| record.len()).sum()
    }

    /// The records that are ready.
    pub(crate) fn take_records(&mut self) -> Vec<Record> {
        std::mem::take(&mut self.records)
    }

    /// The rest of the records, and what is known of all.
    pub(crate) fn finish(
        mut self,
        tombstones: Vec<Tombstone>,
    ) -> io::Result<(Summary, Vec<Record>)> {
        self.summary.tombstones = tombstones;
        if self.summary.series == 0 {
            return Ok((self.summary, self.records));
        }
        if !self.rows.is_empty() {
            self.table()?;
        }
        if !self.chunks.is_empty() {
            let raw = self.chunks.take();
            self.store(Part::SeriesChunks, self.chunk_blocks, &raw)?;
        }
        if !self.times.is_empty() {
            self.times_block()?;
        }
        self.store_postings()?;
        self.directory.series = self.summary.series;
        let raw = self.directory.encode();
        self.store(Part::SeriesDirectory, 0, &raw)?;
        Ok((self.summary, self.records))
    }

    fn store_postings(&mut self) -> io::Result<()> {
        let mut out = Writer::default();
        for (name, values) in std::mem::take(&mut self.postings) {
            for (value, numbers) in values {
                if out.bytes.is_empty() {
                    self.directory.postings.push((name.to_string(), value.to_string()));
                }
                out.blob(name.as_bytes());
                out.blob(value.as_bytes());
                out.blob(&numbers.steps.bytes);
                if out.bytes.len() >= BLOCK {
                    self.postings_block(&mut out)?;
                }
            }
        }
        if out.bytes.is_empty() { Ok(()) } else { self.postings_block(&mut out) }
    }

    fn postings_block(&mut self, out: &mut Writer) -> io::Result<()> {
        let block = self.directory.postings.len().saturating_sub(1);
        self.store(Part::SeriesPostings, u32::try_from(block).unwrap_or(u32::MAX), &out.bytes)?;
        out.bytes.clear();
        Ok(())
    }
}

/// The series of the segment that a head becomes.
pub(crate) fn of_head(segment: u32, head: &SeriesHead) -> io::Result<(Summary, Vec<Record>)> {
    let mut builder = Builder::new(segment);
    let mut samples = Samples::default();
    for (labels, series) in head.by_labels() {
        samples.clear();
        head.read(series, MillisRange::ALL, &mut samples);
        builder.add(&labels, &samples)?;
    }
    builder.finish(head.tombstones())
}

/// Where the samples of a series are cut.
fn ranges(times: &[Millis]) -> Vec<MillisRange> {
    let mut ranges: Vec<(MillisRange, usize)> = Vec::new();
    for time in times {
        match ranges.last_mut() {
            Some((range, count))
                if *count < MOST
                    && (*count < LEAST
                        || range.end.div_euclid(WINDOW) == time.div_euclid(WINDOW)) =>
            {
                range.end = *time;
                *count += 1;
            }
            _ => ranges.push((MillisRange { start: *time, end: *time }, 1)),
        }
    }
    ranges.into_iter().map(|(range, _)| range).collect()
}

impl Directory {
    fn encode(&self) -> Vec<u8> {
        let mut out = Writer::default();
        out.varint(u64::from(self.series));
        out.count(self.times.len());
        self.times.iter().for_each(|first| out.varint(u64::from(*first)));
        out.count(self.postings.len());
        for (name, value) in &self.postings {
            out.blob(name.as_bytes());
            out.blob(value.as_bytes());
        }
        out.bytes
    }

    pub(crate) fn decode(bytes: &[u8]) -> Result<Self, Corrupt> {
        let from = &mut Reader { bytes };
        let mut directory = Self { series: from.index()?, ..Self::default() };
        for _ in 0..from.count(from.bytes.len())? {
            directory.times.push(from.index()?);
        }
        for _ in 0..from.count(from.bytes.len())? {
            directory.postings.push((from.text()?.to_owned(), from.text()?.to_owned()));
        }
        Ok(directory)
    }
}
