//! Who is scraped, and what of `prometheus.yml` is in force, in upstream's shapes.

use std::fs;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::{sleep, timeout};

use crate::shop::Shop;

const GOOD: &str = "scrape_configs:
- job_name: dead
  static_configs: [{targets: ['127.0.0.1:1', 'gone:1'], labels: {env: dev}}]
  scrape_interval: 100ms
  scrape_timeout: 100ms
  relabel_configs: [{source_labels: [__address__], regex: gone.*, action: drop}]
";

async fn until(shop: &Shop, address: &str, holds: impl Fn(&Value) -> bool) -> Value {
    let wait = async {
        loop {
            let data = shop.get(address).await.json()["data"].clone();
            if holds(&data) {
                return data;
            }
            sleep(Duration::from_millis(10)).await;
        }
    };
    timeout(Duration::from_mins(1), wait).await.expect("it never came about")
}

#[tokio::test]
async fn targets_are_told_as_prometheus_tells_them() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("prometheus.yml"), GOOD).expect("a file");
    let shop = Shop::in_workspace(folder.path());
    let targets = "/prometheus/api/v1/targets";
    let data = until(&shop, targets, |data| data["activeTargets"][0]["health"] == "down").await;
    let target = &data["activeTargets"][0];
    assert_eq!(target["labels"], json!({"env": "dev", "instance": "127.0.0.1:1", "job": "dead"}));
    assert_eq!(target["discoveredLabels"]["__metrics_path__"], "/metrics");
    assert_eq!(
        (&target["scrapePool"], &target["scrapeUrl"], &target["scrapeInterval"]),
        (&json!("dead"), &json!("http://127.0.0.1:1/metrics"), &json!("100ms"))
    );
    let error = target["lastError"].as_str().expect("a text");
    assert!(error.starts_with("Get \"http://127.0.0.1:1/metrics\": "), "{error}");
    assert_eq!(data["droppedTargets"][0]["discoveredLabels"]["__address__"], "gone:1");
    assert_eq!(data["droppedTargetCounts"], json!({"dead": 1}));
    let data = shop.get(&format!("{targets}?state=dropped&scrapePool=dead")).await.json();
    assert_eq!((&data["data"]["activeTargets"], &data["status"]), (&json!([]), &json!("success")));
    let pools = shop.get("/prometheus/api/v1/scrape_pools").await.json();
    assert_eq!(pools["data"], json!({"scrapePools": ["dead"]}));
    let steps = "/prometheus/api/v1/targets/relabel_steps?scrapePool=dead&labels=";
    let step = |labels: &'static str| {
        let shop = &shop;
        async move { shop.get(&format!("{steps}{labels}")).await.json()["data"]["steps"][0].clone() }
    };
    let kept = step("%7B%22__address__%22:%22a%22%7D").await;
    assert_eq!((&kept["keep"], &kept["output"]), (&json!(true), &json!({"__address__": "a"})));
    assert_eq!(kept["rule"]["sourceLabels"], json!(["__address__"]));
    let dropped = step("%7B%22__address__%22:%22gone%22%7D").await;
    assert_eq!((&dropped["keep"], &dropped["output"]), (&json!(false), &json!({})));
    let metadata = shop.get("/prometheus/api/v1/targets/metadata").await;
    assert_eq!(
        (metadata.status.as_u16(), &metadata.json()["errorType"]),
        (404, &json!("not_found"))
    );
    let names = "/prometheus/api/v1/label/__name__/values";
    until(&shop, names, |data| data[4] == "up").await;
}

#[tokio::test]
async fn a_fault_leaves_the_last_good_version_in_force() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("prometheus.yml");
    fs::write(&file, GOOD).expect("a file");
    let shop = Shop::in_workspace(folder.path());
    let config = "/prometheus/api/v1/status/config";
    let shown = until(&shop, config, |data| data["yaml"] != "").await;
    let yaml = shown["yaml"].as_str().expect("a text");
    assert!(
        yaml.contains("scrape_timeout: 100ms\n  scrape_protocols:\n  - OpenMetricsText"),
        "{yaml}"
    );
    fs::write(&file, "scrape_configs:\n- job_name: a\n  job: b\n").expect("a file");
    let reply = shop.post("/-/reload", "").await;
    assert_eq!(reply.status, 500);
    let place = format!("{}:3:3: field job not found in type", file.display());
    assert!(reply.text.contains(&place), "{}", reply.text);
    assert_eq!(shop.get(config).await.json()["data"], shown);
    let runtime = shop.get("/prometheus/api/v1/status/runtimeinfo").await.json();
    assert_eq!(runtime["data"]["reloadConfigSuccess"], false);
    fs::remove_file(&file).expect("the file is there");
    assert_eq!(shop.post("/prometheus/-/reload", "").await.status, 200);
    let pools = shop.get("/prometheus/api/v1/scrape_pools").await.json();
    assert_eq!(pools["data"], json!({"scrapePools": []}));
}

#[tokio::test]
async fn a_file_that_changes_is_read_without_being_asked() {
    let folder = tempfile::tempdir().expect("a folder");
    let shop = Shop::in_workspace(folder.path());
    fs::write(folder.path().join("prometheus.yml"), GOOD).expect("a file");
    let pools = "/prometheus/api/v1/scrape_pools";
    until(&shop, pools, |data| data["scrapePools"] == json!(["dead"])).await;
}
