//! Functions over the numbers of a window.

use super::collect::Point;
use super::column::{ABSENT, is_absent};
use super::steps::Windows;
use super::{Interrupt, Result};
use crate::tree::{RangeAggregation, RangeOperation};

/// The value of each step; `points` are sorted by time.
pub(super) fn over_points(
    range: &RangeAggregation,
    points: &[Point],
    windows: &Windows,
    interrupt: Interrupt<'_>,
) -> Result<Vec<f64>> {
    let (mut start, mut end) = (0, 0);
    let mut scratch = Vec::new();
    let mut values = Vec::with_capacity(windows.grid.steps);
    for step in 0..windows.grid.steps {
        if step % 64 == 63
            && let Some(interruption) = interrupt()
        {
            return Err(interruption.into());
        }
        let (after, until) = windows.window(step);
        while points.get(end).is_some_and(|point| point.time <= until) {
            end += 1;
        }
        while start < end && points.get(start).is_some_and(|point| point.time <= after) {
            start += 1;
        }
        let window = points.get(start..end).unwrap_or_default();
        let value = if window.is_empty() {
            ABSENT
        } else {
            own(of_window(range, window, (after, until), &mut scratch))
        };
        values.push(value);
    }
    Ok(values)
}

/// A value with the bits that stand for none is an ordinary NaN.
fn own(value: f64) -> f64 {
    if is_absent(value) { f64::NAN } else { value }
}

#[expect(clippy::cast_precision_loss, reason = "counts and spans become floats")]
fn of_window(
    range: &RangeAggregation,
    window: &[Point],
    (after, until): (i64, i64),
    scratch: &mut Vec<f64>,
) -> f64 {
    let values = window.iter().map(|point| point.value);
    let seconds = range.range as f64 / 1e9;
    match range.operation {
        RangeOperation::Rate => values.sum::<f64>() / seconds,
        RangeOperation::RateCounter => counter_rate(window, after, until, seconds),
        RangeOperation::SumOverTime => values.sum(),
        RangeOperation::AvgOverTime => mean(values),
        RangeOperation::MinOverTime => values
            .reduce(|least, own| if own < least || least.is_nan() { own } else { least })
            .unwrap_or(ABSENT),
        RangeOperation::MaxOverTime => values
            .reduce(|most, own| if own > most || most.is_nan() { own } else { most })
            .unwrap_or(ABSENT),
        RangeOperation::StdvarOverTime => variance(values),
        RangeOperation::StddevOverTime => variance(values).sqrt(),
        RangeOperation::QuantileOverTime => {
            scratch.clear();
            scratch.extend(values);
            quantile(range.parameter.unwrap_or(f64::NAN), scratch)
        }
        RangeOperation::FirstOverTime => window.first().map_or(ABSENT, |point| point.value),
        RangeOperation::LastOverTime => window.last().map_or(ABSENT, |point| point.value),
        RangeOperation::CountOverTime
        | RangeOperation::BytesOverTime
        | RangeOperation::BytesRate
        | RangeOperation::AbsentOverTime => window.len() as f64,
    }
}

/// The mean, without a sum that may overflow.
pub(super) fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (mut mean, mut count) = (0.0_f64, 0.0);
    for value in values {
        count += 1.0;
        if mean.is_infinite()
            && (value.is_infinite() && (mean > 0.0) == (value > 0.0) || value.is_finite())
        {
            continue;
        }
        mean += value / count - mean / count;
    }
    mean
}

/// The variance of all values, by Welford's method.
pub(super) fn variance(values: impl Iterator<Item = f64>) -> f64 {
    let (mut mean, mut squares, mut count) = (0.0_f64, 0.0_f64, 0.0_f64);
    for value in values {
        count += 1.0;
        let delta = value - mean;
        mean += delta / count;
        squares += delta * (value - mean);
    }
    squares / count
}

/// The quantile between the two values around its rank. NaN counts as the smallest.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "ranks lie within the values"
)]
fn quantile(q: f64, values: &mut [f64]) -> f64 {
    if values.is_empty() || q.is_nan() {
        return f64::NAN;
    }
    if q < 0.0 {
        return f64::NEG_INFINITY;
    }
    if q > 1.0 {
        return f64::INFINITY;
    }
    values.sort_by(|one, other| {
        one.partial_cmp(other).unwrap_or_else(|| other.is_nan().cmp(&one.is_nan()))
    });
    let rank = q * (values.len() - 1) as f64;
    let lower = rank.floor() as usize;
    let upper = (lower + 1).min(values.len() - 1);
    let weight = rank - rank.floor();
    let value = |place: usize| values.get(place).copied().unwrap_or(f64::NAN);
    if weight == 0.0 {
        return value(lower);
    }
    value(lower) * (1.0 - weight) + value(upper) * weight
}

/// The rate of a counter, extrapolated to the edges of its window as Prometheus does it; resets add what was lost.
#[expect(clippy::cast_precision_loss, reason = "spans and counts become floats")]
fn counter_rate(window: &[Point], after: i64, until: i64, seconds: f64) -> f64 {
    let (Some(first), Some(last)) = (window.first(), window.last()) else { return ABSENT };
    let span = (last.time - first.time) as f64 / 1e9;
    if window.len() < 2 || span <= 0.0 {
        return 0.0;
    }
    let resets: f64 = window
        .windows(2)
        .filter_map(|pair| match pair {
            [one, next] if next.value < one.value => Some(one.value),
            _ => None,
        })
        .sum();
    let increase = last.value - first.value + resets;
    let average = span / (window.len() - 1) as f64;
    let mut to_start = (first.time - after) as f64 / 1e9;
    let to_end = (until - last.time) as f64 / 1e9;
    if increase > 0.0 && first.value >= 0.0 {
        // A counter does not begin below zero.
        to_start = to_start.min(span * (first.value / increase));
    }
    let reach = |edge: f64| if edge < average * 1.1 { edge } else { average / 2.0 };
    let reached = span + reach(to_start) + reach(to_end);
    increase * (reached / span) / seconds
}
