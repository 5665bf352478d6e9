//! Size limits at their edge, bombs, and what happens when too much comes at once.

use std::sync::Arc;

use opentelemetry_proto::tonic::collector::logs::v1::logs_service_client::LogsServiceClient;
use parking_lot::Mutex;
use prost::Message;
use tonic::Code;
use tonic::codec::CompressionEncoding;
use watchglass_ingest::{Kind, Limits};
use watchglass_storage::{Arrival, Done, MemoryStore, WriteError, Writer};

use crate::exports;
use crate::grpc::channel;
use crate::scene::{Scene, until};

const PROTOBUF: (&str, &str) = ("content-type", "application/x-protobuf");
const GZIP: (&str, &str) = ("content-encoding", "gzip");

const SMALL: Limits = Limits { request_bytes: 100_000, in_flight_bytes: 250_000, live_batches: 4 };

#[tokio::test]
async fn http_requests_of_just_the_limit_are_taken_and_larger_ones_are_not() {
    let scene = Scene::with_limits(SMALL).await;
    let just = exports::logs_of_size(100_000).encode_to_vec();
    let over = exports::logs_of_size(100_001).encode_to_vec();
    assert_eq!(scene.post("/v1/logs", &[PROTOBUF], &just).await.status, 200);
    assert_eq!(scene.post("/v1/logs", &[PROTOBUF], &over).await.status, 413);
    let far_over = vec![0; 8 << 20];
    assert_eq!(scene.post("/v1/logs", &[PROTOBUF], &far_over).await.status, 413);
    let (just, over) = (exports::gzip(&just), exports::gzip(&over));
    assert_eq!(scene.post("/v1/logs", &[PROTOBUF, GZIP], &just).await.status, 200);
    let reply = scene.post("/v1/logs", &[PROTOBUF, GZIP], &over).await;
    assert_eq!((reply.status, reply.header("retry-after")), (413, ""));
    assert_eq!(reply.body[..2], [8, 8]);
    assert_eq!(scene.store.rows(), [0, 2, 0]);
    assert_eq!(scene.mistake(Kind::TooLarge).count, 3);
}

#[tokio::test]
async fn grpc_requests_of_just_the_limit_are_taken_and_larger_ones_are_not() {
    let scene = Scene::with_limits(SMALL).await;
    let channel = channel(scene.grpc).await;
    let plain = LogsServiceClient::new(channel.clone());
    let gzip = LogsServiceClient::new(channel.clone()).send_compressed(CompressionEncoding::Gzip);
    let zstd = LogsServiceClient::new(channel).send_compressed(CompressionEncoding::Zstd);
    for mut client in [plain, gzip, zstd] {
        client.export(exports::logs_of_size(100_000)).await.unwrap();
        let status = client.export(exports::logs_of_size(100_001)).await.unwrap_err();
        assert_eq!(status.code(), Code::ResourceExhausted, "{status}");
        assert!(status.details().is_empty());
    }
    assert_eq!(scene.store.rows(), [0, 3, 0]);
    assert_eq!(scene.mistake(Kind::TooLarge).count, 3);
}

#[tokio::test]
async fn a_bomb_is_refused_at_the_limit() {
    let scene = Scene::with_limits(SMALL).await;
    let bomb = exports::gzip(&vec![0; 90_000_000]);
    assert!(bomb.len() > 400_000, "{}", bomb.len());
    let reply = scene.post("/v1/traces", &[PROTOBUF, GZIP], &bomb[..90_000]).await;
    assert_eq!(reply.status, 413);
    let zstd = exports::zstd(&vec![0; 90_000_000]);
    assert!(zstd.len() < 100_000);
    let headers = [PROTOBUF, ("content-encoding", "zstd")];
    assert_eq!(scene.post("/v1/traces", &headers, &zstd).await.status, 413);
}

#[tokio::test]
async fn fifty_megabytes_arrive_in_one_request() {
    let scene = Scene::new().await;
    let body = exports::logs_of_size(50 << 20).encode_to_vec();
    assert_eq!(scene.post("/v1/logs", &[PROTOBUF], &body).await.status, 200);
    let mut client = LogsServiceClient::new(channel(scene.grpc).await);
    client.export(exports::logs_of_size(50 << 20)).await.unwrap();
    assert_eq!(scene.store.rows(), [0, 2, 0]);
}

/// A store that answers when it is told to.
#[derive(Default)]
struct SlowStore {
    waiting: Mutex<Vec<Done>>,
}

impl SlowStore {
    fn finish(&self, result: &Result<(), WriteError>) {
        for done in self.waiting.lock().drain(..) {
            done(result.clone());
        }
    }
}

impl Writer for SlowStore {
    fn append(&self, _arrival: Arrival, done: Done) {
        self.waiting.lock().push(done);
    }
}

#[tokio::test]
async fn requests_beyond_the_budget_are_told_to_come_again() {
    let slow = Arc::new(SlowStore::default());
    let writer = Arc::clone(&slow);
    let scene = Scene::with_writer(Arc::new(MemoryStore::new()), writer, SMALL).await;
    // What counts is what a request holds, not how small it was made for the way.
    let body = exports::gzip(&exports::logs_of_size(99_000).encode_to_vec());
    let first = scene.post("/v1/logs", &[PROTOBUF, GZIP], &body);
    let second = scene.post("/v1/logs", &[PROTOBUF, GZIP], &body);
    let rest = async {
        until(|| slow.waiting.lock().len() == 2).await;
        let reply = scene.post("/v1/logs", &[PROTOBUF, GZIP], &body);
        let patience = std::time::Duration::from_secs(10);
        let reply = tokio::time::timeout(patience, reply).await.unwrap();
        assert_eq!((reply.status, reply.header("retry-after")), (503, "1"));
        assert_eq!(reply.body[..2], [8, 14]);
        let mut client = LogsServiceClient::new(channel(scene.grpc).await);
        let status = client.export(exports::logs_of_size(99_000)).await.unwrap_err();
        assert_eq!(status.code(), Code::Unavailable);
        let details = String::from_utf8_lossy(status.details()).into_owned();
        assert!(details.contains("google.rpc.RetryInfo"), "{details}");
        slow.finish(&Ok(()));
    };
    let (first, second, ()) = tokio::join!(first, second, rest);
    assert_eq!((first.status, second.status), (200, 200));
    let third = scene.post("/v1/logs", &[PROTOBUF, GZIP], &body);
    let finish = async {
        until(|| !slow.waiting.lock().is_empty()).await;
        slow.finish(&Ok(()));
    };
    assert_eq!(tokio::join!(third, finish).0.status, 200);
}

#[tokio::test]
async fn a_store_that_cannot_write_is_unavailable() {
    let slow = Arc::new(SlowStore::default());
    let writer = Arc::clone(&slow);
    let scene = Scene::with_writer(Arc::new(MemoryStore::new()), writer, SMALL).await;
    let mut live = scene.pipeline.subscribe();
    let body = exports::logs("x").encode_to_vec();
    let failures = [
        (WriteError::Overloaded { retry_after: std::time::Duration::from_millis(2500) }, "3"),
        (WriteError::Disk("no space left".to_owned()), "5"),
        (WriteError::Closed, "5"),
    ];
    for (failure, retry) in failures {
        let reply = scene.post("/v1/logs", &[PROTOBUF], &body);
        let finish = async {
            until(|| !slow.waiting.lock().is_empty()).await;
            slow.finish(&Err(failure));
        };
        let (reply, ()) = tokio::join!(reply, finish);
        assert_eq!((reply.status, reply.header("retry-after")), (503, retry));
    }
    assert!(live.try_recv().is_err());
}
