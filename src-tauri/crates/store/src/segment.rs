//! A segment: what one head became. Its header says what lies in which block, so that a scan reads few of them.

mod build;
mod header;
mod log_directory;

pub(crate) use build::{Built, build};
pub(crate) use header::{Header, Received};
pub(crate) use log_directory::{LogBlock, LogDirectory, bounds};

/// A record of a segment, ready to be stored.
pub(crate) type Record = (Key, Vec<u8>);

/// Which record of a partition; the order of the bytes is the order on the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Key {
    /// The segment's number.
    pub(crate) segment: u32,
    /// What kind of record.
    pub(crate) part: Part,
    /// The block's number within the segment.
    pub(crate) block: u32,
}

/// The kinds of records of a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Part {
    /// What lies where.
    Header = 0,
    /// Cores of spans.
    SpanCore = 1,
    /// Attributes, events and links of spans.
    SpanDetail = 2,
    /// Cores of log records.
    LogCore = 3,
    /// Attributes of log records.
    LogDetail = 4,
    /// Metric points.
    Points = 5,
    /// Where the blocks of series begin.
    SeriesDirectory = 6,
    /// Series by labels, and where their chunks lie.
    SeriesTable = 7,
    /// Which series have which label.
    SeriesPostings = 8,
    /// Columns of times of chunks.
    SeriesTimes = 9,
    /// Chunks without their times.
    SeriesChunks = 10,
    /// Lines of log records.
    LogLines = 11,
}

impl Part {
    /// Whether it holds series, which sealing merges.
    pub(crate) const fn is_of_series(self) -> bool {
        matches!(
            self,
            Self::SeriesDirectory
                | Self::SeriesTable
                | Self::SeriesPostings
                | Self::SeriesTimes
                | Self::SeriesChunks
        )
    }

    const ALL: [Self; 12] = [
        Self::Header,
        Self::SpanCore,
        Self::SpanDetail,
        Self::LogCore,
        Self::LogDetail,
        Self::Points,
        Self::SeriesDirectory,
        Self::SeriesTable,
        Self::SeriesPostings,
        Self::SeriesTimes,
        Self::SeriesChunks,
        Self::LogLines,
    ];
}

impl Key {
    /// The header of a segment.
    pub(crate) const fn header(segment: u32) -> Self {
        Self { segment, part: Part::Header, block: 0 }
    }

    /// What [`Key::bytes`] made, if it did.
    pub(crate) fn of(bytes: &[u8]) -> Option<Self> {
        let [s0, s1, s2, s3, part, b0, b1, b2, b3] = *bytes.as_array::<9>()?;
        Some(Self {
            segment: u32::from_be_bytes([s0, s1, s2, s3]),
            part: *Part::ALL.get(usize::from(part))?,
            block: u32::from_be_bytes([b0, b1, b2, b3]),
        })
    }

    /// Nine bytes: segment, part and block, big-endian.
    pub(crate) fn bytes(self) -> [u8; 9] {
        let [s0, s1, s2, s3] = self.segment.to_be_bytes();
        let [b0, b1, b2, b3] = self.block.to_be_bytes();
        [s0, s1, s2, s3, self.part as u8, b0, b1, b2, b3]
    }
}
