//! The document about the routes.

use serde_json::Value;
use watchglass_api::openapi;

use crate::shop::Shop;

const ROUTES: [(&str, &str); 22] = [
    ("/api/status", "get"),
    ("/api/services", "get"),
    ("/api/services/{service}/operations", "get"),
    ("/api/attributes", "get"),
    ("/api/attributes/{key}/values", "get"),
    ("/api/traces", "get"),
    ("/api/traces/{trace_id}", "get"),
    ("/api/traces/{trace_id}/find", "get"),
    ("/api/traces/{trace_id}/spans/{span_id}", "get"),
    ("/api/logs", "get"),
    ("/api/logs/volume", "get"),
    ("/api/logs/tail", "get"),
    ("/api/cardinality", "get"),
    ("/api/cardinality/{metric}", "get"),
    ("/api/metrics", "get"),
    ("/api/metrics/{name}/series", "get"),
    ("/api/metrics/{name}/picture", "get"),
    ("/api/events", "get"),
    ("/api/mistakes", "get"),
    ("/api/runs", "get"),
    ("/api/runs", "post"),
    ("/api/runs/{id}/end", "post"),
];

const SHAPES: [&str; 34] = [
    "Nanos",
    "AnyValue",
    "KeyValue",
    "Resource",
    "Scope",
    "Status",
    "Receiver",
    "StoreStatus",
    "Services",
    "Service",
    "Operations",
    "AttributeKeys",
    "AttributeValues",
    "TraceList",
    "TraceSummary",
    "Trace",
    "Found",
    "SpanDetail",
    "Logs",
    "LogRecord",
    "LogVolume",
    "Metrics",
    "Metric",
    "MetricSeries",
    "Series",
    "Arrival",
    "Mistake",
    "Mistakes",
    "Run",
    "Runs",
    "TailRecords",
    "Failure",
    "NewRun",
    "RunEnd",
];

fn document() -> Value {
    serde_json::from_str(&openapi()).expect("the document is JSON")
}

#[test]
fn every_route_and_every_shape_is_in_the_document() {
    let document = document();
    for (path, method) in ROUTES {
        assert!(document["paths"][path][method].is_object(), "{method} {path}");
    }
    let written: usize = document["paths"]
        .as_object()
        .unwrap()
        .values()
        .map(|path| path.as_object().unwrap().len())
        .sum();
    assert_eq!(written, ROUTES.len());
    for shape in SHAPES {
        assert!(document["components"]["schemas"][shape].is_object(), "{shape}");
    }
}

#[test]
fn every_route_has_a_name_of_its_own() {
    let document = document();
    let paths = document["paths"].as_object().unwrap().values();
    let mut names: Vec<_> = paths
        .flat_map(|path| path.as_object().unwrap().values())
        .map(|route| route["operationId"].as_str().unwrap())
        .collect();
    names.sort_unstable();
    let count = names.len();
    names.dedup();
    assert_eq!(names.len(), count);
}

#[test]
fn every_reference_leads_somewhere() {
    let document = document();
    let text = openapi();
    for part in text.split("\"#/components/schemas/").skip(1) {
        let name = part.split('"').next().unwrap();
        assert!(document["components"]["schemas"][name].is_object(), "{name}");
    }
}

#[test]
fn shapes_are_what_the_ui_was_promised() {
    let document = document();
    let schemas = &document["components"]["schemas"];
    assert_eq!(schemas["Nanos"]["type"], "string");
    assert_eq!(schemas["TraceSummary"]["properties"]["trace_id"]["type"], "string");
    assert_eq!(schemas["Metric"]["properties"]["type"]["$ref"], "#/components/schemas/MetricType");
    let required = |shape: &str, field: &str| {
        let fields = schemas[shape]["required"].as_array().unwrap();
        fields.iter().any(|one| one == field)
    };
    for (shape, field) in [
        ("Receiver", "taken_by"),
        ("Receiver", "last_received"),
        ("Logs", "cursor"),
        ("Run", "exit_code"),
        ("Series", "bounds"),
        ("StoreStatus", "oldest"),
    ] {
        assert!(required(shape, field), "{shape}.{field}");
    }
}

#[tokio::test]
async fn the_document_is_the_same_every_time_and_is_served() {
    assert_eq!(openapi(), openapi());
    let reply = Shop::open().get("/api/openapi.json").await;
    assert_eq!(reply.text, openapi());
}
