//! Loki's push API (<https://grafana.com/docs/loki/latest/reference/loki-http-api/#ingest-logs>): snappy-compressed
//! protobuf or JSON, and OTLP under `/otlp`.
//!
//! A push becomes OTLP log records and goes the way of all log records. What is good of it is kept; what is not is
//! told with 400, and a sender does not send it again.

mod faults;
mod service;
mod streams;
mod translate;

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{CONTENT_ENCODING, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use bytes::Bytes;
use parking_lot::Mutex;
use tokio::task::spawn_blocking;
use watchglass_logpush::{PushError, read_json, read_protobuf, uncompress};
use watchglass_storage::Signal;

use self::faults::Faults;
use self::streams::Streams;
use self::translate::Translation;
use super::reading::{decompress, drain, read_body};
use super::{Receiver, http, now};
use crate::guard::media_type;
use crate::inflate::Compression;
use crate::mistake::Kind;
use crate::pipeline::Pipeline;
use crate::refusal::Refusal;

/// Pushes larger than this are read off the threads that serve connections.
const LARGE: usize = 64 << 10;
/// How much of a body is thrown away that is refused by its head.
const UNREAD: usize = 16 << 20;

/// The paths as Loki has them at its root.
pub fn routes(receiver: Receiver) -> Router {
    let pushes = Pushes { receiver: receiver.clone(), streams: Arc::default() };
    Router::new()
        .route("/loki/api/v1/push", post(push))
        .route("/api/prom/push", post(push))
        .with_state(pushes)
        .nest("/otlp", http::logs_alone(receiver))
}

/// The same for the main address, to be mounted under `/loki`: there clients ask both for `/loki/api/v1/push`, when
/// they are given the address alone, and for `/loki/loki/api/v1/push`, when they are given `/loki` with it.
pub fn nested_routes(receiver: Receiver) -> Router {
    let pushes = Pushes { receiver: receiver.clone(), streams: Arc::default() };
    Router::new().route("/api/v1/push", post(push)).with_state(pushes).merge(routes(receiver))
}

#[derive(Debug, Clone)]
struct Pushes {
    receiver: Receiver,
    streams: Arc<Mutex<Streams>>,
}

/// How a push is written.
#[derive(Debug, Clone, Copy)]
enum Form {
    Json,
    Protobuf,
}

async fn push(State(pushes): State<Pushes>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let receiver = &pushes.receiver;
    let (form, compression) = match announced(&parts.headers) {
        Ok(announced) => announced,
        Err(encoding) => {
            drain(body, UNREAD).await;
            receiver.counters.refused(now());
            let sentence = receiver.mistake(Kind::UnsupportedEncoding, &encoding);
            return (StatusCode::UNSUPPORTED_MEDIA_TYPE, sentence).into_response();
        }
    };
    match take(&pushes, form, compression, body).await {
        Ok(faults) if faults.is_empty() => StatusCode::NO_CONTENT.into_response(),
        Ok(faults) => {
            let text = faults.to_string();
            let _ = receiver.mistake(Kind::InvalidPush, &text);
            (StatusCode::BAD_REQUEST, text).into_response()
        }
        Err(refusal) => refused(receiver, &refusal),
    }
}

/// The form and compression of a body. Whatever is not JSON is protobuf, as in Loki; snappy is part of that form.
fn announced(headers: &HeaderMap) -> Result<(Form, Option<Compression>), String> {
    let encoding =
        headers.get(CONTENT_ENCODING).map_or("", |it| it.to_str().unwrap_or("unreadable"));
    let is_json = media_type(headers).eq_ignore_ascii_case("application/json");
    let form = if is_json { Form::Json } else { Form::Protobuf };
    if matches!(form, Form::Protobuf) && encoding.eq_ignore_ascii_case("snappy") {
        return Ok((form, None));
    }
    match Compression::named(encoding) {
        Ok(compression) => Ok((form, compression)),
        Err(name) => Err(name.to_owned()),
    }
}

fn refused(receiver: &Receiver, refusal: &Refusal) -> Response {
    match refusal {
        Refusal::Invalid { message, .. } => {
            receiver.counters.refused(now());
            let _ = receiver.mistake(Kind::InvalidPush, message);
        }
        _ => receiver.refused(refusal),
    }
    let mut response = (refusal.http_status(), refusal.to_string()).into_response();
    if let Refusal::Overloaded { retry_after, .. } = refusal {
        let seconds = HeaderValue::from(retry_after.as_secs().max(1));
        response.headers_mut().insert(RETRY_AFTER, seconds);
    }
    response
}

async fn take(
    pushes: &Pushes,
    form: Form,
    compression: Option<Compression>,
    body: Body,
) -> Result<Faults, Refusal> {
    let arrived = now();
    let Pushes { receiver, streams } = pushes;
    let pipeline = &receiver.pipeline;
    let limit = pipeline.limits().request_bytes;
    let mut share = pipeline.share();
    let mut body = read_body(body, limit, &mut share).await?;
    if let Some(compression) = compression {
        body = decompress(pipeline, compression, body, &mut share).await?;
    }
    let translation = Translation::new(arrived, Arc::clone(streams));
    let translated = if body.len() < LARGE {
        read(form, &body, limit, translation)?
    } else {
        let work = move || read(form, &body, limit, translation);
        spawn_blocking(work).await.map_err(|_| Pipeline::busy())??
    };
    let (request, faults, explosion) = translated.finish();
    if let Some(seen) = explosion {
        let _ = receiver.mistake(Kind::LabelExplosion, &seen);
    }
    // What came is gone: from here on the push weighs what it became.
    let mut share = pipeline.share();
    share.grow(request.len()).map_err(|_| Pipeline::busy())?;
    pipeline.accept_within(&receiver.counters, Signal::Logs, request, arrived, share).await?;
    Ok(faults)
}

fn read(
    form: Form,
    body: &Bytes,
    limit: usize,
    mut translation: Translation,
) -> Result<Translation, Refusal> {
    let read = match form {
        Form::Json => read_json(body, &mut translation),
        Form::Protobuf => {
            uncompress(body, limit).and_then(|bytes| read_protobuf(&bytes, &mut translation))
        }
    };
    let is_json = matches!(form, Form::Protobuf) && body.trim_ascii_start().starts_with(b"{");
    let message = match read {
        Ok(()) => return Ok(translation),
        Err(_) if is_json => {
            "the body is JSON: send it with the header Content-Type: application/json".to_owned()
        }
        Err(PushError::TooLarge { limit, .. }) => return Err(Refusal::TooLarge { limit }),
        Err(other) => other.to_string(),
    };
    Err(Refusal::Invalid { message, field: String::new() })
}
