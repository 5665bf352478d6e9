//! Selectors: series from the store, as one value a step or as windows of samples.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use watchglass_model::{Labels, Millis, ResetHint, SampleValue, Samples, is_stale};
use watchglass_storage::{MillisRange, SeriesCursor};

use super::column::{Column, Grid, Series, is_absent};
use super::evaluate::{Detail, Evaluator};
use super::histograms;
use super::length::seconds;
use super::notes::Notes;
use super::statistics::Counting;
use super::window::{Points, Windows, extended};
use super::{QueryError, Result, smoothed, spread};
use crate::tree::{Edges, Expr, MatrixSelector, Node, Span, Subquery, VectorSelector};
use watchglass_storage::Matcher;

/// How far apart samples lie, for a guess how many there are.
const USUAL_INTERVAL: Millis = 10_000;

/// How the steps of a grid become the instants at which a selector looks at samples.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shift {
    /// The instant that `@` names.
    pub(crate) pinned: Option<Millis>,
    /// How far back.
    pub(crate) offset: Millis,
}

impl Shift {
    /// The instant at which samples are looked at when `time` is evaluated.
    pub(crate) fn apply(self, time: Millis) -> Millis {
        self.pinned.unwrap_or(time).saturating_sub(self.offset)
    }
}

/// Where windows of samples come from, and how long they are.
pub(crate) struct Ranges {
    /// The length of a window.
    pub(crate) range: Millis,
    /// Which instants the windows end at.
    pub(crate) shift: Shift,
    /// How the edges of a window are treated.
    pub(crate) edges: Edges,
    /// How far beyond its edges a window may look, where its edges say so.
    pub(crate) lookback: Millis,
    source: Source,
}

enum Source {
    Stored(Found, MillisRange),
    Computed(Vec<(Labels, bool, Points)>),
}

/// Series that a selector found, and about how many values of them will be looked at.
struct Found {
    cursors: Vec<Box<dyn SeriesCursor>>,
    values: usize,
}

/// What is made of each series of a range: its labels, whether its name is to go, its samples.
pub(crate) type OfPoints<'v, 'e> = &'v (
        dyn Fn(&Evaluator<'e>, &mut Notes, &Labels, bool, &Points) -> Result<Option<Series>> + Sync
    );

/// What is done with each series of a range: its labels, whether its name is to go, its samples.
pub(crate) type VisitPoints<'v, 'e> =
    &'v mut dyn FnMut(&mut Evaluator<'e>, &Labels, bool, &Points) -> Result<()>;

impl Ranges {
    /// The edges of the window that belongs to `time`: behind the first up to the second.
    pub(crate) fn window(&self, time: Millis) -> (Millis, Millis) {
        let end = self.shift.apply(time);
        (end.saturating_sub(self.range), end)
    }

    /// The same, with what lies beyond the edges where the selector asks for it.
    pub(crate) fn reach(&self, time: Millis) -> (Millis, Millis) {
        let (start, end) = self.window(time);
        match self.edges {
            Edges::Plain => (start, end),
            Edges::Anchored => (start.saturating_sub(self.lookback), end),
            Edges::Smoothed => {
                (start.saturating_sub(self.lookback), end.saturating_add(self.lookback))
            }
        }
    }

