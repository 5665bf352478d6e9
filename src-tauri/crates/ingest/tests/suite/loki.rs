//! Pushes to Loki's path: what is kept of them, what is answered, and what is noted.

use std::net::SocketAddr;
use std::ops::ControlFlow;

use prost::Message;
use watchglass_ingest::receiver::loki;
use watchglass_ingest::{Guard, Kind, Listeners, Receiver, serve};
use watchglass_model::{TimeRange, Timestamp, ValueRef};
use watchglass_storage::{Detail, LogFilter, LogScan, Reader};

use crate::exports::{self, deflate, gzip};
use crate::scene::{Reply, Scene, request};

const JSON: (&str, &str) = ("content-type", "application/json");
const PROTOBUF: (&str, &str) = ("content-type", "application/x-protobuf");
type Headers<'a> = &'a [(&'a str, &'a str)];

const PUSH: &str = "/loki/api/v1/push";

/// A set of receivers with Loki's port.
struct Port {
    scene: Scene,
    address: SocketAddr,
}

impl Port {
    async fn open() -> Self {
        let scene = Scene::new().await;
        let listeners = Listeners::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await.unwrap();
        let (address, port) = (listeners.address, listeners.address.port());
        let receiver = Receiver::new(scene.pipeline.clone(), scene.mistakes.clone(), "loki", port);
        let guard = Guard::new(port, scene.mistakes.clone()).with_forms(|_| true);
        let router = guard.protect(loki::routes(receiver));
        tokio::spawn(serve(listeners.sockets, router, scene.mistakes.clone(), scene.stop.clone()));
        Self { scene, address }
    }

    async fn post(&self, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Reply {
        request(self.address, "POST", path, headers, body).await
    }

    async fn push(&self, json: &str) -> Reply {
        self.post(PUSH, &[JSON], json.as_bytes()).await
    }

    /// The lines kept, each as `labels | metadata | severity | trace | text`, in the order of their texts.
    fn kept(&self) -> Vec<String> {
        let range = TimeRange { start: Timestamp(0), end: Timestamp::MAX };
        let scan = LogScan { range, filter: LogFilter::default(), detail: Detail::Whole };
        let mut kept = Vec::new();
        let mut visit = |batch: &watchglass_model::Logs, rows: &[u32]| {
            for record in rows.iter().filter_map(|row| batch.get(*row as usize)) {
                let pairs = |attributes: watchglass_model::Attributes<'_>| {
                    let one = |(key, value)| match value {
                        ValueRef::Text(text) => format!("{key}={text}"),
                        other => format!("{key}={other:?}"),
                    };
                    attributes.iter().map(one).collect::<Vec<_>>().join(" ")
                };
                let text = match record.body() {
                    ValueRef::Text(text) => text,
                    _ => "no text",
                };
                let trace = record.row.trace_id;
                let trace = if trace.is_none() { String::new() } else { trace.to_string() };
                kept.push(format!(
                    "{} | {} | {} | {trace} | {text}",
                    pairs(record.resource().attributes()),
                    pairs(record.attributes()),
                    record.severity_text(),
                ));
            }
            ControlFlow::Continue(())
        };
        self.scene.store.scan_logs(&scan, &mut visit).unwrap();
        kept.sort_by_key(|line| line.rsplit(" | ").next().map(str::to_owned));
        kept
    }

    /// The texts of the lines kept.
    fn texts(&self) -> Vec<String> {
        let text = |line: String| line.rsplit(" | ").next().unwrap_or_default().to_owned();
        self.kept().into_iter().map(text).collect()
    }
}

fn now() -> u64 {
    u64::try_from(std::time::UNIX_EPOCH.elapsed().unwrap().as_nanos()).unwrap()
}

