//! Server-sent events.

use std::time::Duration;

use axum::body::Body;
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tokio::time::{Instant, timeout};
use watchglass_ingest::Kind;
use watchglass_model::Timestamp;
use watchglass_storage::Signal;

use crate::shop::{OPEN, Shop};

/// The next event's name and content.
async fn next(body: &mut Body) -> (String, Value) {
    let frame = timeout(Duration::from_secs(5), body.frame()).await;
    let frame = frame.expect("an event comes").expect("the stream goes on");
    let bytes = frame.expect("the stream is whole").into_data().expect("it is data");
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let field = |name: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(name));
        line.unwrap_or_default().trim().to_owned()
    };
    (field("event:"), serde_json::from_str(&field("data:")).expect("the event is JSON"))
}

fn sender(service: &str) -> Value {
    json!({"attributes": [{"key": "service.name", "value": {"stringValue": service}}]})
}

fn traces(service: &str, traces: &[u64]) -> Value {
    let spans: Vec<_> = traces
        .iter()
        .map(|trace| {
            json!({
                "traceId": format!("{trace:032x}"), "spanId": "0000000000000001", "name": "work",
                "startTimeUnixNano": OPEN.to_string(), "endTimeUnixNano": OPEN.to_string(),
            })
        })
        .collect();
    json!({"resourceSpans": [{"resource": sender(service), "scopeSpans": [{"spans": spans}]}]})
}

fn logs(service: &str, lines: &[(u64, &str)]) -> Value {
    let records: Vec<_> = lines
        .iter()
        .map(|(severity, body)| {
            json!({
                "timeUnixNano": OPEN.to_string(), "severityNumber": severity,
                "body": {"stringValue": body},
            })
        })
        .collect();
    json!({"resourceLogs": [{"resource": sender(service), "scopeLogs": [{"logRecords": records}]}]})
}

#[tokio::test]
async fn the_first_arrival_is_told_at_once() {
    let shop = Shop::open();
    let mut events = shop.stream("/api/events").await;
    let (name, status) = next(&mut events).await;
    assert_eq!((name.as_str(), &status["version"]), ("status", &"0.1.0".into()));
    let began = Instant::now();
    shop.receive(Signal::Traces, &traces("web", &[1, 2])).await;
    let (name, arrival) = next(&mut events).await;
    assert!(began.elapsed() < Duration::from_millis(90));
    assert_eq!(name, "arrival");
    assert_eq!((&arrival["spans"], &arrival["services"]), (&2.into(), &json!(["web"])));
    assert_eq!(arrival["trace_ids"][1], "00000000000000000000000000000002");
    assert!(arrival["time"].is_string());
}

#[tokio::test]
async fn arrivals_in_quick_succession_are_told_together() {
    let shop = Shop::open();
    let mut events = shop.stream("/api/events").await;
    next(&mut events).await;
    shop.receive(Signal::Traces, &traces("web", &[1])).await;
    let (_, first) = next(&mut events).await;
    assert_eq!(first["spans"], 1);
    shop.receive(Signal::Traces, &traces("db", &[1, 3])).await;
    shop.receive(Signal::Logs, &logs("web", &[(9, "a"), (9, "b")])).await;
    let (_, second) = next(&mut events).await;
    assert_eq!((&second["spans"], &second["log_records"]), (&2.into(), &2.into()));
    assert_eq!(second["services"], json!(["db", "web"]));
    let status = shop.get("/api/status").await.json();
    assert_eq!(status["receivers"][0]["spans"], 3);
}

#[tokio::test]
async fn a_mistake_is_told_when_it_is_seen() {
    let shop = Shop::open();
    let note = |kind, port| shop.mistakes.note(kind, port, "seen", Timestamp(OPEN));
    note(Kind::WrongPath, 4318);
    let mut events = shop.stream("/api/events").await;
    next(&mut events).await;
    note(Kind::GrpcOnHttpPort, 4318);
    let (name, mistake) = next(&mut events).await;
    assert_eq!((name.as_str(), &mistake["kind"]), ("mistake", &"grpc_on_http_port".into()));
    assert_eq!((&mistake["port"], &mistake["count"]), (&4318.into(), &1.into()));
}

#[tokio::test]
async fn the_tail_gives_what_the_filter_wants() {
    let shop = Shop::open();
    let mut tail = shop.stream("/api/logs/tail?severity=error").await;
    shop.receive(Signal::Logs, &logs("web", &[(9, "fine"), (17, "bad"), (17, "bad")])).await;
    let (name, found) = next(&mut tail).await;
    assert_eq!((name.as_str(), &found["missed"]), ("records", &0.into()));
    let records = found["records"].as_array().unwrap();
    assert_eq!(records.len(), 2);
    assert_eq!(records[0]["body"]["stringValue"], "bad");
    assert_ne!(records[0]["id"], records[1]["id"]);
}

#[tokio::test]
async fn the_tail_tells_how_many_it_left_out() {
    let shop = Shop::open();
    let mut tail = shop.stream("/api/logs/tail").await;
    shop.receive(Signal::Logs, &logs("web", &vec![(9, "line"); 1_200])).await;
    let (_, found) = next(&mut tail).await;
    assert_eq!(found["records"].as_array().unwrap().len(), 500);
    assert_eq!(found["missed"], 700);
}

#[tokio::test]
async fn streams_end_when_the_workbench_closes() {
    let shop = Shop::open();
    let mut events = shop.stream("/api/events").await;
    let mut tail = shop.stream("/api/logs/tail").await;
    next(&mut events).await;
    shop.workbench.close();
    assert!(events.frame().await.is_none());
    assert!(tail.frame().await.is_none());
}
