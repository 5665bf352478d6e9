//! From a question to the workbench to a JSON answer, made on the thread that asks, not on the one that serves.

use std::convert::Infallible;

use axum::body::Body;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderValue, Response};
use futures::stream::iter;
use serde::Serialize;
use watchglass_storage::Reader;
use watchglass_workbench::{Result, Workbench};

use crate::fault::{Answer, Fault};

/// Asks, and writes the answer down before it comes back.
pub(crate) async fn answer<W: Serialize>(
    workbench: &Workbench,
    question: impl FnOnce(&dyn Reader) -> Result<W> + Send + 'static,
) -> Answer {
    let text = workbench.ask(move |reader| Ok(serde_json::to_vec(&question(reader)?)));
    text.await?.map(json).map_err(Fault::internal)
}

/// A JSON answer from what needs no store.
pub(crate) fn write(answer: &impl Serialize) -> Answer {
    serde_json::to_vec(answer).map(json).map_err(Fault::internal)
}

/// JSON text as an answer that nobody keeps.
pub(crate) fn json(text: Vec<u8>) -> Response<Body> {
    json_body(Body::from(text))
}

/// JSON text in pieces; one that is whole is sent with its length.
pub(crate) fn json_of(mut pieces: Vec<Vec<u8>>) -> Response<Body> {
    match (pieces.pop(), pieces.is_empty()) {
        (Some(whole), true) => json(whole),
        (last, _) => {
            let all = pieces.into_iter().chain(last).map(Ok::<_, Infallible>);
            json_body(Body::from_stream(iter(all)))
        }
    }
}

fn json_body(body: Body) -> Response<Body> {
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
