//! What is known of the series of a segment without reading a block: it stands in the segment's header and, once the
//! partition is sealed, in the manifest.

use serde::{Deserialize, Serialize};
use watchglass_model::Millis;
use watchglass_storage::{MatchOperator, Matcher, MillisRange, PatternFault};

use super::tombstone::Tombstone;
use crate::codec::columns::{Corrupt, Reader, Writer};

/// The series of a segment.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "SummaryEntry", into = "SummaryEntry")]
pub(crate) struct Summary {
    pub(crate) series: u32,
    pub(crate) samples: u64,
    /// From the first to the last sample.
    pub(crate) times: Option<MillisRange>,
    /// What was deleted while the segment was a head.
    pub(crate) tombstones: Vec<Tombstone>,
}

impl Summary {
    pub(crate) fn encode(&self, out: &mut Writer) {
        out.varint(u64::from(self.series));
        out.varint(self.samples);
        if let Some(times) = self.times {
            out.zigzag(times.start);
            out.zigzag(times.end);
        }
        out.count(self.tombstones.len());
        self.tombstones.iter().for_each(|tombstone| tombstone.write(out));
    }

    pub(crate) fn decode(from: &mut Reader<'_>) -> Result<Self, Corrupt> {
        let mut summary =
            Self { series: from.index()?, samples: from.varint()?, ..Self::default() };
        if summary.series > 0 {
            summary.times = Some(MillisRange { start: from.zigzag()?, end: from.zigzag()? });
        }
        for _ in 0..from.count(from.bytes.len())? {
            summary.tombstones.push(Tombstone::read(from)?);
        }
        Ok(summary)
    }
}

/// The same as it stands in the manifest.
#[derive(Default, Serialize, Deserialize)]
pub(super) struct SummaryEntry {
    series: u32,
    samples: u64,
    times: Option<(Millis, Millis)>,
    deleted: Vec<DeletedEntry>,
}

#[derive(Serialize, Deserialize)]
struct DeletedEntry {
    /// Label, operator and value of each matcher.
    matchers: Vec<(String, String, String)>,
    times: (Millis, Millis),
}

impl From<Summary> for SummaryEntry {
    fn from(summary: Summary) -> Self {
        let deleted = summary.tombstones.into_iter().map(|tombstone| DeletedEntry {
            times: (tombstone.range.start, tombstone.range.end),
            matchers: tombstone.matchers.into_iter().map(written).collect(),
        });
        Self {
            series: summary.series,
            samples: summary.samples,
            times: summary.times.map(|times| (times.start, times.end)),
            deleted: deleted.collect(),
        }
    }
}

impl TryFrom<SummaryEntry> for Summary {
    type Error = PatternFault;

    fn try_from(entry: SummaryEntry) -> Result<Self, PatternFault> {
        let range = |(start, end)| MillisRange { start, end };
        let deleted = entry.deleted.into_iter().map(|deleted| {
            let matchers = deleted.matchers.into_iter().map(read).collect::<Result<_, _>>()?;
            Ok(Tombstone { matchers, range: range(deleted.times) })
        });
        let tombstones = deleted.collect::<Result<_, PatternFault>>()?;
        let times = entry.times.map(range);
        Ok(Self { series: entry.series, samples: entry.samples, times, tombstones })
    }
}

fn written(matcher: Matcher) -> (String, String, String) {
    (matcher.name, matcher.operator.text().to_owned(), matcher.value)
}

fn read((name, operator, value): (String, String, String)) -> Result<Matcher, PatternFault> {
    let operators = [MatchOperator::NotEqual, MatchOperator::Matches, MatchOperator::NotMatches];
    let found = operators.into_iter().find(|one| one.text() == operator);
    Matcher::new(name, found.unwrap_or(MatchOperator::Equal), value)
}
