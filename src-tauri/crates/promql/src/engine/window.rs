//! Windows over the samples of a series: what functions of range vectors look at.

use std::sync::Arc;

use watchglass_model::{FloatHistogram, Millis, Sample, SampleValue, Samples, is_stale};

use super::column::{Grid, is_absent};
use super::select::{Ranges, present};
use super::{QueryError, Result};
use crate::tree::Edges;

/// The samples of a series without staleness markers, floats and histograms apart.
#[derive(Debug, Default)]
pub(crate) struct Points {
    pub(crate) floats: Side<f64>,
    pub(crate) histograms: Side<Arc<FloatHistogram>>,
}

/// Samples of one kind, in the order of time.
#[derive(Debug)]
pub(crate) struct Side<T> {
    pub(crate) times: Vec<Millis>,
    pub(crate) values: Vec<T>,
    /// When each began to count; empty where none is known.
    pub(crate) starts: Vec<Millis>,
}

impl<T> Default for Side<T> {
    fn default() -> Self {
        Self { times: Vec::new(), values: Vec::new(), starts: Vec::new() }
    }
}

impl<T> Side<T> {
    fn clear(&mut self) {
        self.times.clear();
        self.values.clear();
        self.starts.clear();
    }
}

impl Points {
    /// Takes over what was read; `samples` is left with whatever memory was here.
    pub(crate) fn fill(&mut self, samples: &mut Samples) {
        self.floats.clear();
        self.histograms.clear();
        let special = |value: &f64| value.is_nan() && (is_stale(*value) || is_absent(*value));
        if samples.histograms.is_empty() && !samples.floats.iter().any(special) {
            std::mem::swap(&mut self.floats.times, &mut samples.times);
            std::mem::swap(&mut self.floats.values, &mut samples.floats);
            std::mem::swap(&mut self.floats.starts, &mut samples.starts);
            return;
        }
        let starts = !samples.starts.is_empty();
        for sample in samples.iter().filter(|sample| !sample.value.is_stale()) {
            match sample.value {
                SampleValue::Float(value) => {
                    self.floats.times.push(sample.time);
                    self.floats.values.push(present(value));
                    self.floats.starts.extend(starts.then_some(sample.start));
                }
                SampleValue::Histogram(histogram) => {
                    self.histograms.times.push(sample.time);
                    self.histograms.values.push(histogram);
                    self.histograms.starts.extend(starts.then_some(sample.start));
                }
            }
        }
    }
}

/// A stretch of one side.
#[derive(Debug)]
pub(crate) struct Part<'a, T> {
    pub(crate) times: &'a [Millis],
    pub(crate) values: &'a [T],
    starts: &'a [Millis],
}

impl<T> Clone for Part<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Part<'_, T> {}

impl<'a, T> Part<'a, T> {
    fn of(side: &'a Side<T>, from: usize, to: usize) -> Self {
        Self {
            times: side.times.get(from..to).unwrap_or_default(),
            values: side.values.get(from..to).unwrap_or_default(),
            starts: side.starts.get(from..to).unwrap_or_default(),
        }
    }

    /// How many samples there are.
    pub(crate) const fn len(&self) -> usize {
        self.times.len()
    }

    /// Whether there are none.
    pub(crate) const fn is_empty(&self) -> bool {
        self.times.is_empty()
    }

    /// The first sample.
    pub(crate) fn first(&self) -> Option<(Millis, &'a T)> {
        Some((*self.times.first()?, self.values.first()?))
    }

    /// The last sample.
    pub(crate) fn last(&self) -> Option<(Millis, &'a T)> {
        Some((*self.times.last()?, self.values.last()?))
    }