/// A push of lines of one stream, all of this moment.
fn lines(labels: &str, texts: &[&str]) -> String {
    let values: Vec<_> = texts.iter().map(|text| format!(r#"["{}","{text}"]"#, now())).collect();
    format!(r#"{{"streams":[{{"stream":{labels},"values":[{}]}}]}}"#, values.join(","))
}

/// `logproto.PushRequest` and its parts, as Promtail writes them; a line may be any bytes.
#[derive(Clone, PartialEq, Message)]
struct PushRequest {
    #[prost(message, repeated, tag = "1")]
    streams: Vec<Stream>,
}

#[derive(Clone, PartialEq, Message)]
struct Stream {
    #[prost(string, tag = "1")]
    labels: String,
    #[prost(message, repeated, tag = "2")]
    entries: Vec<Entry>,
}

#[derive(Clone, PartialEq, Message)]
struct Entry {
    #[prost(message, optional, tag = "1")]
    timestamp: Option<Time>,
    #[prost(bytes = "vec", tag = "2")]
    line: Vec<u8>,
}

#[derive(Clone, PartialEq, Message)]
struct Time {
    #[prost(int64, tag = "1")]
    seconds: i64,
    #[prost(int32, tag = "2")]
    nanos: i32,
}

fn protobuf(labels: &str, line: &[u8]) -> Vec<u8> {
    let seconds = i64::try_from(now() / 1_000_000_000).unwrap();
    let entry = Entry { timestamp: Some(Time { seconds, nanos: 1 }), line: line.to_vec() };
    let stream = Stream { labels: labels.to_owned(), entries: vec![entry] };
    let bytes = PushRequest { streams: vec![stream] }.encode_to_vec();
    snap::raw::Encoder::new().compress_vec(&bytes).unwrap()
}

#[tokio::test]
async fn a_push_in_json_is_kept_as_log_records() {
    let port = Port::open().await;
    let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    let body = format!(
        r#"{{"streams":[{{"stream":{{"app":"shop","env":"dev"}},"values":[
            ["{0}","a plain WARN line",{{"user":"u1","gone":""}}],
            ["{0}","b level=error trace_id={trace}"]]}}]}}"#,
        now()
    );
    let reply = port.push(&body).await;
    assert_eq!((reply.status, reply.text()), (204, String::new()));
    let labels = "app=shop env=dev service.name=shop loki.resource.labels=app,env,service.name";
    let expected = [
        format!("{labels} | user=u1 | warn |  | a plain WARN line"),
        format!("{labels} |  | error | {trace} | b level=error trace_id={trace}"),
    ];
    assert_eq!(port.kept(), expected);
    let counted = port.scene.pipeline.counters("loki").read(Timestamp(now())).total;
    assert_eq!((counted.log_records, counted.refused), (2, 0));
}

