//! What the server is, and what it has nothing of: rules, alerts, alertmanagers.

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
    let configuration = workbench.configuration();
    let loaded = configuration.since.and_then(|since| i64::try_from(since.0).ok());
    let loaded = loaded.map_or(started, DateTime::from_timestamp_nanos);
    written(&json!({
        "startTime": started.to_rfc3339_opts(SecondsFormat::Secs, true),
        "CWD": status.workspace,
        "reloadConfigSuccess": configuration.fault.is_none(),
        "lastConfigTime": loaded.to_rfc3339_opts(SecondsFormat::Secs, true),
        "corruptionCount": status.store.size.damaged_blocks,
        "storageRetention": format!("{}s", status.store.retention.as_secs()),
    }))
}

/// The configuration in force, as it is written in its file.
pub(super) async fn config(State(workbench): Held) -> Answer {
    written(&json!({ "yaml": workbench.configuration().text }))
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
