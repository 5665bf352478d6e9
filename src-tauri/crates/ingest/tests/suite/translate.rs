//! OTLP metrics as Prometheus series: names, labels, histograms, deltas, exemplars.

use serde_json::{Value, json};
use watchglass_ingest::{Naming, Promotion, Translation, TranslationSettings};
use watchglass_model::{Points, SampleValue};
use watchglass_otlp::{Export, decode_metrics, json_to_protobuf};
use watchglass_storage::SeriesWrite;

const SECOND: u64 = 1_000_000_000;

/// A request with one metric of one service.
fn points(metric: &Value) -> Points {
    let attribute = |key: &str, value: &str| json!({"key": key, "value": {"stringValue": value}});
    let request = json!({"resourceMetrics": [{
        "resource": {"attributes": [
            attribute("service.name", "web"),
            attribute("service.namespace", "shop"),
            attribute("service.instance.id", "one"),
            attribute("host.name", "laptop"),
        ]},
        "scopeMetrics": [{
            "scope": {"name": "lib", "version": "2"},
            "metrics": [metric],
        }],
    }]});
    let bytes = json_to_protobuf(Export::Metrics, request.to_string().as_bytes()).unwrap();
    decode_metrics(&bytes).unwrap()
}

/// Every sample as `labels value @time`, sorted.
fn lines(write: &SeriesWrite) -> Vec<String> {
    let mut lines = Vec::new();
    for (labels, samples) in &write.samples {
        for sample in samples {
            let value = match &sample.value {
                SampleValue::Float(value) => format!("{value}"),
                SampleValue::Histogram(histogram) => histogram.test_expression(),
            };
            lines.push(format!("{labels} {value} @{}", sample.time));
        }
    }
    lines.sort();
    lines
}

fn translated(metric: &Value) -> Vec<String> {
    let (write, left_out) = Translation::default().translate(&points(metric));
    assert_eq!(left_out, 0);
    lines(&write)
}

fn number(value: &Value, time: u64) -> Value {
    json!({"asDouble": value, "timeUnixNano": time.to_string(), "startTimeUnixNano": "0",
        "attributes": [{"key": "http.route", "value": {"stringValue": "/cart"}}]})
}

const COMMON: &str =
    r#"instance="one", job="shop/web", otel_scope_name="lib", otel_scope_version="2""#;
const TARGET: &str =
    r#"{__name__="target_info", host_name="laptop", instance="one", job="shop/web"} 1"#;

#[test]
fn a_counter_gets_its_unit_and_total() {
    let metric = json!({"name": "http.server.served", "unit": "By", "sum": {
        "aggregationTemporality": 2, "isMonotonic": true, "dataPoints": [number(&json!(5), SECOND)]}});
    let counter = format!(
        r#"{{__name__="http_server_served_bytes_total", http_route="/cart", {COMMON}}} 5 @1000"#
    );
    assert_eq!(translated(&metric), [counter, format!("{TARGET} @1000")]);
}

#[test]
fn deltas_add_up_from_batch_to_batch() {
    let translation = Translation::default();
    let delta = |value: i32, time| {
        let metric = json!({"name": "jobs", "sum": {
            "aggregationTemporality": 1, "isMonotonic": true, "dataPoints": [number(&json!(value), time)]}});
        translation.translate(&points(&metric))
    };
    assert!(lines(&delta(2, SECOND).0)[0].ends_with("2 @1000"));
    assert!(lines(&delta(3, 2 * SECOND).0)[0].ends_with("5 @2000"));
    let (late, left_out) = delta(7, SECOND);
    assert_eq!((left_out, lines(&late).len()), (1, 1), "a delta that came late is left out");
}