#[tokio::test]
async fn a_stream_that_names_its_service_keeps_the_name() {
    let port = Port::open().await;
    port.push(&lines(r#"{"service_name":"web","app":"other"}"#, &["x"])).await;
    let expected = "app=other service_name=web service.name=web loki.resource.labels=app,service_name |  |  |  | x";
    assert_eq!(port.kept(), [expected]);
}

#[tokio::test]
async fn every_path_form_and_compression_is_taken() {
    let port = Port::open().await;
    let json = lines(r#"{"app":"a"}"#, &["one"]);
    let packed = protobuf(r#"{app="a"}"#, b"two \xff");
    let charset = ("content-type", "application/json; charset=utf-8");
    let gzipped = ("content-encoding", "gzip");
    let cases: [(&str, Headers<'_>, Vec<u8>); 9] = [
        (PUSH, &[charset], json.clone().into()),
        ("/api/prom/push", &[JSON], json.clone().into()),
        (PUSH, &[JSON, gzipped], gzip(json.as_bytes())),
        (PUSH, &[JSON, ("content-encoding", "deflate")], deflate(json.as_bytes())),
        (PUSH, &[PROTOBUF], packed.clone()),
        ("/api/prom/push", &[PROTOBUF, ("content-encoding", "snappy")], packed.clone()),
        (PUSH, &[], packed.clone()),
        (PUSH, &[PROTOBUF, gzipped], gzip(&packed)),
        (PUSH, &[JSON], br#"{"streams":[]}"#.to_vec()),
    ];
    for (path, headers, body) in cases {
        let reply = port.post(path, headers, &body).await;
        assert_eq!(reply.status, 204, "{path} {headers:?}: {}", reply.text());
    }
    let one = |text: &str| port.texts().iter().filter(|kept| *kept == text).count();
    assert_eq!((one("one"), one("two \u{fffd}")), (4, 4));
    assert!(port.scene.mistakes.all().is_empty());
}

#[tokio::test]
async fn one_bad_line_does_not_cost_the_others_and_is_named() {
    let port = Port::open().await;
    let body = format!(
        r#"{{"streams":[{{"stream":{{"app":"a"}},"values":[["{0}","good"],["soon","bad"],["{0}","fine"]]}},
            {{"stream":{{"no such name":"a"}},"values":[["{0}","lost"]]}},
            {{"stream":{{"app":"b"}},"values":[["{0}","well"]]}}]}}"#,
        now()
    );
    let reply = port.push(&body).await;
    assert_eq!((reply.status, reply.header("content-type")), (400, "text/plain; charset=utf-8"));
    let text = reply.text();
    assert!(text.contains(r#"line 1 of stream {app="a"}: the timestamp "soon""#), "{text}");
    assert!(text.contains(r#"the label name "no such name" is not allowed"#), "{text}");
    assert_eq!(port.texts(), ["fine", "good", "well"]);
    assert!(port.scene.mistake(Kind::InvalidPush).detail.contains("soon"));
}

#[tokio::test]
async fn times_in_another_unit_or_far_ahead_are_told_apart() {
    let port = Port::open().await;
    let push = |time: u64| {
        format!(r#"{{"streams":[{{"stream":{{"app":"a"}},"values":[["{time}","x"]]}}]}}"#)
    };
    let now = now();
    let cases = [
        (now / 1_000_000_000, "is in seconds: send nanoseconds"),
        (now / 1_000_000, "is in milliseconds"),
        (now / 1_000, "is in microseconds"),
        (now + 48 * 3_600_000_000_000, "is too new"),
    ];
    for (time, expected) in cases {
        let reply = port.push(&push(time)).await;
        assert_eq!(reply.status, 400);
        assert!(reply.text().contains(expected), "{}", reply.text());
    }
    assert_eq!(port.texts(), [""; 0]);
    // Old lines are what people import.
    assert_eq!(port.push(&push(1_000)).await.status, 204);
    assert_eq!(port.push(&push(now + 3_600_000_000_000)).await.status, 204);
}

#[tokio::test]
async fn what_is_beyond_the_limits_is_told_with_the_limit() {
    let port = Port::open().await;
    let megabyte = "x".repeat(1 << 20);
    assert_eq!(port.push(&lines(r#"{"app":"a"}"#, &[&megabyte])).await.status, 204);
    let longer = format!("{megabyte}y");
    let many: Vec<_> = (0..65).map(|place| format!(r#""l{place}":"v""#)).collect();
    let name = "n".repeat(1025);
    let value = "v".repeat(4097);
    let cases = [
        (
            lines(r#"{"app":"a"}"#, &[&longer]),
            "the line has 1048577 bytes, and 1048576 are allowed",
        ),
        (
            lines(&format!("{{{}}}", many.join(",")), &["x"]),
            "it has 65 label names, and 64 are allowed",
        ),
        (lines(&format!(r#"{{"{name}":"v"}}"#), &["x"]), "has 1025 bytes, and 1024 are allowed"),
        (lines(&format!(r#"{{"app":"{value}"}}"#), &["x"]), "has 4097 bytes, and 4096 are allowed"),
        (lines("{}", &["x"]), "at least one label"),
    ];
    for (body, expected) in cases {
        let reply = port.push(&body).await;
        assert_eq!(reply.status, 400);
        assert!(reply.text().contains(expected), "{}", reply.text());
        assert!(reply.text().len() < 2000, "an answer repeats no more than it must");
    }
    assert_eq!(port.texts().len(), 1);
}

#[tokio::test]
async fn what_is_no_push_is_refused_with_the_reason() {
    let port = Port::open().await;
    let cases: [(Headers<'_>, &[u8], u16, &str); 5] = [
        (&[JSON], b"{\"streams\":", 400, "the body is no push request in JSON"),
        (
            &[PROTOBUF],
            b"{\"streams\":[]}",
            400,
            "send it with the header Content-Type: application/json",
        ),
        (&[PROTOBUF], b"\xff\xff\xff\xff\xff\xff", 400, "snappy"),
        (&[JSON, ("content-encoding", "br")], b"x", 415, "\"br\" is not known here"),
        (&[JSON, ("content-encoding", "gzip")], b"x", 400, "not what its content encoding says"),
    ];
    for (headers, body, status, expected) in cases {
        let reply = port.post(PUSH, headers, body).await;
        assert_eq!(reply.status, status, "{headers:?}");
        assert!(reply.text().contains(expected), "{}", reply.text());
    }
    assert_eq!(request(port.address, "GET", PUSH, &[], b"").await.status, 405);
}

#[tokio::test]
async fn a_label_that_makes_too_many_streams_is_named() {
    let port = Port::open().await;
    for round in 0..6 {
        let streams: Vec<_> = (0..1000)
            .map(|place| {
                let id = round * 1000 + place;
                format!(
                    r#"{{"stream":{{"app":"a","pod":"p{}","request_id":"r{id}"}},"values":[["{}","x"]]}}"#,
                    id % 7,
                    now()
                )
            })
            .collect();
        let reply = port.push(&format!(r#"{{"streams":[{}]}}"#, streams.join(","))).await;
        assert_eq!(reply.status, 204);
        let is_noted = port.scene.mistakes.all().iter().any(|one| one.kind == Kind::LabelExplosion);
        assert_eq!(is_noted, round == 5, "five thousand streams are no mistake yet");
    }
    let mistake = port.scene.mistake(Kind::LabelExplosion);
    assert!(
        mistake.detail.contains(r#"the label "request_id" alone has 6000 values"#),
        "{mistake:?}"
    );
    assert_eq!(port.texts().len(), 6000, "all of them are kept");
}

#[tokio::test]
async fn otlp_is_taken_under_its_own_path() {
    let port = Port::open().await;
    let body = exports::logs("over otlp").encode_to_vec();
    let reply = port.post("/otlp/v1/logs", &[PROTOBUF], &body).await;
    assert_eq!((reply.status, reply.header("content-type")), (200, "application/x-protobuf"));
    assert_eq!(port.texts(), ["over otlp"]);
}