    /// Visits the series one after another; only one is held at a time.
    pub(crate) fn each<'e>(
        &self,
        evaluator: &mut Evaluator<'e>,
        visit: VisitPoints<'_, 'e>,
    ) -> Result<()> {
        match &self.source {
            Source::Stored(found, range) => {
                let (mut samples, mut points) = (Samples::default(), Points::default());
                for cursor in &found.cursors {
                    evaluator.check_interrupt()?;
                    evaluator.read(cursor.as_ref(), *range, &mut samples)?;
                    points.fill(&mut samples);
                    visit(evaluator, cursor.labels(), false, &points)?;
                }
            }
            Source::Computed(series) => {
                for (labels, drop_name, points) in series {
                    evaluator.check_interrupt()?;
                    visit(evaluator, labels, *drop_name, points)?;
                }
            }
        }
        Ok(())
    }

    /// Makes a series of each, on all cores if they are many.
    pub(crate) fn series<'e>(
        &self,
        evaluator: &mut Evaluator<'e>,
        of_points: OfPoints<'_, 'e>,
    ) -> Result<Vec<Series>> {
        let shared = &*evaluator;
        let made = match &self.source {
            Source::Stored(found, range) => spread::each(
                &found.cursors,
                found.values,
                <(Samples, Points)>::default,
                |(samples, points), cursor| {
                    shared.check_interrupt()?;
                    shared.read(cursor.as_ref(), *range, samples)?;
                    points.fill(samples);
                    let mut notes = Notes::default();
                    Ok((of_points(shared, &mut notes, cursor.labels(), false, points)?, notes))
                },
            ),
            Source::Computed(series) => {
                let values = series.iter().map(|(.., points)| points.floats.times.len()).sum();
                spread::each(
                    series,
                    values,
                    || (),
                    |(), (labels, drop_name, points)| {
                        shared.check_interrupt()?;
                        let mut notes = Notes::default();
                        Ok((of_points(shared, &mut notes, labels, *drop_name, points)?, notes))
                    },
                )
            }
        }?;
        Ok(evaluator.noted(made))
    }

    /// The samples of the first step's window, as a range selector at the top of a query shows them.
    pub(crate) fn window_samples(
        &self,
        points: &Points,
        grid: Grid,
        counting: &Counting,
    ) -> Result<Samples> {
        let mut windows = Windows::new(self, points, grid);
        let Some(window) = windows.at(0) else { return Ok(Samples::default()) };
        counting.window(0, &window);
        if self.edges == Edges::Plain { Ok(window.samples()) } else { extended(&window) }
    }
}