#[test]
fn a_histogram_becomes_buckets_and_its_exemplar_stands_with_the_bucket_it_fell_in() {
    let metric = json!({"name": "latency", "unit": "s", "histogram": {"aggregationTemporality": 2,
        "dataPoints": [{"timeUnixNano": SECOND.to_string(), "count": "3", "sum": 1.5,
            "explicitBounds": [0.1, 1.0], "bucketCounts": ["1", "1", "1"],
            "exemplars": [{"timeUnixNano": SECOND.to_string(), "asDouble": 0.5,
                "traceId": "5b8efff798038103d269b633813fc60c", "spanId": "eee19b7ec3c1b174"}]}]}});
    let (write, _) = Translation::default().translate(&points(&metric));
    let bucket = |le: &str, count: u32| {
        format!(
            r#"{{__name__="latency_seconds_bucket", instance="one", job="shop/web", le="{le}", otel_scope_name="lib", otel_scope_version="2"}} {count} @1000"#
        )
    };
    let plain = |suffix: &str, value: &str| {
        format!(r#"{{__name__="latency_seconds_{suffix}", {COMMON}}} {value} @1000"#)
    };
    assert_eq!(
        lines(&write),
        [
            bucket("+Inf", 3),
            bucket("0.1", 1),
            bucket("1.0", 2),
            plain("count", "3"),
            plain("sum", "1.5"),
            format!("{TARGET} @1000"),
        ]
    );
    let [(series, exemplars)] = write.exemplars.as_slice() else {
        panic!("one series has exemplars")
    };
    assert_eq!(series.get("le"), "1.0");
    assert_eq!(exemplars[0].labels.get("trace_id"), "5b8efff798038103d269b633813fc60c");
}

#[test]
fn an_exponential_histogram_becomes_a_native_one_of_at_most_schema_eight() {
    let metric = json!({"name": "size", "exponentialHistogram": {"aggregationTemporality": 2,
        "dataPoints": [{"timeUnixNano": SECOND.to_string(), "count": "4", "sum": 9, "scale": 9,
            "zeroCount": "1", "positive": {"offset": 0, "bucketCounts": ["1", "1", "1"]}}]}});
    let lines = translated(&metric);
    assert_eq!(
        lines[0],
        format!(
            r#"{{__name__="size", {COMMON}}} {} @1000"#,
            "{{schema:8 count:4 sum:9 z_bucket:1 z_bucket_w:1e-128 offset:1 buckets:[2 1]}}"
        )
    );
}

#[test]
fn a_point_without_a_value_ends_its_series() {
    let metric = json!({"name": "level", "gauge": {
        "dataPoints": [{"timeUnixNano": SECOND.to_string(), "flags": 1}]}});
    let (write, _) = Translation::default().translate(&points(&metric));
    let stale = write.samples.iter().any(|(_, samples)| samples[0].value.is_stale());
    assert!(stale, "{:?}", lines(&write));
}

#[test]
fn names_may_stay_as_they_are() {
    let settings = TranslationSettings {
        naming: Naming::Untouched,
        namespace: Some("dev".to_owned()),
        ..TranslationSettings::default()
    };
    let metric = json!({"name": "http.served", "unit": "By", "sum": {
        "aggregationTemporality": 2, "isMonotonic": true, "dataPoints": [number(&json!(5), SECOND)]}});
    let (write, _) = Translation::new(settings).translate(&points(&metric));
    assert!(lines(&write)[0].contains(r#"__name__="dev_http.served""#), "{:?}", lines(&write));
}

#[test]
fn points_that_come_again_keep_their_series_and_other_bounds_get_others() {
    let translation = Translation::default();
    let batch = |bounds: Value, time: u64| {
        let counts = vec![json!("1"); bounds.as_array().unwrap().len() + 1];
        let metric = json!({"name": "latency", "histogram": {"aggregationTemporality": 2,
            "dataPoints": [{"timeUnixNano": time.to_string(), "count": counts.len().to_string(),
                "explicitBounds": bounds, "bucketCounts": counts}]}});
        let (write, _) = translation.translate(&points(&metric));
        let bounds = write.samples.iter().map(|(labels, _)| labels.get("le").to_owned());
        bounds.filter(|bound| !bound.is_empty()).collect::<Vec<_>>()
    };
    assert_eq!(batch(json!([0.1, 1.0]), SECOND), ["0.1", "1.0", "+Inf"]);
    assert_eq!(batch(json!([0.1, 1.0]), 2 * SECOND), ["0.1", "1.0", "+Inf"]);
    assert_eq!(batch(json!([0.2]), 3 * SECOND), ["0.2", "+Inf"]);
}

#[test]
fn attributes_of_other_types_or_values_are_other_series() {
    let translation = Translation::default();
    let values = [
        json!({"stringValue": "1"}),
        json!({"boolValue": true}),
        json!({"stringValue": "2"}),
        json!({"arrayValue": {"values": [{"intValue": "1"}]}}),
    ];
    let point = |value: &Value| {
        json!({"asDouble": 1.0, "timeUnixNano": SECOND.to_string(),
            "attributes": [{"key": "kind", "value": value}]})
    };
    for _ in 0..2 {
        let points_of_all: Vec<_> = values.iter().map(point).collect();
        let (write, _) = translation
            .translate(&points(&json!({"name": "level", "gauge": {"dataPoints": points_of_all}})));
        let kinds: Vec<_> = write.samples.iter().map(|(labels, _)| labels.get("kind")).collect();
        assert_eq!(kinds, ["1", "true", "2", "[1]", ""], "the last is target_info");
    }
}

#[test]
fn attributes_of_the_sender_become_labels_where_they_are_promoted() {
    let metric = json!({"name": "level", "gauge": {"dataPoints": [number(&json!(5), SECOND)]}});
    let labels = |promotion| {
        let settings = TranslationSettings {
            promotion,
            scope_labels: false,
            keep_identifying: true,
            ..TranslationSettings::default()
        };
        lines(&Translation::new(settings).translate(&points(&metric)).0)
    };
    let named = |name: &str| [name.to_owned()].into();
    let target = r#"{__name__="target_info", host_name="laptop", instance="one", job="shop/web", service_instance_id="one", service_name="web", service_namespace="shop"} 1 @1000"#;
    assert_eq!(
        labels(Promotion::Only(named("host.name"))),
        [
            r#"{__name__="level", host_name="laptop", http_route="/cart", instance="one", job="shop/web"} 5 @1000"#,
            target
        ]
    );
    assert_eq!(
        labels(Promotion::AllBut(named("host.name")))[0],
        r#"{__name__="level", http_route="/cart", instance="one", job="shop/web", service_instance_id="one", service_name="web", service_namespace="shop"} 5 @1000"#
    );
}

#[test]
fn a_histogram_may_become_a_native_one_with_its_own_bounds() {
    let settings = TranslationSettings { custom_buckets: true, ..TranslationSettings::default() };
    let translation = Translation::new(settings);
    let delta = |time: u64| {
        let metric = json!({"name": "latency", "unit": "s", "histogram": {"aggregationTemporality": 1,
            "dataPoints": [{"timeUnixNano": time.to_string(), "count": "3", "sum": 1.5,
                "explicitBounds": [0.1, 1.0], "bucketCounts": ["1", "0", "2"]}]}});
        lines(&translation.translate(&points(&metric)).0).remove(0)
    };
    let expected = |text: &str, time: u64| {
        format!(r#"{{__name__="latency_seconds", {COMMON}}} {text} @{time}"#)
    };
    let first = "{{schema:-53 count:3 sum:1.5 custom_values:[0.1 1] buckets:[1 0 2]}}";
    assert_eq!(delta(SECOND), expected(first, 1000));
    let second = "{{schema:-53 count:6 sum:3 custom_values:[0.1 1] buckets:[2 0 4]}}";
    assert_eq!(delta(2 * SECOND), expected(second, 2000));
}
