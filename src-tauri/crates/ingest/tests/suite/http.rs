//! OTLP over HTTP.

use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceResponse;
use prost::Message;
use watchglass_ingest::Kind;
use watchglass_model::Timestamp;

use crate::exports;
use crate::scene::{Scene, request};

const PROTOBUF: (&str, &str) = ("content-type", "application/x-protobuf");
const JSON: (&str, &str) = ("content-type", "application/json; charset=utf-8");

#[tokio::test]
async fn all_three_signals_arrive_in_protobuf_and_every_compression() {
    let scene = Scene::new().await;
    let traces = exports::traces(3, 0).encode_to_vec();
    let bodies = [
        ("identity", traces.clone()),
        ("gzip", exports::gzip(&traces)),
        ("zstd", exports::zstd(&traces)),
        ("deflate", exports::deflate(&traces)),
    ];
    for (encoding, body) in bodies {
        let headers = [PROTOBUF, ("content-encoding", encoding)];
        let reply = scene.post("/v1/traces", &headers, &body).await;
        assert_eq!((reply.status, reply.body.len()), (200, 0), "{encoding}");
        assert_eq!(reply.header("content-type"), "application/x-protobuf");
    }
    let logs = exports::logs("hello").encode_to_vec();
    assert_eq!(scene.post("/v1/logs", &[PROTOBUF], &logs).await.status, 200);
    let metrics = exports::metrics().encode_to_vec();
    assert_eq!(scene.post("/v1/metrics", &[PROTOBUF], &metrics).await.status, 200);
    assert_eq!(scene.store.rows(), [12, 1, 1]);
    assert!(scene.mistakes.all().is_empty());
}

#[tokio::test]
async fn json_arrives_and_is_answered_in_json() {
    let scene = Scene::new().await;
    let body = br#"{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"5B8EFFF798038103D269B633813FC60C",
        "spanId":"EEE19B7EC3C1B174","name":"n","startTimeUnixNano":"1","endTimeUnixNano":4102444800000000000,
        "attributes":[{"key":"k","value":{"doubleValue":"NaN"}}]}, {"name":"no ids"}]}]}]}"#;
    let reply = scene.post("/v1/traces", &[JSON], body).await;
    assert_eq!((reply.status, reply.header("content-type")), (200, "application/json"));
    assert!(
        reply.text().starts_with(r#"{"partialSuccess":{"errorMessage":"1 of 2 spans rejected"#)
    );
    let spans = scene.store.spans();
    let row = spans[0].rows[0];
    assert_eq!((row.start, row.end), (Timestamp(1), Timestamp(4_102_444_800_000_000_000)));
    let reply =
        scene.post("/v1/logs", &[JSON, ("content-encoding", "gzip")], &exports::gzip(b"{}")).await;
    assert_eq!((reply.status, reply.text().as_str()), (200, "{}"));
}

#[tokio::test]
async fn partial_success_is_told_in_protobuf() {
    let scene = Scene::new().await;
    let body = exports::traces(1, 2).encode_to_vec();
    let reply = scene.post("/v1/traces", &[PROTOBUF], &body).await;
    let answer = ExportTraceServiceResponse::decode(reply.body.as_slice()).unwrap();
    assert_eq!(answer.partial_success.unwrap().rejected_spans, 2);
    let counts = scene.pipeline.counts(Timestamp::MAX);
    assert_eq!(counts[1].0, "otlp-http");
    assert_eq!((counts[1].1.total.spans, counts[1].1.total.rejected), (1, 2));
    assert_eq!(counts[1].1.total.bytes, body.len() as u64);
}

#[tokio::test]
async fn empty_requests_succeed() {
    let scene = Scene::new().await;
    for path in ["/v1/traces", "/v1/logs", "/v1/metrics"] {
        assert_eq!(scene.post(path, &[PROTOBUF], b"").await.status, 200);
        assert_eq!(scene.post(path, &[JSON], b"{}").await.status, 200);
    }
}

#[tokio::test]
async fn bad_requests_are_told_what_is_wrong_in_their_encoding() {
    let scene = Scene::new().await;
    let reply = scene.post("/v1/logs", &[JSON], b"{\"resourceLogs\": [{]").await;
    assert_eq!((reply.status, reply.header("content-type")), (400, "application/json"));
    assert!(reply.text().contains(r#"{"code":3,"#) || reply.text().contains(r#""code":3"#));
    assert!(reply.text().contains("line 1, column"), "{}", reply.text());
    let reply = scene.post("/v1/logs", &[PROTOBUF], b"\x0a\xff").await;
    assert_eq!((reply.status, reply.header("content-type")), (400, "application/x-protobuf"));
    assert_eq!(reply.body[..2], [8, 3]);
    let corrupt = [PROTOBUF, ("content-encoding", "gzip")];
    let reply = scene.post("/v1/logs", &corrupt, b"not gzip at all").await;
    assert_eq!(reply.status, 400);
    assert_eq!(scene.mistake(Kind::Invalid).count, 3);
}

#[tokio::test]
async fn connections_are_kept_for_further_requests() {
    let scene = Scene::new().await;
    let one = format!(
        "POST /v1/traces HTTP/1.1\r\nhost: {}\r\ncontent-type: application/json\r\ncontent-length: 2\r\n",
        scene.http
    );
    let two = format!("{one}\r\n{{}}{one}connection: close\r\n\r\n{{}}");
    let reply = crate::scene::exchange(scene.http, two.as_bytes()).await;
    assert!(reply.text().contains("HTTP/1.1 200 OK"));
}

#[tokio::test]
async fn localhost_in_version_6_is_served_too() {
    let scene = Scene::new().await;
    let address = std::net::SocketAddr::from((std::net::Ipv6Addr::LOCALHOST, scene.http.port()));
    if tokio::net::TcpStream::connect(address).await.is_err() {
        return;
    }
    let reply = request(address, "POST", "/v1/traces", &[JSON], b"{}").await;
    assert_eq!(reply.status, 200);
}
