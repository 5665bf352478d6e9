//! `…_over_time`: what one window of a series comes to.

use std::sync::Arc;

use watchglass_model::{FloatHistogram, Millis, SampleValue};

use super::histograms;
use super::length::seconds;
use super::notes::Note;
use super::numbers::{self, Mean, Sum};
use super::ranged::{Context, Outcome};
use super::window::Window;
use crate::quantile;

/// A float as an outcome.
#[expect(clippy::unnecessary_wraps, reason = "functions of windows end with it")]
pub(crate) const fn float(value: f64) -> Outcome {
    Some(SampleValue::Float(value))
}

/// Whether there are floats to work on; says so where histograms beside them are passed over.
pub(crate) fn has_floats(window: &Window<'_>, context: &mut Context<'_>) -> bool {
    if window.floats.is_empty() {
        return false;
    }
    if !window.histograms.is_empty() {
        let metric = context.metric();
        context.note(Note::HistogramIgnoredInMixedRange(metric));
    }
    true
}

/// Whether floats and histograms are mixed; says so where they are.
pub(crate) fn is_mixed(window: &Window<'_>, context: &mut Context<'_>) -> bool {
    let mixed = !window.floats.is_empty() && !window.histograms.is_empty();
    if mixed {
        let metric = context.metric();
        context.note(Note::MixedFloatsHistograms(metric));
    }
    mixed
}

/// `sum_over_time`
pub(crate) fn sum(window: &Window<'_>, context: &mut Context<'_>) -> Outcome {
    if is_mixed(window, context) {
        return None;
    }
    if let Some((_, first)) = window.histograms.first() {
        let summed = histograms::sum(first, others(window));
        return told(summed, context);
    }
    let mut sum = Sum::default();
    window.floats.values.iter().for_each(|value| sum.add(*value));
    float(sum.total())
}

/// `avg_over_time`
pub(crate) fn avg(window: &Window<'_>, context: &mut Context<'_>) -> Outcome {
    if is_mixed(window, context) {
        return None;
    }
    if let Some((_, first)) = window.histograms.first() {
        let averaged = histograms::mean(first, others(window));
        return told(averaged, context);
    }
    let (_, first) = window.floats.first()?;
    let mut mean = Mean::of(*first);
    window.floats.values.iter().skip(1).for_each(|value| mean.add(*value));
    float(mean.total())
}

/// All histograms of a window but the first.
fn others<'a>(window: &Window<'a>) -> impl Iterator<Item = &'a FloatHistogram> {
    window.histograms.values.iter().skip(1).map(|one| &**one)
}

/// The merged histogram, with what must be said about it.
fn told(merged: histograms::Outcome, context: &mut Context<'_>) -> Option<SampleValue> {
    if let Ok((value, met)) = merged {
        met.notes().for_each(|note| context.note(note));
        Some(value)
    } else {
        let metric = context.metric();
        context.note(Note::MixedExponentialCustom(metric));
        None
    }
}

/// `count_over_time`
pub(crate) fn count(window: &Window<'_>, _: &mut Context<'_>) -> Outcome {
    float(numbers::count(window.len()))
}

/// `present_over_time`
pub(crate) fn present(_: &Window<'_>, _: &mut Context<'_>) -> Outcome {
    float(1.0)
}

/// The extreme of a window's floats, and when it was; of equals the first or the last.
fn extreme(
    window: &Window<'_>,
    context: &mut Context<'_>,
    replaces: impl Fn(f64, f64) -> bool,
) -> Option<(Millis, f64)> {
    if !has_floats(window, context) {
        return None;
    }
    let (mut time, first) = window.floats.first()?;
    let mut best = *first;
    for (at, value) in window.floats.iter() {
        if replaces(*value, best) || best.is_nan() {
            (time, best) = (at, *value);
        }
    }
    Some((time, best))
}

fn value_of(extreme: Option<(Millis, f64)>) -> Outcome {
    extreme.map(|(_, value)| SampleValue::Float(value))
}

fn time_of(extreme: Option<(Millis, f64)>) -> Outcome {
    extreme.map(|(time, _)| SampleValue::Float(seconds(time)))
}

/// `min_over_time`
pub(crate) fn min(window: &Window<'_>, context: &mut Context<'_>) -> Outcome {
    value_of(extreme(window, context, |value, best| value < best))
}

