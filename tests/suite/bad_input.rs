//! What no sender should send: each piece is answered as OTLP says, costs little, and what follows still arrives.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use prost::Message;
use reqwest::blocking::Response;
use serde_json::{Value, json};

use crate::compare::{EVER, text};
use crate::instance::{Instance, alone, beside_others, http, say};
use crate::load::{attribute, span, spans};
use crate::otlp_json::one_span;

const PROTOBUF: &str = "application/x-protobuf";
const JSON: &str = "application/json";
const TRACES: &str = "/v1/traces";

/// `google.rpc.Status`, as far as it is looked at.
#[derive(Clone, PartialEq, prost::Message)]
struct Status {
    #[prost(int32, tag = "1")]
    code: i32,
    #[prost(string, tag = "2")]
    message: String,
}

/// `ExportTraceServiceResponse` with its partial success.
#[derive(Clone, PartialEq, prost::Message)]
struct Exported {
    #[prost(message, optional, tag = "1")]
    partial: Option<Partial>,
}

#[derive(Clone, PartialEq, prost::Message)]
struct Partial {
    #[prost(int64, tag = "1")]
    rejected: i64,
    #[prost(string, tag = "2")]
    message: String,
}

/// An answer: its code, and a body in the type of the request.
fn refusal(response: Response, content_type: &str) -> (u16, i32, String) {
    let code = response.status().as_u16();
    let given = response.headers()["content-type"].to_str().unwrap().to_owned();
    assert_eq!(given, content_type, "the type of the answer is that of the request");
    let body = response.bytes().unwrap();
    let status = if content_type == JSON {
        let status: Value = serde_json::from_slice(&body).unwrap();
        let code = i32::try_from(status["code"].as_i64().unwrap()).unwrap();
        Status { code, message: text(&status, "message").to_owned() }
    } else {
        Status::decode(body).unwrap()
    };
    (code, status.code, status.message)
}

/// A good span arrives and is found.
fn assert_still_well(instance: &Instance, number: u64) {
    let body = spans("good", vec![span(77, number, "good")]).encode_to_vec();
    let response = instance.export(TRACES, PROTOBUF, body);
    assert_eq!(response.status().as_u16(), 200);
    instance.get(&format!("/api/traces/{:032x}/spans/{number:016x}", 77));
    let found = instance.get("/api/traces?service=good&operation=good");
    assert_eq!(found["matched"], 1, "{found}");
}

#[test]
fn truncated_protobuf() {
    let _beside = beside_others();
    let instance = Instance::start();
    let body = spans("cut", vec![span(1, 1, "cut")]).encode_to_vec();
    for length in [1, 2, 10, body.len() / 2, body.len() - 1] {
        let response = instance.export(TRACES, PROTOBUF, body[..length].to_vec());
        let (http, code, message) = refusal(response, PROTOBUF);
        assert_eq!((http, code), (400, 3), "{length} bytes: {message}");
        assert!(!message.is_empty());
    }
    assert_still_well(&instance, 1);
}

#[test]
fn invalid_json_is_told_with_line_and_column() {
    let _beside = beside_others();
    let instance = Instance::start();
    for (body, place) in [
        ("{\n  \"resourceSpans\": [\n    {]\n", "line 3, column 6"),
        ("{\"resourceSpans\": 7}", "line 1, column"),
        ("", "line 1, column"),
    ] {
        let response = instance.export(TRACES, JSON, body.as_bytes().to_vec());
        let (http, code, message) = refusal(response, JSON);
        assert_eq!((http, code), (400, 3), "{body}: {message}");
        assert!(message.contains(place), "{body:?}: {message}");
    }
    assert_still_well(&instance, 1);
}

