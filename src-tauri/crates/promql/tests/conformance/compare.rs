//! Whether a query gave what a script expects, within the tolerances of Prometheus' own tests.

use watchglass_model::{Bucket, FloatHistogram, Labels, SampleValue, Samples, is_stale};

use crate::script::{Expected, Steps, Wording};
use crate::series::SequenceValue;
use crate::subject::{Answer, MatrixSeries, Value, VectorSample};

/// The greatest difference of two numbers in relation to their sum (`util/almost`).
const TOLERANCE: f64 = 0.000_001;

/// A series that must come, with its values.
pub(crate) type ExpectedSeries = (Labels, Vec<SequenceValue>);

/// Compares the annotations of an answer with those expected. Without expectations of a kind, that kind is not looked at.
pub(crate) fn annotations(expected: &Expected, answer: &Answer) -> Result<(), String> {
    kind_of_annotations("warning", &expected.warn, expected.no_warn, &answer.warnings)?;
    kind_of_annotations("info", &expected.info, expected.no_info, &answer.infos)
}

fn kind_of_annotations(
    kind: &str,
    expected: &[Wording],
    none: bool,
    found: &[String],
) -> Result<(), String> {
    if none && !found.is_empty() {
        return Err(format!("expected no {kind}, got {found:?}"));
    }
    if expected.is_empty() {
        return Ok(());
    }
    for wording in expected {
        if !found.iter().any(|text| wording.fits(text)) {
            return Err(format!("expected a {kind} {wording:?}, got {found:?}"));
        }
    }
    match found.iter().find(|text| !expected.iter().any(|wording| wording.fits(text))) {
        Some(text) => Err(format!("unexpected {kind} {text:?}")),
        None => Ok(()),
    }
}

/// Compares a value with the one expected; `steps` are the times at which the values of a matrix must stand.
pub(crate) fn value(
    expected: &Expected,
    series: &[ExpectedSeries],
    steps: Steps,
    found: &Value,
) -> Result<(), String> {
    match (found, expected.scalar) {
        (Value::Scalar(_, found), Some(scalar)) => almost(scalar, *found)
            .then_some(())
            .ok_or_else(|| format!("expected {scalar}, got {found}")),
        (Value::Text(_, found), _) => {
            let text = expected.text.as_deref().unwrap_or_default();
            (text == found).then_some(()).ok_or_else(|| format!("expected {text:?}, got {found:?}"))
        }
        (Value::Vector(found), None) => vector(series, expected.ordered, found),
        (Value::Matrix(_), None) if expected.ordered => Err("a matrix has no order".to_owned()),
        (Value::Matrix(found), None) => matrix(series, steps, found),
        (found, _) => Err(format!("expected {expected:?}, got {found:?}")),
    }
}

fn vector(
    expected: &[ExpectedSeries],
    ordered: bool,
    found: &[VectorSample],
) -> Result<(), String> {
    for (place, sample) in found.iter().enumerate() {
        let Some(own) = expected.iter().position(|(labels, _)| *labels == sample.labels) else {
            return Err(format!("unexpected {:?} {:?}", sample.labels, sample.value));
        };
        if ordered && own != place {
            return Err(format!("{:?} comes at place {place} instead of {own}", sample.labels));
        }
        let wanted = expected[own].1.first().unwrap_or(&SequenceValue::Gap);
        if !same(wanted, &sample.value) {
            return Err(format!(
                "{:?}: expected {wanted:?}, got {:?}",
                sample.labels, sample.value
            ));
        }
    }
    all_came(expected, |labels| found.iter().any(|sample| sample.labels == *labels))
}

fn all_came(expected: &[ExpectedSeries], came: impl Fn(&Labels) -> bool) -> Result<(), String> {
    match expected.iter().find(|(labels, _)| !came(labels)) {
        Some((labels, values)) => Err(format!("{labels:?} {values:?} did not come")),
        None => Ok(()),
    }
}

