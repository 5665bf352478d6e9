//! Whether two answers say the same: the same series with the same times, and values that differ by a billionth at most.

use std::collections::BTreeMap;

use serde_json::Value;

/// How far values may lie apart, as a share of the greater.
const TOLERANCE: f64 = 1e-9;

/// How two answers are to agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Agreement {
    /// In all series.
    Whole,
    /// In the series that both have: which ones are picked is the server's own choice.
    Shared,
}

/// What differs, if something does.
pub(crate) fn difference(ours: &[u8], theirs: &[u8], agreement: Agreement) -> Option<String> {
    let [ours, theirs] = [ours, theirs].map(series);
    let unmatched = |one: &Series, other: &Series| {
        one.keys().find(|labels| !other.contains_key(*labels)).cloned()
    };
    if agreement == Agreement::Whole {
        if let Some(labels) = unmatched(&ours, &theirs) {
            return Some(format!("{labels} is only in Watchglass's answer"));
        }
        if let Some(labels) = unmatched(&theirs, &ours) {
            return Some(format!("{labels} is only in Prometheus's answer"));
        }
    }
    ours.iter().find_map(|(labels, own)| {
        let other = theirs.get(labels)?;
        let what = differing_points(own, other)?;
        Some(format!("{labels}: {what}"))
    })
}

/// The points of series, by their labels as text.
type Series = BTreeMap<String, Vec<(f64, f64)>>;

fn series(answer: &[u8]) -> Series {
    let answer: Value = serde_json::from_slice(answer).unwrap();
    let result = answer["data"]["result"].as_array().unwrap();
    let one = |one: &Value| {
        let points = match &one["value"] {
            Value::Null => one["values"].as_array().unwrap().iter().map(point).collect(),
            value => vec![point(value)],
        };
        (one["metric"].to_string(), points)
    };
    result.iter().map(one).collect()
}

fn point(pair: &Value) -> (f64, f64) {
    (pair[0].as_f64().unwrap(), pair[1].as_str().unwrap().parse().unwrap())
}

fn differing_points(own: &[(f64, f64)], other: &[(f64, f64)]) -> Option<String> {
    if own.len() != other.len() {
        return Some(format!("{} points, not {}", own.len(), other.len()));
    }
    let differ = |(one, two): &(&(f64, f64), &(f64, f64))| {
        #[expect(clippy::float_cmp, reason = "times are written with three decimals")]
        let moved = one.0 != two.0;
        moved || !are_close(one.1, two.1)
    };
    own.iter().zip(other).find(differ).map(|(one, two)| format!("{one:?}, not {two:?}"))
}

fn are_close(one: f64, two: f64) -> bool {
    (one.is_nan() && two.is_nan())
        || one.to_bits() == two.to_bits()
        || (one - two).abs() <= TOLERANCE * one.abs().max(two.abs())
}
