//! What lies in the blocks of log records of a segment: times, streams, services. By it a selection names blocks without
//! reading any.

use rapidhash::RapidHashMap;
use watchglass_model::{Labels, Severity, TimeRange, TraceId};
use watchglass_storage::{LogScan, nanos};

use super::header::{newest_first, read_common, write_common};
use crate::codec::columns::{Corrupt, Reader, Writer};
use crate::codec::dictionary::{self, Dictionary};

/// The blocks of log records of a segment.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct LogDirectory {
    /// Services and names of metadata, by the numbers that the blocks use.
    pub(crate) names: Vec<String>,
    /// The streams, by the numbers that the blocks use.
    pub(crate) streams: Vec<Labels>,
    pub(crate) blocks: Vec<LogBlock>,
}

/// What is known of a block of log records.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct LogBlock {
    pub(crate) rows: u32,
    pub(crate) times: TimeRange,
    pub(crate) most_severe: Severity,
    /// Which services occur, as numbers of names.
    pub(crate) services: Vec<u32>,
    /// Which names attributes have as structured metadata, as numbers of names.
    pub(crate) keys: Vec<u32>,
    pub(crate) streams: Vec<StreamShare>,
}

/// How much of a block belongs to a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct StreamShare {
    /// The number of the stream.
    pub(crate) stream: u32,
    pub(crate) rows: u32,
    /// Bytes of lines.
    pub(crate) bytes: u64,
}

/// Numbers for things, in the order in which they were first seen.
#[derive(Debug)]
pub(crate) struct Numbering<T> {
    numbers: RapidHashMap<T, u32>,
    pub(crate) in_order: Vec<T>,
}

impl<T> Default for Numbering<T> {
    fn default() -> Self {
        Self { numbers: RapidHashMap::default(), in_order: Vec::new() }
    }
}

impl<T: Clone + Eq + std::hash::Hash> Numbering<T> {
    pub(crate) fn number(&mut self, one: &T) -> u32 {
        if let Some(number) = self.numbers.get(one) {
            return *number;
        }
        let number = u32::try_from(self.in_order.len()).unwrap_or(u32::MAX);
        self.numbers.insert(one.clone(), number);
        self.in_order.push(one.clone());
        number
    }
}

impl LogDirectory {
    /// The number of a name, if it occurs here at all.
    pub(crate) fn number(&self, name: &str) -> Option<u32> {
        let place = self.names.iter().position(|one| one == name)?;
        u32::try_from(place).ok()
    }

    /// Blocks that may hold log records of a scan, the newest first. `may_hold` says in which blocks a trace may be.
    pub(crate) fn blocks_for(
        &self,
        scan: &LogScan,
        may_hold: impl FnOnce(TraceId) -> Vec<bool>,
    ) -> Vec<u32> {
        let filter = &scan.filter;
        let service = match filter.service.as_deref().map(|name| self.number(name)) {
            Some(None) => return Vec::new(),
            wanted => wanted.flatten(),
        };
        // Records without a trace are not in the filter.
        let traced = filter.trace.filter(|trace| !trace.is_none()).map(may_hold);
        let has_trace = |number: usize| match &traced {
            Some(blocks) => blocks.get(number).copied().unwrap_or(true),
            None => true,
        };
        let numbered: Vec<_> = self.blocks.iter().enumerate().collect();
        newest_first(
            &numbered,
            |(_, block)| block.times,
            |(number, block)| {
                block.times.overlaps(scan.range)
                    && filter.severity.is_none_or(|least| block.most_severe >= least)
                    && service.is_none_or(|number| block.services.contains(&number))
                    && has_trace(*number)
            },
        )
    }

    pub(crate) fn encode(&self, out: &mut Writer) {
        let mut names = Dictionary::default();
        for name in &self.names {
            names.number(name);
        }
        names.write(out);
        out.count(self.streams.len());
        for stream in &self.streams {
            out.count(stream.len());
            for (name, value) in stream {
                out.blob(name.as_bytes());
                out.blob(value.as_bytes());
            }
        }
        out.count(self.blocks.len());
        for block in &self.blocks {
            write_common(out, block.rows, block.times, &block.services);
            out.raw(&[block.most_severe as u8]);
            out.count(block.keys.len());
            block.keys.iter().for_each(|key| out.varint(u64::from(*key)));
            out.count(block.streams.len());
            for share in &block.streams {
                out.varint(u64::from(share.stream));
                out.varint(u64::from(share.rows));
                out.varint(share.bytes);
            }
        }
    }

    pub(crate) fn decode(from: &mut Reader<'_>) -> Result<Self, Corrupt> {
        let names = dictionary::read(from)?.into_iter().map(str::to_owned).collect();
        let mut directory = Self { names, ..Self::default() };
        for _ in 0..from.count(from.bytes.len())? {
            let mut pairs = Vec::new();
            for _ in 0..from.count(from.bytes.len())? {
                pairs.push((from.text()?, from.text()?));
            }
            directory.streams.push(Labels::from_pairs(pairs));
        }
        for _ in 0..from.count(from.bytes.len())? {
            let (rows, times, services) = read_common(from)?;
            let [severity] = from.array()?;
            let most_severe = Severity::ALL.get(usize::from(severity)).copied();
            let most_severe = most_severe.ok_or(Corrupt("an unknown severity"))?;
            let mut block = LogBlock {
                rows,
                times,
                most_severe,
                services,
                keys: Vec::new(),
                streams: Vec::new(),
            };
            for _ in 0..from.count(from.bytes.len())? {
                block.keys.push(from.index()?);
            }
            for _ in 0..from.count(from.bytes.len())? {
                block.streams.push(StreamShare {
                    stream: from.index()?,
                    rows: from.index()?,
                    bytes: from.varint()?,
                });
            }
            directory.blocks.push(block);
        }
        Ok(directory)
    }

    /// From the first to the last time of all blocks.
    pub(crate) fn times(&self) -> Option<TimeRange> {
        let times = self.blocks.iter().map(|block| block.times);
        times.reduce(|all, one| all.including(one.start).including(one.end))
    }

    /// How many rows there are.
    pub(crate) fn rows(&self) -> u64 {
        self.blocks.iter().map(|block| u64::from(block.rows)).sum()
    }
}

/// The first and the last time of a range as times of lines are told.
pub(crate) fn bounds(times: TimeRange) -> (i64, i64) {
    (nanos(times.start), nanos(times.end))
}
