//! Compares what was sent with what the API gives back, field by field.
//! Every field that the sender names must come back equal; fields that the API adds (durations, ids for lists) are its own.

use std::fmt::Write;

use serde_json::{Map, Value};

use crate::instance::Instance;

/// The range that holds everything.
pub(crate) const EVER: &str = "start=0&end=18446744073709551615";

/// Makes values comparable: attributes in the order of their keys, exemplars in that of their times, numbers as
/// doubles. These orders and the spelling of numbers mean nothing; everything else does.
pub(crate) fn normal(value: Value) -> Value {
    match value {
        Value::Array(all) => {
            let mut all: Vec<Value> = all.into_iter().map(normal).collect();
            if all.iter().all(is_key_value) {
                all.sort_by_key(|one| one["key"].as_str().map(str::to_owned));
            } else if all.iter().all(is_exemplar) {
                all.sort_by_key(|one| (one["time"].to_string(), one["value"].to_string()));
            }
            Value::Array(all)
        }
        Value::Object(fields) => {
            fields.into_iter().map(|(name, value)| (name, normal(value))).collect()
        }
        Value::Number(number) => number.as_f64().map_or(Value::Null, Value::from),
        other => other,
    }
}

fn is_key_value(value: &Value) -> bool {
    value.as_object().is_some_and(|fields| fields.len() == 2 && fields.contains_key("key"))
}

fn is_exemplar(value: &Value) -> bool {
    ["time", "value", "span_id"].iter().all(|field| value.get(field).is_some())
}

/// Where `found` lacks something of `sent` or has it differently; empty where it does not.
pub(crate) fn differences(sent: &Value, found: &Value) -> String {
    let mut all = String::new();
    note_differences("", &normal(sent.clone()), &normal(found.clone()), &mut all);
    all
}

fn note_differences(at: &str, sent: &Value, found: &Value, all: &mut String) {
    match (sent, found) {
        (Value::Object(sent), Value::Object(found)) => {
            for (name, value) in sent {
                let none = Value::Null;
                let other = found.get(name).unwrap_or(&none);
                note_differences(&format!("{at}.{name}"), value, other, all);
            }
        }
        (Value::Array(sent), Value::Array(found)) if sent.len() == found.len() => {
            for (idx, (value, other)) in sent.iter().zip(found).enumerate() {
                note_differences(&format!("{at}[{idx}]"), value, other, all);
            }
        }
        _ if sent == found => {}
        _ => writeln!(all, "  {at}: sent {sent}, found {found}").unwrap(),
    }
}

/// Fails where something of `sent` did not come back.
pub(crate) fn assert_same(what: &str, sent: &Value, found: &Value) {
    let differences = differences(sent, found);
    assert!(differences.is_empty(), "{what} came back differently:\n{differences}");
}

/// Reads everything that a client says it sent back, and compares it. Gives how much it was.
pub(crate) fn assert_kept(instance: &Instance, sent: &Value) -> [usize; 3] {
    let all = |signal: &str| sent[signal].as_array().unwrap().clone();
    let (spans, logs, metrics) = (all("spans"), all("logs"), all("metrics"));
    for span in &spans {
        assert_span_kept(instance, span);
    }
    assert_logs_kept(instance, &logs);
    for metric in &metrics {
        assert_metric_kept(instance, metric);
    }
    [spans.len(), logs.len(), metrics.len()]
}

/// Reads one span back.
pub(crate) fn assert_span_kept(instance: &Instance, span: &Value) {
    let (trace, id) = (text(span, "trace_id"), text(span, "span_id"));
    let found = instance.get(&format!("/api/traces/{trace}/spans/{id}"));
    assert_same(&format!("span {id} ({})", span["name"]), span, &found);
    assert_eq!(found["service"], service_of(span), "span {id}");
    let time = |field: &str| text(span, field).parse::<u64>().unwrap();
    assert_eq!(found["duration"], time("end") - time("start"), "span {id}");
}

/// Reads log records back: each one once, and no others of that service.
pub(crate) fn assert_logs_kept(instance: &Instance, logs: &[Value]) {
    let Some(first) = logs.first() else { return };
    let path = format!("/api/logs?{EVER}&limit=5000&service={}", service_of(first));
    let found = instance.get(&path);
    let mut found = found["records"].as_array().unwrap().clone();
    assert_eq!(found.len(), logs.len(), "log records of {}", service_of(first));
    for log in logs {
        let place = found.iter().position(|other| differences(log, other).is_empty());
        let Some(place) = place else {
            let like = found
                .iter()
                .find(|other| normal(other["body"].clone()) == normal(log["body"].clone()));
            let like = like
                .map_or_else(|| "none has its body".to_owned(), |other| differences(log, other));
            panic!("log record {} did not come back:\n{like}", log["body"]);
        };
        found.swap_remove(place);
    }
}

/// Reads a metric back: what it says of itself, and every series with its points.
pub(crate) fn assert_metric_kept(instance: &Instance, metric: &Value) {
    let name = text(metric, "name");
    let list = instance.get(&format!("/api/metrics?{EVER}"));
    let found = list["metrics"].as_array().unwrap().iter().find(|found| found["name"] == *name);
    let found = found.unwrap_or_else(|| panic!("metric {name} is not listed"));
    let mut itself: Map<String, Value> = metric.as_object().unwrap().clone();
    let sent_series = itself.remove("series").unwrap();
    assert_same(&format!("metric {name}"), &Value::Object(itself), found);

    let path = format!("/api/metrics/{name}/series?{EVER}&limit=1000");
    let found = instance.get(&path);
    for series in sent_series.as_array().unwrap() {
        let labels = normal(series["labels"].clone());
        let all = found["series"].as_array().unwrap();
        let found = all.iter().find(|found| {
            normal(found["labels"].clone()) == labels
                && service_of(found) == service_of(series)
                && found["scope"]["name"] == series["scope"]["name"]
        });
        let found = found.unwrap_or_else(|| panic!("metric {name} has no series {labels}"));
        assert_same(&format!("metric {name}, series {labels}"), series, found);
    }
}

/// A field that is text.
pub(crate) fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value[field].as_str().unwrap_or_else(|| panic!("no text in {field} of {value}"))
}

fn service_of(row: &Value) -> String {
    let attributes = row["resource"]["attributes"].as_array().unwrap();
    let name = attributes.iter().find(|attribute| attribute["key"] == "service.name");
    name.map(|name| text(&name["value"], "stringValue").to_owned()).unwrap_or_default()
}

#[test]
fn a_difference_is_found_wherever_it_lies() {
    let sent = serde_json::json!({"a": [{"key": "x", "value": {"intValue": "1"}}, {"key": "b", "value": {}}], "n": 1});
    let same = serde_json::json!({"a": [{"key": "b", "value": {}}, {"key": "x", "value": {"intValue": "1"}}], "n": 1.0, "more": 2});
    assert_eq!(differences(&sent, &same), "");
    for (from, to) in
        [(r#""1""#, r#""2""#), (r#""n":1"#, r#""n":1.5"#), (r#""b""#, r#""c""#), ("{}", "[]")]
    {
        let other = serde_json::from_str(&sent.to_string().replacen(from, to, 1)).unwrap();
        assert_ne!(differences(&sent, &other), "", "{from} → {to}");
    }
}
