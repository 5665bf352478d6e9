//! Every common mistake: what the sender is told and what is noted.

use opentelemetry_proto::tonic::collector::trace::v1::trace_service_client::TraceServiceClient;
use prost::Message;
use tonic::Code;
use watchglass_ingest::Kind;

use crate::exports;
use crate::grpc::channel;
use crate::scene::{Scene, exchange, request};

const PROTOBUF: (&str, &str) = ("content-type", "application/x-protobuf");
const JSON: (&str, &str) = ("content-type", "application/json");

#[tokio::test]
async fn grpc_at_the_http_port_is_told_so_in_grpc() {
    let scene = Scene::new().await;
    let mut client = TraceServiceClient::new(channel(scene.http).await);
    let status = client.export(exports::traces(1, 0)).await.unwrap_err();
    assert_eq!(status.code(), Code::Unimplemented);
    let address = scene.grpc.to_string();
    assert!(status.message().contains(&address), "{}", status.message());
    let mistake = scene.mistake(Kind::GrpcOnHttpPort);
    assert_eq!((mistake.port, mistake.count), (scene.http.port(), 1));
    assert!(mistake.line.contains(&format!("http://{address}")));
}

#[tokio::test]
async fn http_at_the_grpc_port_is_told_so_in_http() {
    let scene = Scene::new().await;
    for path in ["/v1/traces", "/"] {
        let reply = request(scene.grpc, "POST", path, &[JSON], b"{}").await;
        assert_eq!((reply.status, reply.header("content-type")), (400, "application/json"));
        assert!(reply.text().contains(&scene.http.to_string()), "{}", reply.text());
    }
    let mistake = scene.mistake(Kind::HttpOnGrpcPort);
    assert_eq!((mistake.port, mistake.count), (scene.grpc.port(), 2));
    assert!(mistake.line.contains("OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf"));
    assert!(mistake.first_seen <= mistake.last_seen);
}

#[tokio::test]
async fn tls_at_a_plain_port_is_told_so() {
    let scene = Scene::new().await;
    for address in [scene.http, scene.grpc] {
        let hello = [0x16, 3, 1, 0, 5, 1, 0, 0, 1, 3];
        let reply = exchange(address, &hello).await;
        assert_eq!(reply.status, 400);
        assert!(reply.text().contains("http:// in the endpoint instead of https://"));
    }
    let all = scene.mistakes.all();
    let seen = all.iter().filter(|one| one.kind == Kind::TlsOnPlainPort);
    assert_eq!(seen.count(), 2);
}

#[tokio::test]
async fn wrong_paths_are_told_the_right_one() {
    let cases = [
        ("/v1/trace", "/v1/traces"),
        ("/v1/traces/", "/v1/traces"),
        ("/v1/log", "/v1/logs"),
        ("/v1/metric", "/v1/metrics"),
        ("/", "end it with /v1/traces"),
        ("/api/traces", "14268"),
        ("/api/v2/spans", "9411"),
        ("/loki/api/v1/push", "3100"),
        ("/v1/traces/v1/traces", "give the address alone"),
        ("/nonsense", "/v1/traces"),
    ];
    let scene = Scene::new().await;
    for (path, expected) in cases {
        let reply = scene.post(path, &[PROTOBUF], b"").await;
        assert_eq!((reply.status, reply.header("content-type")), (404, "application/x-protobuf"));
        assert!(reply.text().contains(expected), "{path}: {}", reply.text());
        assert!(scene.mistake(Kind::WrongPath).detail.contains(path));
    }
    let mistake = scene.mistake(Kind::WrongPath);
    assert_eq!(mistake.count, cases.len() as u64);
    assert_eq!(scene.mistakes.all().len(), 1);
}

#[tokio::test]
async fn large_bodies_at_a_wrong_path_still_see_the_answer() {
    let scene = Scene::new().await;
    let body = vec![b'x'; 8 << 20];
    assert_eq!(scene.post("/v1/trace", &[PROTOBUF], &body).await.status, 404);
    let plain = ("content-type", "text/plain");
    assert_eq!(scene.post("/v1/traces", &[plain], &body[..900_000]).await.status, 415);
}

#[tokio::test]
async fn content_types_that_do_not_fit_the_body_are_noticed() {
    let scene = Scene::new().await;
    let reply = scene.post("/v1/traces", &[PROTOBUF], b" {\"resourceSpans\":[]}").await;
    assert_eq!(reply.status, 400);
    assert!(reply.text().contains("is JSON"), "{}", reply.text());
    assert_eq!(scene.mistake(Kind::JsonAsProtobuf).count, 1);
    let body = exports::traces(1, 0).encode_to_vec();
    let reply = scene.post("/v1/traces", &[JSON], &body).await;
    assert_eq!(reply.status, 400);
    assert!(reply.text().contains("is not JSON"), "{}", reply.text());
    assert_eq!(scene.mistake(Kind::ProtobufAsJson).count, 1);
    let reply = scene.post("/v1/traces", &[PROTOBUF], &exports::gzip(&body)).await;
    assert_eq!(reply.status, 400);
    assert_eq!(scene.mistake(Kind::UndeclaredEncoding).count, 1);
    assert_eq!(scene.mistakes.all().len(), 3);
}

#[tokio::test]
async fn wrong_methods_and_unknown_types_and_encodings_are_refused() {
    let scene = Scene::new().await;
    let reply = request(scene.http, "GET", "/v1/traces", &[], b"").await;
    assert_eq!((reply.status, reply.header("allow")), (405, "POST"));
    assert_eq!(
        scene.mistake(Kind::WrongMethod).detail,
        "GET /v1/traces came, and telemetry is sent with POST"
    );
    let reply = scene.post("/v1/traces", &[("content-type", "text/plain")], b"{}").await;
    assert_eq!(reply.status, 415);
    assert_eq!(scene.mistake(Kind::UnsupportedType).count, 1);
    let reply = scene.post("/v1/traces", &[PROTOBUF, ("content-encoding", "br")], b"").await;
    assert_eq!(
        (reply.status, reply.header("accept-encoding")),
        (415, "gzip, zstd, deflate, identity")
    );
    assert_eq!(scene.mistake(Kind::UnsupportedEncoding).count, 1);
}

#[tokio::test]
async fn mistakes_are_published_as_they_are_seen() {
    let scene = Scene::new().await;
    let mut watched = scene.mistakes.watch();
    assert!(watched.borrow_and_update().is_empty());
    scene.post("/v1/trace", &[PROTOBUF], b"").await;
    watched.changed().await.unwrap();
    assert_eq!(watched.borrow_and_update()[0].title, "Wrong path");
}
