//! Trends: lines and smoothed curves through the floats of a window.

use std::cmp::Ordering;

use watchglass_model::Millis;

use super::length::seconds;
use super::numbers::{Sum, count};
use super::over_time::{float, has_floats};
use super::ranged::{Context, Outcome};
use super::window::{Part, Window};

/// Whether there are two floats at least; says so where histograms beside them are passed over.
fn has_two(window: &Window<'_>, context: &mut Context<'_>) -> bool {
    has_floats(window, context) && window.floats.len() > 1
}

/// The slope a second and the value at `at` of the line through the samples with the least squares.
fn line(floats: Part<'_, f64>, at: Millis) -> (f64, f64) {
    let Some((_, first)) = floats.first() else { return (f64::NAN, f64::NAN) };
    if floats.values.iter().all(|value| value.partial_cmp(first) == Some(Ordering::Equal)) {
        return if first.is_infinite() { (f64::NAN, f64::NAN) } else { (0.0, *first) };
    }
    // The sums of x, y, xy and xx.
    let mut sums = [Sum::default(); 4];
    for (time, value) in floats.iter() {
        let x = seconds(time.saturating_sub(at));
        for (sum, term) in sums.iter_mut().zip([x, *value, x * value, x * x]) {
            sum.add(term);
        }
    }
    let [x, y, xy, xx] = sums.map(|sum| sum.value + sum.lost);
    let n = count(floats.len());
    let slope = (xy - x * y / n) / (xx - x * x / n);
    (slope, y / n - slope * x / n)
}

/// `deriv`
pub(crate) fn deriv(window: &Window<'_>, context: &mut Context<'_>) -> Outcome {
    if !has_two(window, context) {
        return None;
    }
    let first = window.floats.first().map_or(0, |(time, _)| time);
    float(line(window.floats, first).0)
}

/// `predict_linear`
pub(crate) fn predict_linear(window: &Window<'_>, context: &mut Context<'_>) -> Outcome {
    if !has_two(window, context) {
        return None;
    }
    let ahead = context.arguments.first().copied().unwrap_or(f64::NAN);
    let (slope, now) = line(window.floats, window.at);
    float(slope * ahead + now)
}

/// `double_exponential_smoothing` (Holt's linear method)
pub(crate) fn double_exponential_smoothing(
    window: &Window<'_>,
    context: &mut Context<'_>,
) -> Outcome {
    let argument = |place: usize| context.arguments.get(place).copied().unwrap_or(f64::NAN);
    let (smoothing, trend_factor) = (argument(0), argument(1));
    for (name, factor, short) in [("smoothing", smoothing, "sf"), ("trend", trend_factor, "tf")] {
        if factor <= 0.0 || factor >= 1.0 {
            context.fail(format!(
                "invalid {name} factor. Expected: 0 < {short} < 1, got: {factor:.6}"
            ));
            return None;
        }
    }
    if !has_two(window, context) {
        return None;
    }
    let [first, second, ..] = window.floats.values else { return None };
    let (mut before, mut level, mut trend) = (0.0, *first, second - first);
    for (place, value) in window.floats.values.iter().enumerate().skip(1) {
        if place > 1 {
            trend = trend_factor * (level - before) + (1.0 - trend_factor) * trend;
        }
        let smoothed = smoothing * value + (1.0 - smoothing) * (level + trend);
        (before, level) = (level, smoothed);
    }
    float(level)
}
