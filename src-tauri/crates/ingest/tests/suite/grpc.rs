//! OTLP over gRPC.

use opentelemetry_proto::tonic::collector::logs::v1::logs_service_client::LogsServiceClient;
use opentelemetry_proto::tonic::collector::metrics::v1::metrics_service_client::MetricsServiceClient;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::collector::trace::v1::trace_service_client::TraceServiceClient;
use prost::Message;
use tonic::Code;
use tonic::codec::CompressionEncoding;
use tonic::transport::{Channel, Endpoint};
use watchglass_ingest::{Guard, Kind, Receiver, receiver};
use watchglass_model::Timestamp;

use crate::exports;
use crate::scene::Scene;

pub(crate) async fn channel(address: std::net::SocketAddr) -> Channel {
    let endpoint = Endpoint::from_shared(format!("http://{address}")).unwrap();
    endpoint.connect().await.unwrap()
}

#[tokio::test]
async fn all_three_signals_arrive_plain_and_compressed() {
    let scene = Scene::new().await;
    let channel = channel(scene.grpc).await;
    for encoding in [None, Some(CompressionEncoding::Gzip), Some(CompressionEncoding::Zstd)] {
        let mut traces = TraceServiceClient::new(channel.clone());
        let mut logs = LogsServiceClient::new(channel.clone());
        let mut metrics = MetricsServiceClient::new(channel.clone());
        if let Some(encoding) = encoding {
            traces = traces.send_compressed(encoding).accept_compressed(encoding);
            logs = logs.send_compressed(encoding);
            metrics = metrics.send_compressed(encoding);
        }
        let answer = traces.export(exports::traces(3, 0)).await.unwrap().into_inner();
        assert_eq!(answer.partial_success, None);
        logs.export(exports::logs("hello")).await.unwrap();
        metrics.export(exports::metrics()).await.unwrap();
    }
    assert_eq!(scene.store.rows(), [9, 3, 3]);
    let spans = scene.store.spans();
    let span = spans[0].get(2).unwrap();
    assert_eq!((span.service(), span.name()), ("shop", "span 2"));
    let counts = scene.pipeline.counts(Timestamp::MAX);
    let (name, count) = counts.iter().find(|(name, _)| *name == "otlp-grpc").unwrap();
    assert_eq!((*name, count.total.requests, count.total.spans), ("otlp-grpc", 9, 9));
    assert_eq!((count.total.log_records, count.total.points), (3, 3));
}

#[tokio::test]
async fn spans_without_ids_are_reported_as_partial_success() {
    let scene = Scene::new().await;
    let mut client = TraceServiceClient::new(channel(scene.grpc).await);
    let answer = client.export(exports::traces(2, 1)).await.unwrap().into_inner();
    let partial = answer.partial_success.unwrap();
    assert_eq!(partial.rejected_spans, 1);
    assert!(
        partial.error_message.contains("span 2 of resource_spans[0]"),
        "{}",
        partial.error_message
    );
    assert_eq!(scene.store.rows(), [2, 0, 0]);
}

#[tokio::test]
async fn empty_requests_succeed() {
    let scene = Scene::new().await;
    let mut client = TraceServiceClient::new(channel(scene.grpc).await);
    let answer = client.export(ExportTraceServiceRequest::default()).await.unwrap();
    assert_eq!(answer.into_inner().partial_success, None);
}

/// Sends bytes as the message of an export of traces.
async fn send_raw(scene: &Scene, message: &'static [u8]) -> tonic::Status {
    let mut client = tonic::client::Grpc::new(channel(scene.grpc).await);
    client.ready().await.unwrap();
    let path = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";
    let path = tonic::codegen::http::uri::PathAndQuery::from_static(path);
    let codec = crate::grpc::raw::Raw;
    let request = tonic::Request::new(bytes::Bytes::from_static(message));
    client.unary(request, path, codec).await.unwrap_err()
}

#[tokio::test]
async fn what_is_not_otlp_is_an_invalid_argument_with_its_place() {
    let scene = Scene::new().await;
    let status = send_raw(&scene, b"\x0a\x07\x12\x05\x12\x03\x2a\x01\xff").await;
    assert_eq!(status.code(), Code::InvalidArgument);
    let place = "resource_spans[0].scope_spans[0].spans[0].name";
    assert!(status.message().contains(place), "{}", status.message());
    let details = String::from_utf8_lossy(status.details()).into_owned();
    assert!(details.contains("google.rpc.BadRequest") && details.contains(place));
    assert_eq!(scene.mistake(Kind::Invalid).port, scene.grpc.port());
    let counts = scene.pipeline.counts(Timestamp::MAX);
    assert_eq!(counts.iter().map(|(_, count)| count.total.refused).sum::<u64>(), 1);
}