    /// The samples.
    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = (Millis, &'a T)> + use<'a, T> {
        self.times.iter().copied().zip(self.values)
    }

    /// Whether the sample at `place` says that it began to count after the one before it was taken
    /// (`isStartTimestampReset` in Prometheus `promql/functions.go`).
    pub(crate) fn began_anew(&self, place: usize) -> bool {
        let at = |list: &[Millis], place: usize| list.get(place).copied().unwrap_or(0);
        let Some(before) = place.checked_sub(1) else { return false };
        let (start, time) = (at(self.starts, place), at(self.times, place));
        let (previous, previous_start) = (at(self.times, before), at(self.starts, before));
        if start == 0 || start >= time || start < previous {
            return false;
        }
        // Where a delta ends the next one begins; a sum whose beginning is not known says so at its first sample.
        start > previous || (previous_start != 0 && previous_start < previous)
    }

    /// Whether the sample at `place` says that it began before the one before it was taken, although not with it.
    pub(crate) fn overlaps(&self, place: usize) -> bool {
        let at = |list: &[Millis], place: usize| list.get(place).copied().unwrap_or(0);
        let Some(before) = place.checked_sub(1) else { return false };
        let start = at(self.starts, place);
        start != 0 && start < at(self.times, before) && start != at(self.starts, before)
    }

    /// When the first sample began to count, if that lies between `after` and the sample itself.
    pub(crate) fn began(&self, after: Millis) -> Option<Millis> {
        let (start, time) = (*self.starts.first()?, *self.times.first()?);
        (start != 0 && after < start && start < time).then_some(start)
    }

    /// The samples from one place up to and without another.
    #[must_use]
    pub(crate) fn stretch(&self, from: usize, to: usize) -> Self {
        Self {
            times: self.times.get(from..to).unwrap_or_default(),
            values: self.values.get(from..to).unwrap_or_default(),
            starts: self.starts.get(from..to).unwrap_or_default(),
        }
    }

    /// The samples from `from` on.
    #[must_use]
    pub(crate) fn skip(&self, from: usize) -> Self {
        Self {
            times: self.times.get(from..).unwrap_or_default(),
            values: self.values.get(from..).unwrap_or_default(),
            starts: self.starts.get(from..).unwrap_or_default(),
        }
    }
}

/// What a function sees at one step.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Window<'a> {
    /// Floats, those beyond the edges included where the selector asks for them.
    pub(crate) floats: Part<'a, f64>,
    /// The floats before each turn inside, where turns were looked for.
    pub(crate) turns: Option<TurnsWithin<'a>>,
    /// Histograms, likewise.
    pub(crate) histograms: Part<'a, Arc<FloatHistogram>>,
    /// The window lies behind this instant.
    pub(crate) start: Millis,
    /// The last instant of the window.
    pub(crate) end: Millis,
    /// The instant that is evaluated.
    pub(crate) at: Millis,
    /// How edges are treated.
    pub(crate) edges: Edges,
}

impl Window<'_> {
    /// How many samples there are.
    pub(crate) const fn len(&self) -> usize {
        self.floats.len() + self.histograms.len()
    }

    /// All samples in the order of time.
    pub(crate) fn samples(&self) -> Samples {
        let mut samples = Samples::default();
        for (time, value) in self.merged() {
            samples.push(&Sample { time, value, start: 0 });
        }
        samples
    }

    /// All samples in the order of time.
    pub(crate) fn merged(&self) -> Vec<(Millis, SampleValue)> {
        let floats = self.floats.iter().map(|(time, value)| (time, SampleValue::Float(*value)));
        let histograms = self
            .histograms
            .iter()
            .map(|(time, one)| (time, SampleValue::Histogram(Arc::clone(one))));
        let mut all: Vec<_> = floats.chain(histograms).collect();
        if !self.histograms.is_empty() {
            all.sort_by_key(|(time, _)| *time);
        }
        all
    }
}

/// Where a series turns: pairs of neighbouring floats that a function counts, such as falls of a counter. They are
/// looked for once a series, because each pair lies in many windows.
#[derive(Debug, Default)]
pub(crate) struct Turns {
    /// The place of the second float of each pair.
    places: Vec<usize>,
    /// The first float of each pair.
    before: Vec<f64>,
}

/// The first float of each turn inside a window.
pub(crate) type TurnsWithin<'a> = &'a [f64];

impl Turns {
    /// The neighbours for which `counts` holds.
    pub(crate) fn of(values: &[f64], counts: impl Fn(f64, f64) -> bool) -> Self {
        let mut turns = Self::default();
        for (place, pair) in values.windows(2).enumerate() {
            if let [before, now] = pair
                && counts(*before, *now)
            {
                turns.places.push(place + 1);
                turns.before.push(*before);
            }
        }
        turns
    }
}

/// The windows of one series, step after step.
pub(crate) struct Windows<'a> {
    ranges: &'a Ranges,
    points: &'a Points,
    grid: Grid,
    floats: (usize, usize),
    histograms: (usize, usize),
    turns: Option<&'a Turns>,
    turned: (usize, usize),
}

impl<'a> Windows<'a> {
    pub(crate) const fn new(ranges: &'a Ranges, points: &'a Points, grid: Grid) -> Self {
        let (floats, histograms, turned) = ((0, 0), (0, 0), (0, 0));
        Self { ranges, points, grid, floats, histograms, turns: None, turned }
    }

    /// The same windows, which also tell the turns inside.
    pub(crate) const fn turning(self, turns: Option<&'a Turns>) -> Self {
        Self { turns, ..self }
    }

