//! OTLP over HTTP: `/v1/traces`, `/v1/logs`, `/v1/metrics`, in protobuf and JSON.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{ACCEPT_ENCODING, ALLOW, CONTENT_ENCODING};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, request};
use axum::response::Response;
use axum::routing::any;
use bytes::Bytes;
use tokio::task::spawn_blocking;
use watchglass_otlp::{
    Code, Encoding, Export, Rejected, Status, encode_response, json_to_protobuf,
};
use watchglass_storage::Signal;

use super::reading::{decompress, drain, read_body};
use super::{Receiver, now};
use crate::answer::{answer, encoding_of, refuse};
use crate::guard::{is_grpc, media_type};
use crate::inflate::{ACCEPTED, Compression};
use crate::mistake::Kind;
use crate::pipeline::Pipeline;
use crate::refusal::Refusal;

/// JSON larger than this is read off the threads that serve connections.
const LARGE: usize = 64 << 10;

/// How much of a body is thrown away that is refused by its head.
const UNREAD: usize = 16 << 20;

/// The three paths, to be mounted on any HTTP surface behind a guard.
pub fn routes(receiver: Receiver) -> Router {
    let receiver = Arc::new(receiver);
    Router::new()
        .route("/v1/traces", any(traces))
        .route("/v1/logs", any(logs))
        .route("/v1/metrics", any(metrics))
        .with_state(receiver)
}

/// The path of log records alone, as Loki has it under `/otlp`.
pub(super) fn logs_alone(receiver: Receiver) -> Router {
    Router::new().route("/v1/logs", any(logs)).with_state(Arc::new(receiver))
}

/// Where Prometheus takes OTLP: metrics alone, below the root of its API.
pub fn prometheus_routes(receiver: Receiver) -> Router {
    Router::new().route("/api/v1/otlp/v1/metrics", any(metrics)).with_state(Arc::new(receiver))
}

/// The three paths alone, as on port 4318: everything else is a mistake, and is told so.
pub fn alone(receiver: Receiver) -> Router {
    let other = Arc::new(receiver.clone());
    routes(receiver).fallback(move |request: Request| wrong_path(other, request))
}

async fn traces(State(receiver): State<Arc<Receiver>>, request: Request) -> Response {
    export(&receiver, Signal::Traces, request).await
}

async fn logs(State(receiver): State<Arc<Receiver>>, request: Request) -> Response {
    export(&receiver, Signal::Logs, request).await
}

async fn metrics(State(receiver): State<Arc<Receiver>>, request: Request) -> Response {
    export(&receiver, Signal::Metrics, request).await
}

/// The signal's export service.
pub(super) const fn service_of(signal: Signal) -> Export {
    match signal {
        Signal::Traces => Export::Traces,
        Signal::Logs => Export::Logs,
        Signal::Metrics => Export::Metrics,
    }
}

async fn export(receiver: &Receiver, signal: Signal, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let (encoding, compression) = match declared(receiver, &parts) {
        Ok(declared) => declared,
        Err(response) => {
            drain(body, UNREAD).await;
            return *response;
        }
    };
    match take(receiver, signal, (encoding, compression), body).await {
        Ok(rejected) => {
            let body = encode_response(service_of(signal), encoding, &rejected);
            answer(StatusCode::OK, encoding, body)
        }
        Err(failure) => {
            let refusal = failure.told(receiver, parts.uri.path());
            refuse(refusal.http_status(), &refusal.status(), &parts.headers)
        }
    }
}

/// A refusal, and the mistake that the first bytes of the body give away.
struct Failure {
    refusal: Refusal,
    kind: Option<Kind>,
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self { refusal, kind: None }
    }
}

impl Failure {
    /// Counts and notes it; the sender is told of the mistake rather than of its consequence.
    fn told(self, receiver: &Receiver, path: &str) -> Refusal {
        match (self.kind, self.refusal) {
            (Some(kind), Refusal::Invalid { message, field }) => {
                receiver.counters.refused(now());
                let sentence = receiver.mistake(kind, path);
                let message = format!("{sentence} ({message})");
                Refusal::Invalid { message, field }
            }
            (_, refusal) => {
                receiver.refused(&refusal);
                refusal
            }
        }
    }
}

