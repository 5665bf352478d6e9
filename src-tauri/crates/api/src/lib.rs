//! Routes, wire types and error codes; nothing decides anything here.
//!
//! [`router`] makes one axum router of everything on the main address: Watchglass's own API under `/api`, its life
//! (`/-/healthy`, `/-/ready`, `/metrics`), and the UI for every other address. The window calls the same router in
//! process. [`openapi`] writes down what `/api` promises, generated from the routes themselves.
//!
//! A handler reads parameters, asks the workbench on a thread that may block, and turns the
//! answer into a wire type. Absent on purpose: scanning, sorting, counting; sockets and TLS.

mod answer;
mod fault;
mod layers;
mod life;
mod loki;
mod parameters;
mod prometheus;
mod routes;
mod statsd;
mod streams;
mod ui;
mod wire;

use std::sync::Arc;

use axum::Router;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderMap, Method, Uri};
use axum::routing::get;
use watchglass_workbench::Workbench;

pub use crate::fault::ErrorCode;
use crate::fault::Fault;
pub use crate::ui::Ui;

/// Everything on the main address.
pub fn router(workbench: Arc<Workbench>, ui: Ui) -> Router {
    let (api, _) = routes::all().split_for_parts();
    let routes = api
        .merge(life::routes())
        .nest("/prometheus", prometheus::routes())
        .nest("/loki", loki::nested_routes())
        .route("/api/openapi.json", get(document))
        .method_not_allowed_fallback(async || {
            let message = "this route does not know this method";
            Fault::new(ErrorCode::MethodNotAllowed, message)
        })
        .fallback(move |method: Method, uri: Uri, headers: HeaderMap| {
            let response = ui.serve(&method, &uri, &headers);
            async { response }
        })
        .with_state(workbench);
    layers::around(routes)
}

/// The Prometheus API at the root, for a port of its own.
pub fn prometheus_router(workbench: Arc<Workbench>) -> Router {
    layers::around(prometheus::routes().with_state(workbench))
}

/// The Loki API at the root, for a port of its own.
pub fn loki_router(workbench: Arc<Workbench>) -> Router {
    layers::around(loki::routes().with_state(workbench))
}

/// What `/api` promises, as an OpenAPI document: pretty JSON, the same for the same routes.
pub fn openapi() -> String {
    let (_, document) = routes::all().split_for_parts();
    // The document has text keys only: writing it cannot fail.
    document.to_pretty_json().unwrap_or_default()
}

async fn document() -> impl axum::response::IntoResponse {
    let headers = [(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, "no-cache")];
    (headers, openapi())
}
