//! Spellings of OTLP/JSON that must be read, among them each that the crate `opentelemetry-proto` refuses or
//! misreads, and what is said about those that cannot be.

use opentelemetry_proto::tonic::collector::logs::v1::ExportLogsServiceRequest;
use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::metrics::v1::{metric, number_data_point};
use opentelemetry_proto::tonic::trace::v1::Span;
use opentelemetry_proto::tonic::trace::v1::span::Event;
use prost::Message;
use watchglass_otlp::{Export, json_to_protobuf};

fn span(json: &str) -> Span {
    let json = format!(r#"{{"resourceSpans":[{{"scopeSpans":[{{"spans":[{json}]}}]}}]}}"#);
    let bytes = json_to_protobuf(Export::Traces, json.as_bytes()).unwrap();
    let mut request = ExportTraceServiceRequest::decode(bytes.as_slice()).unwrap();
    request.resource_spans.remove(0).scope_spans.remove(0).spans.remove(0)
}

/// What a value in JSON becomes.
fn value(json: &str) -> Option<Value> {
    let mut span = span(&format!(r#"{{"attributes":[{{"key":"k","value":{json}}}]}}"#));
    span.attributes.remove(0).value.and_then(|one| one.value)
}

fn double(json: &str) -> f64 {
    match value(&format!(r#"{{"doubleValue":{json}}}"#)) {
        Some(Value::DoubleValue(double)) => double,
        other => panic!("{other:?}"),
    }
}

#[test]
fn doubles_may_be_text() {
    assert!(double(r#""NaN""#).is_nan());
    assert_eq!(double(r#""Infinity""#).to_bits(), f64::INFINITY.to_bits());
    assert_eq!(double(r#""-Infinity""#).to_bits(), f64::NEG_INFINITY.to_bits());
    assert_eq!(double(r#""1.5""#).to_bits(), 1.5_f64.to_bits());
    assert_eq!(double("3").to_bits(), 3_f64.to_bits());
    assert_eq!(double("-3").to_bits(), (-3_f64).to_bits());
}

#[test]
fn a_point_may_be_nan() {
    let json = r#"{"resourceMetrics":[{"scopeMetrics":[{"metrics":[{"name":"m","gauge":{"dataPoints":[
        {"asDouble":"NaN"},{"asInt":"-7"},{"as_int":7}]}}]}]}]}"#;
    let bytes = json_to_protobuf(Export::Metrics, json.as_bytes()).unwrap();
    let mut request = ExportMetricsServiceRequest::decode(bytes.as_slice()).unwrap();
    let metric = request.resource_metrics.remove(0).scope_metrics.remove(0).metrics.remove(0);
    let Some(metric::Data::Gauge(gauge)) = metric.data else { panic!() };
    let values: Vec<_> = gauge.data_points.iter().map(|point| point.value).collect();
    assert!(matches!(values[0], Some(number_data_point::Value::AsDouble(nan)) if nan.is_nan()));
    assert_eq!(values[1], Some(number_data_point::Value::AsInt(-7)));
    assert_eq!(values[2], Some(number_data_point::Value::AsInt(7)));
}

#[test]
fn an_array_without_values_is_empty() {
    for json in [r#"{"arrayValue":{}}"#, r#"{"arrayValue":{"values":null}}"#] {
        assert!(matches!(value(json), Some(Value::ArrayValue(list)) if list.values.is_empty()));
    }
    let map = value(r#"{"kvlistValue":{}}"#);
    assert!(matches!(map, Some(Value::KvlistValue(list)) if list.values.is_empty()));
}

#[test]
fn numbers_of_32_bits_may_be_text() {
    let span = span(r#"{"flags":"257","droppedAttributesCount":"3","droppedEventsCount":4.0}"#);
    assert_eq!((span.flags, span.dropped_attributes_count, span.dropped_events_count), (257, 3, 4));
}

#[test]
fn null_is_the_default_anywhere() {
    let made = span(
        r#"{"traceId":null,"name":null,"kind":null,"startTimeUnixNano":null,"attributes":null,
            "events":[null],"status":null,"links":null,"flags":null}"#,
    );
    let expected = Span { events: vec![Event::default()], ..Span::default() };
    assert_eq!(Span { status: None, ..made }, expected);
    for json in ["null", "{}", r#"{"resourceSpans":null}"#, r#"{"resourceSpans":[]}"#] {
        assert_eq!(json_to_protobuf(Export::Traces, json.as_bytes()).unwrap(), b"", "{json}");
    }
}

#[test]
fn enums_may_be_named() {
    let spellings = ["2", r#""2""#, r#""SPAN_KIND_SERVER""#, r#""SERVER""#, r#""server""#];
    for kind in spellings {
        assert_eq!(span(&format!(r#"{{"kind":{kind}}}"#)).kind, 2, "{kind}");
    }
    let failed = span(r#"{"status":{"code":"STATUS_CODE_ERROR"}}"#);
    assert_eq!(failed.status.unwrap().code, 2);
    let json = r#"{"resource_logs":[{"scope_logs":[{"log_records":[{"severity_number":"SEVERITY_NUMBER_WARN2"}]}]}]}"#;
    let bytes = json_to_protobuf(Export::Logs, json.as_bytes()).unwrap();
    let request = ExportLogsServiceRequest::decode(bytes.as_slice()).unwrap();
    assert_eq!(request.resource_logs[0].scope_logs[0].log_records[0].severity_number, 14);
}

#[test]
fn names_may_be_as_in_the_proto_files() {
    let made = span(
        r#"{"trace_id":"5B8EFFF798038103D269B633813FC60C","start_time_unix_nano":"18446744073709551615"}"#,
    );
    assert_eq!(made.trace_id.len(), 16);
    assert_eq!(made.start_time_unix_nano, u64::MAX);
    assert_eq!(
        span(r#"{"startTimeUnixNano":1544712660000000000}"#).start_time_unix_nano,
        1_544_712_660_000_000_000
    );
}

#[test]
fn bytes_are_base64_of_either_alphabet_with_or_without_padding() {
    for text in ["+/8=", "-_8=", "+/8", "-_8"] {
        let read = value(&format!(r#"{{"bytesValue":"{text}"}}"#));
        assert_eq!(read, Some(Value::BytesValue(vec![0xfb, 0xff])), "{text}");
    }
}

#[test]
fn unknown_fields_are_ignored_everywhere() {
    assert_eq!(value(r#"{"fancyValue":{"x":[1,{}]},"intValue":"5"}"#), Some(Value::IntValue(5)));
    assert_eq!(span(r#"{"traceid":"nonsense","name":"n","next":[[]]}"#).name, "n");
}

#[test]
fn values_may_be_empty() {
    assert_eq!(value("{}"), None);
    assert_eq!(value("null"), None);
    assert_eq!(value(r#"{"stringValue":null}"#), None);
    assert_eq!(value(r#"{"boolValue":false}"#), Some(Value::BoolValue(false)));
    assert_eq!(value(r#"{"stringValue":""}"#), Some(Value::StringValue(String::new())));
    assert_eq!(value(r#"{"intValue":0}"#), Some(Value::IntValue(0)));
}

fn refusal(json: &str) -> String {
    json_to_protobuf(Export::Traces, json.as_bytes()).unwrap_err().to_string()
}

#[test]
fn refusals_name_the_path_and_the_place() {
    let json = "{\"resourceSpans\":[{},{\"scopeSpans\":[{\"spans\":[\n  {\"traceId\":\"W47/95gDgQPSabYzgT/GDA==\"}]}]}]}";
    assert_eq!(
        refusal(json),
        "resourceSpans[1].scopeSpans[0].spans[0].traceId: not hexadecimal: OTLP/JSON writes ids in hexadecimal, \
         not in base64 (at line 2, column 39)"
    );
    let cases = [
        (
            r#"{"resourceSpans":[{"scopeSpans":[{"spans":[{"flags":4294967296}]}]}]}"#,
            "flags: 4294967296 is out of range",
        ),
        (
            r#"{"resourceSpans":[{"scopeSpans":[{"spans":[{"name":5}]}]}]}"#,
            "name: a number where text is wanted",
        ),
        (r#"{"resourceSpans":{}}"#, "resourceSpans: invalid type: map, expected a list"),
        (
            r#"{"resourceSpans":[5]}"#,
            "resourceSpans[0]: invalid type: integer `5`, expected an object (ResourceSpans)",
        ),
        (
            "[]",
            "the request: invalid type: sequence, expected an object (ExportTraceServiceRequest)",
        ),
        ("", "the request: EOF while parsing"),
        ("{} {}", "the request: trailing characters"),
    ];
    for (json, expected) in cases {
        let refusal = refusal(json);
        assert!(refusal.contains(expected), "{refusal}");
    }
}

#[test]
fn nesting_is_bounded() {
    let deep = format!("{}{}", r#"{"arrayValue":{"values":["#.repeat(60), "]}}".repeat(60));
    let json =
        format!(r#"{{"resourceSpans":[{{"resource":{{"attributes":[{{"value":{deep}}}]}}}}]}}"#);
    assert!(refusal(&json).contains("recursion limit exceeded"));
}
