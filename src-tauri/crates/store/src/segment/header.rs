//! The header of a segment: statistics of its blocks, by which a scan passes over what cannot match.

use watchglass_model::{TimeRange, Timestamp, TraceId};
use watchglass_storage::{PointScan, SpanScan};

use super::log_directory::LogDirectory;
use crate::bloom::Bloom;
use crate::codec::columns::{Corrupt, Reader, Writer};
use crate::codec::dictionary::{self, Dictionary};
use crate::series::summary::Summary;

/// What is known of a segment without reading its blocks.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Header {
    /// When the first and the last of its rows were received.
    pub(crate) received: Received,
    /// Service and metric names, by the numbers that the blocks use.
    pub(crate) names: Vec<String>,
    /// The traces that have spans here.
    pub(crate) traces: Bloom,
    pub(crate) spans: Vec<SpanBlock>,
    pub(crate) logs: LogDirectory,
    pub(crate) points: Vec<PointBlock>,
    /// What there is of series.
    pub(crate) series: Summary,
    /// The header could not be read: how many blocks there are is known, and nothing of what is in them.
    pub(crate) unknown: Option<[u32; 3]>,
}

/// From the first to the last arrival, in nanoseconds since the Unix epoch. Retention goes by it, because
/// the times that rows claim may lie in 1970 or 2100.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Received {
    pub(crate) first: Timestamp,
    pub(crate) last: Timestamp,
}

impl Received {
    /// The same with one arrival more.
    pub(crate) fn and(self, time: Timestamp) -> Self {
        Self {
            first: if self.first.0 == 0 { time } else { self.first.min(time) },
            last: self.last.max(time),
        }
    }
}

/// What is known of a block of spans.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct SpanBlock {
    pub(crate) rows: u32,
    pub(crate) times: TimeRange,
    pub(crate) first_trace: TraceId,
    pub(crate) last_trace: TraceId,
    /// The longest duration, in nanoseconds.
    pub(crate) longest: u64,
    /// Which status codes occur, a bit each.
    pub(crate) statuses: u8,
    /// Which services occur, as numbers of names.
    pub(crate) services: Vec<u32>,
}

/// What is known of a block of points.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct PointBlock {
    pub(crate) rows: u32,
    pub(crate) times: TimeRange,
    /// Which metrics and services occur, as numbers of names.
    pub(crate) names: Vec<u32>,
}

impl Header {
    /// Stands for a header that cannot be read: every block of spans, log records and points must be looked at.
    pub(crate) fn unknown(blocks: [u32; 3]) -> Self {
        Self { unknown: Some(blocks), ..Self::default() }
    }

    /// Spans, log records and points.
    pub(crate) fn rows(&self) -> [u64; 3] {
        [
            self.spans.iter().map(|block| u64::from(block.rows)).sum(),
            self.logs.rows(),
            self.points.iter().map(|block| u64::from(block.rows)).sum(),
        ]
    }

    /// From the first to the last time of all blocks.
    pub(crate) fn times(&self) -> Option<TimeRange> {
        let spans = self.spans.iter().map(|block| block.times);
        let logs = self.logs.times();
        let points = self.points.iter().map(|block| block.times);
        spans
            .chain(logs)
            .chain(points)
            .reduce(|all, one| all.including(one.start).including(one.end))
    }

    /// The number of a name, if it occurs here at all.
    fn number(&self, name: &str) -> Option<u32> {
        let place = self.names.iter().position(|one| one == name)?;
        u32::try_from(place).ok()
    }

    /// Blocks that may hold spans of a scan, the newest first.
    pub(crate) fn spans_for(&self, scan: &SpanScan) -> Vec<u32> {
        if let Some([blocks, _, _]) = self.unknown {
            return (0..blocks).collect();
        }
        let filter = &scan.filter;
        let traces = filter.traces.as_ref().map(|all| {
            let here = all.iter().copied().filter(|id| self.traces.may_hold(*id));
            here.collect::<Vec<_>>()
        });
        if traces.as_ref().is_some_and(Vec::is_empty) {
            return Vec::new();
        }
        let Some(service) = self.wanted(filter.service.as_deref()) else {
            return Vec::new();
        };
        newest_first(
            &self.spans,
            |block| block.times,
            |block| {
                block.times.overlaps(scan.range)
                    && filter.min_duration.is_none_or(|least| block.longest >= least)
                    && filter.status.is_none_or(|status| block.statuses & (1 << status as u8) != 0)
                    && service.is_none_or(|number| block.services.contains(&number))
                    && traces.as_ref().is_none_or(|ids| block.reaches(ids))
            },
        )
    }

