//! Watchglass's own life, headers and compression.

use axum::body::Body;
use axum::http::Request;
use serde_json::json;

use crate::shop::{OPEN, RANGE, Shop};

#[tokio::test]
async fn status_and_mistakes_are_told() {
    let shop = Shop::open();
    let status = shop.get("/api/status").await.json();
    let receiver = &status["receivers"][0];
    assert_eq!((&receiver["name"], &receiver["state"]), (&json!("otlp_grpc"), &json!("listening")));
    assert_eq!((&receiver["taken_by"], &receiver["spans"]), (&json!(null), &json!(42)));
    assert_eq!(receiver["last_received"], OPEN.to_string());
    assert_eq!((&status["store"]["spans"], &status["store"]["oldest"]), (&json!(3), &json!(null)));
    let mistakes = shop.get("/api/mistakes").await.json();
    assert_eq!(
        (&mistakes["mistakes"][0]["port"], &mistakes["mistakes"][0]["count"]),
        (&json!(4318), &json!(3))
    );
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
        "watchglass_received_spans_total{receiver=\"otlp_grpc\"} 42",
        "watchglass_store_rows{signal=\"logs\"} 2",
        "watchglass_build_info{version=\"0.1.0\"} 1",
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
