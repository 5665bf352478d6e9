//! The end.

use std::time::Duration;

use opentelemetry_proto::tonic::collector::trace::v1::trace_service_client::TraceServiceClient;
use tokio::time::timeout;

use crate::exports;
use crate::grpc::channel;
use crate::scene::Scene;

#[tokio::test]
async fn stopping_ends_every_task_though_connections_are_open() {
    let mut scene = Scene::new().await;
    let mut client = TraceServiceClient::new(channel(scene.grpc).await);
    client.export(exports::traces(1, 0)).await.unwrap();
    let silent = tokio::net::TcpStream::connect(scene.http).await.unwrap();
    scene.stop.cancel();
    for task in scene.tasks.drain(..) {
        timeout(Duration::from_secs(4), task).await.unwrap().unwrap();
    }
    assert!(tokio::net::TcpStream::connect(scene.grpc).await.is_err());
    drop(silent);
}
