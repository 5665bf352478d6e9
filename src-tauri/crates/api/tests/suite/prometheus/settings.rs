//! `watchglass.yaml` and the section `otlp` of `prometheus.yml`: what they switch, and what a fault in them does.

use std::fs;
use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::{sleep, timeout};
use watchglass_storage::Signal;

use super::{API, data};
use crate::shop::Shop;

fn put(folder: &Path, name: &str, text: &str) {
    fs::write(folder.join(name), text).expect("a file");
}

async fn error(shop: &Shop, query: &str) -> Value {
    shop.get(&format!("{API}/query?query={query}")).await.json()["error"].clone()
}

#[tokio::test]
async fn experimental_functions_are_off_until_they_are_switched_on() {
    let folder = tempfile::tempdir().expect("a folder");
    let shop = Shop::in_workspace(folder.path());
    assert_eq!(
        error(&shop, "mad_over_time(up[5m])").await,
        "invalid parameter \"query\": 1:1: parse error: function \"mad_over_time\" is not enabled"
    );
    put(
        folder.path(),
        "watchglass.yaml",
        "promql:\n  experimental: true\n  use_start_timestamps: true\n",
    );
    assert_eq!(shop.post("/-/reload", "").await.status, 200);
    for query in [
        "mad_over_time(up[5m])",
        "rate(up[5m]%20anchored)",
        "limitk(1,up)",
        "up%20%2B%20fill(0)%20up",
    ] {
        assert_eq!(error(&shop, query).await, Value::Null, "{query}");
    }
    let features = data(&shop, "features").await;
    assert_eq!(
        (&features["promql"]["anchored"], &features["promql_functions"]["mad_over_time"]),
        (&json!(true), &json!(true))
    );
    assert_eq!(
        data(&shop, "status/flags").await["enable-feature"],
        "promql-experimental-functions,promql-extended-range-selectors,promql-binop-fill-modifiers,use-start-timestamps"
    );
}

#[tokio::test]
async fn settings_that_change_are_read_without_being_asked() {
    let folder = tempfile::tempdir().expect("a folder");
    let shop = Shop::in_workspace(folder.path());
    put(folder.path(), "watchglass.yaml", "promql: {delayed_name_removal: true}");
    let wait = async {
        while data(&shop, "features").await["promql"]["delayed_name_removal"] != true {
            sleep(Duration::from_millis(10)).await;
        }
    };
    timeout(Duration::from_mins(1), wait).await.expect("it never came about");
}

#[tokio::test]
async fn a_fault_in_the_settings_leaves_the_last_good_ones_in_force() {
    let folder = tempfile::tempdir().expect("a folder");
    put(folder.path(), "watchglass.yaml", "promql: {experimental: true}\n");
    let shop = Shop::in_workspace(folder.path());
    put(folder.path(), "watchglass.yaml", "promql:\n  experimental: no\n  experimentel: no\n");
    let reply = shop.post("/-/reload", "").await;
    assert_eq!(reply.status, 500);
    let place = format!("{}:3:3: ", folder.path().join("watchglass.yaml").display());
    assert!(reply.text.contains(&place) && reply.text.contains("experimentel"), "{}", reply.text);
    let status = shop.get("/api/status").await.json();
    let told = status["configuration_faults"][0].as_str().expect("it is told");
    assert!(told.starts_with(&place), "{told}");
    assert_eq!(error(&shop, "mad_over_time(up[5m])").await, Value::Null);
    assert_eq!(data(&shop, "status/runtimeinfo").await["reloadConfigSuccess"], false);
    assert_eq!(data(&shop, "notifications").await[0]["active"], true);
}

#[tokio::test]
async fn metrics_of_opentelemetry_are_named_as_the_files_say() {
    let folder = tempfile::tempdir().expect("a folder");
    let attribute = |key: &str, value: &str| json!({"key": key, "value": {"stringValue": value}});
    let request = |service: &str| {
        json!({"resourceMetrics": [{
            "resource": {"attributes": [attribute("service.name", service), attribute("host.name", "h")]},
            "scopeMetrics": [{"scope": {"name": "lib"}, "metrics": [{"name": "http.served", "unit": "By", "sum": {
                "aggregationTemporality": 2, "isMonotonic": true,
                "dataPoints": [{"timeUnixNano": "1700000000000000000", "asInt": "5"}]}}]}],
        }]})
    };
    let shop = Shop::in_workspace(folder.path());
    shop.receive(Signal::Metrics, &request("usual")).await;
    put(
        folder.path(),
        "prometheus.yml",
        "otlp: {translation_strategy: NoTranslation, promote_resource_attributes: [host.name], promote_scope_metadata: true}",
    );
    put(folder.path(), "watchglass.yaml", "otlp: {namespace: shop}");
    assert_eq!(shop.post("/-/reload", "").await.status, 200);
    shop.receive(Signal::Metrics, &request("changed")).await;
    let series = data(&shop, "series?match[]={job!=%22%22,__name__!~%22.*target_info%22}").await;
    assert_eq!(
        series,
        json!([
            {"__name__": "http_served_bytes_total", "job": "usual"},
            {"__name__": "shop_http.served", "host.name": "h", "job": "changed", "otel_scope_name": "lib"},
        ])
    );
}
