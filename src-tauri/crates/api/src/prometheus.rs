//! The Prometheus HTTP API (`/prometheus` on the main address, the root of port 9090), as of Prometheus 3.14:
//! <https://prometheus.io/docs/prometheus/latest/querying/api/>.

mod admin;
mod answer;
mod encode;
mod fault;
mod features;
mod federate;
mod labels;
mod names;
mod parameters;
mod query;
mod rules;
mod statistics;
mod status;
mod targets;
mod tree;
mod tsdb;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};
use watchglass_workbench::Workbench;

use fault::Fault;
pub(crate) use parameters::Parameters;

/// The API at the root, as it is served on a port of its own.
pub(crate) fn routes() -> Router<Arc<Workbench>> {
    Router::new()
        .nest("/api/v1", version_one())
        .route("/-/healthy", get(async || "Prometheus Server is Healthy.\n"))
        .route("/-/ready", get(async || "Prometheus Server is Ready.\n"))
        .route("/-/reload", post(crate::life::reload).put(crate::life::reload))
        .route("/federate", get(federate::federate))
        .route("/metrics", get(crate::life::metrics))
        .route("/version", get(status::version))
}

fn version_one() -> Router<Arc<Workbench>> {
    Router::new()
        .route("/query", get(query::instant).post(query::instant))
        .route("/query_range", get(query::range).post(query::range))
        .route("/query_exemplars", get(query::exemplars).post(query::exemplars))
        .route("/parse_query", get(tree::parse_query).post(tree::parse_query))
        .route("/format_query", get(query::format).post(query::format))
        .route("/series", get(labels::series).post(labels::series))
        .route("/labels", get(labels::names).post(labels::names))
        .route("/label/{name}/values", get(labels::values))
        .route("/metadata", get(labels::metadata))
        .route("/rules", get(rules::rules))
        .route("/alerts", get(rules::alerts))
        .route("/alertmanagers", get(rules::alertmanagers))
        .route("/targets", get(targets::targets))
        .route("/targets/metadata", get(targets::metadata))
        .route("/targets/relabel_steps", get(targets::steps))
        .route("/scrape_pools", get(targets::pools))
        .route("/status/buildinfo", get(status::build))
        .route("/status/runtimeinfo", get(status::runtime))
        .route("/status/config", get(status::config))
        .route("/status/flags", get(status::flags))
        .route("/status/tsdb", get(tsdb::tsdb))
        .route("/status/tsdb/blocks", get(tsdb::blocks))
        .route("/status/walreplay", get(tsdb::walreplay))
        .route("/features", get(features::features))
        .route("/notifications", get(status::notifications))
        .route("/notifications/live", get(async || answer::nothing()))
        .nest("/admin/tsdb", administration())
        .fallback(async || Fault::not_found("path not found"))
}

fn administration() -> Router<Arc<Workbench>> {
    Router::new()
        .route("/delete_series", post(admin::delete_series).put(admin::delete_series))
        .route("/clean_tombstones", post(admin::clean_tombstones).put(admin::clean_tombstones))
        .route("/snapshot", post(admin::snapshot).put(admin::snapshot))
}
