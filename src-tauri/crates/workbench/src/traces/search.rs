//! Finding traces: which traces have a matching span, and which of them come first.

use std::collections::HashMap;
use std::ops::ControlFlow;

use watchglass_model::{SpanRef, Spans, StatusCode, TimeRange, Timestamp, TraceId};
use watchglass_storage::{Detail, Flow, Reader, SpanFilter, SpanScan};

use super::MARGIN;
use super::summaries::{TraceSummary, summarise};
use crate::error::Result;
use crate::numbers::small;
use crate::windows::{Order, Windows, padded};

/// A question for traces with a span that meets all conditions.
#[derive(Debug, Clone)]
pub struct TraceQuery {
    /// When the matching spans start.
    pub range: TimeRange,
    /// What must hold for one span.
    pub filter: SpanFilter,
    /// Which traces come first.
    pub sort: TraceSort,
    /// How many traces at most.
    pub limit: usize,
}

/// Which traces come first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TraceSort {
    /// Which started last.
    #[default]
    Newest,
    /// Which started first.
    Oldest,
    /// Which lasted longest.
    Longest,
    /// Which lasted shortest.
    Shortest,
    /// Which have the most spans.
    MostSpans,
    /// Which have the most failed spans.
    MostErrors,
}

/// The traces that were found.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TraceList {
    /// The first of them, in the order asked for.
    pub traces: Vec<TraceSummary>,
    /// How many traces matched; at least so many, where the search is not complete.
    pub matched: u64,
    /// Whether all of the range was searched.
    pub complete: bool,
    /// How many spans lie in the batches that were looked at.
    pub examined_spans: u64,
}

/// A newest-first search that has enough traces goes on for the total until it has seen so many spans.
const ENOUGH_SPANS: u64 = 2_000_000;
/// More matching traces than this are not held in memory.
const MOST_TRACES: usize = 1_000_000;
/// So many traces are summarised where the order depends on the whole trace and only a part of it is known.
const MOST_CANDIDATES: usize = 20_000;

/// What the matching spans tell of a trace.
#[derive(Debug, Clone, Copy)]
struct Match {
    spans: u32,
    errors: u32,
    start: Timestamp,
    end: Timestamp,
}

/// Finds traces. Orders that need the whole trace (longest, most spans, …) are exact up to 20,000 matching traces;
/// beyond that, the matching spans decide which traces are looked at as a whole.
pub fn search(reader: &dyn Reader, query: &TraceQuery) -> Result<TraceList> {
    let mut found = Found::default();
    let complete = found.look(reader, query)?;
    let wanted = candidates(query, &found.traces);
    let Some(extent) = extent(&wanted) else {
        return Ok(TraceList { complete, examined_spans: found.examined, ..TraceList::default() });
    };
    let ids = wanted.iter().map(|(id, _)| *id).collect();
    let mut traces = summarise(reader, ids, padded(extent, MARGIN))?;
    for trace in &mut traces {
        trace.matched_spans =
            found.traces.get(&trace.trace_id).map_or(0, |one| u64::from(one.spans));
    }
    traces.sort_by_cached_key(|trace| (rank_of_summary(query.sort, trace), trace.trace_id));
    traces.truncate(query.limit);
    Ok(TraceList {
        traces,
        matched: found.traces.len() as u64,
        complete,
        examined_spans: found.examined,
    })
}

#[derive(Debug, Default)]
struct Found {
    traces: HashMap<TraceId, Match>,
    examined: u64,
}

impl Found {
    /// Looks for matching spans; tells whether all of the range was searched.
    fn look(&mut self, reader: &dyn Reader, query: &TraceQuery) -> Result<bool> {
        let order = match query.sort {
            TraceSort::Newest => Order::Newest,
            TraceSort::Oldest => Order::Oldest,
            _ => return self.look_within(reader, query, query.range),
        };
        let mut windows = Windows::of(query.range, order);
        while let Some(window) = windows.next() {
            if !self.look_within(reader, query, window)? {
                return Ok(false);
            }
            if self.traces.len() >= query.limit && self.examined >= ENOUGH_SPANS {
                return Ok(windows.is_done());
            }
        }
        Ok(true)
    }

