//! The axis of values: its ends, round steps, and labels in one multiple of the unit.

use crate::numbers::count;
use crate::unit::Unit;

/// Values beyond this are drawn here: a range of doubles must not overflow.
pub(crate) const LIMIT: f64 = 1e300;

/// Ends and marks of the axis of values.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ValueAxis {
    pub(crate) low: f64,
    pub(crate) high: f64,
    /// Values with what is written at them.
    pub(crate) ticks: Vec<(f64, String)>,
}

impl ValueAxis {
    /// An axis that holds `low` to `high`, which are finite, with about so many marks.
    pub(crate) fn new(low: f64, high: f64, unit: &Unit, wanted: usize) -> Self {
        let (low, high) = padded(low.clamp(-LIMIT, LIMIT), high.clamp(-LIMIT, LIMIT));
        let raw = (high - low) / count(wanted.max(1));
        // Marks that differ by little need more digits than a large multiple shows.
        let multiple = unit.multiple(high.abs().max(low.abs()).min(raw * 1_000.0));
        let step = round_step(raw / multiple.size) * multiple.size;
        let places = places_of(step / multiple.size);
        let first = (low / step).ceil();
        let values = (0..=4 * wanted).map(|number| (first + count(number)) * step);
        let inside = values.take_while(|value| *value <= high);
        let ticks = inside.map(|value| (value, multiple.label(value, places))).collect();
        Self { low, high, ticks }
    }
}

/// Some room around the values; down to zero where that is not far.
fn padded(low: f64, high: f64) -> (f64, f64) {
    let bottom = if low >= 0.0 && low < high * 0.6 { 0.0 } else { low };
    // What differs in the last digits only is flat.
    let is_flat = high - bottom <= high.abs().max(bottom.abs()) * 1e-12;
    if is_flat && high.abs() < 1e-290 {
        return (0.0, 1.0);
    }
    if is_flat {
        return (f64::min(0.0, high * 1.2), f64::max(0.0, high * 1.2));
    }
    let room = (high - bottom) * 0.08;
    (if bottom == 0.0 { 0.0 } else { bottom - room }, high + room)
}

/// The least of 1, 2 and 5 times a power of ten that is not below `raw`.
fn round_step(raw: f64) -> f64 {
    let power = 10_f64.powf(raw.log10().floor());
    let steps = [1.0, 2.0, 5.0].map(|step| step * power);
    steps.into_iter().find(|step| *step >= raw * 0.999).unwrap_or(10.0 * power)
}

/// Places behind the point that tell multiples of a step apart.
fn places_of(step: f64) -> usize {
    crate::numbers::index(-(step * 1.001).log10().floor())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(low: f64, high: f64, unit: &str) -> Vec<String> {
        let axis = ValueAxis::new(low, high, &Unit::of(unit), 5);
        axis.ticks.into_iter().map(|(_, label)| label.replace('\u{a0}', " ")).collect()
    }

    #[test]
    fn labels_are_in_one_multiple_of_the_unit() {
        for (low, high, unit, expected) in [
            (0.0, 0.25, "s", &["0 ms", "100 ms", "200 ms"][..]),
            (0.0, 4.0, "s", &["0 s", "1 s", "2 s", "3 s", "4 s"]),
            (100.0, 400.0, "ms", &["0 ms", "100 ms", "200 ms", "300 ms", "400 ms"]),
            (0.0, 9e6, "ns", &["0 ms", "2 ms", "4 ms", "6 ms", "8 ms"]),
            (0.0, 3.0 * 1_048_576.0, "By", &["0 MB", "1 MB", "2 MB", "3 MB"]),
            (0.0, 1.0, "1", &["0.0", "0.5", "1.0"]),
            (
                0.0,
                4_000.0,
                "{request}",
                &["0 k request", "1 k request", "2 k request", "3 k request", "4 k request"],
            ),
            (20.0, 80.0, "%", &["0 %", "20 %", "40 %", "60 %", "80 %"]),
            (0.0, 0.0, "1", &["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
            (1_000_000.0, 1_000_010.0, "1", &["1000.000 k", "1000.005 k", "1000.010 k"]),
            (-3.0, 3.0, "1", &["-2", "0", "2"]),
        ] {
            assert_eq!(labels(low, high, unit), expected, "{low} {high} {unit}");
        }
    }

    #[test]
    fn a_rate_says_so() {
        let axis = ValueAxis::new(0.0, 10.0, &Unit::of("").per_second(), 2);
        assert_eq!(axis.ticks[1].1, "10/s");
    }
}
