//! Watchglass's own life, headers and compression.

use axum::body::Body;
use axum::http::Request;
use serde_json::json;
use watchglass_ingest::Kind;
use watchglass_model::Timestamp;

use crate::shop::{RANGE, Shop};

#[tokio::test]
async fn status_and_mistakes_are_told() {
    let shop = Shop::open();
    let status = shop.get("/api/status").await.json();
    let receiver = &status["receivers"][0];
    assert_eq!((&receiver["name"], &receiver["state"]), (&json!("otlp_grpc"), &json!("listening")));
    assert_eq!((&receiver["taken_by"], &receiver["spans"]), (&json!(null), &json!(0)));
    assert_eq!(
        (&receiver["last_received"], &receiver["spans_per_second"]),
        (&json!(null), &json!(0.0))
    );
    assert_eq!(status["receivers"][1]["taken_by"], "python3 (pid 4711)");
    assert_eq!((&status["store"]["spans"], &status["store"]["oldest"]), (&json!(3), &json!(null)));
    shop.mistakes.note(Kind::WrongPath, 4317, "/v2/traces", Timestamp(u64::MAX));
    let mistakes = shop.get("/api/mistakes").await.json();
    let told: Vec<_> = mistakes["mistakes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["kind"].clone(), one["port"].clone()))
        .collect();
    assert_eq!(told, [(json!("wrong_path"), json!(4317)), (json!("port_taken"), json!(4318))]);
}

#[tokio::test]
async fn life_is_told_in_the_prometheus_way() {
    let shop = Shop::open();
    assert_eq!(shop.get("/-/healthy").await.status, 200);
    assert_eq!(shop.get("/-/ready").await.status, 200);
    let metrics = shop.get("/metrics").await;
    assert!(metrics.header("content-type").starts_with("text/plain; version=0.0.4"));
    for line in [
        "# TYPE watchglass_received_spans_total counter",
        "watchglass_received_spans_total{receiver=\"otlp_grpc\"} 0",
        "watchglass_store_rows{signal=\"logs\"} 2",
        "watchglass_build_info{version=\"0.1.0\"} 1",
        "statsd_exporter_events_total{type=\"observer\"} 0",
        "statsd_exporter_loaded_mappings 0",
    ] {
        assert!(metrics.text.lines().any(|one| one == line), "{line}\n{}", metrics.text);
    }
}

#[tokio::test]
async fn every_answer_protects_the_page() {
    let shop = Shop::open();
    for address in ["/", "/api/status", "/api/nothing", "/-/healthy"] {
        let reply = shop.get(address).await;
        assert!(reply.header("content-security-policy").starts_with("default-src 'self';"));
        assert_eq!(reply.header("x-content-type-options"), "nosniff", "{address}");
        assert_eq!(reply.header("x-frame-options"), "DENY", "{address}");
    }
    assert_eq!(shop.get("/api/status").await.header("cache-control"), "no-store");
}

#[tokio::test]
async fn large_answers_are_compressed_for_who_asks() {
    let shop = Shop::open();
    let ask = |address: String| {
        let request = Request::get(address).header("accept-encoding", "gzip, zstd");
        shop.send(request.body(Body::empty()).unwrap())
    };
    let large = ask("/api/openapi.json".to_owned()).await;
    assert!(["gzip", "zstd"].contains(&large.header("content-encoding")));
    let small = ask(format!("/api/traces?{RANGE}")).await;
    assert_eq!(small.header("content-encoding"), "");
}
