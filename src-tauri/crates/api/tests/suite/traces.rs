//! Traces and services through their routes.

use serde_json::json;

use crate::shop::{OPEN, RANGE, Shop, TRACE};

#[tokio::test]
async fn traces_are_found_by_every_condition() {
    let shop = Shop::open();
    let cases = [
        ("", 2),
        ("&service=db", 1),
        ("&service=", 2),
        ("&operation=home", 1),
        ("&status=error", 1),
        ("&status=unset&service=db", 0),
        ("&min_duration=8ms", 1),
        ("&max_duration=1ms", 1),
        ("&attribute=db.system%3Dsqlite&attribute=rows~7", 1),
        ("&attribute=db.system%3Dsqlite&attribute=rows!%3D7", 0),
        ("&attribute=rows", 1),
    ];
    for (conditions, matched) in cases {
        let reply = shop.get(&format!("/api/traces?{RANGE}{conditions}")).await;
        assert_eq!(reply.status, 200, "{conditions}: {}", reply.text);
        assert_eq!(reply.json()["matched"], matched, "{conditions}");
    }
}

#[tokio::test]
async fn a_found_trace_is_summed_up_as_promised() {
    let shop = Shop::open();
    let list = shop.get(&format!("/api/traces?{RANGE}&sort=longest&limit=1")).await.json();
    assert_eq!(
        list["traces"],
        json!([{
            "trace_id": TRACE, "start": (OPEN + 1_000).to_string(), "duration": 8_999_000,
            "root_service": "web", "root_operation": "checkout", "root_missing": false,
            "spans": 2, "errors": 1, "matched_spans": 2,
            "services": [
                {"name": "db", "spans": 1, "errors": 1}, {"name": "web", "spans": 1, "errors": 0}
            ],
        }])
    );
    assert_eq!((&list["complete"], &list["examined_spans"]), (&json!(true), &json!(3)));
    assert!(list["elapsed_ms"].is_number());
}

#[tokio::test]
async fn a_trace_is_laid_out_in_columns() {
    let shop = Shop::open();
    let trace = shop.get(&format!("/api/traces/{TRACE}")).await.json();
    assert_eq!(
        trace,
        json!({
            "trace_id": TRACE, "start": (OPEN + 1_000).to_string(), "duration": 8_999_000,
            "root_service": "web", "root_operation": "checkout",
            "services": trace["services"], "operations": trace["operations"], "scopes": ["test"],
            "spans": {
                "span_id": ["0000000000000001", "0000000000000002"],
                "parent": [-1, 0], "depth": [0, 1], "descendants": [1, 0],
                "start": [0, 1_000], "duration": [8_999_000, 4_998_000],
                "self_time": [4_001_000, 4_998_000],
                "service": trace["spans"]["service"], "operation": trace["spans"]["operation"],
                "kind": [2, 3], "status": [0, 2], "events": [0, 1], "links": [0, 1],
                "logs": [0, 2], "orphan": [false, false], "critical": [true, true],
            },
        })
    );
    let services = trace["services"].as_array().unwrap();
    assert!(services.contains(&json!("web")) && services.contains(&json!("db")));
}

#[tokio::test]
async fn a_trace_is_searched_and_a_span_is_told_in_full() {
    let shop = Shop::open();
    let found = shop.get(&format!("/api/traces/{TRACE}/find?q=SQLite")).await;
    assert_eq!(found.json(), json!({"rows": [1]}));
    let span = shop.get(&format!("/api/traces/{TRACE}/spans/0000000000000002")).await.json();
    assert_eq!(span["parent_span_id"], "0000000000000001");
    assert_eq!(span["status"], json!({"code": 2, "message": ""}));
    assert_eq!(
        span["attributes"],
        json!([
            {"key": "db.system", "value": {"stringValue": "sqlite"}},
            {"key": "rows", "value": {"intValue": "7"}},
        ])
    );
    assert_eq!(span["events"][0]["name"], "lock lost");
    assert_eq!(span["links"][0]["span_id"], "0000000000000063");
    assert_eq!(span["scope"]["name"], "test");
    let root = shop.get(&format!("/api/traces/{TRACE}/spans/0000000000000001")).await.json();
    assert_eq!(root["parent_span_id"], "");
}