#[tokio::test]
async fn a_foreign_authority_is_refused() {
    let scene = Scene::new().await;
    let endpoint = Endpoint::from_shared(format!("http://{}", scene.grpc)).unwrap();
    let endpoint = endpoint.origin("http://evil.test:4317".parse().unwrap());
    let mut client = TraceServiceClient::new(endpoint.connect().await.unwrap());
    let status = client.export(exports::traces(1, 0)).await.unwrap_err();
    assert_eq!(status.code(), Code::PermissionDenied);
    assert_eq!(scene.mistake(Kind::ForeignHost).count, 1);
    assert_eq!(scene.store.rows(), [0, 0, 0]);
}

#[tokio::test]
async fn an_unknown_method_is_unimplemented() {
    let scene = Scene::new().await;
    let mut client = tonic::client::Grpc::new(channel(scene.grpc).await);
    client.ready().await.unwrap();
    let path = tonic::codegen::http::uri::PathAndQuery::from_static("/shop.v1.Cart/Get");
    let request = tonic::Request::new(bytes::Bytes::new());
    let status = client.unary(request, path, raw::Raw).await.unwrap_err();
    assert_eq!(status.code(), Code::Unimplemented);
}

/// Sends the body of a call as it stands, with an encoding, and gives the status and its message.
async fn send_frame(scene: &Scene, encoding: &str, frame: Vec<u8>) -> (Option<Code>, String) {
    use tower::ServiceExt;
    let request =
        axum::http::Request::post("/opentelemetry.proto.collector.logs.v1.LogsService/Export")
            .version(axum::http::Version::HTTP_2)
            .header("content-type", "application/grpc")
            .header("grpc-encoding", encoding)
            .body(axum::body::Body::from(frame))
            .unwrap();
    let receiver = Receiver::new(
        scene.pipeline.clone(),
        scene.mistakes.clone(),
        "otlp-grpc",
        scene.grpc.port(),
    );
    let guard = Guard::new(scene.grpc.port(), scene.mistakes.clone());
    let response = receiver::grpc::alone(receiver, guard).oneshot(request).await.unwrap();
    let status = tonic::Status::from_header_map(response.headers());
    status
        .map_or((None, String::new()), |status| (Some(status.code()), status.message().to_owned()))
}

fn frame(flag: u8, message: &[u8]) -> Vec<u8> {
    let length = u32::try_from(message.len()).unwrap().to_be_bytes();
    [&[flag], length.as_slice(), message].concat()
}

#[tokio::test]
async fn calls_that_are_not_one_message_are_invalid() {
    let scene = Scene::new().await;
    let good = exports::logs("x").encode_to_vec();
    assert_eq!(send_frame(&scene, "identity", frame(0, &good)).await.0, None);
    assert_eq!(send_frame(&scene, "deflate", frame(1, &exports::deflate(&good))).await.0, None);
    let cases = [
        ("identity", Vec::new(), "holds no message"),
        ("identity", vec![0, 0, 0, 0], "holds no message"),
        ("identity", vec![0, 0, 0, 0, 9, 1], "holds 1 bytes where one message of 9"),
        ("identity", [frame(0, &good), frame(0, &good)].concat(), "one message of"),
        ("identity", frame(1, &good), "no encoding is named"),
        ("gzip", frame(1, b"plain"), "not what its content encoding says"),
        ("gzip", frame(2, &good), "unknown flag"),
    ];
    for (encoding, body, expected) in cases {
        let (code, message) = send_frame(&scene, encoding, body).await;
        assert_eq!(code, Some(Code::InvalidArgument), "{message}");
        assert!(message.contains(expected), "{message}");
    }
    let (code, _) = send_frame(&scene, "snappy", frame(1, &good)).await;
    assert_eq!(code, Some(Code::Unimplemented));
    assert_eq!(scene.mistake(Kind::UnsupportedEncoding).count, 1);
    assert_eq!(scene.store.rows(), [0, 2, 0]);
}

#[tokio::test]
async fn zstd_frames_that_want_a_giant_window_are_invalid() {
    // A frame header with a window of 1 GiB, and an empty last block.
    let giant = [0x28, 0xb5, 0x2f, 0xfd, 0x00, 0xa0, 0x01, 0x00, 0x00];
    let scene = Scene::new().await;
    let (code, message) = send_frame(&scene, "zstd", frame(1, &giant)).await;
    assert_eq!(code, Some(Code::InvalidArgument), "{message}");
    assert!(message.contains("too much memory"), "{message}");
}

pub(crate) mod raw {
    //! A codec for messages that are no messages.

    use bytes::{Buf, BufMut, Bytes};
    use tonic::Status;
    use tonic::codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder};

    #[derive(Debug, Clone, Copy)]
    pub(crate) struct Raw;

    impl Codec for Raw {
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

    impl Encoder for Raw {
        type Item = Bytes;
        type Error = Status;

        fn encode(&mut self, item: Bytes, out: &mut EncodeBuf<'_>) -> Result<(), Status> {
            out.put(item);
            Ok(())
        }
    }

    impl Decoder for Raw {
        type Item = Bytes;
        type Error = Status;

        fn decode(&mut self, message: &mut DecodeBuf<'_>) -> Result<Option<Bytes>, Status> {
            Ok(Some(message.copy_to_bytes(message.remaining())))
        }
    }
}
