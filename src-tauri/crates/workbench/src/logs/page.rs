//! Log records newest first, a page at a time. No record is lost or repeated between pages, however many share an
//! instant: a cursor names the last record given by its place, and how many of that place were given.

use std::collections::BinaryHeap;
use std::fmt;
use std::ops::ControlFlow;
use std::str::FromStr;
use std::time::{Duration, Instant};

use watchglass_model::{Logs, TimeRange, Timestamp};
use watchglass_storage::{Detail, LogFilter, LogScan, Reader};

use super::record::{LogRecord, Place};
use crate::error::{Error, Result};
use crate::numbers::small;
use crate::windows::{Order, Windows};

/// A question for log records.
#[derive(Debug, Clone)]
pub struct LogQuery {
    /// When they happened.
    pub range: TimeRange,
    /// What else must hold.
    pub filter: LogFilter,
    /// How many at most.
    pub limit: usize,
    /// Where an earlier page ended.
    pub cursor: Option<Cursor>,
    /// How long to look; a page that takes longer ends where it has got to.
    pub patience: Duration,
}

/// Some log records.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct LogPage {
    /// Newest first.
    pub records: Vec<LogRecord>,
    /// Where to go on; none where no older ones are left.
    pub cursor: Option<Cursor>,
    /// Whether the search got as far as it should: to the limit or to the range's start.
    pub complete: bool,
}

/// Where a page ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    last: Place,
    given: u32,
}

/// Finds the newest records before the cursor.
pub fn log_page(reader: &dyn Reader, query: &LogQuery) -> Result<LogPage> {
    let began = Instant::now();
    let from = query.cursor.unwrap_or(Cursor { last: Place::last_of(query.range.end), given: 0 });
    let range = TimeRange { end: query.range.end.min(from.last.time), ..query.range };
    let mut newest = Newest::before(from, query.limit);
    let mut windows = Windows::of(range, Order::Newest);
    while let Some(window) = windows.next() {
        newest.look(reader, &query.filter, window)?;
        if newest.is_full() || windows.is_done() {
            break;
        }
        if began.elapsed() >= query.patience {
            let older = Timestamp(window.start.0.saturating_sub(1));
            return Ok(newest.page(Some(older)));
        }
    }
    Ok(newest.page(None))
}

/// The newest records of those seen so far, as many as a page and one more.
#[derive(Debug)]
struct Newest {
    from: Cursor,
    limit: usize,
    capacity: usize,
    /// The oldest on top.
    kept: BinaryHeap<Kept>,
}

#[derive(Debug)]
struct Kept {
    place: Place,
    record: LogRecord,
}

impl Newest {
    fn before(from: Cursor, limit: usize) -> Self {
        let capacity = limit.saturating_add(from.given as usize).saturating_add(1);
        Self { from, limit, capacity, kept: BinaryHeap::new() }
    }

    fn is_full(&self) -> bool {
        self.kept.len() >= self.capacity
    }

    fn look(&mut self, reader: &dyn Reader, filter: &LogFilter, range: TimeRange) -> Result<()> {
        let scan = LogScan { range, filter: filter.clone(), detail: Detail::Whole };
        reader.scan_logs(&scan, &mut |batch, rows| {
            self.add(batch, rows);
            ControlFlow::Continue(())
        })?;
        Ok(())
    }

    /// Takes what is newer than the oldest kept, newest first, so that few records are copied in vain.
    fn add(&mut self, batch: &Logs, rows: &[u32]) {
        let mut newest_first: Vec<_> = rows
            .iter()
            .filter_map(|row| batch.get(*row as usize))
            .filter(|record| record.row.timestamp() <= self.from.last.time)
            .collect();
        newest_first.sort_by_key(|record| std::cmp::Reverse(record.row.timestamp()));
        for record in newest_first {
            let oldest = self.oldest_wanted();
            if oldest.is_some_and(|oldest| record.row.timestamp() < oldest.time) {
                break;
            }
            let place = Place::of(record);
            if place > self.from.last || oldest.is_some_and(|oldest| place <= oldest) {
                continue;
            }
            self.kept.push(Kept { place, record: record.into() });
            if self.kept.len() > self.capacity {
                self.kept.pop();
            }
        }
    }

    fn oldest_wanted(&self) -> Option<Place> {
        self.kept.peek().filter(|_| self.is_full()).map(|kept| kept.place)
    }

    /// The page; `reached` is where the search was given up.
    fn page(self, reached: Option<Timestamp>) -> LogPage {
        let mut last = self.from;
        let mut records = Vec::new();
        let mut to_skip = self.from.given;
        let mut has_more = false;
        for kept in self.kept.into_sorted_vec() {
            if kept.place == self.from.last && to_skip > 0 {
                to_skip -= 1;
                continue;
            }
            if records.len() == self.limit {
                has_more = true;
                break;
            }
            let number = if kept.place == last.last { last.given } else { 0 };
            last = Cursor { last: kept.place, given: number.saturating_add(1) };
            let id = kept.place.id(number);
            records.push(LogRecord { id, ..kept.record });
        }
        let cursor = match reached {
            _ if has_more => Some(last),
            Some(time) => Some(Cursor { last: Place::last_of(time), given: 0 }),
            None => None,
        };
        LogPage { records, cursor, complete: has_more || reached.is_none() }
    }
}

impl Ord for Kept {
    /// The oldest is the greatest: a heap gives it up first, and sorting puts it last.
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        other.place.cmp(&self.place)
    }
}

impl PartialOrd for Kept {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Kept {
    fn eq(&self, other: &Self) -> bool {
        self.place == other.place
    }
}

impl Eq for Kept {}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Place { time, observed, hash } = self.last;
        write!(f, "{:x}.{:x}.{hash:x}.{:x}", time.0, observed.0, self.given)
    }
}

impl FromStr for Cursor {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let number = |part: &str| u64::from_str_radix(part, 16).map_err(|_| Error::Cursor);
        let parts: Vec<u64> = text.split('.').map(number).collect::<Result<_>>()?;
        let [time, observed, hash, given] = parts.as_slice() else {
            return Err(Error::Cursor);
        };
        Ok(Self {
            last: Place { time: Timestamp(*time), observed: Timestamp(*observed), hash: *hash },
            given: u32::try_from(*given).map_err(|_| Error::Cursor)?,
        })
    }
}

/// Gives ids to records that lie together, those with equal content numbered.
pub(super) fn identified<'a>(
    records: impl Iterator<Item = watchglass_model::LogRef<'a>>,
) -> Vec<LogRecord> {
    let mut seen = std::collections::HashMap::new();
    records
        .map(|record| {
            let place = Place::of(record);
            let number = seen
                .entry((place.time, place.observed, place.hash))
                .and_modify(|count: &mut usize| *count += 1)
                .or_insert(0);
            let id = place.id(small(*number));
            LogRecord { id, ..record.into() }
        })
        .collect()
}
