//! Runs through their routes.

use serde_json::json;

use crate::shop::Shop;

#[tokio::test]
async fn a_run_begins_ends_and_is_listed() {
    let shop = Shop::open();
    let body = r#"{"command":["node","app.js"],"directory":"/tmp","service":"app","git_commit":"abc","git_dirty":true}"#;
    let begun = shop.post("/api/runs", body).await.json();
    assert_eq!((&begun["command"], &begun["end"]), (&json!(["node", "app.js"]), &json!(null)));
    let id = begun["id"].as_str().unwrap();
    let ended = shop.post(&format!("/api/runs/{id}/end"), r#"{"exit_code":2}"#).await.json();
    assert_eq!(ended["exit_code"], 2);
    assert!(ended["end"].is_string());
    assert_eq!(shop.get("/api/runs").await.json(), json!({"runs": [ended]}));
}

#[tokio::test]
async fn what_is_no_run_is_refused_in_json() {
    let shop = Shop::open();
    assert_eq!(shop.post("/api/runs", "{").await.json()["error"]["code"], "bad_request");
    assert_eq!(shop.post("/api/runs", "{}").await.json()["error"]["code"], "bad_request");
    assert_eq!(shop.post("/api/runs/x/end", "{}").await.json()["error"]["code"], "not_found");
}
