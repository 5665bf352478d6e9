//! The live tail.

use prost::Message;
use tokio::sync::broadcast::error::RecvError;
use watchglass_ingest::Limits;
use watchglass_storage::{Batch, Signal};

use crate::exports;
use crate::scene::Scene;

const PROTOBUF: (&str, &str) = ("content-type", "application/x-protobuf");

#[tokio::test]
async fn subscribers_see_what_is_stored() {
    let scene = Scene::new().await;
    let mut live = scene.pipeline.subscribe();
    let body = exports::traces(2, 1).encode_to_vec();
    scene.post("/v1/traces", &[PROTOBUF], &body).await;
    let seen = live.recv().await.unwrap();
    assert_eq!((seen.batch.signal(), seen.batch.len()), (Signal::Traces, 2));
    let Batch::Spans(spans) = seen.batch else { panic!() };
    assert!(std::sync::Arc::ptr_eq(&spans, &scene.store.spans()[0]));
    assert!(seen.received.0 > 1_600_000_000_000_000_000);
}

#[tokio::test]
async fn slow_subscribers_learn_how_much_they_missed() {
    let limits = Limits { live_batches: 2, ..Limits::default() };
    let scene = Scene::with_limits(limits).await;
    let mut live = scene.pipeline.subscribe();
    for number in 0..5 {
        let body = exports::logs(&number.to_string()).encode_to_vec();
        scene.post("/v1/logs", &[PROTOBUF], &body).await;
    }
    assert!(matches!(live.recv().await, Err(RecvError::Lagged(3))));
    let Batch::Logs(logs) = live.recv().await.unwrap().batch else { panic!() };
    let watchglass_model::ValueRef::Text(text) = logs.get(0).unwrap().body() else { panic!() };
    assert_eq!(text, "3");
}
