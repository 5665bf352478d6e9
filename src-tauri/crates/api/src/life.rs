//! Watchglass's own life in the Prometheus way: /-/healthy, /-/ready, /-/reload and /metrics.

use std::fmt::Write;
use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::routing::{get, post};
use watchglass_ingest::Totals;
use watchglass_workbench::{Status, StoreStatus, Workbench};

/// Prometheus's text format.
const TEXT: &str = "text/plain; version=0.0.4; charset=utf-8";

/// The routes.
pub(crate) fn routes() -> Router<Arc<Workbench>> {
    Router::new()
        .route("/-/healthy", get(async || "Watchglass is healthy.\n"))
        .route("/-/ready", get(async || "Watchglass is ready.\n"))
        .route("/-/reload", post(reload).put(reload))
        .route("/metrics", get(metrics))
}

/// Reads the workspace's files again. What is wrong with them is the answer.
pub(crate) async fn reload(
    State(workbench): State<Arc<Workbench>>,
) -> Result<(), (StatusCode, String)> {
    workbench.reload().map_err(|fault| {
        (StatusCode::INTERNAL_SERVER_ERROR, format!("failed to reload config: {fault}\n"))
    })
}

pub(crate) async fn metrics(State(workbench): State<Arc<Workbench>>) -> impl IntoResponse {
    ([(CONTENT_TYPE, TEXT)], exposition(&workbench.status()))
}

fn exposition(status: &Status) -> String {
    let mut page = Page::default();
    page.family("watchglass_build_info", "gauge", "Which version this is.");
    page.sample(&format!("{{version=\"{}\"}}", escaped(&status.version)), 1);
    received(&mut page, status);
    stored(&mut page, &status.store);
    page.family("process_resident_memory_bytes", "gauge", "Memory in use.");
    page.sample("", status.resident_bytes);
    page.family("process_start_time_seconds", "gauge", "When this process started.");
    page.sample("", status.started.0 / 1_000_000_000);
    page.text
}

fn received(page: &mut Page, status: &Status) {
    type Count = (&'static str, &'static str, fn(&Totals) -> u64);
    let counts: [Count; 7] = [
        ("requests", "Requests received.", |one| one.requests),
        ("spans", "Spans received.", |one| one.spans),
        ("log_records", "Log records received.", |one| one.log_records),
        ("points", "Metric points received.", |one| one.points),
        ("bytes", "Bytes received.", |one| one.bytes),
        ("rejected", "Rows left out of requests that were taken.", |one| one.rejected),
        ("refused_requests", "Requests refused as a whole.", |one| one.refused),
    ];
    for (noun, help, count) in counts {
        page.family(&format!("watchglass_received_{noun}_total"), "counter", help);
        for receiver in &status.receivers {
            let labels = format!("{{receiver=\"{}\"}}", receiver.listening.name.name());
            page.sample(&labels, count(&receiver.count.total));
        }
    }
}

fn stored(page: &mut Page, store: &StoreStatus) {
    let size = &store.size;
    let read_only = u64::from(size.read_only.is_some());
    let gauges = [
        ("disk_bytes", "Bytes on disk.", size.disk_bytes),
        ("journal_bytes", "Bytes on disk of the journal.", size.journal_bytes),
        ("head_bytes", "Bytes in memory that are not sealed yet.", size.head_bytes),
        ("partitions", "Partitions.", size.partitions),
        ("quarantined", "Partitions that would not open.", size.quarantined.len() as u64),
        ("read_only", "Whether writes are refused.", read_only),
    ];
    for (noun, help, value) in gauges {
        page.family(&format!("watchglass_store_{noun}"), "gauge", help);
        page.sample("", value);
    }
    page.family("watchglass_store_rows", "gauge", "Rows stored.");
    for (signal, rows) in ["traces", "logs", "metrics"].into_iter().zip(size.rows) {
        page.sample(&format!("{{signal=\"{signal}\"}}"), rows);
    }
    let help = "Blocks that could not be read.";
    page.family("watchglass_store_damaged_blocks_total", "counter", help);
    page.sample("", size.damaged_blocks);
}

#[derive(Debug, Default)]
struct Page {
    text: String,
    name: String,
}

impl Page {
    fn family(&mut self, name: &str, kind: &str, help: &str) {
        name.clone_into(&mut self.name);
        // Writing into a string cannot fail.
        let _ = writeln!(self.text, "# HELP {name} {help}\n# TYPE {name} {kind}");
    }

    fn sample(&mut self, labels: &str, value: u64) {
        let _ = writeln!(self.text, "{}{labels} {value}", self.name);
    }
}

fn escaped(value: &str) -> String {
    value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}
