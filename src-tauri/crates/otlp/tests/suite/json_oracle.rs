//! JSON as the crate `opentelemetry-proto` writes it, and OTLP's own examples, mean what that crate says.

use opentelemetry_proto::tonic::collector::logs::v1::ExportLogsServiceRequest;
use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use proptest::prelude::*;
use prost::Message;
use watchglass_otlp::{Export, decode_logs, decode_metrics, decode_traces, json_to_protobuf};

use crate::dice::Dice;
use crate::{flatten, plain, requests};

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn json_reads_as_the_request_it_was_written_from(seed: u64) {
        let dice = &mut Dice::finite(seed);
        let request = requests::traces(dice);
        let json = serde_json::to_vec(&request).unwrap();
        let bytes = json_to_protobuf(Export::Traces, &json).unwrap();
        let read = ExportTraceServiceRequest::decode(bytes.as_slice()).unwrap();
        prop_assert_eq!(flatten::spans(read), flatten::spans(request));

        let request = requests::logs(dice);
        let json = serde_json::to_vec(&request).unwrap();
        let bytes = json_to_protobuf(Export::Logs, &json).unwrap();
        let read = ExportLogsServiceRequest::decode(bytes.as_slice()).unwrap();
        prop_assert_eq!(flatten::logs(read), flatten::logs(request));

        let request = requests::metrics(dice);
        let json = serde_json::to_vec(&request).unwrap();
        let bytes = json_to_protobuf(Export::Metrics, &json).unwrap();
        let read = ExportMetricsServiceRequest::decode(bytes.as_slice()).unwrap();
        prop_assert_eq!(flatten::points(read), flatten::points(request));
    }

    #[test]
    fn random_text_never_panics(text: String, bytes: Vec<u8>) {
        drop(json_to_protobuf(Export::Traces, text.as_bytes()));
        drop(json_to_protobuf(Export::Metrics, &bytes));
    }
}

#[test]
fn json_cut_at_any_byte_is_refused_and_never_panics() {
    let json = serde_json::to_vec(&requests::metrics(&mut Dice::finite(5))).unwrap();
    assert!(json.len() > 200);
    for end in 0..json.len() {
        assert!(json_to_protobuf(Export::Metrics, &json[..end]).is_err());
    }
}

/// One of OTLP's examples, where the folder with them is known.
#[expect(clippy::print_stdout, reason = "what is skipped must be seen")]
fn example(name: &str) -> Option<Vec<u8>> {
    let folder = std::env::var_os("WATCHGLASS_CONFORMANCE");
    if folder.is_none() {
        println!("skipped otlp/{name}: WATCHGLASS_CONFORMANCE names no folder");
    }
    let path = std::path::Path::new(&folder?).join("otlp").join(name);
    Some(std::fs::read(path).unwrap())
}

#[test]
fn the_example_of_a_trace_reads() {
    let Some(json) = example("trace.json") else {
        return;
    };
    let expected: ExportTraceServiceRequest = serde_json::from_slice(&json).unwrap();
    let read = decode_traces(&json_to_protobuf(Export::Traces, &json).unwrap()).unwrap();
    assert_eq!(read.rows.len(), 1);
    assert_eq!(plain::spans(&read), flatten::spans(expected));
}

#[test]
fn the_example_of_metrics_reads() {
    let Some(json) = example("metrics.json") else {
        return;
    };
    let expected: ExportMetricsServiceRequest = serde_json::from_slice(&json).unwrap();
    let read = decode_metrics(&json_to_protobuf(Export::Metrics, &json).unwrap()).unwrap();
    assert!(!read.rows.is_empty());
    assert_eq!(plain::points(&read), flatten::points(expected));
}

#[test]
fn the_examples_of_logs_and_events_read() {
    for name in ["logs.json", "events.json"] {
        let Some(json) = example(name) else { return };
        let expected: ExportLogsServiceRequest = serde_json::from_slice(&json).unwrap();
        let read = decode_logs(&json_to_protobuf(Export::Logs, &json).unwrap()).unwrap();
        assert!(!read.rows.is_empty());
        assert_eq!(plain::logs(&read), flatten::logs(expected));
    }
}
