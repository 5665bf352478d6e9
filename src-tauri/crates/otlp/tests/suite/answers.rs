//! Answers, as OTLP clients read them.

use std::time::Duration;

use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceResponse;
use prost::Message;
use watchglass_otlp::{Code, Encoding, Export, Rejected, Status, encode_response};

#[test]
fn full_success_says_nothing() {
    let all = Rejected::default();
    assert_eq!(encode_response(Export::Traces, Encoding::Protobuf, &all), b"");
    assert_eq!(encode_response(Export::Logs, Encoding::Json, &all), b"{}");
}

#[test]
fn partial_success_tells_how_many_and_why() {
    let some = Rejected { count: 300, message: "no ids".to_owned() };
    let bytes = encode_response(Export::Traces, Encoding::Protobuf, &some);
    let partial =
        ExportTraceServiceResponse::decode(bytes.as_slice()).unwrap().partial_success.unwrap();
    assert_eq!((partial.rejected_spans, partial.error_message.as_str()), (300, "no ids"));
    let json = encode_response(Export::Logs, Encoding::Json, &some);
    let expected = br#"{"partialSuccess":{"errorMessage":"no ids","rejectedLogRecords":"300"}}"#;
    assert_eq!(json, expected);
}

/// `google.rpc.Status` as prost would declare it.
#[derive(Clone, PartialEq, Message)]
struct RpcStatus {
    #[prost(int32, tag = "1")]
    code: i32,
    #[prost(string, tag = "2")]
    message: String,
    #[prost(message, repeated, tag = "3")]
    details: Vec<Any>,
}

#[derive(Clone, PartialEq, Message)]
struct Any {
    #[prost(string, tag = "1")]
    type_url: String,
    #[prost(bytes = "vec", tag = "2")]
    value: Vec<u8>,
}

#[test]
fn a_status_carries_when_to_retry_and_what_was_wrong() {
    let status = Status {
        retry_after: Some(Duration::from_millis(1500)),
        field: Some("a.b".to_owned()),
        ..Status::new(Code::Unavailable, "busy")
    };
    let read = RpcStatus::decode(status.encode(Encoding::Protobuf).as_slice()).unwrap();
    assert_eq!((read.code, read.message.as_str()), (14, "busy"));
    assert_eq!(read.details[0].type_url, "type.googleapis.com/google.rpc.RetryInfo");
    assert_eq!(read.details[0].value, [0x0a, 8, 0x08, 1, 0x10, 0x80, 0xca, 0xb5, 0xee, 0x01]);
    assert_eq!(read.details[1].type_url, "type.googleapis.com/google.rpc.BadRequest");
    assert_eq!(read.details[1].value, b"\x0a\x0b\x0a\x03a.b\x12\x04busy");
    let json = String::from_utf8(status.encode(Encoding::Json)).unwrap();
    assert!(json.contains(r#""retryDelay":"1.5s""#) && json.contains(r#""field":"a.b""#), "{json}");
    let plain = Status::new(Code::InvalidArgument, "bad").encode(Encoding::Json);
    assert_eq!(plain, br#"{"code":3,"message":"bad"}"#);
}