#[tokio::test]
async fn services_and_operations_are_listed() {
    let shop = Shop::open();
    let services = shop.get(&format!("/api/services?{RANGE}")).await.json();
    let web = &services["services"][1];
    assert_eq!((&web["name"], &web["requests"]), (&json!("web"), &json!(2)));
    // The range spans ten seconds, and the service was first seen a microsecond after its start.
    assert_eq!(web["rate"], json!(2.0 / 9.999_999));
    assert_eq!(web["sparkline"].as_array().unwrap().len(), 30);
    assert_eq!(services["services"][0]["log_errors"], 1);
    let operations = shop.get(&format!("/api/services/db/operations?{RANGE}")).await.json();
    assert_eq!(
        operations["operations"],
        json!([{
            "name": "query", "kind": "client", "spans": 1, "errors": 1,
            "p50": 4_998_000, "p95": 4_998_000, "p99": 4_998_000,
        }])
    );
}

#[tokio::test]
async fn attributes_are_offered_for_completion() {
    let shop = Shop::open();
    let keys = shop.get(&format!("/api/attributes?{RANGE}&signal=traces&prefix=db")).await;
    assert_eq!(keys.json(), json!({"keys": [{"key": "db.system", "count": 1}]}));
    let values = shop.get(&format!("/api/attributes/code/values?{RANGE}&signal=logs")).await;
    assert_eq!(values.json(), json!({"values": [{"value": "5", "count": 2}]}));
}

#[tokio::test]
async fn a_parameter_that_makes_no_sense_is_named() {
    let shop = Shop::open();
    let cases = [
        ("/api/traces?start=yesterday", "start"),
        ("/api/traces?start=2&end=1", "start"),
        ("/api/services?end=-1", "end"),
        ("/api/traces?min_duration=5", "min_duration"),
        ("/api/traces?max_duration=fast", "max_duration"),
        ("/api/traces?status=bad", "status"),
        ("/api/traces?sort=best", "sort"),
        ("/api/traces?limit=0", "limit"),
        ("/api/traces?limit=1001", "limit"),
        ("/api/traces?attribute=%3Dv", "attribute"),
        ("/api/traces/xyz", "trace_id"),
        ("/api/traces/00000000000000000000000000000001/spans/1", "span_id"),
        ("/api/traces/00000000000000000000000000000001/find", "q"),
        ("/api/attributes", "signal"),
        ("/api/attributes?signal=metrics", "signal"),
        ("/api/logs?severity=loud", "severity"),
        ("/api/logs?cursor=x", "cursor"),
        ("/api/logs?trace_id=x", "trace_id"),
        ("/api/logs/volume?buckets=0", "buckets"),
        ("/api/logs/tail?span_id=x", "span_id"),
        ("/api/metrics/x/series?limit=x", "limit"),
    ];
    for (address, field) in cases {
        let reply = shop.get(address).await;
        assert_eq!(reply.status, 400, "{address}: {}", reply.text);
        let error = &reply.json()["error"];
        assert_eq!((&error["code"], &error["field"]), (&json!("bad_request"), &json!(field)));
        assert!(error["message"].as_str().unwrap().contains(&format!("`{field}`")), "{address}");
    }
}

#[tokio::test]
async fn a_parameter_given_twice_is_refused_in_json() {
    let reply = Shop::open().get("/api/traces?service=a&service=b").await;
    assert_eq!(reply.status, 400);
    assert_eq!(reply.json()["error"]["code"], "bad_request");
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    let shop = Shop::open();
    let nothing = "000000000000000000000000000000ff";
    for address in [
        format!("/api/traces/{nothing}"),
        format!("/api/traces/{nothing}/find?q=a"),
        format!("/api/traces/{TRACE}/spans/00000000000000ff"),
        format!("/api/metrics/nothing/series?{RANGE}"),
        "/api/nothing".to_owned(),
        "/v1/nothing".to_owned(),
    ] {
        let reply = shop.get(&address).await;
        assert_eq!(reply.status, 404, "{address}");
        assert_eq!(reply.json()["error"]["code"], "not_found", "{address}");
    }
    let reply = shop.post("/api/traces", "{}").await;
    assert_eq!(reply.status, 405);
    assert_eq!(reply.json()["error"]["code"], "method_not_allowed");
}