    /// Blocks that may hold points of a scan, the newest first.
    pub(crate) fn points_for(&self, scan: &PointScan) -> Vec<u32> {
        if let Some([_, _, blocks]) = self.unknown {
            return (0..blocks).collect();
        }
        let Some(metric) = self.wanted(scan.filter.metric.as_deref()) else {
            return Vec::new();
        };
        let Some(service) = self.wanted(scan.filter.service.as_deref()) else {
            return Vec::new();
        };
        newest_first(
            &self.points,
            |block| block.times,
            |block| {
                block.times.overlaps(scan.range)
                    && metric.is_none_or(|number| block.names.contains(&number))
                    && service.is_none_or(|number| block.names.contains(&number))
            },
        )
    }

    /// The number of a wanted name; the outer `None` says that the segment has none of it.
    #[expect(clippy::option_option, reason = "nothing wanted and nothing found are two answers")]
    fn wanted(&self, name: Option<&str>) -> Option<Option<u32>> {
        match name {
            None => Some(None),
            Some(name) => self.number(name).map(Some),
        }
    }

    /// The header as bytes.
    pub(crate) fn encode(&self) -> Vec<u8> {
        let mut out = Writer::default();
        let mut names = Dictionary::default();
        for name in &self.names {
            names.number(name);
        }
        out.varint(self.received.first.0);
        out.varint(self.received.last.0);
        names.write(&mut out);
        self.traces.write(&mut out);
        out.count(self.spans.len());
        for block in &self.spans {
            write_common(&mut out, block.rows, block.times, &block.services);
            out.raw(&block.first_trace.0);
            out.raw(&block.last_trace.0);
            out.varint(block.longest);
            out.raw(&[block.statuses]);
        }
        self.logs.encode(&mut out);
        out.count(self.points.len());
        for block in &self.points {
            write_common(&mut out, block.rows, block.times, &block.names);
        }
        self.series.encode(&mut out);
        out.bytes
    }

    /// What [`Header::encode`] wrote.
    pub(crate) fn decode(bytes: &[u8]) -> Result<Self, Corrupt> {
        let from = &mut Reader { bytes };
        let received =
            Received { first: Timestamp(from.varint()?), last: Timestamp(from.varint()?) };
        let names = dictionary::read(from)?.into_iter().map(str::to_owned).collect();
        let mut header = Self { received, names, traces: Bloom::read(from)?, ..Self::default() };
        for _ in 0..from.count(from.bytes.len())? {
            let (rows, times, services) = read_common(from)?;
            header.spans.push(SpanBlock {
                rows,
                times,
                services,
                first_trace: TraceId(from.array()?),
                last_trace: TraceId(from.array()?),
                longest: from.varint()?,
                statuses: from.array::<1>()?[0],
            });
        }
        header.logs = LogDirectory::decode(from)?;
        for _ in 0..from.count(from.bytes.len())? {
            let (rows, times, names) = read_common(from)?;
            header.points.push(PointBlock { rows, times, names });
        }
        header.series = Summary::decode(from)?;
        Ok(header)
    }
}

impl SpanBlock {
    /// Whether one of `ids`, which ascend, lies between the first and the last trace of the block.
    fn reaches(&self, ids: &[TraceId]) -> bool {
        let from = ids.partition_point(|id| *id < self.first_trace);
        ids.get(from).is_some_and(|id| *id <= self.last_trace)
    }
}

pub(super) fn newest_first<B>(
    blocks: &[B],
    times: impl Fn(&B) -> TimeRange,
    wanted: impl Fn(&B) -> bool,
) -> Vec<u32> {
    let numbered = (0_u32..).zip(blocks).filter(|(_, block)| wanted(block));
    let mut found: Vec<_> = numbered.map(|(number, block)| (times(block).end, number)).collect();
    found.sort_unstable_by(|one, other| other.cmp(one));
    found.into_iter().map(|(_, number)| number).collect()
}

pub(super) fn write_common(out: &mut Writer, rows: u32, times: TimeRange, names: &[u32]) {
    out.varint(u64::from(rows));
    out.varint(times.start.0);
    out.varint(times.end.0);
    out.count(names.len());
    for name in names {
        out.varint(u64::from(*name));
    }
}

pub(super) fn read_common(from: &mut Reader<'_>) -> Result<(u32, TimeRange, Vec<u32>), Corrupt> {
    let rows = from.index()?;
    let times = TimeRange { start: Timestamp(from.varint()?), end: Timestamp(from.varint()?) };
    let mut names = Vec::new();
    for _ in 0..from.count(from.bytes.len())? {
        names.push(from.index()?);
    }
    Ok((rows, times, names))
}
