//! Functions of range vectors: each looks at one window of one series and gives at most one value.

use std::borrow::Cow;
use std::sync::atomic::{AtomicUsize, Ordering};

use watchglass_model::{Labels, SampleValue};

use super::column::{Column, Computed, Grid, Scalar, Series};
use super::evaluate::Evaluator;
use super::notes::{Note, Notes};
use super::series::without_metadata;
use super::window::{Points, Turns, Window, Windows};
use super::{QueryError, Result, over_time, rate, regression};
use crate::tree::{Call, Edges, Expr, Span, ValueType};

/// What a function gives for a window.
pub(crate) type Outcome = Option<SampleValue>;

/// A function of a window.
pub(crate) type RangeFunction = fn(&Window<'_>, &mut Context<'_>) -> Outcome;

/// What a function sees beside its window.
pub(crate) struct Context<'a> {
    /// The series.
    pub(crate) labels: &'a Labels,
    /// Its other arguments at this step.
    pub(crate) arguments: &'a [f64],
    /// Where its first argument stands.
    pub(crate) span: Span,
    /// Where all its arguments stand.
    pub(crate) arguments_span: Span,
    /// Whether the times at which counters began tell resets.
    pub(crate) start_times: bool,
    notes: &'a mut Notes,
    fault: Option<QueryError>,
}

impl Context<'_> {
    /// Says something about the first argument.
    pub(crate) fn note(&mut self, note: Note) {
        self.notes.add(note, self.span);
    }

    /// Says something about the arguments as a whole.
    pub(crate) fn note_arguments(&mut self, note: Note) {
        self.notes.add(note, self.arguments_span);
    }

    /// Ends the query: its arguments make no sense.
    pub(crate) fn fail(&mut self, reason: String) {
        self.fault = Some(QueryError::Execution(reason));
    }

    /// The metric's name.
    pub(crate) fn metric(&self) -> String {
        self.labels.name().to_owned()
    }
}

/// The function of a name; none where it takes no range vector.
fn function(name: &str) -> Option<RangeFunction> {
    Some(match name {
        "rate" => rate::rate,
        "increase" => rate::increase,
        "delta" => rate::delta,
        "irate" => rate::irate,
        "idelta" => rate::idelta,
        "resets" => rate::resets,
        "changes" => rate::changes,
        "deriv" => regression::deriv,
        "predict_linear" => regression::predict_linear,
        "double_exponential_smoothing" => regression::double_exponential_smoothing,
        "avg_over_time" => over_time::avg,
        "sum_over_time" => over_time::sum,
        "min_over_time" => over_time::min,
        "max_over_time" => over_time::max,
        "count_over_time" => over_time::count,
        "quantile_over_time" => over_time::quantile,
        "stddev_over_time" => over_time::stddev,
        "stdvar_over_time" => over_time::stdvar,
        "mad_over_time" => over_time::mad,
        "first_over_time" => over_time::first,
        "last_over_time" => over_time::last,
        "present_over_time" | "absent_over_time" => over_time::present,
        "ts_of_first_over_time" => over_time::time_of_first,
        "ts_of_last_over_time" => over_time::time_of_last,
        "ts_of_min_over_time" => over_time::time_of_min,
        "ts_of_max_over_time" => over_time::time_of_max,
        _ => return None,
    })
}

/// Whether the result still is the metric, at another time.
fn keeps_name(name: &str) -> bool {
    matches!(name, "last_over_time" | "first_over_time")
}

/// Functions that can look beyond the edges of their window, by name.
const ANCHORED: [&str; 5] = ["changes", "delta", "increase", "rate", "resets"];
const SMOOTHED: [&str; 3] = ["delta", "increase", "rate"];

fn check_edges(edges: Edges, name: &str) -> Result<()> {
    let (word, safe) = match edges {
        Edges::Plain => return Ok(()),
        Edges::Anchored => ("anchored", &ANCHORED[..]),
        Edges::Smoothed => ("smoothed", &SMOOTHED[..]),
    };
    if safe.contains(&name) {
        return Ok(());
    }
    Err(QueryError::Execution(format!(
        "{word} modifier can only be used with: {} - not with {name}",
        safe.join(", ")
    )))
}

/// Evaluates a call whose argument is a range vector.
pub(crate) fn evaluate(
    evaluator: &mut Evaluator<'_>,
    call: &Call,
    expr: &Expr,
    grid: Grid,
) -> Result<Computed> {
    let name = call.function.name;
    let Some(function) = function(name) else {
        return Err(QueryError::Execution(format!("unknown function {name} of a range vector")));
    };
    let mut scalars = Vec::new();
    let mut range = None;
    for argument in &call.arguments {
        if argument.value_type() == ValueType::Matrix {
            range = Some(argument);
        } else {
            scalars.push(evaluator.scalar(argument, grid)?);
        }
    }
    let Some(argument) = range else {
        return Err(QueryError::Execution(format!("{name} needs a range vector")));
    };
    let first = call.arguments.first().map_or(expr.span, |one| one.unwrapped().span);
    let last = call.arguments.last().map_or(expr.span, |one| one.span);
    let ranges = evaluator.ranges(argument, grid)?;
    let application = Application {
        name,
        function,
        scalars: &scalars,
        edges: ranges.edges,
        span: first,
        arguments_span: first.to(last),
    };
    check_edges(ranges.edges, name)?;
    let held = AtomicUsize::new(0);
    let series = ranges.series(evaluator, &|evaluator, notes, labels, drop_name, samples| {
        let windows = Windows::new(&ranges, samples, grid);
        let column = application.column(evaluator, notes, windows, labels, samples, grid)?;
        if column.is_empty() {
            return Ok(None);
        }
        let points = column.points();
        evaluator.check_samples(held.fetch_add(points, Ordering::Relaxed) + points)?;
        application.check_counter(evaluator, notes, labels, &column);
        let drop_name = !keeps_name(name) || drop_name;
        let delayed = evaluator.options.delayed_name_removal || keeps_name(name);
        let labels = if delayed { labels.clone() } else { without_metadata(labels) };
        Ok(Some(Series { labels, drop_name, column }))
    })?;
    if name == "absent_over_time" {
        return Ok(Computed::Vector(super::absent::absent(argument, &series, grid)));
    }
    Ok(Computed::Vector(evaluator.unique(series)?))
}

