//! The Loki HTTP API (`/loki` on the main address, the root of port 3100), as of Loki 3:
//! <https://grafana.com/docs/loki/latest/reference/loki-http-api/>.

mod encode;
mod fault;
mod fields;
mod index;
mod labels;
mod parameters;
mod query;
mod status;
mod tail;

use std::sync::Arc;

use axum::Router;
use axum::routing::get;
use watchglass_workbench::Workbench;

use fault::Fault;

/// The API at the root, as it is served on a port of its own.
pub(crate) fn routes() -> Router<Arc<Workbench>> {
    Router::new()
        .nest("/loki/api/v1", version_one())
        .nest("/api/prom", legacy())
        .route("/ready", get(async || "ready\n"))
        .route("/metrics", get(crate::life::metrics))
        .route("/config", get(status::config))
        .route("/services", get(async || "watchglass => Running\n"))
        .route("/prometheus/api/v1/rules", get(status::rules))
        .route("/prometheus/api/v1/alerts", get(status::alerts))
}

/// The same for the main address, to be mounted under `/loki`: clients that are given the address alone ask for
/// `/loki/api/v1`, and those that are given `/loki` with it for `/loki/loki/api/v1`.
pub(crate) fn nested_routes() -> Router<Arc<Workbench>> {
    routes().nest("/api/v1", version_one())
}

fn version_one() -> Router<Arc<Workbench>> {
    Router::new()
        .route("/query", get(query::instant).post(query::instant))
        .route("/query_range", get(query::range).post(query::range))
        .route("/format_query", get(query::format).post(query::format))
        .route("/labels", get(labels::names).post(labels::names))
        .route("/label", get(labels::names).post(labels::names))
        .route("/label/{name}/values", get(labels::values).post(labels::values))
        .route("/series", get(labels::series).post(labels::series))
        .route("/index/stats", get(index::statistics).post(index::statistics))
        .route("/index/volume", get(index::volume).post(index::volume))
        .route("/index/volume_range", get(index::volume_range).post(index::volume_range))
        .route("/detected_labels", get(labels::detected).post(labels::detected))
        .route("/detected_fields", get(fields::detected).post(fields::detected))
        .route("/detected_field/{name}/values", get(fields::values).post(fields::values))
        .route("/patterns", get(fields::patterns).post(fields::patterns))
        .route("/tail", get(tail::tail))
        .route(
            "/delete",
            get(status::deletes).post(status::delete).put(status::delete).delete(status::delete),
        )
        .route("/status/buildinfo", get(status::build))
        .route("/rules", get(status::no_rules))
        .fallback(async || Fault::not_found("404 page not found"))
}

/// The paths of Loki's first API that clients still use.
fn legacy() -> Router<Arc<Workbench>> {
    Router::new()
        .route("/query", get(query::legacy).post(query::legacy))
        .route("/label", get(labels::legacy_names).post(labels::legacy_names))
        .route("/label/{name}/values", get(labels::legacy_values).post(labels::legacy_values))
        .route("/series", get(labels::series).post(labels::series))
        .route("/tail", get(tail::tail))
}
