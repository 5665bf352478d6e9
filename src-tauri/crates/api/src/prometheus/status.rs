//! What the server is, and what it has nothing of: rules, alerts, alertmanagers, targets.

use axum::extract::State;
use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::json;

use super::answer::written;
use super::fault::Answer;
use crate::routes::Held;

/// The version whose API this is; clients decide by it which features to use.
const VERSION: &str = "3.14.0";

/// The build.
pub(super) async fn build() -> Answer {
    written(&json!({
        "version": VERSION,
        "revision": "",
        "branch": "",
        "buildUser": "",
        "buildDate": "",
        "goVersion": "",
    }))
}

/// The process.
pub(super) async fn runtime(State(workbench): Held) -> Answer {
    let status = workbench.status();
    let seconds = i64::try_from(status.started.0 / 1_000_000_000).unwrap_or(i64::MAX);
    let started: DateTime<Utc> = DateTime::from_timestamp(seconds, 0).unwrap_or_default();
    written(&json!({
        "startTime": started.to_rfc3339_opts(SecondsFormat::Secs, true),
        "CWD": status.workspace,
        "reloadConfigSuccess": true,
        "lastConfigTime": started.to_rfc3339_opts(SecondsFormat::Secs, true),
        "corruptionCount": status.store.size.damaged_blocks,
        "storageRetention": format!("{}s", status.store.retention.as_secs()),
    }))
}

/// The configuration: there is none yet.
pub(super) async fn config() -> Answer {
    written(&json!({ "yaml": "" }))
}

/// The command line.
pub(super) async fn flags() -> Answer {
    written(
        &json!({ "query.lookback-delta": "5m", "query.max-samples": "50000000", "query.timeout": "2m" }),
    )
}

/// Rules: there are none yet.
pub(super) async fn rules() -> Answer {
    written(&json!({ "groups": [] }))
}

/// Alerts: there are none yet.
pub(super) async fn alerts() -> Answer {
    written(&json!({ "alerts": [] }))
}

/// Alertmanagers: there are none yet.
pub(super) async fn alertmanagers() -> Answer {
    written(&json!({ "activeAlertmanagers": [], "droppedAlertmanagers": [] }))
}

/// Targets: there are none yet.
pub(super) async fn targets() -> Answer {
    written(&json!({ "activeTargets": [], "droppedTargets": [], "droppedTargetCounts": {} }))
}
