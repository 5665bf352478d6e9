//! The whole main address as the door puts it together: the routes, OTLP beside them, the guard in front.

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use serde_json::json;
use tower::ServiceExt;
use watchglass_ingest::{Guard, Receiver, receiver};

use crate::shop::{RANGE, Shop};

fn main_address(shop: &Shop) -> Router {
    let otlp = Receiver::new(shop.pipeline.clone(), shop.mistakes.clone(), "main", 4319);
    let routes = shop.router.clone().merge(receiver::http::routes(otlp));
    Guard::new(4319, shop.mistakes.clone()).protect(routes)
}

fn request(address: &str, host: &str, body: &str) -> Request<Body> {
    let request = Request::post(address).header("host", host);
    let request = request.header("content-type", "application/json");
    request.body(Body::from(body.to_owned())).expect("the request is valid")
}

#[tokio::test]
async fn a_span_sent_to_the_main_address_is_found_there() {
    let shop = Shop::with_ui(watchglass_api::Ui::new(|_| None));
    let sent = json!({"resourceSpans": [{"scopeSpans": [{"spans": [{
        "traceId": "0af7651916cd43dd8448eb211c80319c", "spanId": "b7ad6b7169203331", "name": "hello",
        "startTimeUnixNano": "1700000001000000000", "endTimeUnixNano": "1700000001000000100",
    }]}]}]});
    let sending = request("/v1/traces", "localhost:4319", &sent.to_string());
    assert_eq!(main_address(&shop).oneshot(sending).await.unwrap().status(), 200);
    let list = shop.get(&format!("/api/traces?{RANGE}")).await.json();
    assert_eq!(list["traces"][0]["root_operation"], "hello");
    assert_eq!(list["traces"][0]["root_service"], "unknown_service");
}

#[tokio::test]
async fn a_foreign_host_is_kept_out_of_the_routes() {
    let shop = Shop::open();
    for address in ["/api/runs", "/v1/traces"] {
        let sending = request(address, "evil.example:4319", "{}");
        let status = main_address(&shop).oneshot(sending).await.unwrap().status();
        assert_eq!(status, 421, "{address}");
    }
}