/// `double_exponential_smoothing` of a series of floats, several windows at a time.
fn smoothed(
    evaluator: &Evaluator<'_>,
    windows: &mut Windows<'_>,
    factors: (f64, f64),
    grid: Grid,
) -> Result<Column> {
    let mut column = Column::empty(grid.steps);
    let mut held: Vec<(usize, &[f64])> = Vec::with_capacity(regression::ABREAST);
    for step in 0..grid.steps {
        let Some(window) = windows.at(step) else { continue };
        evaluator.counting.window(step, &window);
        regression::check_factors(factors).map_err(QueryError::Execution)?;
        if window.floats.len() < 2 {
            continue;
        }
        held.push((step, window.floats.values));
        if let Ok(abreast) = <[_; regression::ABREAST]>::try_from(held.as_slice()) {
            let levels = regression::smoothed(abreast.map(|(_, values)| values), factors);
            for ((step, _), level) in held.drain(..).zip(levels) {
                column.set_float(step, level);
            }
        }
    }
    for (step, values) in held {
        let [level] = regression::smoothed([values], factors);
        column.set_float(step, level);
    }
    Ok(column)
}

/// A function with its other arguments, to be applied to series after series.
struct Application<'a> {
    name: &'static str,
    function: RangeFunction,
    scalars: &'a [Scalar],
    edges: Edges,
    span: Span,
    arguments_span: Span,
}

impl Application<'_> {
    fn column(
        &self,
        evaluator: &Evaluator<'_>,
        notes: &mut Notes,
        mut windows: Windows<'_>,
        labels: &Labels,
        points: &Points,
        grid: Grid,
    ) -> Result<Column> {
        evaluator.check_samples(points.floats.times.len() + points.histograms.times.len())?;
        if let Some(factors) = self.factors().filter(|_| points.histograms.times.is_empty()) {
            return smoothed(evaluator, &mut windows, factors, grid);
        }
        let turns = self.turns(evaluator, points);
        let mut windows = windows.turning(turns.as_ref());
        let mut column = Column::empty(grid.steps);
        let mut arguments: Vec<f64> = vec![0.0; self.scalars.len()];
        for step in 0..grid.steps {
            let Some(window) = windows.at(step) else { continue };
            evaluator.counting.window(step, &window);
            for (argument, scalar) in arguments.iter_mut().zip(self.scalars) {
                *argument = scalar.get(step);
            }
            let mut context = Context {
                labels,
                arguments: &arguments,
                span: self.span,
                arguments_span: self.arguments_span,
                start_times: evaluator.options.use_start_timestamps,
                notes,
                fault: None,
            };
            let value = (self.function)(&window, &mut context);
            if let Some(fault) = context.fault {
                return Err(fault);
            }
            if let Some(value) = value {
                column.set(step, value);
            }
        }
        Ok(column)
    }

    /// The turns that the function counts in windows that end where they end.
    fn turns(&self, evaluator: &Evaluator<'_>, points: &Points) -> Option<Turns> {
        if self.edges != Edges::Plain || evaluator.options.use_start_timestamps {
            return None;
        }
        rate::turn(self.name).map(|counts| Turns::of(&points.floats.values, counts))
    }

    /// The factors of a smoothing that are the same at each step.
    fn factors(&self) -> Option<(f64, f64)> {
        match self.scalars {
            [Scalar::Same(smoothing), Scalar::Same(trend)]
                if self.name == "double_exponential_smoothing" =>
            {
                Some((*smoothing, *trend))
            }
            _ => None,
        }
    }

    /// Says so where the rate of something that is no counter was asked for.
    fn check_counter(
        &self,
        evaluator: &Evaluator<'_>,
        notes: &mut Notes,
        labels: &Labels,
        column: &Column,
    ) {
        let metric = labels.name();
        let floats = || column.floats.iter().any(|value| !super::column::is_absent(*value));
        if !matches!(self.name, "rate" | "increase") || metric.is_empty() || !floats() {
            return;
        }
        let note = if evaluator.options.type_and_unit_labels {
            let kind: Cow<'_, str> = labels.get("__type__").into();
            (!matches!(&*kind, "counter" | "histogram"))
                .then(|| Note::PossibleNonCounterLabel(metric.to_owned(), kind.into_owned()))
        } else {
            let suffixes = ["_total", "_sum", "_count", "_bucket"];
            (!suffixes.iter().any(|suffix| metric.ends_with(suffix)))
                .then(|| Note::PossibleNonCounter(metric.to_owned()))
        };
        if let Some(note) = note {
            notes.add(note, self.span);
        }
    }
}
