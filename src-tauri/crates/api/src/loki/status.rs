//! What the server is, and what it has nothing of: rules and alerts.

use axum::Json;
use axum::http::StatusCode;
use serde_json::{Value, json};

/// The version whose API this is; clients decide by it which features to use.
const VERSION: &str = "3.7.6";

/// The build, without an envelope.
pub(super) async fn build() -> Json<Value> {
    Json(json!({
        "version": VERSION,
        "revision": "",
        "branch": "",
        "buildUser": "",
        "buildDate": "",
        "goVersion": "",
    }))
}

/// What of Loki's configuration has a meaning here.
pub(super) async fn config() -> &'static str {
    "auth_enabled: false\nserver:\n  http_listen_port: 3100\nlimits_config:\n  allow_structured_metadata: true\n  \
     volume_enabled: true\n  max_line_size: 1MB\n"
}

/// Rules in Prometheus's form: there are none yet.
pub(super) async fn rules() -> Json<Value> {
    Json(json!({ "status": "success", "data": { "groups": [] } }))
}

/// Alerts in Prometheus's form: there are none yet.
pub(super) async fn alerts() -> Json<Value> {
    Json(json!({ "status": "success", "data": { "alerts": [] } }))
}

/// Rules in Loki's form, which tells that there are none by a status.
pub(super) async fn no_rules() -> (StatusCode, &'static str) {
    (StatusCode::NOT_FOUND, "no rule groups found\n")
}

/// Requests to delete lines: there are none, since none are taken.
pub(super) async fn deletes() -> Json<Value> {
    Json(json!([]))
}

/// Lines are not deleted one by one.
pub(super) async fn delete() -> (StatusCode, &'static str) {
    let reason = "deletion is not available: lines go with their age or their share of the disk, as --retention and --max-disk say\n";
    (StatusCode::FORBIDDEN, reason)
}
