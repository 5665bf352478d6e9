//! What the server is: its build, its process, its flags and its configuration.

use std::collections::BTreeMap;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use chrono::{DateTime, SecondsFormat};
use serde_json::{Value, json};
use watchglass_ingest::scrape::duration_text;
use watchglass_model::Timestamp;
use watchglass_workbench::{
    CONCURRENT_QUERIES, ConfigurationStatus, QUERY_TIMEOUT, ReceiverName, Status, StoreStatus,
};

use super::answer::written;
use super::fault::Answer;
use crate::routes::Held;

/// The version whose API this is; clients decide by it which features to use.
const VERSION: &str = "3.14.0";

/// The build.
pub(super) async fn build() -> Answer {
    written(&build_facts())
}

/// The build, without anything around it.
pub(super) async fn version() -> Json<Value> {
    Json(build_facts())
}

fn build_facts() -> Value {
    json!({
        "version": VERSION,
        "revision": "",
        "branch": "",
        "buildUser": "",
        "buildDate": "",
        "goVersion": "",
    })
}

/// The process. What only a program in Go has is told as if nothing had been set.
pub(super) async fn runtime(State(workbench): Held) -> Answer {
    let status = workbench.status();
    let configuration = workbench.configuration();
    let text = |time: Timestamp, precision| {
        let nanoseconds = i64::try_from(time.0).unwrap_or(i64::MAX);
        DateTime::from_timestamp_nanos(nanoseconds).to_rfc3339_opts(precision, true)
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    written(&json!({
        "startTime": text(status.started, SecondsFormat::AutoSi),
        "CWD": status.workspace,
        "hostname": status.hostname,
        "serverTime": text(status.now, SecondsFormat::AutoSi),
        "reloadConfigSuccess": configuration.is_whole(),
        "lastConfigTime": text(configuration.since.unwrap_or(status.started), SecondsFormat::Secs),
        "corruptionCount": status.store.size.damaged_blocks,
        "goroutineCount": 0,
        "GOMAXPROCS": threads,
        "GOMEMLIMIT": i64::MAX,
        "GOGC": "",
        "GODEBUG": "",
        "storageRetention": retention(&status.store),
    }))
}

/// How long and how much is kept, as Prometheus says it: `7d or 2GiB`.
fn retention(store: &StoreStatus) -> String {
    let StoreStatus { retention, max_disk_bytes, .. } = store;
    let time = (!retention.is_zero()).then(|| duration_text(*retention));
    let size = (*max_disk_bytes > 0).then(|| size_text(*max_disk_bytes));
    [time, size].into_iter().flatten().collect::<Vec<_>>().join(" or ")
}

/// A size in the largest unit that divides it.
fn size_text(bytes: u64) -> String {
    let units = [(1_u64 << 40, "TiB"), (1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")];
    let whole = units.into_iter().find(|(size, _)| bytes > 0 && bytes.is_multiple_of(*size));
    whole.map_or_else(|| format!("{bytes}B"), |(size, unit)| format!("{}{unit}", bytes / size))
}

/// The configuration in force: as it is written in its file, with defaults and without secrets.
pub(super) async fn config(State(workbench): Held) -> Answer {
    let ConfigurationStatus { configuration, text, .. } = workbench.configuration();
    let yaml = configuration.map(|one| one.shown(&text)).unwrap_or_default();
    written(&json!({ "yaml": yaml }))
}

/// The flags of Prometheus that mean something here, as they would have to be set for it to behave like this.
pub(super) async fn flags(State(workbench): Held) -> Answer {
    let Status { store, workspace, data, receivers, .. } = workbench.status();
    let listen = receivers.iter().find(|one| one.listening.name == ReceiverName::Prometheus);
    let config =
        if workspace.is_empty() { String::new() } else { format!("{workspace}/prometheus.yml") };
    let options = workbench.promql_options();
    let lookback = Duration::from_millis(options.lookback.max(0).unsigned_abs());
    let flags = [
        ("agent", "false".to_owned()),
        ("config.file", config),
        ("enable-feature", workbench.promql_features().join(",")),
        ("query.lookback-delta", duration_text(lookback)),
        ("query.max-concurrency", CONCURRENT_QUERIES.to_string()),
        ("query.max-samples", options.max_samples.to_string()),
        ("query.timeout", duration_text(QUERY_TIMEOUT)),
        ("storage.tsdb.path", data),
        ("storage.tsdb.retention.size", size_text(store.max_disk_bytes)),
        ("storage.tsdb.retention.time", duration_text(store.retention)),
        ("web.enable-admin-api", "true".to_owned()),
        ("web.enable-lifecycle", "true".to_owned()),
        ("web.enable-otlp-receiver", "true".to_owned()),
        ("web.enable-remote-write-receiver", "true".to_owned()),
        ("web.external-url", String::new()),
        ("web.listen-address", listen.map(|one| one.listening.address.clone()).unwrap_or_default()),
        ("web.route-prefix", "/".to_owned()),
    ];
    written(&BTreeMap::from(flags))
}

/// What an administrator should know: nothing but that the configuration could not be read.
pub(super) async fn notifications(State(workbench): Held) -> Answer {
    let configuration = workbench.configuration();
    let since = configuration.since.map_or(0, |since| since.0);
    let date = DateTime::from_timestamp_nanos(i64::try_from(since).unwrap_or(i64::MAX));
    let told = (!configuration.is_whole()).then(|| {
        json!({
            "text": "Configuration reload has failed.",
            "date": date.to_rfc3339_opts(SecondsFormat::AutoSi, true),
            "active": true,
        })
    });
    written(&told.into_iter().collect::<Vec<_>>())
}