impl Evaluator<'_> {
    /// The series that pass a selector's matchers. Of each, `a_step` is looked at on every step of the grid.
    fn cursors(
        &mut self,
        matchers: &[Matcher],
        range: MillisRange,
        a_step: Millis,
        grid: Grid,
    ) -> Result<Found> {
        let cursors = self.reader.select(matchers, range)?;
        let samples = |length: Millis| usize::try_from(length / USUAL_INTERVAL).unwrap_or(0) + 1;
        let read = samples(range.end.saturating_sub(range.start));
        let a_series = grid.steps.saturating_mul(samples(a_step)).saturating_add(read);
        let values = cursors.len().saturating_mul(a_series);
        self.check_work(values)?;
        Ok(Found { cursors, values })
    }

    /// The series that were made, with what was to be said about them said.
    fn noted(&mut self, made: Vec<(Option<Series>, Notes)>) -> Vec<Series> {
        let mut series = Vec::with_capacity(made.len());
        for (one, notes) in made {
            self.notes.absorb(notes);
            series.extend(one);
        }
        series
    }

    /// Reads samples, of histograms as much as is needed.
    fn read(
        &self,
        cursor: &dyn SeriesCursor,
        range: MillisRange,
        into: &mut Samples,
    ) -> Result<()> {
        cursor.read(range, into)?;
        if self.detail == Detail::Statistics && !into.histograms.is_empty() {
            histograms::reduce_to_statistics(into);
        }
        Ok(())
    }

    /// How a selector's instants lie to those of the grid.
    pub(crate) fn shift(&self, selector: &VectorSelector) -> Result<Shift> {
        Ok(Shift {
            pinned: self.pinned(selector.at),
            offset: self.shape.offset(selector.offset.as_ref())?,
        })
    }

    /// An instant vector: at each step the latest sample of each series within the lookback.
    pub(crate) fn selected(
        &mut self,
        selector: &VectorSelector,
        span: Span,
        grid: Grid,
    ) -> Result<Vec<Series>> {
        if selector.edges != Edges::Smoothed {
            let latest = |_: &Labels, samples: &Samples, references: &References, _: &mut Notes| {
                latest(samples, references, None)
            };
            return self.each_selected(selector, grid, 0, &latest);
        }
        let ahead = self.options.lookback;
        self.each_selected(selector, grid, ahead, &|labels, samples, references, notes| {
            smoothed::column(samples, references, labels.name(), &mut |note| notes.add(note, span))
        })
    }

    /// When the samples that an instant vector would show were taken, or began to count, in seconds.
    pub(crate) fn selected_clock(
        &mut self,
        selector: &VectorSelector,
        clock: Clock,
        grid: Grid,
    ) -> Result<Vec<Series>> {
        self.each_selected(selector, grid, 0, &|_, samples, references, _| {
            latest(samples, references, Some(clock))
        })
    }

    fn each_selected(
        &mut self,
        selector: &VectorSelector,
        grid: Grid,
        ahead: Millis,
        column: ColumnOf<'_>,
    ) -> Result<Vec<Series>> {
        let shift = self.shift(selector)?;
        let lookback = self.options.lookback;
        let (first, last) = (shift.apply(grid.start), shift.apply(grid.end()));
        let range = MillisRange {
            start: first.saturating_sub(lookback).saturating_add(1),
            end: last.saturating_add(ahead),
        };
        let references = References { shift, grid, lookback };
        let found = self.cursors(&selector.matchers, range, 0, grid)?;
        let (shared, held) = (&*self, AtomicUsize::new(0));
        let made =
            spread::each(&found.cursors, found.values, Samples::default, |samples, cursor| {
                shared.check_interrupt()?;
                shared.read(cursor.as_ref(), range, samples)?;
                let mut notes = Notes::default();
                let column = column(cursor.labels(), samples, &references, &mut notes);
                let points = column.points();
                shared.check_samples(held.fetch_add(points, Ordering::Relaxed) + points)?;
                shared.counting.column(&column);
                let labels = cursor.labels().clone();
                let series = Series { labels, drop_name: false, column };
                Ok(((!series.column.is_empty()).then_some(series), notes))
            })?;
        Ok(self.noted(made))
    }

    /// The windows of a range selector or a subquery.
    pub(crate) fn ranges(&mut self, expr: &Expr, grid: Grid) -> Result<Ranges> {
        match &expr.unwrapped().node {
            Node::Matrix(matrix) => self.stored_ranges(matrix, grid),
            Node::Subquery(subquery) => self.computed_ranges(subquery, grid),
            _ => Err(QueryError::Execution("expected a range vector".to_owned())),
        }
    }

    fn stored_ranges(&mut self, matrix: &MatrixSelector, grid: Grid) -> Result<Ranges> {
        let mut ranges = Ranges {
            range: self.shape.length(&matrix.range)?,
            shift: self.shift(&matrix.selector)?,
            edges: matrix.selector.edges,
            lookback: self.options.lookback,
            source: Source::Computed(Vec::new()),
        };
        let range = MillisRange {
            start: ranges.reach(grid.start).0.saturating_add(1),
            end: ranges.reach(grid.end()).1,
        };
        let found = self.cursors(&matrix.selector.matchers, range, ranges.range, grid)?;
        ranges.source = Source::Stored(found, range);
        Ok(ranges)
    }

    fn computed_ranges(&mut self, subquery: &Subquery, grid: Grid) -> Result<Ranges> {
        let range = self.shape.length(&subquery.range)?;
        let shift = Shift {
            pinned: self.pinned(subquery.at),
            offset: self.shape.offset(subquery.offset.as_ref())?,
        };
        let step = match &subquery.step {
            Some(step) => self.shape.length(step)?,
            None => self.options.default_subquery_step,
        };
        let behind = shift.apply(grid.start).saturating_sub(range);
        // Steps lie on multiples of the step; the first is the first behind the window's start.
        let mut start = step * (behind / step);
        if start <= behind {
            start += step;
        }
        let inner = Grid::range(start, shift.apply(grid.end()), step);
        let a_window = usize::try_from(range / step.max(1)).unwrap_or(0);
        self.check_work(grid.steps.saturating_mul(a_window))?;
        let series = if inner.steps == 0 {
            Vec::new()
        } else {
            self.needing(Detail::Buckets, |evaluator| {
                evaluator.uncounted(|evaluator| evaluator.vector_of_any(&subquery.inner, inner))
            })?
        };
        let points = series
            .into_iter()
            .map(|one| (one.labels, one.drop_name, computed_points(one.column.samples(inner))))
            .collect();
        Ok(Ranges {
            range,
            shift,
            edges: Edges::Plain,
            lookback: self.options.lookback,
            source: Source::Computed(points),
        })
    }

    /// The series of a vector, or a scalar as a series without labels.
    fn vector_of_any(&mut self, expr: &Expr, grid: Grid) -> Result<Vec<Series>> {
        match self.evaluate(expr, grid)? {
            super::column::Computed::Vector(series) => Ok(series),
            super::column::Computed::Scalar(scalar) => {
                let column = Column::of(scalar.values(grid.steps).collect());
                Ok(vec![super::evaluate::unlabelled(column)])
            }
            super::column::Computed::Text(_) => Ok(Vec::new()),
        }
    }
}

