//! The Prometheus HTTP API (`/prometheus` on the main address, the root of port 9090), as of Prometheus 3.14:
//! <https://prometheus.io/docs/prometheus/latest/querying/api/>.

mod answer;
mod encode;
mod fault;
mod labels;
mod parameters;
mod query;
mod status;
mod targets;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};
use watchglass_workbench::Workbench;

use fault::Fault;

/// The API at the root, as it is served on a port of its own.
pub(crate) fn routes() -> Router<Arc<Workbench>> {
    Router::new()
        .nest("/api/v1", version_one())
        .route("/-/healthy", get(async || "Prometheus Server is Healthy.\n"))
        .route("/-/ready", get(async || "Prometheus Server is Ready.\n"))
        .route("/-/reload", post(crate::life::reload).put(crate::life::reload))
}

fn version_one() -> Router<Arc<Workbench>> {
    Router::new()
        .route("/query", get(query::instant).post(query::instant))
        .route("/query_range", get(query::range).post(query::range))
        .route("/query_exemplars", get(query::exemplars).post(query::exemplars))
        .route("/format_query", get(query::format).post(query::format))
        .route("/series", get(labels::series).post(labels::series))
        .route("/labels", get(labels::names).post(labels::names))
        .route("/label/{name}/values", get(labels::values))
        .route("/metadata", get(labels::metadata))
        .route("/rules", get(status::rules))
        .route("/alerts", get(status::alerts))
        .route("/alertmanagers", get(status::alertmanagers))
        .route("/targets", get(targets::targets))
        .route("/targets/metadata", get(targets::metadata))
        .route("/targets/relabel_steps", get(targets::steps))
        .route("/scrape_pools", get(targets::pools))
        .route("/status/buildinfo", get(status::build))
        .route("/status/runtimeinfo", get(status::runtime))
        .route("/status/config", get(status::config))
        .route("/status/flags", get(status::flags))
        .fallback(async || Fault::not_found("path not found"))
}
