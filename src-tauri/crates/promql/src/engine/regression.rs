//! Trends: lines and smoothed curves through the floats of a window.

use std::cmp::Ordering;

use watchglass_model::Millis;

use super::length::seconds;
use super::numbers::{Sum, count};
use super::over_time::{float, has_floats};
use super::ranged::{Context, Outcome};
use super::window::{Part, Window};

/// Windows that are smoothed side by side: each value waits for the one before it, so that one window alone leaves the
/// processor idle most of the time.
pub(crate) const ABREAST: usize = 8;

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
    let factors = (argument(0), argument(1));
    if let Err(fault) = check_factors(factors) {
        context.fail(fault);
        return None;
    }
    if !has_two(window, context) {
        return None;
    }
    let [level] = smoothed([window.floats.values], factors);
    float(level)
}

/// Factors lie between 0 and 1, or the query fails.
pub(crate) fn check_factors((smoothing, trend): (f64, f64)) -> Result<(), String> {
    for (name, factor, short) in [("smoothing", smoothing, "sf"), ("trend", trend, "tf")] {
        if factor <= 0.0 || factor >= 1.0 {
            return Err(format!(
                "invalid {name} factor. Expected: 0 < {short} < 1, got: {factor:.6}"
            ));
        }
    }
    Ok(())
}

/// The last smoothed value of each window. Each has two values at least.
pub(crate) fn smoothed<const N: usize>(windows: [&[f64]; N], factors: (f64, f64)) -> [f64; N] {
    let mut curves = windows.map(|window| Curve::of(window, factors));
    let common = windows.iter().map(|window| window.len()).min().unwrap_or(0);
    let together = windows.map(|window| window.get(2..common).unwrap_or_default());
    for place in 0..common.saturating_sub(2) {
        for (curve, values) in curves.iter_mut().zip(&together) {
            if let Some(value) = values.get(place) {
                curve.go_on(*value, factors);
            }
        }
    }
    for (curve, window) in curves.iter_mut().zip(windows) {
        for value in window.get(common.max(2)..).unwrap_or_default() {
            curve.go_on(*value, factors);
        }
    }
    curves.map(|curve| curve.level)
}

/// A level and its trend, as of the values seen.
#[derive(Clone, Copy)]
struct Curve {
    before: f64,
    level: f64,
    trend: f64,
}

impl Curve {
    /// As of the first two values.
    fn of(window: &[f64], (smoothing, _): (f64, f64)) -> Self {
        let [first, second, ..] = window else {
            return Self { before: f64::NAN, level: f64::NAN, trend: f64::NAN };
        };
        let trend = second - first;
        let level = smoothing * second + (1.0 - smoothing) * (first + trend);
        Self { before: *first, level, trend }
    }

    #[inline]
    fn go_on(&mut self, value: f64, (smoothing, trend_factor): (f64, f64)) {
        self.trend = trend_factor * (self.level - self.before) + (1.0 - trend_factor) * self.trend;
        self.before = self.level;
        self.level = smoothing * value + (1.0 - smoothing) * (self.level + self.trend);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_side_by_side_come_to_what_each_comes_to_alone() {
        let values: Vec<f64> = (0..40_u8).map(|one| f64::from(u16::from(one) * 37 % 41)).collect();
        let windows = [&values[3..30], &values[5..7], &values[0..40], &values[20..31]];
        let factors = (0.3, 0.7);
        let alone = windows.map(|window| smoothed([window], factors)[0]);
        assert_eq!(smoothed(windows, factors).map(f64::to_bits), alone.map(f64::to_bits));
    }
}
