//! Two answers of the Prometheus API to the same question, compared: the same text, the same but for the last digits of
//! numbers, or different.

use std::collections::BTreeMap;

use serde_json::Value;

/// What the order of additions may change in a number, relative to it. A sum of a thousand terms is good to 1e-13.
const ROUNDING: f64 = 1e-12;

/// How two answers relate.
#[derive(Debug)]
pub(crate) enum Verdict {
    /// Byte for byte the same.
    Same,
    /// The same but for the order of series, which has no meaning in a vector, and the rounding of numbers; the
    /// largest relative difference.
    Rounded(f64),
    /// What is different.
    Different(String),
}

/// Compares an answer of ours with the reference's, each with its HTTP status. `is_ordered`: the order of a vector counts.
pub(crate) fn compare(ours: &(u16, String), theirs: &(u16, String), is_ordered: bool) -> Verdict {
    if ours == theirs {
        return Verdict::Same;
    }
    let parse = |(_, text): &(u16, String)| {
        serde_json::from_str::<Value>(text).unwrap_or_else(|fault| panic!("{fault}: {text}"))
    };
    let our_tree = sorted(parse(ours), is_ordered);
    let their_tree = sorted(as_of_3_14(parse(theirs)), is_ordered);
    let mut largest = 0.0;
    if ours.0 != theirs.0 {
        return Verdict::Different(format!("status {} instead of {}", ours.0, theirs.0));
    }
    match difference("", &our_tree, &their_tree, &mut largest) {
        None => Verdict::Rounded(largest),
        Some(difference) => Verdict::Different(difference),
    }
}

/// Whether two values are the same but for rounding.
pub(crate) fn is_same(ours: &Value, theirs: &Value) -> bool {
    difference("", ours, theirs, &mut 0.0).is_none()
}

/// The one difference between the reference, which may be of any version from 3.5, and the version that is stood in for:
/// a bad `le` is told without the metric's name while names are removed at once, so several such warnings become one.
fn as_of_3_14(mut answer: Value) -> Value {
    if let Some(Value::Array(warnings)) = answer.get_mut("warnings") {
        for warning in warnings.iter_mut() {
            let text = warning.as_str().unwrap_or_default();
            let Some((what, named)) = text.split_once(" for metric name ") else { continue };
            if let (true, Some((_, place))) =
                (what.contains("bucket label"), named.rsplit_once(' '))
            {
                *warning = format!("{what} {place}").into();
            }
        }
        warnings.dedup();
    }
    answer
}

/// Series by labels, and notes by text.
fn sorted(mut answer: Value, is_ordered: bool) -> Value {
    let is_vector = answer["data"]["resultType"] == "vector";
    if let (false, Some(Value::Array(series))) =
        (is_ordered && is_vector, answer.pointer_mut("/data/result"))
    {
        series.sort_by_key(|one| one["metric"].as_object().map(labels));
    }
    for notes in ["warnings", "infos"] {
        if let Some(Value::Array(notes)) = answer.get_mut(notes) {
            notes.sort_by_key(Value::to_string);
        }
    }
    answer
}

fn labels(metric: &serde_json::Map<String, Value>) -> BTreeMap<String, String> {
    metric.iter().map(|(name, value)| (name.clone(), value.to_string())).collect()
}

/// The first place where two trees differ by more than rounding.
fn difference(at: &str, ours: &Value, theirs: &Value, largest: &mut f64) -> Option<String> {
    let tell = || Some(format!("{at}: {ours} instead of {theirs}"));
    match (ours, theirs) {
        (Value::Object(our), Value::Object(their)) => {
            if our.keys().ne(their.keys()) {
                return tell();
            }
            our.iter().find_map(|(name, value)| {
                difference(&format!("{at}.{name}"), value, &their[name], largest)
            })
        }
        (Value::Array(our), Value::Array(their)) if our.len() == their.len() => {
            let pairs = our.iter().zip(their).enumerate();
            pairs.into_iter().find_map(|(place, (our, their))| {
                difference(&format!("{at}[{place}]"), our, their, largest)
            })
        }
        _ if ours == theirs => None,
        (Value::String(our), Value::String(their)) => {
            let relative = relative(our.parse().ok()?, their.parse().ok()?);
            if relative > ROUNDING {
                return tell();
            }
            *largest = largest.max(relative);
            None
        }
        _ => tell(),
    }
}

fn relative(ours: f64, theirs: f64) -> f64 {
    (ours - theirs).abs() / ours.abs().max(theirs.abs())
}
