//! OTLP in JSON: the specification's own examples, and what senders write in its place.

use serde_json::{Value, json};

use crate::compare::{assert_kept, assert_same, text};
use crate::instance::{Instance, beside_others, say};

const JSON: &str = "application/json";

/// Posts a request and expects it to be taken whole.
fn send(instance: &Instance, signal: &str, body: &Value) {
    let response = instance.export(&format!("/v1/{signal}"), JSON, body.to_string().into_bytes());
    let (status, answer) = (response.status(), response.text().unwrap());
    assert_eq!((status.as_u16(), answer.as_str()), (200, "{}"), "{signal}: {body}");
}

/// A list in a request, or none.
fn list<'a>(value: &'a Value, field: &str) -> impl Iterator<Item = &'a Value> {
    value[field].as_array().into_iter().flatten()
}

fn source(of: &Value, schema_url: &Value) -> Value {
    json!({
        "attributes": of.get("attributes").cloned().unwrap_or(json!([])),
        "dropped_attributes_count": 0,
        "schema_url": schema_url.as_str().unwrap_or_default(),
    })
}

fn scope(of: &Value) -> Value {
    let mut scope = source(&of["scope"], &of["schemaUrl"]);
    scope["name"] = of["scope"]["name"].clone();
    scope["version"] = of["scope"]["version"].clone();
    scope
}

/// Copies fields under the API's names, lower-casing ids.
fn renamed(of: &Value, names: &[(&str, &str)]) -> Value {
    let field = |(from, to): &(&str, &str)| {
        let value = of.get(*from)?;
        let value = if from.ends_with("Id") {
            json!(value.as_str()?.to_lowercase())
        } else {
            value.clone()
        };
        Some(((*to).to_owned(), value))
    };
    Value::Object(names.iter().filter_map(field).collect())
}

const SPAN: [(&str, &str); 8] = [
    ("traceId", "trace_id"),
    ("spanId", "span_id"),
    ("parentSpanId", "parent_span_id"),
    ("name", "name"),
    ("kind", "kind"),
    ("startTimeUnixNano", "start"),
    ("endTimeUnixNano", "end"),
    ("attributes", "attributes"),
];

const LOG: [(&str, &str); 9] = [
    ("traceId", "trace_id"),
    ("spanId", "span_id"),
    ("timeUnixNano", "time"),
    ("observedTimeUnixNano", "observed_time"),
    ("severityNumber", "severity_number"),
    ("severityText", "severity_text"),
    ("eventName", "event_name"),
    ("body", "body"),
    ("attributes", "attributes"),
];

/// The rows of a request of the specification's examples, in the API's shapes.
fn expected(request: &Value) -> Value {
    let (mut spans, mut logs, mut metrics) = (Vec::new(), Vec::new(), Vec::new());
    for (outer, inner, rows, names, all) in [
        ("resourceSpans", "scopeSpans", "spans", &SPAN[..], &mut spans),
        ("resourceLogs", "scopeLogs", "logRecords", &LOG[..], &mut logs),
    ] {
        for of_resource in list(request, outer) {
            for of_scope in list(of_resource, inner) {
                for row in list(of_scope, rows) {
                    let mut row = renamed(row, names);
                    row["resource"] = source(&of_resource["resource"], &of_resource["schemaUrl"]);
                    row["scope"] = scope(of_scope);
                    all.push(row);
                }
            }
        }
    }
    for of_resource in list(request, "resourceMetrics") {
        for of_scope in list(of_resource, "scopeMetrics") {
            for metric in list(of_scope, "metrics") {
                let resource = source(&of_resource["resource"], &of_resource["schemaUrl"]);
                metrics.push(expected_metric(metric, &resource, &scope(of_scope)));
            }
        }
    }
    json!({"spans": spans, "logs": logs, "metrics": metrics})
}

