//! How Watchglass stands.

use axum::extract::State;

use super::Held;
use crate::answer::write;
use crate::fault::{Answer, Failures};
use crate::wire::status::Status;

/// Receivers, store, memory.
#[utoipa::path(get, path = "/api/status", tag = "status",
    responses((status = 200, body = Status), Failures))]
pub(super) async fn status(State(workbench): Held) -> Answer {
    write(&Status::from(workbench.status()))
}