#[test]
fn ids_of_zero_are_left_out_and_said() {
    let _beside = beside_others();
    let instance = Instance::start();
    let all = vec![span(0, 1, "no trace"), span(5, 0, "no id"), span(5, 5, "right")];
    let response = instance.export(TRACES, PROTOBUF, spans("zero", all).encode_to_vec());
    assert_eq!(response.status().as_u16(), 200);
    let partial = Exported::decode(response.bytes().unwrap()).unwrap().partial.unwrap();
    assert_eq!(partial.rejected, 2, "{}", partial.message);
    assert!(!partial.message.is_empty());
    let bad = json!({"traceId": "00000000000000000000000000000000", "spanId": "0000000000000001"});
    let response = instance.export(TRACES, JSON, one_span(&bad).to_string().into_bytes());
    assert_eq!(response.headers()["content-type"], JSON);
    let answer: Value = response.json().unwrap();
    assert_eq!(answer["partialSuccess"]["rejectedSpans"], "1", "{answer}");
    let found = instance.get(&format!("/api/traces?{EVER}&service=zero"));
    assert_eq!((&found["matched"], &found["traces"][0]["spans"]), (&1.into(), &1.into()));
    assert_still_well(&instance, 1);
}

fn kilobytes(instance: &Instance, line: &str) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", instance.pid())).unwrap();
    let line = status.lines().find_map(|text| text.strip_prefix(line)).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

fn bomb(megabytes: usize) -> Vec<u8> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    let zeros = vec![0; 1 << 20];
    for _ in 0..megabytes {
        gzip.write_all(&zeros).unwrap();
    }
    gzip.finish().unwrap()
}