fn expected_metric(metric: &Value, resource: &Value, scope: &Value) -> Value {
    let kinds = [
        ("gauge", "gauge"),
        ("sum", "sum"),
        ("histogram", "histogram"),
        ("exponentialHistogram", "exponential_histogram"),
    ];
    let (field, kind) = kinds.into_iter().find(|(field, _)| metric.get(field).is_some()).unwrap();
    let data = &metric[field];
    let series = list(data, "dataPoints").map(|point| {
        let mut series = json!({
            "labels": point["attributes"], "resource": resource, "scope": scope,
            "times": [point["timeUnixNano"]],
        });
        if let Some(count) = point.get("count") {
            series["values"] = json!([text_number(count)]);
            series["sums"] = json!([point["sum"]]);
        } else {
            series["values"] = json!([point["asDouble"]]);
        }
        if let Some(bounds) = point.get("explicitBounds") {
            series["bounds"] = bounds.clone();
            let buckets: Vec<_> = list(point, "bucketCounts").map(text_number).collect();
            series["buckets"] = json!([buckets]);
        }
        series
    });
    let temporality = match data["aggregationTemporality"].as_u64() {
        Some(1) => "delta",
        Some(2) => "cumulative",
        _ => "unspecified",
    };
    json!({
        "name": metric["name"], "type": kind, "unit": metric["unit"],
        "description": metric["description"],
        "monotonic": data.get("isMonotonic").and_then(Value::as_bool).unwrap_or(false),
        "temporality": temporality,
        "series": series.collect::<Vec<_>>(),
    })
}

fn text_number(value: &Value) -> f64 {
    value.as_str().unwrap().parse().unwrap()
}

#[test]
fn the_examples_of_the_specification() {
    let _beside = beside_others();
    let Some(folder) = std::env::var_os("WATCHGLASS_CONFORMANCE") else {
        say(
            "skipped otlp_json::the_examples_of_the_specification: WATCHGLASS_CONFORMANCE names no folder",
        );
        return;
    };
    for (name, signal) in
        [("trace", "traces"), ("logs", "logs"), ("events", "logs"), ("metrics", "metrics")]
    {
        let path = std::path::Path::new(&folder).join("otlp").join(format!("{name}.json"));
        let request: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
        let instance = Instance::start();
        send(&instance, signal, &request);
        let kept = assert_kept(&instance, &expected(&request));
        assert!(kept.iter().sum::<usize>() > 0, "{name} holds nothing");
        say(&format!("otlp/{name}.json: {kept:?} spans, log records and metrics came back equal"));
    }
}

/// A request with one span.
pub(crate) fn one_span(span: &Value) -> Value {
    json!({"resourceSpans": [{
        "resource": {"attributes": [{"key": "service.name", "value": {"stringValue": "json"}}]},
        "scopeSpans": [{"spans": [span]}],
    }]})
}

const TRACE: &str = "5b8efff798038103d269b633813fc60c";

fn span_of(instance: &Instance, id: &str) -> Value {
    instance.get(&format!("/api/traces/{TRACE}/spans/{id}"))
}

#[test]
fn names_in_snake_case_and_unknown_fields() {
    let _beside = beside_others();
    let instance = Instance::start();
    let request = json!({"resource_spans": [{
        "resource": {"attributes": [{"key": "service.name", "value": {"string_value": "snake"}}], "colour": 1},
        "scope_spans": [{"scope": {"name": "s"}, "spans": [{
            "trace_id": TRACE, "span_id": "eee19b7ec3c1b174", "parent_span_id": "eee19b7ec3c1b173",
            "name": "snake", "kind": 3, "trace_state": "a=b", "flags": 257,
            "start_time_unix_nano": "1544712660000000000", "end_time_unix_nano": 1_544_712_661_000_000_000_u64,
            "dropped_attributes_count": 4, "unknown": {"deep": [1, {"x": null}]},
            "attributes": [{"key": "n", "value": {"int_value": 7, "novel": true}}],
            "status": {"code": 2, "message": "no"},
        }]}],
    }], "future": []});
    send(&instance, "traces", &request);
    let expected = json!({
        "parent_span_id": "eee19b7ec3c1b173", "name": "snake", "kind": 3, "trace_state": "a=b",
        "flags": 257, "start": "1544712660000000000", "end": "1544712661000000000",
        "dropped_attributes_count": 4, "service": "snake",
        "attributes": [{"key": "n", "value": {"intValue": "7"}}],
        "status": {"code": 2, "message": "no"},
    });
    assert_same("the span", &expected, &span_of(&instance, "eee19b7ec3c1b174"));
}