    /// The window of a step, which must not lie before the last one asked for; none where it has no samples.
    pub(crate) fn at(&mut self, step: usize) -> Option<Window<'a>> {
        let at = self.grid.time(step);
        let (behind, until) = self.ranges.reach(at);
        advance(&mut self.floats, &self.points.floats.times, behind, until);
        advance(&mut self.histograms, &self.points.histograms.times, behind, until);
        let (start, end) = self.ranges.window(at);
        let window = Window {
            floats: Part::of(&self.points.floats, self.floats.0, self.floats.1),
            turns: self.turns_within(),
            histograms: Part::of(&self.points.histograms, self.histograms.0, self.histograms.1),
            start,
            end,
            at,
            edges: self.ranges.edges,
        };
        (window.len() > 0).then_some(window)
    }
}

impl<'a> Windows<'a> {
    fn turns_within(&mut self) -> Option<TurnsWithin<'a>> {
        let turns = self.turns?;
        let (from, to) = self.floats;
        let (first, end) = &mut self.turned;
        // Of a turn both floats lie inside.
        while turns.places.get(*first).is_some_and(|place| *place <= from) {
            *first += 1;
        }
        *end = (*end).max(*first);
        while turns.places.get(*end).is_some_and(|place| *place < to) {
            *end += 1;
        }
        turns.before.get(*first..*end)
    }
}

/// Moves the two ends of a window forward: to the first sample behind `behind`, and behind the last one up to `until`.
fn advance((from, to): &mut (usize, usize), times: &[Millis], behind: Millis, until: Millis) {
    while times.get(*from).is_some_and(|time| *time <= behind) {
        *from += 1;
    }
    *to = (*to).max(*from);
    while times.get(*to).is_some_and(|time| *time <= until) {
        *to += 1;
    }
}

/// The value on the line between two samples. Of a counter that was reset between them, the line begins at zero.
pub(crate) fn interpolate(
    one: (Millis, f64),
    two: (Millis, f64),
    at: Millis,
    counter: bool,
) -> f64 {
    let from = if counter && two.1 < one.1 { 0.0 } else { one.1 };
    let share = super::length::seconds(at - one.0) / super::length::seconds(two.0 - one.0);
    from + (two.1 - from) * share
}

/// The edges of an anchored or smoothed window: values at its start and end, and the samples between.
pub(crate) struct Edged<'a> {
    pub(crate) left: f64,
    pub(crate) right: f64,
    pub(crate) between: Part<'a, f64>,
}

/// The values at the edges of a window; none where all its samples lie before it.
pub(crate) fn edged<'a>(window: &Window<'a>, counter: bool) -> Option<Edged<'a>> {
    let floats = window.floats;
    let (first, last) = edge_places(window, floats.times)?;
    let sample = |place: usize| Some((*floats.times.get(place)?, *floats.values.get(place)?));
    let (begin, end) = (sample(first)?, sample(last)?);
    let smoothed = window.edges == Edges::Smoothed;
    let left = match sample(first + 1) {
        Some(next) if smoothed && begin.0 < window.start => {
            interpolate(begin, next, window.start, counter)
        }
        _ => begin.1,
    };
    let right = match last.checked_sub(1).and_then(sample) {
        Some(before) if smoothed && end.0 > window.end => {
            interpolate(before, end, window.end, counter)
        }
        _ => end.1,
    };
    let from = if begin.0 <= window.start { first + 1 } else { first };
    let to = if end.0 >= window.end { last } else { last + 1 };
    let between = Part {
        times: floats.times.get(from..to).unwrap_or_default(),
        values: floats.values.get(from..to).unwrap_or_default(),
        starts: &[],
    };
    Some(Edged { left, right, between })
}

/// The places of the samples that decide the values at the edges of a window: the last one up to its start, if there
/// is one, and the last one of it, or the first one behind it where edges are smoothed. None where all samples lie
/// before the window, or all behind it.
pub(crate) fn edge_places(window: &Window<'_>, times: &[Millis]) -> Option<(usize, usize)> {
    let count = times.len().checked_sub(1)?;
    let inside = times.get(..count)?;
    let first = inside.partition_point(|time| *time <= window.start).saturating_sub(1);
    let smoothed = window.edges == Edges::Smoothed;
    let last = if smoothed { inside.partition_point(|time| *time < window.end) } else { count };
    let (begin, end) = (*times.get(first)?, *times.get(last)?);
    (end > window.start && begin <= window.end).then_some((first, last))
}

/// The samples of an anchored or smoothed window with those at its edges.
pub(crate) fn extended(window: &Window<'_>) -> Result<Samples> {
    if !window.histograms.is_empty() {
        return Err(QueryError::Execution(
            "anchored and smoothed modifiers show no histograms of a range; use rate, increase or delta".to_owned(),
        ));
    }
    let mut samples = Samples::default();
    let Some(edged) = edged(window, false) else { return Ok(samples) };
    let mut push = |time, value| {
        samples.push(&Sample { time, value: SampleValue::Float(value), start: 0 });
    };
    push(window.start, edged.left);
    for (time, value) in edged.between.iter() {
        push(time, *value);
    }
    push(window.end, edged.right);
    Ok(samples)
}
