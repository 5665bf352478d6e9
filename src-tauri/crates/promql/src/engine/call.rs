//! Calls of functions: which file evaluates which.

use super::column::{Computed, Grid, Scalar};
use super::evaluate::{Detail, Evaluator, unlabelled};
use super::length::seconds;
use super::select::Clock;
use super::{QueryError, Result, absent, buckets, calendar, info, instant, order, ranged, relabel};
use crate::tree::{Call, Expr, Node, ValueType};

/// Functions whose result depends on when they are evaluated, whatever their arguments are
/// (`AtModifierUnsafeFunctions` in Prometheus `promql/functions.go`).
pub(crate) fn depends_on_time(name: &str) -> bool {
    calendar::is_calendar(name)
        || matches!(name, "predict_linear" | "time" | "timestamp" | "start_timestamp")
}

/// Evaluates a call.
pub(crate) fn evaluate(
    evaluator: &mut Evaluator<'_>,
    call: &Call,
    expr: &Expr,
    grid: Grid,
) -> Result<Computed> {
    let detail = match call.function.name {
        "histogram_count" | "histogram_sum" | "histogram_avg" => Detail::Statistics,
        "histogram_quantile" | "histogram_quantiles" | "histogram_fraction" => Detail::Buckets,
        _ => evaluator.detail,
    };
    evaluator.needing(detail, |evaluator| dispatch(evaluator, call, expr, grid))
}

fn dispatch(
    evaluator: &mut Evaluator<'_>,
    call: &Call,
    expr: &Expr,
    grid: Grid,
) -> Result<Computed> {
    let name = call.function.name;
    if call.arguments.iter().any(|argument| argument.value_type() == ValueType::Matrix) {
        return ranged::evaluate(evaluator, call, expr, grid);
    }
    if matches!(name, "min_of" | "max_of") {
        return chosen(evaluator, call, grid).map(Computed::Scalar);
    }
    if let Some(scalar) = constant(evaluator, name, grid) {
        return Ok(Computed::Scalar(scalar));
    }
    let vector = match name {
        "scalar" => return Ok(Computed::Scalar(only_float(evaluator, call, grid)?)),
        "vector" => {
            let scalar = evaluator.scalar(argument(call, 0)?, grid)?;
            vec![unlabelled(super::column::Column::of(scalar.values(grid.steps).collect()))]
        }
        "absent" => absent::of_vector(evaluator, argument(call, 0)?, grid)?,
        "timestamp" => timestamps(evaluator, argument(call, 0)?, grid)?,
        "start_timestamp" => start_times(evaluator, argument(call, 0)?, grid)?,
        "label_replace" => relabel::label_replace(evaluator, call, grid)?,
        "label_join" => relabel::label_join(evaluator, call, grid)?,
        "info" => info::info(evaluator, call, grid)?,
        "sort" | "sort_desc" | "sort_by_label" | "sort_by_label_desc" => {
            order::sorted(evaluator, call, expr.span, grid)?
        }
        "histogram_quantile" | "histogram_quantiles" | "histogram_fraction" => {
            buckets::evaluate(evaluator, call, grid)?
        }
        _ if calendar::is_calendar(name) => calendar::evaluate(evaluator, call, grid)?,
        _ => instant::evaluate(evaluator, call, grid)?,
    };
    Ok(Computed::Vector(vector))
}

/// An argument, which the parser has made sure of.
pub(crate) fn argument(call: &Call, place: usize) -> Result<&Expr> {
    call.arguments.get(place).map(Expr::unwrapped).ok_or_else(|| {
        QueryError::Execution(format!("{} lacks its argument {}", call.function.name, place + 1))
    })
}

/// An argument that is a text.
pub(crate) fn text_argument(call: &Call, place: usize) -> Result<&str> {
    match &argument(call, place)?.node {
        Node::Text(text) => Ok(text),
        _ => Err(QueryError::Execution(format!(
            "argument {} of {} must be a string literal",
            place + 1,
            call.function.name
        ))),
    }
}

/// Functions without arguments.
fn constant(evaluator: &Evaluator<'_>, name: &str, grid: Grid) -> Option<Scalar> {
    let (start, end) = evaluator.bounds();
    Some(Scalar::Same(match name {
        "time" => return Some(Scalar::Each(grid.times().map(seconds).collect())),
        "pi" => std::f64::consts::PI,
        "start" => seconds(start),
        "end" => seconds(end),
        "step" => seconds(evaluator.shape.step),
        "range" => seconds(evaluator.shape.range),
        _ => return None,
    }))
}

/// `min_of` and `max_of`: the lesser or greater of two scalars.
fn chosen(evaluator: &mut Evaluator<'_>, call: &Call, grid: Grid) -> Result<Scalar> {
    let one = evaluator.scalar(argument(call, 0)?, grid)?;
    let other = evaluator.scalar(argument(call, 1)?, grid)?;
    let choose = if call.function.name == "min_of" { instant::least } else { instant::greatest };
    Ok(one.combined(&other, grid.steps, choose))
}

/// `scalar`: the float of the one series that has one.
fn only_float(evaluator: &mut Evaluator<'_>, call: &Call, grid: Grid) -> Result<Scalar> {
    let series = evaluator.vector(argument(call, 0)?, grid)?;
    let mut values = vec![None; grid.steps];
    for one in &series {
        for (step, value) in values.iter_mut().enumerate() {
            if let Some(float) = one.column.float(step) {
                *value = Some(if value.is_none() { float } else { f64::NAN });
            }
        }
    }
    Ok(Scalar::Each(values.into_iter().map(|value| value.unwrap_or(f64::NAN)).collect()))
}

/// `start_timestamp`: of a selector when its samples began to count; of anything else that is not known any more.
fn start_times(
    evaluator: &mut Evaluator<'_>,
    argument: &Expr,
    grid: Grid,
) -> Result<Vec<super::column::Series>> {
    let Node::Vector(selector) = &argument.node else { return Ok(Vec::new()) };
    let mut series = evaluator.selected_clock(selector, Clock::Start, grid)?;
    for one in &mut series {
        evaluator.rename(one);
    }
    evaluator.unique(series)
}

/// `timestamp`: of a selector the instants of its samples, of anything else the instant of evaluation.
fn timestamps(
    evaluator: &mut Evaluator<'_>,
    argument: &Expr,
    grid: Grid,
) -> Result<Vec<super::column::Series>> {
    let mut series = if let Node::Vector(selector) = &argument.node {
        evaluator.selected_clock(selector, Clock::Time, grid)?
    } else {
        let mut series = evaluator.vector(argument, grid)?;
        for one in &mut series {
            for (step, time) in grid.times().enumerate() {
                if one.column.has(step) {
                    one.column.set_float(step, seconds(time));
                }
            }
            one.column.histograms.clear();
        }
        series
    };
    for one in &mut series {
        evaluator.rename(one);
    }
    evaluator.unique(series)
}
