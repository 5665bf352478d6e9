//! Metrics through their routes.

use serde_json::json;

use crate::shop::{OPEN, RANGE, Shop};

#[tokio::test]
async fn metrics_are_listed_as_promised() {
    let metrics = Shop::open().get(&format!("/api/metrics?{RANGE}&text=requests")).await;
    assert_eq!(
        metrics.json(),
        json!({"metrics": [{
            "name": "requests", "type": "sum", "unit": "ms", "description": "ms",
            "monotonic": true, "temporality": "cumulative", "series": 1, "points": 2,
            "services": ["web"], "label_keys": ["route"], "last_seen": (OPEN + 6_000).to_string(),
        }]})
    );
}

#[tokio::test]
async fn a_histogram_has_counts_sums_and_buckets() {
    let shop = Shop::open();
    let address = format!("/api/metrics/latency/series?{RANGE}&attribute=route%3D/cart");
    let found = shop.get(&address).await.json();
    assert_eq!((&found["type"], &found["total_series"]), (&json!("histogram"), &json!(1)));
    let series = &found["series"][0];
    assert_eq!(series["times"], json!([(OPEN + 5_000).to_string(), (OPEN + 6_000).to_string()]));
    assert_eq!(series["values"], json!([6.0, 6.0]));
    assert_eq!(series["sums"], json!([12.5, 12.5]));
    assert_eq!(series["bounds"], json!([1.0, 5.0]));
    assert_eq!(series["buckets"], json!([[1, 2, 3], [1, 2, 3]]));
    assert_eq!(series["counts"], json!([6, 6]));
    assert_eq!((&series["mins"], &series["maxs"]), (&json!([0.5, 0.5]), &json!([9.0, 9.0])));
    assert_eq!((&series["starts"], &series["flags"]), (&json!(["1", "1"]), &json!([0, 0])));
    assert_eq!((&series["type"], &series["unit"]), (&json!("histogram"), &json!("ms")));
    assert_eq!((&series["quantiles"], &series["exponential"]), (&json!(null), &json!(null)));
    assert_eq!(series["exemplars"][0]["value"], 4.5);
    assert_eq!(series["labels"], json!([{"key": "route", "value": {"stringValue": "/cart"}}]));
}

#[tokio::test]
async fn a_summary_has_its_quantiles() {
    let found =
        Shop::open().get(&format!("/api/metrics/latency.summary/series?{RANGE}")).await.json();
    let series = &found["series"][0];
    assert_eq!(series["quantiles"][0], json!({"quantile": 0.5, "values": [10.0, 10.0]}));
    assert_eq!((&series["bounds"], &series["buckets"]), (&json!(null), &json!(null)));
}

#[tokio::test]
async fn an_exponential_histogram_has_its_buckets() {
    let found = Shop::open().get(&format!("/api/metrics/latency.exp/series?{RANGE}")).await.json();
    let series = &found["series"][0];
    let point = &series["exponential"][0];
    assert_eq!((&point["zero_count"], &point["zero_threshold"]), (&json!(2), &json!(0.25)));
    assert_eq!(point["positive"], json!({"offset": -4, "bucket_counts": [2, 3]}));
    assert_eq!(point["negative"], json!({"offset": 5, "bucket_counts": []}));
    assert!(point["scale"].is_i64(), "{point}");
    assert_eq!((&series["counts"], &series["sums"]), (&json!([7, 7]), &json!([null, null])));
}

#[tokio::test]
async fn an_integer_keeps_its_digits_as_text() {
    let found = Shop::open().get(&format!("/api/metrics/queue.length/series?{RANGE}")).await.json();
    let series = &found["series"][0];
    assert_eq!(series["exact"], json!([{"intValue": "3"}, {"intValue": "3"}]));
    assert_eq!((&series["values"], &series["counts"]), (&json!([3.0, 3.0]), &json!(null)));
}