/// What the request's head says about its body, or the answer to a head that says nothing sensible.
fn declared(
    receiver: &Receiver,
    parts: &request::Parts,
) -> Result<(Encoding, Option<Compression>), Box<Response>> {
    let headers = &parts.headers;
    if is_grpc(headers) {
        return Err(Box::new(refuse_grpc(receiver, parts)));
    }
    let refused = |code, status: StatusCode, sentence: String| {
        receiver.counters.refused(now());
        Box::new(refuse(status, &Status::new(code, sentence), headers))
    };
    if parts.method != Method::POST {
        let seen = format!("{} {}", parts.method, parts.uri.path());
        let sentence = receiver.mistake(Kind::WrongMethod, &seen);
        let mut response = refused(Code::Unimplemented, StatusCode::METHOD_NOT_ALLOWED, sentence);
        let post = HeaderValue::from_static("POST");
        response.headers_mut().insert(ALLOW, post);
        return Err(response);
    }
    let unsupported = StatusCode::UNSUPPORTED_MEDIA_TYPE;
    let Some(encoding) = encoding_of(headers) else {
        let sentence = receiver.mistake(Kind::UnsupportedType, media_type(headers));
        return Err(refused(Code::InvalidArgument, unsupported, sentence));
    };
    match Compression::named(content_encoding(headers)) {
        Ok(compression) => Ok((encoding, compression)),
        Err(name) => {
            let sentence = receiver.mistake(Kind::UnsupportedEncoding, name);
            let mut response = refused(Code::InvalidArgument, unsupported, sentence);
            let accepted = HeaderValue::from_static(ACCEPTED);
            response.headers_mut().insert(ACCEPT_ENCODING, accepted);
            Err(response)
        }
    }
}

fn content_encoding(headers: &HeaderMap) -> &str {
    let value = headers.get(CONTENT_ENCODING).map(HeaderValue::to_str);
    match value {
        None => "",
        Some(text) => text.unwrap_or("unreadable"),
    }
}

async fn take(
    receiver: &Receiver,
    signal: Signal,
    (encoding, compression): (Encoding, Option<Compression>),
    body: Body,
) -> Result<Rejected, Failure> {
    let arrived = now();
    let pipeline = &receiver.pipeline;
    let mut share = pipeline.share();
    let limit = pipeline.limits().request_bytes;
    let mut body = read_body(body, limit, &mut share).await?;
    if let Some(compression) = compression {
        body = decompress(pipeline, compression, body, &mut share).await?;
    }
    let sniffed = |refusal| Failure { kind: sniff(encoding, &body), refusal };
    let request = match encoding {
        Encoding::Protobuf => body.clone(),
        Encoding::Json => protobuf_of(signal, body.clone()).await.map_err(sniffed)?,
    };
    pipeline
        .accept_within(&receiver.counters, signal, request, arrived, share)
        .await
        .map_err(sniffed)
}

async fn protobuf_of(signal: Signal, json: Bytes) -> Result<Bytes, Refusal> {
    let export = service_of(signal);
    let translated = if json.len() < LARGE {
        json_to_protobuf(export, &json)
    } else {
        spawn_blocking(move || json_to_protobuf(export, &json))
            .await
            .map_err(|_| Pipeline::busy())?
    };
    translated.map(Bytes::from).map_err(|error| Refusal::Invalid {
        message: format!("not an OTLP/JSON {} request: {error}", signal.name()),
        field: error.path,
    })
}

/// Looks at the first bytes of a body that could not be read, for the mistake behind it.
fn sniff(encoding: Encoding, body: &[u8]) -> Option<Kind> {
    let begins = |with: &[u8]| body.starts_with(with);
    let is_json = match body.trim_ascii_start() {
        [b'{', rest @ ..] => matches!(rest.trim_ascii_start(), [b'"' | b'}', ..]),
        _ => false,
    };
    match encoding {
        _ if begins(GZIP) || begins(ZSTD) => Some(Kind::UndeclaredEncoding),
        Encoding::Protobuf if is_json => Some(Kind::JsonAsProtobuf),
        // Field 1, length-delimited: the resources of every signal.
        Encoding::Json if begins(&[0x0a]) && !is_json => Some(Kind::ProtobufAsJson),
        _ => None,
    }
}

/// How compressed data begins.
const GZIP: &[u8] = &[0x1f, 0x8b];
const ZSTD: &[u8] = &[0x28, 0xb5, 0x2f, 0xfd];

async fn wrong_path(receiver: Arc<Receiver>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    drain(body, UNREAD).await;
    if is_grpc(&parts.headers) {
        return refuse_grpc(&receiver, &parts);
    }
    let sentence = receiver.mistake(Kind::WrongPath, parts.uri.path());
    let status = Status::new(Code::NotFound, sentence);
    refuse(StatusCode::NOT_FOUND, &status, &parts.headers)
}

/// gRPC at a port for HTTP: answered as gRPC, so that the client shows the sentence.
fn refuse_grpc(receiver: &Receiver, parts: &request::Parts) -> Response {
    let sentence = receiver.mistake(Kind::GrpcOnHttpPort, parts.uri.path());
    tonic::Status::unimplemented(sentence).into_http()
}
