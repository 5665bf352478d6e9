//! `status/…`, `features`, `notifications`, `/version`, `/metrics`: what the server says of itself.

use serde_json::json;

use super::{data, with_samples};
use crate::shop::Shop;

#[tokio::test]
async fn what_is_stored_is_counted() {
    let shop = with_samples();
    let found = data(&shop, "status/tsdb?limit=2").await;
    assert_eq!(
        found["headStats"],
        json!({"numSeries": 2, "numLabelPairs": 5, "chunkCount": 2, "minTime": 0, "maxTime": 20_000})
    );
    assert_eq!(found["seriesCountByMetricName"], json!([{"name": "up", "value": 2}]));
    assert_eq!(
        found["labelValueCountByLabelName"],
        json!([{"name": "job", "value": 2}, {"name": "__name__", "value": 1}])
    );
    assert_eq!(
        found["seriesCountByLabelValuePair"],
        json!([{"name": "__name__=up", "value": 2}, {"name": "instance=a", "value": 1}])
    );
    assert_eq!(found["memoryInBytesByLabelName"][0], json!({"name": "__name__", "value": 24}));
    let nothing = data(&Shop::open(), "status/tsdb").await;
    assert_eq!(
        nothing["headStats"],
        json!({"numSeries": 0, "numLabelPairs": 0, "chunkCount": 0, "minTime": i64::MAX, "maxTime": i64::MIN})
    );
    assert_eq!(data(&shop, "status/tsdb/blocks").await, json!({"blocks": []}));
    assert_eq!(data(&shop, "status/walreplay").await, json!({"min": 0, "max": 0, "current": 0}));
}

#[tokio::test]
async fn the_server_tells_all_that_clients_look_for() {
    let shop = Shop::open();
    let runtime = data(&shop, "status/runtimeinfo").await;
    let fields = [
        "startTime",
        "CWD",
        "hostname",
        "serverTime",
        "reloadConfigSuccess",
        "lastConfigTime",
        "corruptionCount",
        "goroutineCount",
        "GOMAXPROCS",
        "GOMEMLIMIT",
        "GOGC",
        "GODEBUG",
        "storageRetention",
    ];
    for field in fields {
        assert!(runtime.get(field).is_some(), "{field}: {runtime}");
    }
    assert_eq!(runtime.as_object().map(serde_json::Map::len), Some(fields.len()), "{runtime}");
    let flags = data(&shop, "status/flags").await;
    assert_eq!(
        (&flags["query.lookback-delta"], &flags["query.timeout"], &flags["enable-feature"]),
        (&json!("5m"), &json!("2m"), &json!(""))
    );
    let build = data(&shop, "status/buildinfo").await;
    assert_eq!(shop.get("/prometheus/version").await.json(), build);
    assert_eq!(data(&shop, "notifications").await, json!([]));
    let features = data(&shop, "features").await;
    assert_eq!(
        (&features["promql_functions"]["rate"], &features["promql_functions"]["info"]),
        (&json!(true), &json!(false))
    );
    assert_eq!(features["api"]["query_stats"], true);
    let metrics = shop.get("/prometheus/metrics").await.text;
    assert!(metrics.contains("watchglass_build_info{version=\"0.1.0\"} 1"), "{metrics}");
}

#[tokio::test]
async fn there_are_no_rules_yet_but_all_their_parameters_are_taken() {
    let shop = Shop::open();
    let all = "rules?type=alert&rule_name[]=a&rule_group[]=b&file[]=c&match[]=up&exclude_alerts=true&group_limit=5";
    assert_eq!(data(&shop, all).await, json!({"groups": []}));
    assert_eq!(data(&shop, "alerts").await, json!({"alerts": []}));
    assert_eq!(
        data(&shop, "alertmanagers").await,
        json!({"activeAlertmanagers": [], "droppedAlertmanagers": []})
    );
}