#[test]
fn integers_as_text_or_number_and_doubles_that_are_none() {
    let _beside = beside_others();
    let instance = Instance::start();
    let given = [
        (
            "text",
            json!({"intValue": "9223372036854775807"}),
            json!({"intValue": "9223372036854775807"}),
        ),
        ("number", json!({"intValue": -5}), json!({"intValue": "-5"})),
        ("nan", json!({"doubleValue": "NaN"}), json!({"doubleValue": "NaN"})),
        ("least", json!({"doubleValue": "-Infinity"}), json!({"doubleValue": "-Infinity"})),
        ("whole", json!({"doubleValue": 3}), json!({"doubleValue": 3.0})),
        ("array", json!({"arrayValue": {}}), json!({"arrayValue": {"values": []}})),
        ("bytes", json!({"bytesValue": "AP8="}), json!({"bytesValue": "AP8="})),
        ("nothing", json!({}), json!({})),
    ];
    let pick = |which: fn(&(&str, Value, Value)) -> Value| -> Vec<Value> {
        given.iter().map(|one| json!({"key": one.0, "value": which(one)})).collect()
    };
    let span = json!({
        "traceId": TRACE, "spanId": "0000000000000001", "name": "numbers", "flags": "257",
        "startTimeUnixNano": 1_544_712_660_000_000_000_u64, "endTimeUnixNano": "1544712660000000001",
        "attributes": pick(|one| one.1.clone()), "events": null,
    });
    send(&instance, "traces", &one_span(&span));
    let expected = json!({
        "flags": 257, "start": "1544712660000000000", "end": "1544712660000000001",
        "attributes": pick(|one| one.2.clone()), "events": [],
    });
    assert_same("the span", &expected, &span_of(&instance, "0000000000000001"));
}

#[test]
fn defaults_that_are_left_out() {
    let _beside = beside_others();
    let instance = Instance::start();
    let bare = json!({"traceId": TRACE, "spanId": "0000000000000002"});
    send(&instance, "traces", &one_span(&bare));
    let expected = json!({
        "name": "", "kind": 0, "start": "0", "end": "0", "parent_span_id": "", "trace_state": "",
        "flags": 0, "attributes": [], "events": [], "links": [],
        "status": {"code": 0, "message": ""}, "scope": {"name": "", "version": "", "schema_url": ""},
    });
    assert_same("the span", &expected, &span_of(&instance, "0000000000000002"));
    send(&instance, "logs", &json!({"resourceLogs": [{"scopeLogs": [{"logRecords": [{}]}]}]}));
    send(&instance, "metrics", &json!({}));
}

#[test]
fn ids_in_upper_case_and_a_point_that_is_not_a_number() {
    let _beside = beside_others();
    let instance = Instance::start();
    let span = json!({
        "traceId": TRACE.to_uppercase(), "spanId": "EEE19B7EC3C1B174", "parentSpanId": "EEE19B7EC3C1B173",
        "links": [{"traceId": "ABCDEF00000000000000000000000001", "spanId": "ABCDEF0000000001"}],
    });
    send(&instance, "traces", &one_span(&span));
    let found = span_of(&instance, "eee19b7ec3c1b174");
    assert_eq!(text(&found, "parent_span_id"), "eee19b7ec3c1b173");
    assert_eq!(text(&found["links"][0], "trace_id"), "abcdef00000000000000000000000001");
    let points = json!([
        {"asDouble": "NaN", "timeUnixNano": "1544712660000000001"},
        {"asDouble": 1.5, "timeUnixNano": "1544712660000000002"},
        {"asInt": "7", "timeUnixNano": "1544712660000000003"},
    ]);
    let metrics = json!([{"name": "odd", "gauge": {"dataPoints": points}}]);
    send(
        &instance,
        "metrics",
        &json!({"resourceMetrics": [{"scopeMetrics": [{"metrics": metrics}]}]}),
    );
    let found = instance.get(&format!("/api/metrics/odd/series?{}", crate::compare::EVER));
    assert_eq!(found["series"][0]["values"], json!([null, 1.5, 7.0]));
    let exact = json!([{"doubleValue": "NaN"}, null, {"intValue": "7"}]);
    assert_eq!(found["series"][0]["exact"], exact);
}
