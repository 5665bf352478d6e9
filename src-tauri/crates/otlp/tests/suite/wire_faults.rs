//! What the decoder says about requests it refuses.

use opentelemetry_proto::tonic::collector::logs::v1::ExportLogsServiceRequest;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::{AnyValue, ArrayValue, KeyValue, any_value};
use opentelemetry_proto::tonic::trace::v1::{ResourceSpans, ScopeSpans, Span};
use prost::Message;
use watchglass_otlp::{Problem, decode_logs, decode_traces};

/// Writes a length-delimited field.
fn field(number: u8, content: &[u8]) -> Vec<u8> {
    let mut out = vec![number << 3 | 2];
    prost::encoding::encode_varint(content.len() as u64, &mut out);
    out.extend_from_slice(content);
    out
}

#[test]
fn a_fault_names_the_field_and_the_byte() {
    let good = field(2, &field(2, &field(5, b"good")));
    let bad = field(2, &field(2, &field(5, b"b\xffd")));
    let request = field(1, &[good, bad].concat());
    let error = decode_traces(&request).unwrap_err();
    assert_eq!(error.problem, Problem::NotUtf8);
    assert_eq!(
        error.to_string(),
        "resource_spans[0].scope_spans[1].spans[0].name: not valid UTF-8 (at byte 19)"
    );
    assert_eq!(request[error.offset], 0xff);
}

#[test]
fn a_wrong_wire_type_is_named() {
    let error = decode_logs(&field(1, &field(2, &field(2, &[5 << 3, 1])))).unwrap_err();
    assert_eq!(error.problem, Problem::WrongType);
    assert_eq!(error.path, "resource_logs[0].scope_logs[0].log_records[0]");
}

#[test]
fn a_length_beyond_the_message_is_refused() {
    let request = [0x0a, 0xff, 0xff, 0xff, 0xff, 0x7f];
    assert_eq!(decode_traces(&request).unwrap_err().problem, Problem::TooLong);
    let request = [0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01];
    assert_eq!(decode_traces(&request).unwrap_err().problem, Problem::TooLong);
}

/// A span with an attribute so deep, around this value.
fn nested(levels: usize, mut value: AnyValue) -> Vec<u8> {
    for _ in 0..levels {
        value = AnyValue {
            value: Some(any_value::Value::ArrayValue(ArrayValue { values: vec![value] })),
        };
    }
    let span = Span {
        attributes: vec![KeyValue { value: Some(value), ..KeyValue::default() }],
        ..Span::default()
    };
    ExportTraceServiceRequest {
        resource_spans: vec![ResourceSpans {
            scope_spans: vec![ScopeSpans { spans: vec![span], ..ScopeSpans::default() }],
            ..ResourceSpans::default()
        }],
    }
    .encode_to_vec()
}

/// A log record with the same value as its body, which lies one level less deep.
fn nested_body(traces: &[u8]) -> Vec<u8> {
    let Ok(request) = ExportTraceServiceRequest::decode(traces) else {
        return Vec::new();
    };
    let span = &request.resource_spans[0].scope_spans[0].spans[0];
    let value = span.attributes[0].value.clone().unwrap().encode_to_vec();
    field(1, &field(2, &field(2, &field(5, &field_of_array(&value)))))
}

/// An array around one value.
fn field_of_array(value: &[u8]) -> Vec<u8> {
    field(5, &field(1, value))
}

#[test]
fn nesting_is_bounded_where_prost_bounds_it() {
    let empty_array = any_value::Value::ArrayValue(ArrayValue::default());
    for levels in 0..120 {
        for innermost in [None, Some(empty_array.clone())] {
            let request = nested(levels, AnyValue { value: innermost });
            let read = decode_traces(&request);
            let expected = ExportTraceServiceRequest::decode(request.as_slice());
            assert_eq!(read.is_ok(), expected.is_ok(), "{levels} levels");
            let request = nested_body(&request);
            let read = decode_logs(&request);
            let expected = ExportLogsServiceRequest::decode(request.as_slice());
            assert_eq!(read.is_ok(), expected.is_ok(), "{levels} levels in a body");
        }
    }
    let error = decode_traces(&nested(119, AnyValue::default())).unwrap_err();
    assert_eq!(error.problem, Problem::TooDeep);
}

#[test]
fn numbers_of_more_than_64_bits_are_refused() {
    let number = |last| [&[0x50], [0xff; 9].as_slice(), &[last]].concat();
    let request = |last| field(1, &field(2, &field(2, &number(last))));
    assert_eq!(decode_traces(&request(1)).unwrap().rows[0].dropped_attributes_count, u32::MAX);
    for last in [2, 0x81] {
        let error = decode_traces(&request(last)).unwrap_err();
        assert_eq!(error.problem, Problem::OverlongNumber);
    }
}

#[test]
fn deep_groups_are_refused() {
    assert_eq!(decode_traces(&vec![0x7b; 100_000]).unwrap_err().problem, Problem::TooDeep);
}

#[test]
fn millions_of_empty_rows_are_refused() {
    let spans = [0x12, 0x00].repeat(1 << 20);
    let request = field(1, &field(2, &spans));
    assert_eq!(decode_traces(&request).unwrap_err().problem, Problem::TooDense);
}

#[test]
fn memory_stays_within_a_small_multiple_of_the_request() {
    let attributes = [0x4a, 0x00].repeat(1 << 19);
    let request = field(1, &field(2, &field(2, &attributes)));
    let spans = decode_traces(&request).unwrap();
    assert!(spans.footprint() < 40 * request.len(), "{}", spans.footprint());
}
