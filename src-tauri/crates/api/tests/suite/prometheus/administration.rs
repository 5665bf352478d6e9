//! `admin/tsdb`: deleting series.

use axum::body::Body;
use axum::http::{Method, Request};
use serde_json::json;

use super::{API, data, form, with_samples};
use crate::shop::{Reply, Shop};

async fn ask(shop: &Shop, method: Method, path: &str) -> Reply {
    let request = Request::builder().method(method).uri(format!("{API}/admin/tsdb/{path}"));
    shop.send(request.body(Body::empty()).expect("the address is valid")).await
}

#[tokio::test]
async fn deleted_samples_are_gone() {
    let shop = with_samples();
    let reply =
        ask(&shop, Method::POST, "delete_series?match[]=up{job=%22api%22}&start=5&end=15").await;
    assert_eq!((reply.status.as_u16(), reply.text.as_str()), (204, ""));
    let found = data(&shop, "query?query=up[1m]&time=20").await;
    assert_eq!(found["result"][0]["values"], json!([[0, "1"], [20, "3"]]));
    assert_eq!(found["result"][1]["values"].as_array().map(Vec::len), Some(3));
    let reply = form(&shop, "admin/tsdb/delete_series", "match[]={job=\"web\"}").await;
    assert_eq!(reply.status, 204);
    assert_eq!(data(&shop, "label/job/values").await, json!(["api"]));
    let put = ask(&shop, Method::PUT, "delete_series?match[]=up&start=9&end=3").await;
    assert_eq!(put.status, 204);
    assert_eq!(data(&shop, "label/job/values").await, json!(["api"]));
    assert_eq!(ask(&shop, Method::POST, "clean_tombstones").await.status, 204);
}

#[tokio::test]
async fn what_cannot_be_done_is_told_as_prometheus_does() {
    let shop = with_samples();
    let reply = ask(&shop, Method::POST, "delete_series").await;
    assert_eq!(
        (reply.status.as_u16(), &reply.json()["error"]),
        (400, &"no match[] parameter provided".into())
    );
    let reply = ask(&shop, Method::POST, "snapshot").await;
    assert_eq!(
        (reply.status.as_u16(), &reply.json()["errorType"], &reply.json()["error"]),
        (503, &"unavailable".into(), &"admin APIs disabled".into())
    );
    assert_eq!(ask(&shop, Method::GET, "delete_series?match[]=up").await.status, 405);
}
