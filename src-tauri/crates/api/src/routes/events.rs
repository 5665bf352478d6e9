//! What happens now, as a stream.

use axum::extract::State;
use axum::response::sse::Sse;
use axum::response::{IntoResponse, Response};
use futures::stream::unfold;
use watchglass_workbench::Event;

use super::Held;
use crate::fault::Failures;
use crate::streams::{keep_alive, message};
use crate::wire::events::{Arrival, Mistake};
use crate::wire::status::Status;

/// Events named `arrival` (an Arrival, at most every 100 ms), `status` (a Status, every 2 s) and `mistake` (a Mistake).
#[utoipa::path(get, path = "/api/events", tag = "status",
    responses((status = 200, body = Arrival, content_type = "text/event-stream"), Failures))]
pub(super) async fn events(State(workbench): Held) -> Response {
    let events = unfold(workbench.events(), |mut events| async {
        let written = match events.next().await? {
            Event::Arrival(arrival) => message("arrival", &Arrival::from(arrival)),
            Event::Status(status) => message("status", &Status::from(*status)),
            Event::Mistake(mistake) => message("mistake", &Mistake::from(mistake)),
        };
        Some((written, events))
    });
    Sse::new(events).keep_alive(keep_alive()).into_response()
}
