//! OTLP over gRPC: the three export services by tonic, with a codec that hands out the bytes as they came.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::HeaderName;
use axum::http::{HeaderValue, StatusCode, Version, request};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use bytes::{Buf, BufMut, Bytes};
use tonic::codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder};
use tonic::server::{Grpc, UnaryService};
use watchglass_otlp::{Code, Encoding, Status, encode_response};
use watchglass_storage::Signal;

use super::http::service_of;
use super::reading::{broken, decompress, read_body};
use super::{Receiver, now};
use crate::budget::Share;
use crate::guard::{Guard, is_grpc};
use crate::inflate::Compression;
use crate::mistake::Kind;
use crate::pipeline::Pipeline;
use crate::refusal::Refusal;

const GRPC_ENCODING: HeaderName = HeaderName::from_static("grpc-encoding");
const GRPC_ACCEPT_ENCODING: HeaderName = HeaderName::from_static("grpc-accept-encoding");

/// Bytes before a message: a flag and the length.
const FRAME_HEAD: usize = 5;

#[derive(Debug)]
struct Server {
    receiver: Receiver,
    guard: Guard,
}

/// The three services alone, as on port 4317: everything else is a mistake, and is told so.
pub fn alone(receiver: Receiver, guard: Guard) -> Router {
    Router::new()
        .route("/opentelemetry.proto.collector.trace.v1.TraceService/Export", any(traces))
        .route("/opentelemetry.proto.collector.logs.v1.LogsService/Export", any(logs))
        .route("/opentelemetry.proto.collector.metrics.v1.MetricsService/Export", any(metrics))
        .fallback(other)
        .with_state(Arc::new(Server { receiver, guard }))
}

async fn traces(State(server): State<Arc<Server>>, request: Request) -> Response {
    server.export(Signal::Traces, request).await
}

async fn logs(State(server): State<Arc<Server>>, request: Request) -> Response {
    server.export(Signal::Logs, request).await
}

async fn metrics(State(server): State<Arc<Server>>, request: Request) -> Response {
    server.export(Signal::Metrics, request).await
}

async fn other(State(server): State<Arc<Server>>, request: Request) -> Response {
    let (parts, _body) = request.into_parts();
    if !is_grpc(&parts.headers) || parts.version < Version::HTTP_2 {
        return server.not_grpc(&parts);
    }
    let path = parts.uri.path();
    tonic::Status::unimplemented(format!("there is no method {path} here")).into_http()
}

impl Server {
    async fn export(&self, signal: Signal, request: Request) -> Response {
        let (mut parts, body) = request.into_parts();
        if !is_grpc(&parts.headers) || parts.version < Version::HTTP_2 {
            return self.not_grpc(&parts);
        }
        if let Err(sentence) = self.guard.check_grpc(&parts) {
            return tonic::Status::permission_denied(sentence).into_http();
        }
        let encoding = parts.headers.remove(GRPC_ENCODING);
        let encoding = encoding.as_ref().map_or(Ok(""), HeaderValue::to_str);
        let compression = match Compression::named(encoding.unwrap_or("unreadable")) {
            Ok(compression) => compression,
            Err(name) => return self.unknown_encoding(name),
        };
        let pipeline = &self.receiver.pipeline;
        let mut share = pipeline.share();
        let message = match read_message(pipeline, compression, body, &mut share).await {
            Ok(message) => message,
            Err(refusal) => {
                self.receiver.refused(&refusal);
                return grpc_status(&refusal.status()).into_http();
            }
        };
        let call =
            Call { receiver: self.receiver.clone(), signal, message: Some((message, share)) };
        // The message has been read; tonic gets an empty one in its place, and writes the answer and its trailers.
        let empty = Body::from(Bytes::from_static(&[0; FRAME_HEAD]));
        let mut grpc = Grpc::new(AsTheyCame);
        grpc.unary(call, Request::from_parts(parts, empty)).await.into_response()
    }

    fn unknown_encoding(&self, name: &str) -> Response {
        self.receiver.counters.refused(now());
        let sentence = self.receiver.mistake(Kind::UnsupportedEncoding, name);
        let mut response: Response = tonic::Status::unimplemented(sentence).into_http();
        let accepted = HeaderValue::from_static("identity,gzip,zstd,deflate");
        response.headers_mut().insert(GRPC_ACCEPT_ENCODING, accepted);
        response
    }