/// Samples that a subquery computed. What their histograms knew about resets no longer holds: samples between them
/// are left out, or shown twice.
fn computed_points(mut samples: Samples) -> Points {
    for (_, histogram) in &mut samples.histograms {
        if matches!(histogram.reset_hint, ResetHint::Reset | ResetHint::NotReset) {
            Arc::make_mut(histogram).reset_hint = ResetHint::Unknown;
        }
    }
    let mut points = Points::default();
    points.fill(&mut samples);
    points
}

/// Makes the values of a series of its samples.
type ColumnOf<'c> = &'c (dyn Fn(&Labels, &Samples, &References, &mut Notes) -> Column + Sync);

/// The instants at which samples are looked at.
pub(crate) struct References {
    shift: Shift,
    pub(crate) grid: Grid,
    pub(crate) lookback: Millis,
}

impl References {
    pub(crate) fn each(&self) -> impl Iterator<Item = (usize, Millis)> {
        self.grid.times().map(|time| self.shift.apply(time)).enumerate()
    }
}

/// Which time of a sample is asked for.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Clock {
    /// When it was taken.
    Time,
    /// When it began to count; zero where that is not known.
    Start,
}

/// At each step the latest sample that is not older than the lookback, or its time.
fn latest(samples: &Samples, references: &References, clock: Option<Clock>) -> Column {
    let mut column = Column::empty(references.grid.steps);
    let mut behind = 0;
    for (step, reference) in references.each() {
        while samples.times.get(behind).is_some_and(|time| *time <= reference) {
            behind += 1;
        }
        let Some(place) = behind.checked_sub(1) else { continue };
        let (Some(time), Some(float)) = (samples.times.get(place), samples.floats.get(place))
        else {
            continue;
        };
        if *time <= reference.saturating_sub(references.lookback) || is_stale(*float) {
            continue;
        }
        match (clock, samples.histogram(place)) {
            (Some(Clock::Time), _) => column.set_float(step, seconds(*time)),
            (Some(Clock::Start), _) => column.set_float(step, seconds(samples.start(place))),
            (None, None) => column.set_float(step, present(*float)),
            (None, Some(histogram)) => {
                column.set(step, SampleValue::Histogram(Arc::clone(histogram)));
            }
        }
    }
    column
}

/// A stored float that cannot be taken for the absence of one.
pub(crate) fn present(value: f64) -> f64 {
    if is_absent(value) { f64::NAN } else { value }
}
