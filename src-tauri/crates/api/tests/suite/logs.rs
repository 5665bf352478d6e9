//! Log records through their routes.

use serde_json::json;

use crate::shop::{OPEN, RANGE, Shop, TRACE};

#[tokio::test]
async fn log_records_come_newest_first_a_page_at_a_time() {
    let shop = Shop::open();
    let first = shop.get(&format!("/api/logs?{RANGE}&limit=1")).await.json();
    assert_eq!(first["records"][0]["body"], json!({"stringValue": "retrying"}));
    assert_eq!(first["records"][0]["time"], (OPEN + 4_000).to_string());
    let cursor = first["cursor"].as_str().unwrap();
    let second = shop.get(&format!("/api/logs?{RANGE}&limit=1&cursor={cursor}")).await.json();
    let record = &second["records"][0];
    assert_eq!(record["body"], json!({"stringValue": "database is locked"}));
    assert_eq!(
        (&record["trace_id"], &record["span_id"]),
        (&json!(TRACE), &json!("0000000000000002"))
    );
    assert_ne!(record["id"], first["records"][0]["id"]);
    assert_eq!((&second["cursor"], &second["complete"]), (&json!(null), &json!(true)));
}

#[tokio::test]
async fn log_records_are_found_by_every_condition() {
    let shop = Shop::open();
    let cases = [
        ("", 2),
        ("&service=web", 0),
        ("&severity=warn", 1),
        ("&text=LOCKED", 1),
        ("&attribute=code%3D5", 2),
        ("&trace_id=00000000000000000000000000000001&span_id=0000000000000002", 2),
        ("&span_id=0000000000000001", 0),
    ];
    for (conditions, found) in cases {
        let logs = shop.get(&format!("/api/logs?{RANGE}{conditions}")).await.json();
        assert_eq!(logs["records"].as_array().unwrap().len(), found, "{conditions}");
    }
}

#[tokio::test]
async fn volume_has_a_column_for_each_severity() {
    let volume = Shop::open().get(&format!("/api/logs/volume?{RANGE}&buckets=2&text=e")).await;
    assert_eq!(
        volume.json(),
        json!({
            "start": OPEN.to_string(), "step": 5_000_000_001_u64,
            "trace": [0, 0], "debug": [0, 0], "info": [1, 0], "warn": [0, 0], "error": [1, 0],
            "fatal": [0, 0], "unspecified": [0, 0],
        })
    );
}

#[tokio::test]
async fn the_records_of_a_trace_are_found_whenever_it_was() {
    let shop = Shop::open();
    let of_trace = shop.get(&format!("/api/logs?trace_id={TRACE}")).await.json();
    assert_eq!(of_trace["records"].as_array().unwrap().len(), 2);
    let last_hour = shop.get("/api/logs").await.json();
    assert_eq!(last_hour["records"], json!([]));
}