fn matrix(expected: &[ExpectedSeries], steps: Steps, found: &[MatrixSeries]) -> Result<(), String> {
    sorted(found)?;
    for series in found {
        let Some((labels, values)) = expected.iter().find(|(labels, _)| *labels == series.labels)
        else {
            return Err(format!("unexpected {:?} {:?}", series.labels, series.samples));
        };
        points(values, steps, &series.samples).map_err(|fault| format!("{labels:?}: {fault}"))?;
    }
    all_came(expected, |labels| found.iter().any(|series| series.labels == *labels))
}

/// A matrix comes by labels.
pub(crate) fn sorted(found: &[MatrixSeries]) -> Result<(), String> {
    let in_order = found.is_sorted_by(|one, other| one.labels <= other.labels);
    in_order.then_some(()).ok_or_else(|| "the matrix is not sorted by labels".to_owned())
}

fn points(expected: &[SequenceValue], steps: Steps, found: &Samples) -> Result<(), String> {
    let times = (0..).map(|place| steps.start + place * steps.step);
    let wanted: Vec<_> =
        times.zip(expected).filter(|(_, value)| **value != SequenceValue::Gap).collect();
    if let Some((time, _)) = wanted.iter().find(|(time, _)| *time > steps.end) {
        return Err(format!("the query does not reach to {time}"));
    }
    let faults = wanted
        .iter()
        .zip(found.iter())
        .find(|((time, value), sample)| *time != sample.time || !same(value, &sample.value));
    match faults {
        Some(((time, value), sample)) => {
            Err(format!("at {time} expected {value:?}, got {:?} at {}", sample.value, sample.time))
        }
        None if wanted.len() != found.len() => {
            Err(format!("expected {} samples, got {found:?}", wanted.len()))
        }
        None => Ok(()),
    }
}

fn same(expected: &SequenceValue, found: &SampleValue) -> bool {
    match (expected, found) {
        (SequenceValue::Float(expected), SampleValue::Float(found)) => almost(*expected, *found),
        (SequenceValue::Histogram { histogram, hint_given }, SampleValue::Histogram(found)) => {
            same_histogram(histogram, found)
                && (!hint_given || histogram.reset_hint == found.reset_hint)
        }
        _ => false,
    }
}

fn same_histogram(expected: &FloatHistogram, found: &FloatHistogram) -> bool {
    expected.schema == found.schema
        && almost(expected.count, found.count)
        && almost(expected.sum, found.sum)
        && expected.custom_bounds() == found.custom_bounds()
        && (expected.zero_threshold - found.zero_threshold).abs() <= 0.0
        && almost(expected.zero_count, found.zero_count)
        && same_buckets(&expected.positive, &found.positive)
        && same_buckets(&expected.negative, &found.negative)
}

/// Empty buckets are as good as none.
fn same_buckets(expected: &[Bucket], found: &[Bucket]) -> bool {
    let filled = |side: &[Bucket]| -> Vec<Bucket> {
        side.iter().filter(|bucket| bucket.count != 0.0).copied().collect()
    };
    let (expected, found) = (filled(expected), filled(found));
    expected.len() == found.len()
        && expected
            .iter()
            .zip(&found)
            .all(|(one, other)| one.index == other.index && almost(one.count, other.count))
}

/// Whether two numbers are the same or nearly so; a staleness marker is no other NaN.
#[expect(clippy::float_cmp, reason = "equal numbers need no tolerance, infinities have none")]
fn almost(one: f64, other: f64) -> bool {
    if is_stale(one) || is_stale(other) {
        return is_stale(one) && is_stale(other);
    }
    if (one.is_nan() && other.is_nan()) || one == other {
        return true;
    }
    let (sum, difference) = (one.abs() + other.abs(), (one - other).abs());
    if one == 0.0 || other == 0.0 || sum < f64::MIN_POSITIVE {
        return difference < TOLERANCE * f64::MIN_POSITIVE;
    }
    difference / sum.min(f64::MAX) < TOLERANCE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_differ_where_upstream_says_so() {
        assert!(almost(1.0, 1.000_001) && !almost(1.0, 1.000_003));
        assert!(almost(f64::INFINITY, f64::INFINITY) && !almost(f64::INFINITY, f64::MAX));
        assert!(!almost(0.0, 1e-300) && almost(0.0, -0.0));
        assert!(almost(f64::NAN, -f64::NAN));
        assert!(!almost(f64::NAN, watchglass_model::STALE));
    }
}
