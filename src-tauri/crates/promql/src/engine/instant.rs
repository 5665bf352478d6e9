//! Functions that make one value of one value: mathematics, clamping, rounding, statistics of histograms.

use std::f64::consts::PI;

use watchglass_model::FloatHistogram;

use super::call::argument;
use super::column::{Column, Grid, Scalar, Series, is_absent};
use super::evaluate::Evaluator;
use super::{QueryError, Result};
use crate::quantile;
use crate::tree::Call;

/// Replaces every float of a column.
#[inline]
pub(crate) fn map_floats(column: &mut Column, change: impl Fn(f64) -> f64) {
    for value in column.floats.iter_mut().filter(|value| !is_absent(**value)) {
        *value = change(*value);
    }
}

/// A function of one float.
fn of_float(name: &str) -> Option<fn(f64) -> f64> {
    Some(match name {
        "abs" => f64::abs,
        "ceil" => f64::ceil,
        "floor" => f64::floor,
        "exp" => f64::exp,
        "sqrt" => f64::sqrt,
        "ln" => f64::ln,
        "log2" => f64::log2,
        "log10" => f64::log10,
        "sin" => f64::sin,
        "cos" => f64::cos,
        "tan" => f64::tan,
        "asin" => f64::asin,
        "acos" => f64::acos,
        "atan" => f64::atan,
        "sinh" => f64::sinh,
        "cosh" => f64::cosh,
        "tanh" => f64::tanh,
        "asinh" => f64::asinh,
        "acosh" => f64::acosh,
        "atanh" => f64::atanh,
        "rad" => |value| value * PI / 180.0,
        "deg" => |value| value * 180.0 / PI,
        "sgn" => |value| match value {
            _ if value < 0.0 => -1.0,
            _ if value > 0.0 => 1.0,
            other => other,
        },
        _ => return None,
    })
}

/// A function of one histogram.
fn of_histogram(name: &str) -> Option<fn(&FloatHistogram) -> f64> {
    Some(match name {
        "histogram_count" => |one| one.count,
        "histogram_sum" => |one| one.sum,
        "histogram_avg" => |one| one.sum / one.count,
        "histogram_stddev" => quantile::histogram_stddev,
        "histogram_stdvar" => quantile::histogram_stdvar,
        _ => return None,
    })
}

/// Evaluates a call of a function that makes one value of one value.
pub(crate) fn evaluate(
    evaluator: &mut Evaluator<'_>,
    call: &Call,
    grid: Grid,
) -> Result<Vec<Series>> {
    let name = call.function.name;
    let mut series = evaluator.vector(argument(call, 0)?, grid)?;
    if let Some(function) = of_histogram(name) {
        for one in &mut series {
            one.column = of_histograms(&one.column, function);
        }
    } else {
        for one in &mut series {
            one.column.histograms.clear();
        }
        if let Some(function) = of_float(name) {
            for one in &mut series {
                map_floats(&mut one.column, function);
            }
        } else {
            with_scalars(evaluator, call, &mut series, grid)?;
        }
    }
    series.retain(|one| !one.column.is_empty());
    for one in &mut series {
        evaluator.rename(one);
    }
    evaluator.unique(series)
}

fn of_histograms(column: &Column, function: fn(&FloatHistogram) -> f64) -> Column {
    let mut floats = Column::empty(column.floats.len());
    for (step, histogram) in &column.histograms {
        floats.set_float(*step, function(histogram));
    }
    floats
}

/// Functions whose other arguments are scalars.
fn with_scalars(
    evaluator: &mut Evaluator<'_>,
    call: &Call,
    series: &mut [Series],
    grid: Grid,
) -> Result<()> {
    let mut scalars = Vec::new();
    for place in 1..call.arguments.len() {
        scalars.push(evaluator.scalar(argument(call, place)?, grid)?);
    }
    let same = |value: f64| Scalar::Same(value);
    let infinite = f64::INFINITY;
    let (low, high) = match (call.function.name, scalars.as_slice()) {
        ("round", nearest) => {
            let nearest = nearest.first().cloned().unwrap_or(Scalar::Same(1.0));
            each_step(series, |step, value| {
                let inverse = 1.0 / nearest.get(step);
                Some((value * inverse + 0.5).floor() / inverse)
            });
            return Ok(());
        }
        ("clamp", [low, high]) => (low.clone(), high.clone()),
        ("clamp_min", [low]) => (low.clone(), same(infinite)),
        ("clamp_max", [high]) => (same(-infinite), high.clone()),
        (name, _) => return Err(QueryError::Execution(format!("unknown function {name}"))),
    };
    each_step(series, |step, value| {
        let (low, high) = (low.get(step), high.get(step));
        (low <= high || low.is_nan() || high.is_nan()).then(|| greatest(low, least(high, value)))
    });
    Ok(())
}

/// Replaces or removes every float.
fn each_step(series: &mut [Series], change: impl Fn(usize, f64) -> Option<f64>) {
    for one in series {
        for (step, value) in one.column.floats.iter_mut().enumerate() {
            if !is_absent(*value) {
                *value = change(step, *value).unwrap_or(super::column::ABSENT);
            }
        }
    }
}

/// The greater of two; NaN where one is NaN, which Rust's `max` passes over.
pub(crate) fn greatest(one: f64, other: f64) -> f64 {
    if one.is_nan() || other.is_nan() { f64::NAN } else { one.max(other) }
}

/// The lesser of two; NaN where one is NaN.
pub(crate) fn least(one: f64, other: f64) -> f64 {
    if one.is_nan() || other.is_nan() { f64::NAN } else { one.min(other) }
}