#[test]
fn large_bodies_and_a_gzip_bomb_leave_memory_bounded() {
    let _alone = alone();
    let instance = Instance::start();
    // 50 MB that are OTLP are within the limit; 50 MB that are not, and 80 MB of anything, are refused.
    let mut long = span(9, 9, "long");
    long.attributes = vec![attribute("long", &"x".repeat(50_000_000))];
    let response = instance.export(TRACES, PROTOBUF, spans("long", vec![long]).encode_to_vec());
    assert_eq!(response.status().as_u16(), 200, "50 MB of OTLP");
    let (http_code, ..) =
        refusal(instance.export(TRACES, PROTOBUF, vec![0xff; 50_000_000]), PROTOBUF);
    assert_eq!(http_code, 400, "50 MB of nonsense");
    let (http_code, code, _) = refusal(instance.export(TRACES, JSON, vec![b' '; 80_000_000]), JSON);
    assert_eq!((http_code, code), (413, 8), "80 MB");

    let bomb = bomb(512);
    let before = kilobytes(&instance, "VmHWM:");
    let answers: Vec<_> = std::thread::scope(|scope| {
        let send = || {
            let url = format!("http://{}{TRACES}", instance.otlp_http);
            let request = http().post(url).header("content-type", PROTOBUF);
            let request = request.header("content-encoding", "gzip").body(bomb.clone());
            request.send().unwrap().status().as_u16()
        };
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(send)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert!(answers.iter().all(|code| [413, 503].contains(code)), "{answers:?}");
    let peak = kilobytes(&instance, "VmHWM:");
    say(&format!(
        "8 gzip bombs of {} kB for 512 MiB each: answers {answers:?}, peak RSS {} MB (before {} MB)",
        bomb.len() / 1000,
        peak / 1000,
        before / 1000
    ));
    assert!(peak < 1_000_000, "peak of {peak} kB");
    assert_still_well(&instance, 1);
}

#[test]
fn ten_thousand_attributes() {
    let _beside = beside_others();
    let instance = Instance::start();
    let mut wide = span(3, 3, "wide");
    wide.attributes = (0..10_000).map(|n| attribute(&format!("key.{n}"), &n.to_string())).collect();
    let response = instance.export(TRACES, PROTOBUF, spans("wide", vec![wide]).encode_to_vec());
    assert_eq!(response.status().as_u16(), 200);
    let found = instance.get(&format!("/api/traces/{:032x}/spans/{:016x}", 3, 3));
    assert_eq!(found["attributes"].as_array().unwrap().len(), 10_000);
    let found = instance.get("/api/traces?attribute=key.9999%3D9999");
    assert_eq!(found["matched"], 1);
    assert_still_well(&instance, 1);
}

#[test]
fn times_of_1970_and_2100() {
    let _beside = beside_others();
    let instance = Instance::start();
    let times = [(1_u64, 1_u64), (2, 4_102_444_800_000_000_000), (3, u64::MAX - 1_000_001)];
    for (id, start) in times {
        let mut odd = span(id.into(), id, "odd");
        (odd.start_time_unix_nano, odd.end_time_unix_nano) = (start, start + 1_000_000);
        let response = instance.export(TRACES, PROTOBUF, spans("odd", vec![odd]).encode_to_vec());
        assert_eq!(response.status().as_u16(), 200, "{start}");
        let found = instance.get(&format!("/api/traces/{id:032x}/spans/{id:016x}"));
        assert_eq!(text(&found, "start"), start.to_string());
        let range = format!("start={start}&end={}", start.saturating_add(1_000_000));
        let found = instance.get(&format!("/api/traces?{range}&service=odd"));
        assert_eq!(found["matched"], 1, "{start}: {found}");
        assert_eq!(found["traces"][0]["trace_id"], format!("{id:032x}"));
    }
    let found = instance.get(&format!("/api/traces?{EVER}&service=odd"));
    assert_eq!(found["matched"], 3, "{found}");
    assert_still_well(&instance, 1);
}

#[test]
fn text_that_is_not_utf_8() {
    let _beside = beside_others();
    let instance = Instance::start();
    let mut body = spans("utf", vec![span(1, 1, "NAME")]).encode_to_vec();
    let place = body.windows(4).position(|window| window == b"NAME").unwrap();
    body[place] = 0xff;
    let response = instance.export(TRACES, PROTOBUF, body);
    let (http, code, message) = refusal(response, PROTOBUF);
    assert_eq!((http, code), (400, 3), "{message}");
    assert!(message.to_lowercase().contains("utf-8"), "{message}");
    let body = b"{\"resourceSpans\": [{\"schemaUrl\": \"\xff\"}]}".to_vec();
    let (http, code, message) = refusal(instance.export(TRACES, JSON, body), JSON);
    assert_eq!((http, code), (400, 3), "{message}");
    assert_still_well(&instance, 1);
}

#[test]
fn wrong_types_paths_and_methods() {
    let _beside = beside_others();
    let instance = Instance::start();
    let response = instance.export(TRACES, "text/plain", b"{}".to_vec());
    assert_eq!(response.status().as_u16(), 415);
    let (http_code, ..) = refusal(instance.export("/v2/traces", JSON, b"{}".to_vec()), JSON);
    assert_eq!(http_code, 404);
    for (address, path) in [(&instance.otlp_http, TRACES), (&instance.listen, "/v1/logs")] {
        let response = http().get(format!("http://{address}{path}")).send().unwrap();
        assert_eq!(response.status().as_u16(), 405, "GET {path}");
        assert_eq!(response.headers()["allow"], "POST");
    }
    let url = format!("http://{}{TRACES}", instance.otlp_http);
    let request = http().post(url).header("content-type", PROTOBUF);
    let response = request.header("content-encoding", "br").body("x").send().unwrap();
    let (http_code, ..) = refusal(response, PROTOBUF);
    assert_eq!(http_code, 415);
    assert_still_well(&instance, 1);
}

#[test]
fn a_good_request_is_answered_in_its_own_type() {
    let _beside = beside_others();
    let instance = Instance::start();
    for path in ["/v1/traces", "/v1/logs", "/v1/metrics"] {
        let response = instance.export(path, JSON, b"{}".to_vec());
        assert_eq!(response.headers()["content-type"], JSON);
        assert_eq!(response.text().unwrap(), "{}");
        let response = instance.export(path, PROTOBUF, Vec::new());
        assert_eq!(response.headers()["content-type"], PROTOBUF);
        assert_eq!((response.status().as_u16(), response.bytes().unwrap().len()), (200, 0));
    }
}
