//! OTLP over gRPC: the three export services by tonic, with a codec that hands out the bytes as they came.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{StatusCode, Version, request};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use bytes::{Buf, BufMut, Bytes};
use parking_lot::Mutex;
use tokio::time::timeout;
use tonic::codec::{Codec, CompressionEncoding, DecodeBuf, Decoder, EncodeBuf, Encoder};
use tonic::server::{Grpc, UnaryService};
use watchglass_otlp::{Code, Encoding, Status, encode_response};
use watchglass_storage::Signal;

use super::http::service_of;
use super::weighed::Weighed;
use super::{Receiver, now};
use crate::budget::Share;
use crate::guard::{Guard, is_grpc};
use crate::mistake::Kind;
use crate::pipeline::Pipeline;
use crate::refusal::Refusal;

/// How long a request may take, the sender's pauses included.
const PATIENCE: Duration = Duration::from_mins(2);

#[derive(Debug)]
struct Server {
    receiver: Receiver,
    guard: Guard,
}

/// The three services alone, as on port 4317: everything else is a mistake, and is told so.
pub fn alone(receiver: Receiver, guard: Guard) -> Router {
    Router::new()
        .route(
            "/opentelemetry.proto.collector.trace.v1.TraceService/Export",
            any(traces),
        )
        .route(
            "/opentelemetry.proto.collector.logs.v1.LogsService/Export",
            any(logs),
        )
        .route(
            "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export",
            any(metrics),
        )
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
        let (parts, body) = request.into_parts();
        if !is_grpc(&parts.headers) || parts.version < Version::HTTP_2 {
            return self.not_grpc(&parts);
        }
        if let Err(sentence) = self.guard.check_grpc(&parts) {
            return tonic::Status::permission_denied(sentence).into_http();
        }
        let pipeline = self.receiver.pipeline.clone();
        let limit = pipeline.limits().request_bytes;
        let share = Arc::new(Mutex::new(pipeline.share()));
        let request = Request::from_parts(parts, Weighed::new(body, Arc::clone(&share)));
        let mut grpc = Grpc::new(AsTheyCame)
            .accept_compressed(CompressionEncoding::Gzip)
            .accept_compressed(CompressionEncoding::Zstd)
            .max_decoding_message_size(limit);
        let call = Call {
            receiver: self.receiver.clone(),
            signal,
            share,
        };
        match timeout(PATIENCE, grpc.unary(call, request)).await {
            Ok(response) => self.repaired(response, limit).into_response(),
            Err(_) => tonic::Status::unavailable("the request took too long").into_http(),
        }
    }

    /// tonic says `OUT_OF_RANGE`, which clients retry, of messages that are too large, and `INTERNAL` of bytes that
    /// are not what they claim to be; neither went through [`Call`], so neither is counted yet.
    fn repaired(
        &self,
        response: axum::http::Response<tonic::body::Body>,
        limit: usize,
    ) -> axum::http::Response<tonic::body::Body> {
        let Some(status) = tonic::Status::from_header_map(response.headers()) else {
            return response;
        };
        let refusal = match status.code() {
            _ if !status.details().is_empty() => return response,
            tonic::Code::OutOfRange | tonic::Code::ResourceExhausted => Refusal::TooLarge { limit },
            tonic::Code::Internal => Refusal::Invalid {
                message: status.message().to_owned(),
                field: String::new(),
            },
            tonic::Code::Unimplemented => {
                self.receiver
                    .mistake(Kind::UnsupportedEncoding, status.message());
                return response;
            }
            _ => return response,
        };
        self.receiver.refused(&refusal);
        grpc_status(&refusal.status()).into_http()
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
pub(super) fn grpc_status(status: &Status) -> tonic::Status {
    let code = tonic::Code::from(status.code as i32);
    let details = if status.retry_after.is_some() || status.field.is_some() {
        Bytes::from(status.encode(Encoding::Protobuf))
    } else {
        Bytes::new()
    };
    tonic::Status::with_details(code, status.message.as_str(), details)
}

/// One call of an export method.
struct Call {
    receiver: Receiver,
    signal: Signal,
    /// What the bytes on the wire weigh.
    share: Arc<Mutex<Share>>,
}

type Answer = Result<tonic::Response<Bytes>, tonic::Status>;

impl UnaryService<Bytes> for Call {
    type Response = Bytes;
    type Future = Pin<Box<dyn Future<Output = Answer> + Send>>;

    fn call(&mut self, request: tonic::Request<Bytes>) -> Self::Future {
        let receiver = self.receiver.clone();
        let signal = self.signal;
        let pipeline = receiver.pipeline.clone();
        // The message may be larger than what came over the wire; what came over the wire is gone.
        let mut share = pipeline.share();
        let is_within = share.grow(request.get_ref().len()).is_ok();
        *self.share.lock() = pipeline.share();
        Box::pin(async move {
            let taken = if is_within {
                let (counters, request) = (&receiver.counters, request.into_inner());
                pipeline
                    .accept_within(counters, signal, request, now(), share)
                    .await
            } else {
                Err(Pipeline::busy())
            };
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
