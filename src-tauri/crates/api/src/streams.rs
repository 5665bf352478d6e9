//! Server-sent events.

use std::time::Duration;

use axum::response::sse::{Event, KeepAlive};
use serde::Serialize;

/// A named event with JSON in it.
pub(crate) fn message(name: &str, content: &impl Serialize) -> serde_json::Result<Event> {
    let text = serde_json::to_string(content)?;
    Ok(Event::default().event(name).data(text))
}

/// A comment now and then, so that a lost connection is noticed on both sides.
pub(crate) fn keep_alive() -> KeepAlive {
    KeepAlive::new().interval(Duration::from_secs(15))
}
