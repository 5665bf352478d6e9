//! The routes under /api, one file a noun.

mod attributes;
mod cardinality;
mod events;
mod logs;
mod metrics;
mod mistakes;
mod pictures;
mod runs;
mod services;
mod status;
mod traces;

use std::sync::Arc;

use axum::extract::State;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use watchglass_workbench::Workbench;

use crate::wire;

/// What every handler gets.
pub(crate) type Held = State<Arc<Workbench>>;

/// The document's head, and the shapes that only streams carry.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Watchglass",
        description = "Watchglass's own API, as its UI uses it. Absolute times are decimal text of unix nanoseconds, durations are numbers of nanoseconds."
    ),
    components(schemas(
        crate::fault::Failure,
        wire::events::Arrival,
        wire::events::Mistake,
        wire::logs::TailRecords,
        wire::status::Status
    ))
)]
struct Head;

/// Every route under /api with its description.
pub(crate) fn all() -> OpenApiRouter<Arc<Workbench>> {
    OpenApiRouter::with_openapi(Head::openapi())
        .routes(routes!(status::status))
        .routes(routes!(services::services))
        .routes(routes!(services::operations))
        .routes(routes!(attributes::keys))
        .routes(routes!(attributes::values))
        .routes(routes!(traces::search))
        .routes(routes!(traces::whole))
        .routes(routes!(traces::find))
        .routes(routes!(traces::span))
        .routes(routes!(logs::page))
        .routes(routes!(logs::volume))
        .routes(routes!(logs::tail))
        .routes(routes!(metrics::list))
        .routes(routes!(metrics::series))
        .routes(routes!(cardinality::overview))
        .routes(routes!(cardinality::metric))
        .routes(routes!(pictures::metric))
        .routes(routes!(events::events))
        .routes(routes!(mistakes::mistakes))
        .routes(routes!(runs::list, runs::begin))
        .routes(routes!(runs::end))
}
