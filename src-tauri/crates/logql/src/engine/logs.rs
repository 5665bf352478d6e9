//! Log queries: the first lines in the order of time, over all streams.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use watchglass_model::Labels;
use watchglass_storage::{LineBatch, Nanos, NanosRange, StreamPart, StreamReader, StreamScan};

use super::scan::{Reading, statistics_of};
use super::{
    Answer, Direction, Entry, Interrupt, Query, QueryError, Result, ResultStream, Statistics, Value,
};
use crate::stage::{self, Category, Needed, Pipeline, Row};
use crate::tree::LogExpr;

/// Where a line stands among all: by time, by stream, by arrival.
type Place = (Nanos, Labels, usize, usize);

/// Labels by where they come from: stream, metadata, parsed.
type Kinds = [Vec<(String, String)>; 3];

struct Kept {
    place: Place,
    line: Vec<u8>,
    labels: Kinds,
}

/// The nearest lines so far.
struct Nearest {
    direction: Direction,
    limit: usize,
    kept: Vec<Kept>,
    /// The time behind which no line can be among the nearest any more.
    cut: Option<Nanos>,
}

impl Nearest {
    fn is_too_far(&self, time: Nanos) -> bool {
        self.cut.is_some_and(|cut| match self.direction {
            Direction::Forward => time > cut,
            Direction::Backward => time < cut,
        })
    }

    fn take(&mut self, kept: Kept) {
        self.kept.push(kept);
        if self.kept.len() >= 2 * self.limit.max(64) {
            self.prune();
        }
    }

    fn prune(&mut self) {
        let direction = self.direction;
        self.kept.sort_unstable_by(|one, other| match direction {
            Direction::Forward => one.place.cmp(&other.place),
            Direction::Backward => other.place.cmp(&one.place),
        });
        self.kept.truncate(self.limit);
        if self.kept.len() == self.limit {
            self.cut = self.kept.last().map(|kept| kept.place.0);
        }
    }
}

pub(super) fn answer(
    reader: &dyn StreamReader,
    log: &LogExpr,
    query: &Query<'_>,
    start: Nanos,
    end: Nanos,
    interrupt: Interrupt<'_>,
) -> Result<Answer> {
    let pipeline =
        Pipeline::new(&log.stages, Needed::All, query.now).map_err(QueryError::Invalid)?;
    let scan = StreamScan {
        hints: stage::hints(&log.stages),
        ..StreamScan::whole(log.matchers.clone(), NanosRange { start, end })
    };
    let reading = Reading::new(pipeline);
    let mut statistics = Statistics::default();
    let mut nearest =
        Nearest { direction: query.direction, limit: query.limit, kept: Vec::new(), cut: None };
    if query.limit > 0 {
        for (place, part) in in_order(reader.select(&scan)?, query.direction) {
            let (first, last) = part.bounds();
            let near = if query.direction == Direction::Forward { first } else { last };
            if nearest.is_too_far(near) {
                break;
            }
            let mut interrupted = None;
            part.read(&mut |batch| {
                statistics_of(&batch, &mut statistics);
                let done =
                    take_batch(&reading, &batch, place, &mut nearest, &mut statistics, interrupt);
                interrupted = done.err();
            })?;
            if let Some(interruption) = interrupted {
                return Err(interruption);
            }
            nearest.prune();
        }
    }
    statistics.entries = nearest.kept.len() as u64;
    Ok(Answer { value: Value::Streams(grouped(nearest.kept)), statistics, warnings: Vec::new() })
}

/// Parts with their places by arrival, the nearest first.
fn in_order(
    parts: Vec<Box<dyn StreamPart>>,
    direction: Direction,
) -> Vec<(usize, Box<dyn StreamPart>)> {
    let mut parts: Vec<_> = parts.into_iter().enumerate().collect();
    match direction {
        Direction::Forward => parts.sort_by_key(|(_, part)| part.bounds().0),
        Direction::Backward => {
            parts.sort_by_key(|(_, part)| std::cmp::Reverse(part.bounds().1));
        }
    }
    parts
}

fn take_batch(
    reading: &Reading,
    batch: &LineBatch<'_>,
    part: usize,
    nearest: &mut Nearest,
    statistics: &mut Statistics,
    interrupt: Interrupt<'_>,
) -> Result<()> {
    let backward = nearest.direction == Direction::Backward;
    let near = |time: Nanos, nearest: &Nearest| !nearest.is_too_far(time);
    reading.rows(batch, backward, interrupt, &mut |row, number| {
        if !near(batch.times.get(number).copied().unwrap_or(0), nearest) {
            return Ok(ControlFlow::Continue(()));
        }
        row.reset(batch, number);
        if reading.pipeline.run(row) {
            statistics.passed += 1;
            let stream = batch.stream(number).cloned().unwrap_or_default();
            nearest.take(Kept {
                place: (row.time, stream, part, number),
                labels: kinds(row),
                line: row.line.to_vec(),
            });
        }
        Ok(ControlFlow::Continue(()))
    })
}

fn kinds(row: &Row<'_>) -> Kinds {
    let mut kinds = Kinds::default();
    for (name, value, category) in row.visible() {
        let kind = match category {
            Category::Stream => &mut kinds[0],
            Category::Metadata => &mut kinds[1],
            Category::Parsed => &mut kinds[2],
        };
        kind.push((name.into_owned(), value.into_owned()));
    }
    kinds
}

/// Lines by their labels; within a group they stay in order.
fn grouped(kept: Vec<Kept>) -> Vec<ResultStream> {
    let mut groups: BTreeMap<Kinds, Vec<Entry>> = BTreeMap::new();
    for one in kept {
        let entry = Entry { time: one.place.0, line: one.line };
        groups.entry(one.labels).or_default().push(entry);
    }
    let streams = groups.into_iter();
    streams
        .map(|([stream, metadata, parsed], entries)| ResultStream {
            stream,
            metadata,
            parsed,
            entries,
        })
        .collect()
}
