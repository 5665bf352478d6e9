//! `subscribe` and `unsubscribe`: streams of the API, run in process and passed on event by event through a channel.

use std::collections::HashMap;

use axum::Router;
use axum::body::Body;
use axum::http::header::ACCEPT;
use axum::http::{Request, StatusCode};
use http_body_util::BodyExt;
use parking_lot::Mutex;
use tauri::State;
use tauri::ipc::Channel;
use tokio::task::AbortHandle;
use tower::ServiceExt;

use super::events::{Event, EventReader};

/// The streams that the page listens to, by the ids of their channels.
#[derive(Debug)]
pub(crate) struct Subscriptions {
    router: Router,
    running: Mutex<HashMap<u32, AbortHandle>>,
}

impl Subscriptions {
    /// None yet; streams will be asked of this router.
    pub(crate) fn new(router: Router) -> Self {
        Self { router, running: Mutex::default() }
    }

    /// Ends all: the page that listened is gone.
    pub(crate) fn end_all(&self) {
        for (_, stream) in self.running.lock().drain() {
            stream.abort();
        }
    }
}

/// Begins to pass on a stream; an error is the API's own text. The stream's end is told as an event named `end`.
#[tauri::command]
pub(crate) async fn subscribe(
    path: String,
    channel: Channel<Event>,
    subscriptions: State<'_, Subscriptions>,
) -> Result<(), String> {
    let body = open(subscriptions.router.clone(), &path).await?;
    let id = channel.id();
    let stream = tokio::spawn(pass_on(body, move |event| channel.send(event).is_ok()));
    let mut running = subscriptions.running.lock();
    running.retain(|_, stream| !stream.is_finished());
    if let Some(before) = running.insert(id, stream.abort_handle()) {
        before.abort();
    }
    Ok(())
}

/// Ends a stream; one that is not there has ended by itself.
#[tauri::command]
#[expect(clippy::needless_pass_by_value, reason = "Tauri hands its state over by value")]
pub(crate) fn unsubscribe(id: u32, subscriptions: State<'_, Subscriptions>) {
    if let Some(stream) = subscriptions.running.lock().remove(&id) {
        stream.abort();
    }
}

async fn open(router: Router, path: &str) -> Result<Body, String> {
    if !path.starts_with("/api/") {
        return Err(format!("{path} is no stream of the API"));
    }
    let request = Request::get(path).header(ACCEPT, "text/event-stream").body(Body::empty());
    let request = request.map_err(|error| format!("{path} is no address: {error}"))?;
    // The router cannot fail: its error type has no value.
    let Ok(response) = router.oneshot(request).await;
    if response.status() == StatusCode::OK {
        return Ok(response.into_body());
    }
    let text = response.into_body().collect().await.map_err(|error| error.to_string())?;
    Err(String::from_utf8_lossy(&text.to_bytes()).into_owned())
}

async fn pass_on(mut body: Body, send: impl Fn(Event) -> bool) {
    let mut reader = EventReader::default();
    while let Some(Ok(frame)) = body.frame().await {
        let Ok(piece) = frame.into_data() else { continue };
        if !reader.take(&piece).into_iter().all(&send) {
            return;
        }
    }
    send(Event::end());
}

#[cfg(test)]
mod tests {
    use axum::routing::get;

    use super::*;

    #[tokio::test]
    async fn a_stream_is_passed_on_to_its_end() {
        let router = Router::new().route("/api/events", get(async || "event: a\ndata: 1\n\n"));
        let body = open(router, "/api/events").await.unwrap();
        let seen = Mutex::new(Vec::new());
        pass_on(body, |event| {
            seen.lock().push(event.event);
            true
        })
        .await;
        assert_eq!(*seen.lock(), ["a", "end"]);
    }

    #[tokio::test]
    async fn what_is_no_stream_is_refused() {
        for path in ["/", "/api/none", "app://localhost/api/events"] {
            assert!(open(Router::new(), path).await.is_err(), "{path}");
        }
    }
}
