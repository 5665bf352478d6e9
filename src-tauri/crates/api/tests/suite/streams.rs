//! Server-sent events.

use std::time::Duration;

use axum::body::Body;
use http_body_util::BodyExt;
use serde_json::Value;
use tokio::time::{Instant, timeout};

use crate::build::{Line, logs};
use crate::shop::{OPEN, Shop, mistake, telemetry};

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

#[tokio::test]
async fn events_tell_status_arrivals_and_mistakes() {
    let shop = Shop::open();
    let mut events = shop.stream("/api/events").await;
    let (name, status) = next(&mut events).await;
    assert_eq!((name.as_str(), &status["version"]), ("status", &"0.1.0".into()));

    let began = Instant::now();
    for batch in telemetry() {
        shop.live.send(batch).unwrap();
    }
    let mut arrived = 0;
    while arrived < 3 {
        let (name, arrival) = next(&mut events).await;
        assert_eq!(name, "arrival");
        arrived += arrival["spans"].as_u64().unwrap();
        assert!(arrival["time"].is_string());
    }
    assert!(began.elapsed() < Duration::from_millis(500));

    shop.mistakes.send(mistake()).unwrap();
    let found = loop {
        let (name, content) = next(&mut events).await;
        if name == "mistake" {
            break content;
        }
    };
    assert_eq!(found["kind"], "grpc_on_http_port");
}

#[tokio::test]
async fn arrivals_in_quick_succession_are_told_together() {
    let shop = Shop::open();
    let mut events = shop.stream("/api/events").await;
    next(&mut events).await;
    let batches = telemetry();
    shop.live.send(batches[0].clone()).unwrap();
    let (_, first) = next(&mut events).await;
    assert_eq!((&first["spans"], &first["services"]), (&2.into(), &serde_json::json!(["web"])));
    assert_eq!(first["trace_ids"].as_array().unwrap().len(), 2);
    for batch in &batches[1..] {
        shop.live.send(batch.clone()).unwrap();
    }
    let (_, second) = next(&mut events).await;
    assert_eq!(
        (&second["spans"], &second["log_records"], &second["points"]),
        (&1.into(), &2.into(), &10.into())
    );
}

#[tokio::test]
async fn the_tail_gives_what_the_filter_wants() {
    let shop = Shop::open();
    let mut tail = shop.stream("/api/logs/tail?severity=error").await;
    let line = |severity, body| Line { time: OPEN, severity, body, ..Line::default() };
    let both = [line(9, "fine"), line(17, "bad"), line(17, "bad")];
    shop.live.send(logs("web", &both)).unwrap();
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
    let lines = vec![Line { time: OPEN, ..Line::default() }; 1_200];
    shop.live.send(logs("web", &lines)).unwrap();
    let (_, found) = next(&mut tail).await;
    assert_eq!(found["records"].as_array().unwrap().len(), 500);
    assert_eq!(found["missed"], 700);
}
