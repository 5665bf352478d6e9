//! Whatever prost reads out of some bytes, the decoder reads out of them too.

use opentelemetry_proto::tonic::collector::logs::v1::ExportLogsServiceRequest;
use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use proptest::prelude::*;
use prost::Message;
use watchglass_otlp::{decode_logs, decode_metrics, decode_traces};

use crate::dice::Dice;
use crate::{flatten, plain, requests, scramble};

fn check_traces(bytes: &[u8]) {
    let expected = ExportTraceServiceRequest::decode(bytes).unwrap();
    let read = decode_traces(bytes).unwrap();
    assert_eq!(plain::spans(&read), flatten::spans(expected));
}

fn check_logs(bytes: &[u8]) {
    let expected = ExportLogsServiceRequest::decode(bytes).unwrap();
    let read = decode_logs(bytes).unwrap();
    assert_eq!(plain::logs(&read), flatten::logs(expected));
}

fn check_metrics(bytes: &[u8]) {
    let expected = ExportMetricsServiceRequest::decode(bytes).unwrap();
    let read = decode_metrics(bytes).unwrap();
    assert_eq!(plain::points(&read), flatten::points(expected));
}

/// Changes a few bytes anywhere.
fn damage(dice: &mut Dice, bytes: &mut [u8]) {
    for _ in 0..=dice.below(3) {
        let place = dice.below(bytes.len());
        if let Some(byte) = bytes.get_mut(place) {
            *byte = dice.next().to_le_bytes()[2];
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn traces_read_as_prost_reads_them(seed: u64) {
        let dice = &mut Dice::new(seed);
        let bytes = requests::traces(dice).encode_to_vec();
        check_traces(&bytes);
        check_traces(&scramble::scramble(dice, &scramble::TRACES, &bytes));
    }

    #[test]
    fn logs_read_as_prost_reads_them(seed: u64) {
        let dice = &mut Dice::new(seed);
        let bytes = requests::logs(dice).encode_to_vec();
        check_logs(&bytes);
        check_logs(&scramble::scramble(dice, &scramble::LOGS, &bytes));
    }

    #[test]
    fn metrics_read_as_prost_reads_them(seed: u64) {
        let dice = &mut Dice::new(seed);
        let bytes = requests::metrics(dice).encode_to_vec();
        check_metrics(&bytes);
        check_metrics(&scramble::scramble(dice, &scramble::METRICS, &bytes));
    }

    #[test]
    fn damaged_requests_that_prost_still_reads_read_the_same(seed: u64) {
        let dice = &mut Dice::new(seed);
        let mut bytes = requests::traces(dice).encode_to_vec();
        damage(dice, &mut bytes);
        match ExportTraceServiceRequest::decode(bytes.as_slice()) {
            Ok(_) => check_traces(&bytes),
            Err(_) => drop(decode_traces(&bytes)),
        }
        let mut bytes = requests::logs(dice).encode_to_vec();
        damage(dice, &mut bytes);
        match ExportLogsServiceRequest::decode(bytes.as_slice()) {
            Ok(_) => check_logs(&bytes),
            Err(_) => drop(decode_logs(&bytes)),
        }
        let mut bytes = requests::metrics(dice).encode_to_vec();
        damage(dice, &mut bytes);
        match ExportMetricsServiceRequest::decode(bytes.as_slice()) {
            Ok(_) => check_metrics(&bytes),
            Err(_) => drop(decode_metrics(&bytes)),
        }
    }

    #[test]
    fn random_bytes_never_panic(bytes: Vec<u8>) {
        drop(decode_traces(&bytes));
        drop(decode_logs(&bytes));
        drop(decode_metrics(&bytes));
    }
}

/// A request of some kilobytes.
fn sizeable(make: impl Fn(&mut Dice) -> Vec<u8>) -> Vec<u8> {
    let mut seeds = (1..).map(|seed| make(&mut Dice::new(seed)));
    seeds.find(|bytes| (3000..9000).contains(&bytes.len())).unwrap()
}

#[test]
fn requests_cut_at_any_byte_never_panic_and_rarely_read() {
    let traces = sizeable(|dice| requests::traces(dice).encode_to_vec());
    let logs = sizeable(|dice| requests::logs(dice).encode_to_vec());
    let metrics = sizeable(|dice| requests::metrics(dice).encode_to_vec());
    for end in 0..traces.len() {
        let read = decode_traces(&traces[..end]).is_ok();
        assert_eq!(read, ExportTraceServiceRequest::decode(&traces[..end]).is_ok());
    }
    for end in 0..logs.len() {
        let read = decode_logs(&logs[..end]).is_ok();
        assert_eq!(read, ExportLogsServiceRequest::decode(&logs[..end]).is_ok());
    }
    for end in 0..metrics.len() {
        let read = decode_metrics(&metrics[..end]).is_ok();
        assert_eq!(read, ExportMetricsServiceRequest::decode(&metrics[..end]).is_ok());
    }
}