    fn look_within(
        &mut self,
        reader: &dyn Reader,
        query: &TraceQuery,
        range: TimeRange,
    ) -> Result<bool> {
        let scan =
            SpanScan { range, filter: query.filter.clone(), detail: detail_for(&query.filter) };
        let mut complete = true;
        reader.scan_spans(&scan, &mut |batch, rows| {
            let flow = self.note(batch, rows);
            complete &= flow.is_continue();
            flow
        })?;
        Ok(complete)
    }

    fn note(&mut self, batch: &Spans, rows: &[u32]) -> Flow {
        self.examined += batch.rows.len() as u64;
        for span in rows.iter().filter_map(|row| batch.get(*row as usize)) {
            self.traces
                .entry(span.row.trace_id)
                .and_modify(|known| known.add(span))
                .or_insert_with(|| Match::of(span));
        }
        if self.traces.len() > MOST_TRACES {
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    }
}

/// Attributes are read only where a condition asks for them.
fn detail_for(filter: &SpanFilter) -> Detail {
    if filter.attributes.is_empty() { Detail::Core } else { Detail::Whole }
}

impl Match {
    fn of(span: SpanRef<'_>) -> Self {
        Self {
            spans: 1,
            errors: u32::from(span.row.status == StatusCode::Error),
            start: span.row.start,
            end: span.row.end.max(span.row.start),
        }
    }

    fn add(&mut self, span: SpanRef<'_>) {
        let other = Self::of(span);
        self.spans = self.spans.saturating_add(other.spans);
        self.errors = self.errors.saturating_add(other.errors);
        self.start = self.start.min(other.start);
        self.end = self.end.max(other.end);
    }
}

/// The traces worth summarising: as many as asked for where the order is known, else many more.
fn candidates(query: &TraceQuery, traces: &HashMap<TraceId, Match>) -> Vec<(TraceId, Match)> {
    let by_time = matches!(query.sort, TraceSort::Newest | TraceSort::Oldest);
    let most = if by_time || is_unfiltered(&query.filter) {
        query.limit
    } else {
        query.limit.max(MOST_CANDIDATES)
    };
    let mut all: Vec<_> = traces.iter().map(|(id, known)| (*id, *known)).collect();
    if all.len() > most {
        let rank = |(id, known): &(TraceId, Match)| (rank_of_match(query.sort, known), *id);
        all.select_nth_unstable_by_key(most, rank);
        all.truncate(most);
    }
    all
}

fn is_unfiltered(filter: &SpanFilter) -> bool {
    filter.service.is_none()
        && filter.operation.is_none()
        && filter.status.is_none()
        && filter.min_duration.is_none()
        && filter.max_duration.is_none()
        && filter.attributes.is_empty()
}

fn extent(wanted: &[(TraceId, Match)]) -> Option<TimeRange> {
    let start = wanted.iter().map(|(_, known)| known.start).min()?;
    let end = wanted.iter().map(|(_, known)| known.end).max()?;
    Some(TimeRange { start, end })
}

fn rank_of_match(sort: TraceSort, known: &Match) -> u64 {
    let duration = known.end.since(known.start);
    rank(sort, known.start, duration, known.spans, known.errors)
}

fn rank_of_summary(sort: TraceSort, trace: &TraceSummary) -> u64 {
    let count = |number| small(usize::try_from(number).unwrap_or(usize::MAX));
    let (spans, errors) = (count(trace.spans), count(trace.errors));
    rank(sort, trace.start, trace.duration, spans, errors)
}

/// The place in the order: the least comes first.
fn rank(sort: TraceSort, start: Timestamp, duration: u64, spans: u32, errors: u32) -> u64 {
    match sort {
        TraceSort::Newest => u64::MAX - start.0,
        TraceSort::Oldest => start.0,
        TraceSort::Longest => u64::MAX - duration,
        TraceSort::Shortest => duration,
        TraceSort::MostSpans => u64::MAX - u64::from(spans),
        TraceSort::MostErrors => u64::MAX - u64::from(errors),
    }
}