/// `max_over_time`
pub(crate) fn max(window: &Window<'_>, context: &mut Context<'_>) -> Outcome {
    value_of(extreme(window, context, |value, best| value > best))
}

/// `ts_of_min_over_time`
pub(crate) fn time_of_min(window: &Window<'_>, context: &mut Context<'_>) -> Outcome {
    time_of(extreme(window, context, |value, best| value <= best))
}

/// `ts_of_max_over_time`
pub(crate) fn time_of_max(window: &Window<'_>, context: &mut Context<'_>) -> Outcome {
    time_of(extreme(window, context, |value, best| value >= best))
}

/// The first sample of a window, or its last, be it a float or a histogram.
fn edge(window: &Window<'_>, last: bool) -> Option<(Millis, SampleValue)> {
    let (floats, histograms) = (&window.floats, &window.histograms);
    let float = if last { floats.last() } else { floats.first() };
    let histogram = if last { histograms.last() } else { histograms.first() };
    let float = float.map(|(time, value)| (time, SampleValue::Float(*value)));
    let histogram = histogram.map(|(time, one)| (time, SampleValue::Histogram(Arc::clone(one))));
    match (float, histogram) {
        (Some(float), Some(histogram)) => {
            let float_wins = if last { float.0 > histogram.0 } else { float.0 < histogram.0 };
            Some(if float_wins { float } else { histogram })
        }
        (float, histogram) => float.or(histogram),
    }
}

/// `first_over_time`
pub(crate) fn first(window: &Window<'_>, _: &mut Context<'_>) -> Outcome {
    edge(window, false).map(|(_, value)| value)
}

/// `last_over_time`
pub(crate) fn last(window: &Window<'_>, _: &mut Context<'_>) -> Outcome {
    edge(window, true).map(|(_, value)| value)
}

/// `ts_of_first_over_time`
pub(crate) fn time_of_first(window: &Window<'_>, _: &mut Context<'_>) -> Outcome {
    edge(window, false).map(|(time, _)| SampleValue::Float(seconds(time)))
}

/// `ts_of_last_over_time`
pub(crate) fn time_of_last(window: &Window<'_>, _: &mut Context<'_>) -> Outcome {
    edge(window, true).map(|(time, _)| SampleValue::Float(seconds(time)))
}

/// `quantile_over_time`
pub(crate) fn quantile(window: &Window<'_>, context: &mut Context<'_>) -> Outcome {
    if window.floats.is_empty() {
        return None;
    }
    let wanted = context.arguments.first().copied().unwrap_or(f64::NAN);
    if !(0.0..=1.0).contains(&wanted) {
        context.note(Note::InvalidQuantile(wanted));
    }
    has_floats(window, context);
    float(quantile::quantile(wanted, &mut window.floats.values.to_vec()))
}

/// `mad_over_time`: the median of the distances from the median.
pub(crate) fn mad(window: &Window<'_>, context: &mut Context<'_>) -> Outcome {
    if !has_floats(window, context) {
        return None;
    }
    let mut values = window.floats.values.to_vec();
    if values.iter().any(|value| value.is_nan()) {
        return float(f64::NAN);
    }
    let median = quantile::quantile(0.5, &mut values);
    for value in &mut values {
        *value = (*value - median).abs();
    }
    float(quantile::quantile(0.5, &mut values))
}

/// The variance of a window's floats (Welford's way, with compensated sums).
fn variance(values: &[f64]) -> f64 {
    let (mut mean, mut squares) = (Sum::default(), Sum::default());
    let mut seen = 0.0;
    for value in values {
        seen += 1.0;
        let delta = value - (mean.value + mean.lost);
        mean.add(delta / seen);
        squares.add(delta * (value - (mean.value + mean.lost)));
    }
    (squares.value + squares.lost) / seen
}

/// `stdvar_over_time`
pub(crate) fn stdvar(window: &Window<'_>, context: &mut Context<'_>) -> Outcome {
    if !has_floats(window, context) {
        return None;
    }
    float(variance(window.floats.values))
}

/// `stddev_over_time`
pub(crate) fn stddev(window: &Window<'_>, context: &mut Context<'_>) -> Outcome {
    if !has_floats(window, context) {
        return None;
    }
    float(variance(window.floats.values).sqrt())
}
