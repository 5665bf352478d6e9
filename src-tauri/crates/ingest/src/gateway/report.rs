//! All groups as `/api/v1/metrics` tells them: one object a group, with a metric under its name.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use watchglass_model::{FloatHistogram, SampleValue, Timestamp, general_notation};

use super::family::{Family, HeldSample};
use super::group::{Group, Grouping, Groups};

/// The groups, in the order of their labels.
pub(super) fn report(groups: &Groups) -> Value {
    groups.iter().map(|(grouping, group)| group_value(grouping, group)).collect()
}

/// A time as Go's JSON writes it: RFC 3339 in UTC.
pub(crate) fn rfc3339(time: Timestamp) -> String {
    let seconds = i64::try_from(time.0 / 1_000_000_000).unwrap_or(i64::MAX);
    let nanos = u32::try_from(time.0 % 1_000_000_000).unwrap_or(0);
    let time = chrono::DateTime::from_timestamp(seconds, nanos).unwrap_or_default();
    time.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true)
}

fn group_value(grouping: &Grouping, group: &Group) -> Value {
    let mut told = Map::new();
    for (name, family) in &group.families {
        told.insert(name.clone(), family_value(family));
    }
    // As upstream has it, a metric of one of these names is hidden.
    told.insert("labels".to_owned(), json!(grouping));
    told.insert("last_push_successful".to_owned(), json!(group.is_last_push_successful()));
    Value::Object(told)
}

fn family_value(family: &Family) -> Value {
    let mut told = Map::new();
    told.insert("time_stamp".to_owned(), json!(rfc3339(family.pushed)));
    told.insert("type".to_owned(), json!(family.type_name()));
    if !family.help.is_empty() {
        told.insert("help".to_owned(), json!(family.help));
    }
    told.insert("metrics".to_owned(), metrics(family));
    Value::Object(told)
}

/// The samples, those of one metric together.
fn metrics(family: &Family) -> Value {
    let part = family.part();
    if part.is_empty() {
        let all = family.samples.iter();
        return all
            .map(|sample| json!({ "labels": sample.labels, "value": text_of(&sample.value) }))
            .collect();
    }
    let mut by_labels: BTreeMap<BTreeMap<&str, &str>, Map<String, Value>> = BTreeMap::new();
    for sample in &family.samples {
        let labels = sample.labels.iter().filter(|(label, _)| *label != part);
        let labels = labels.map(|(label, value)| (label.as_str(), value.as_str())).collect();
        add(by_labels.entry(labels).or_default(), sample, part);
    }
    let all = by_labels.into_iter().map(|(labels, mut metric)| {
        metric.insert("labels".to_owned(), json!(labels));
        Value::Object(metric)
    });
    all.collect()
}

/// Adds a part to the metric that it belongs to.
fn add(metric: &mut Map<String, Value>, sample: &HeldSample, part: &str) {
    if let SampleValue::Histogram(histogram) = &sample.value {
        metric.insert("count".to_owned(), json!(general_notation(histogram.count)));
        metric.insert("sum".to_owned(), json!(general_notation(histogram.sum)));
        metric.insert("buckets".to_owned(), native_buckets(histogram));
        return;
    }
    let value = json!(text_of(&sample.value));
    match sample.labels.get(part) {
        Some(bound) => {
            let parts = if part == "le" { "buckets" } else { "quantiles" };
            let bound = bound.strip_suffix(".0").unwrap_or(bound);
            // Indexing a value by a text makes the fields that are missing; a native histogram has its own buckets.
            if let Some(parts) = metric.entry(parts).or_insert_with(|| json!({})).as_object_mut() {
                parts.insert(bound.to_owned(), value);
            }
        }
        None if sample.name.ends_with("_sum") => drop(metric.insert("sum".to_owned(), value)),
        None => drop(metric.insert("count".to_owned(), value)),
    }
}

/// Buckets as Prometheus's API has them: which bounds belong to it, the bounds, the count.
fn native_buckets(histogram: &FloatHistogram) -> Value {
    let buckets = histogram.buckets().filter(|bucket| bucket.count != 0.0);
    buckets
        .map(|bucket| {
            let inclusive = match (bucket.lower_inclusive, bucket.upper_inclusive) {
                (false, true) => 0,
                (true, false) => 1,
                (false, false) => 2,
                (true, true) => 3,
            };
            let [lower, upper, count] =
                [bucket.lower, bucket.upper, bucket.count].map(general_notation);
            json!([inclusive, lower, upper, count])
        })
        .collect()
}

fn text_of(value: &SampleValue) -> String {
    match value {
        SampleValue::Float(value) => general_notation(*value),
        SampleValue::Histogram(histogram) => histogram.to_string(),
    }
}