    fn not_grpc(&self, parts: &request::Parts) -> Response {
        let seen = format!("{} {} {:?}", parts.method, parts.uri.path(), parts.version);
        let sentence = self.receiver.mistake(Kind::HttpOnGrpcPort, &seen);
        self.receiver.counters.refused(now());
        let status = Status::new(Code::InvalidArgument, sentence);
        crate::answer::refuse(StatusCode::BAD_REQUEST, &status, &parts.headers)
    }
}

/// A status as tonic has it, with details.
fn grpc_status(status: &Status) -> tonic::Status {
    let code = tonic::Code::from(status.code as i32);
    let details = if status.retry_after.is_some() || status.field.is_some() {
        Bytes::from(status.encode(Encoding::Protobuf))
    } else {
        Bytes::new()
    };
    tonic::Status::with_details(code, status.message.as_str(), details)
}

/// Reads the one message of a call. Done here and not by tonic, which decompresses on the threads that serve
/// connections, lets zstd ask for windows of 128 MiB, and says `OUT_OF_RANGE`, which clients retry, of what is too
/// large.
async fn read_message(
    pipeline: &Pipeline,
    compression: Option<Compression>,
    body: Body,
    share: &mut Share,
) -> Result<Bytes, Refusal> {
    let limit = pipeline.limits().request_bytes;
    let frame =
        read_body(body, limit.saturating_add(FRAME_HEAD), share).await.map_err(|refusal| {
            match refusal {
                Refusal::TooLarge { .. } => Refusal::TooLarge { limit },
                other => other,
            }
        })?;
    let Some((&[flag, a, b, c, d], message)) = frame.split_first_chunk() else {
        return Err(broken("the call holds no message"));
    };
    let length = usize::try_from(u32::from_be_bytes([a, b, c, d])).unwrap_or(usize::MAX);
    if length != message.len() {
        let found = message.len();
        return Err(broken(&format!(
            "the call holds {found} bytes where one message of {length} is announced"
        )));
    }
    let message = frame.slice(FRAME_HEAD..);
    match (flag, compression) {
        (0, _) => Ok(message),
        (1, Some(compression)) => decompress(pipeline, compression, message, share).await,
        (1, None) => Err(broken("the message is compressed, and no encoding is named")),
        _ => Err(broken("the message has an unknown flag")),
    }
}

/// One call of an export method, whose message has been read.
struct Call {
    receiver: Receiver,
    signal: Signal,
    message: Option<(Bytes, Share)>,
}

type Answer = Result<tonic::Response<Bytes>, tonic::Status>;

impl UnaryService<Bytes> for Call {
    type Response = Bytes;
    type Future = Pin<Box<dyn Future<Output = Answer> + Send>>;

    fn call(&mut self, _empty: tonic::Request<Bytes>) -> Self::Future {
        let receiver = self.receiver.clone();
        let signal = self.signal;
        let message = self.message.take();
        Box::pin(async move {
            let Some((message, share)) = message else {
                return Err(tonic::Status::internal("called twice"));
            };
            let taken = receiver
                .pipeline
                .accept_within(&receiver.counters, signal, message, now(), share)
                .await;
            match taken {
                Ok(rejected) => {
                    let body = encode_response(service_of(signal), Encoding::Protobuf, &rejected);
                    Ok(tonic::Response::new(Bytes::from(body)))
                }
                Err(refusal) => {
                    receiver.refused(&refusal);
                    Err(grpc_status(&refusal.status()))
                }
            }
        })
    }
}

/// A codec that leaves messages as they are.
#[derive(Debug, Clone, Copy)]
struct AsTheyCame;

impl Codec for AsTheyCame {
    type Encode = Bytes;
    type Decode = Bytes;
    type Encoder = Self;
    type Decoder = Self;

    fn encoder(&mut self) -> Self {
        Self
    }

    fn decoder(&mut self) -> Self {
        Self
    }
}

impl Encoder for AsTheyCame {
    type Item = Bytes;
    type Error = tonic::Status;

    fn encode(&mut self, message: Bytes, out: &mut EncodeBuf<'_>) -> Result<(), tonic::Status> {
        out.put(message);
        Ok(())
    }
}

impl Decoder for AsTheyCame {
    type Item = Bytes;
    type Error = tonic::Status;

    fn decode(&mut self, message: &mut DecodeBuf<'_>) -> Result<Option<Bytes>, tonic::Status> {
        Ok(Some(message.copy_to_bytes(message.remaining())))
    }
}
