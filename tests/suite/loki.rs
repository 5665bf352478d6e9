//! The Loki API of the built program: what clients push is there for LogQL, opens its trace, and stays there.

use std::path::Path;
use std::time::Duration;

use prost::Message;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};

use crate::clients::python;
use crate::instance::{Instance, beside_others, http, scratch};

/// `logproto.PushRequest`, as Promtail sends it.
#[derive(Clone, PartialEq, Message)]
struct PushRequest {
    #[prost(message, repeated, tag = "1")]
    streams: Vec<Stream>,
}

/// `logproto.StreamAdapter`
#[derive(Clone, PartialEq, Message)]
struct Stream {
    #[prost(string, tag = "1")]
    labels: String,
    #[prost(message, repeated, tag = "2")]
    entries: Vec<Entry>,
}

/// `logproto.EntryAdapter`
#[derive(Clone, PartialEq, Message)]
struct Entry {
    #[prost(message, optional, tag = "1")]
    timestamp: Option<Time>,
    #[prost(string, tag = "2")]
    line: String,
    #[prost(message, repeated, tag = "3")]
    structured_metadata: Vec<Pair>,
}

/// `google.protobuf.Timestamp`
#[derive(Clone, PartialEq, Message)]
struct Time {
    #[prost(int64, tag = "1")]
    seconds: i64,
    #[prost(int32, tag = "2")]
    nanos: i32,
}

/// `logproto.LabelPairAdapter`
#[derive(Clone, PartialEq, Message)]
struct Pair {
    #[prost(string, tag = "1")]
    name: String,
    #[prost(string, tag = "2")]
    value: String,
}

/// Snappy's block format without compression: a length, and literals of at most 64 KiB.
fn snappy(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    prost::encoding::encode_varint(bytes.len() as u64, &mut out);
    for chunk in bytes.chunks(1 << 16) {
        let length = u16::try_from(chunk.len() - 1).unwrap();
        out.push(61 << 2);
        out.extend(length.to_le_bytes());
        out.extend(chunk);
    }
    out
}

/// Nanoseconds since 1970.
fn now() -> u64 {
    u64::try_from(std::time::UNIX_EPOCH.elapsed().unwrap().as_nanos()).unwrap()
}

/// Pushes JSON; gives the status and what was said.
fn push(instance: &Instance, json: &Value) -> Option<(u16, String)> {
    let request = http()
        .post(format!("http://{}/loki/api/v1/push", instance.listen))
        .header("content-type", "application/json")
        .body(json.to_string());
    let response = request.send().ok()?;
    Some((response.status().as_u16(), response.text().unwrap_or_default()))
}

/// Pushes protobuf as Promtail does.
fn push_protobuf(instance: &Instance, streams: Vec<Stream>) -> u16 {
    let request = http()
        .post(format!("http://{}/loki/api/v1/push", instance.listen))
        .header("content-type", "application/x-protobuf")
        .header("user-agent", "promtail/3.4.2")
        .body(snappy(&PushRequest { streams }.encode_to_vec()));
    request.send().unwrap().status().as_u16()
}

/// Asks by a form under a path of the API.
fn ask_with(
    instance: &Instance,
    path: &str,
    form: &[(&str, &str)],
    headers: &[(&str, &str)],
) -> (u16, String) {
    let body: Vec<_> = form
        .iter()
        .map(|(name, value)| {
            format!("{name}={}", value.replace('%', "%25").replace('+', "%2B").replace('&', "%26"))
        })
        .collect();
    let mut request = http()
        .post(format!("http://{}/loki/api/v1/{path}", instance.listen))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(body.join("&"));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = request.send().unwrap();
    (response.status().as_u16(), response.text().unwrap())
}

/// The JSON of a good answer.
fn ask(instance: &Instance, path: &str, form: &[(&str, &str)]) -> Value {
    let (status, text) = ask_with(instance, path, form, &[]);
    assert_eq!(status, 200, "{path}: {text}");
    serde_json::from_str(&text).unwrap()
}

/// The lines of a log query, oldest first.
fn lines(instance: &Instance, query: &str) -> Vec<String> {
    let form = [("query", query), ("limit", "5000"), ("direction", "forward")];
    let answer = ask(instance, "query_range", &form);
    let streams = answer["data"]["result"].as_array().unwrap().iter();
    let mut lines: Vec<_> = streams
        .flat_map(|stream| stream["values"].as_array().unwrap())
        .map(|value| (value[0].as_str().unwrap().to_owned(), value[1].as_str().unwrap().to_owned()))
        .collect();
    lines.sort();
    lines.into_iter().map(|(_, line)| line).collect()
}

fn stream(labels: &Value, values: &[Value]) -> Value {
    json!({"streams": [{"stream": labels, "values": values}]})
}

#[test]
fn what_is_pushed_is_there_for_logql() {
    let _guard = beside_others();
    let instance = Instance::start();
    let time = now();
    let at = |offset: u64| (time + offset).to_string();
    let values = [
        json!([at(0), r#"{"status":200,"path":"/cart"}"#, {"user": "u1"}]),
        json!([at(1), r#"{"status":500,"path":"/pay"}"#, {"user": "u2"}]),
        json!([at(2), "plain ERROR text"]),
    ];
    let pushed = push(&instance, &stream(&json!({"app": "shop", "env": "dev"}), &values));
    assert_eq!(pushed, Some((204, String::new())));
    let (seconds, nanos) = (time / 1_000_000_000, time % 1_000_000_000);
    let entry = Entry {
        timestamp: Some(Time {
            seconds: i64::try_from(seconds).unwrap(),
            nanos: i32::try_from(nanos).unwrap(),
        }),
        line: "level=warn from promtail".to_owned(),
        structured_metadata: vec![Pair { name: "pod".to_owned(), value: "p1".to_owned() }],
    };
    let labels = r#"{job="varlogs", filename="/var/log/x"}"#.to_owned();
    assert_eq!(push_protobuf(&instance, vec![Stream { labels, entries: vec![entry] }]), 204);

    assert_eq!(
        lines(&instance, r#"{app="shop"} | json | __error__="" | status >= 500"#),
        [r#"{"status":500,"path":"/pay"}"#]
    );
    assert_eq!(lines(&instance, r#"{job="varlogs"} | pod="p1""#), ["level=warn from promtail"]);
    assert_eq!(
        lines(&instance, r#"{service_name="shop"} | detected_level="error""#),
        ["plain ERROR text"]
    );
    let query = ("query", r#"sum by (app) (count_over_time({app="shop"}[5m]))"#);
    let after = (time / 1_000_000_000 + 1).to_string();
    let answer = ask(&instance, "query", &[query, ("time", &after)]);
    let result = &answer["data"]["result"][0];
    assert_eq!((&result["metric"]["app"], &result["value"][1]), (&json!("shop"), &json!("3")));

    let labels = ask(&instance, "labels", &[]);
    assert_eq!(labels["data"], json!(["app", "env", "filename", "job", "service_name"]));
    let values = ask(&instance, "label/service_name/values", &[]);
    assert_eq!(values["data"], json!(["shop", "varlogs"]));
    let series = ask(&instance, "series", &[("match[]", r#"{app="shop"}"#)]);
    let expected = json!([{"app": "shop", "env": "dev", "service_name": "shop"}]);
    assert_eq!(series["data"], expected);
    let statistics = ask(&instance, "index/stats", &[("query", r#"{app="shop"}"#)]);
    assert_eq!((&statistics["streams"], &statistics["entries"]), (&json!(1), &json!(3)));
}

#[test]
fn grafana_gets_labels_by_category_when_it_asks() {
    let _guard = beside_others();
    let instance = Instance::start();
    let values = [json!([now().to_string(), r#"{"a":"<b>"}"#, {"user": "u1"}])];
    push(&instance, &stream(&json!({"app": "shop"}), &values)).unwrap();
    let form = [("query", r#"{app="shop"} | json"#)];
    let flags = [("x-loki-response-encoding-flags", "categorize-labels")];
    let (_, text) = ask_with(&instance, "query_range", &form, &flags);
    assert!(text.contains("\\u003cb\\u003e"), "what could be markup is escaped: {text}");
    let answer: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(answer["data"]["encodingFlags"], json!(["categorize-labels"]));
    let stream = &answer["data"]["result"][0];
    assert_eq!(stream["stream"], json!({"app": "shop", "service_name": "shop"}));
    let beside = &stream["values"][0][2];
    assert_eq!(beside["parsed"], json!({"a": "<b>"}));
    let metadata = json!({"detected_level": "unknown", "user": "u1"});
    assert_eq!(beside["structuredMetadata"], metadata);
}

#[test]
fn a_line_opens_its_trace() {
    let _guard = beside_others();
    let instance = Instance::start();
    let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    let line = format!("level=info msg=paid traceID={trace} spanID=00f067aa0ba902b7");
    push(&instance, &stream(&json!({"app": "shop"}), &[json!([now().to_string(), line])])).unwrap();
    let page = instance.get(&format!("/api/logs?trace_id={trace}"));
    let record = &page["records"][0];
    let expected = (&json!({ "stringValue": line }), &json!("shop"));
    assert_eq!((&record["body"], &record["service"]), expected, "{page}");
    assert_eq!(record["span_id"], "00f067aa0ba902b7");
}

#[test]
fn python_logging_with_a_loki_handler() {
    let _guard = beside_others();
    let instance = Instance::start();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("clients");
    let url = format!("http://{}/loki/api/v1/push", instance.listen);
    let mut program = python();
    program.current_dir(folder).args(["loki_logging.py", &url, "20"]).env("NO_PROXY", "127.0.0.1");
    let output = program.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.is_empty(), "{said}");
    let paid = lines(&instance, r#"{app="shop", logger="checkout"} |= "was paid""#);
    assert_eq!(paid.len(), 20);
    assert_eq!(paid[0], "order 0 was paid");
    assert_eq!(lines(&instance, r#"{team="pay", severity="error"}"#).len(), 1);
}

#[test]
fn faults_of_a_query_are_plain_text() {
    let _guard = beside_others();
    let instance = Instance::start();
    let cases = [
        ("query_range", r#"{app="a" |"#, "parse error"),
        ("query_range", "{}", "at least one"),
        ("query", r#"{app="a"}"#, "log queries are not supported as an instant query type"),
    ];
    for (path, query, expected) in cases {
        let (status, text) = ask_with(&instance, path, &[("query", query)], &[]);
        assert_eq!(status, 400, "{text}");
        assert!(text.contains(expected), "{query}: {text}");
    }
}

#[test]
fn acknowledged_lines_survive_being_killed() {
    let _guard = beside_others();
    let data = scratch();
    let mut acknowledged: Vec<String> = Vec::new();
    let mut next = 0;
    for _ in 0..4 {
        let instance = Instance::start_on(data.path());
        let process = Pid::from_raw(i32::try_from(instance.pid()).unwrap()).unwrap();
        let killer = std::thread::spawn(move || {
            std::thread::sleep(Duration::from_millis(300));
            kill_process(process, Signal::KILL).unwrap();
        });
        while !killer.is_finished() {
            next += 1;
            let line = format!("line {next} trace_id={next:032x}");
            let values = [json!([now().to_string(), line])];
            let pushed = push(&instance, &stream(&json!({"app": "kill"}), &values));
            if pushed.is_some_and(|(status, _)| status == 204) {
                acknowledged.push(line);
            }
        }
        killer.join().unwrap();
        instance.kill();
    }
    assert!(acknowledged.len() > 10, "some were acknowledged: {}", acknowledged.len());
    let instance = Instance::start_on(data.path());
    let mut found = lines(&instance, r#"{app="kill"}"#);
    found.sort();
    let missing: Vec<_> =
        acknowledged.iter().filter(|line| found.binary_search(line).is_err()).collect();
    assert!(
        missing.is_empty(),
        "{} of {} are lost: {missing:?}",
        missing.len(),
        acknowledged.len()
    );
    // What was derived when they came is derived again when they are read from the journal.
    let page = instance.get(&format!("/api/logs?trace_id={:032x}", 1));
    assert_eq!(page["records"].as_array().unwrap().len(), 1);
}

/// Reads the next text of a websocket; signs of life are passed over.
fn next_text(stream: &mut std::net::TcpStream) -> String {
    use std::io::Read;
    loop {
        let mut head = [0; 2];
        stream.read_exact(&mut head).unwrap();
        let length = match head[1] & 0x7f {
            126 => {
                let mut long = [0; 2];
                stream.read_exact(&mut long).unwrap();
                usize::from(u16::from_be_bytes(long))
            }
            short => usize::from(short),
        };
        let mut payload = vec![0; length];
        stream.read_exact(&mut payload).unwrap();
        match head[0] & 0x0f {
            1 => return String::from_utf8(payload).unwrap(),
            9 => (),
            other => panic!("a frame of kind {other}: {}", String::from_utf8_lossy(&payload)),
        }
    }
}

#[test]
fn a_tail_gives_the_past_and_then_what_comes() {
    use std::io::{Read, Write};
    let _guard = beside_others();
    let instance = Instance::start();
    let push_line = |line: &str| {
        let values = [json!([now().to_string(), line])];
        assert_eq!(push(&instance, &stream(&json!({"app": "tail"}), &values)).unwrap().0, 204);
    };
    push_line("before");
    let mut socket = std::net::TcpStream::connect(&instance.listen).unwrap();
    socket.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let query = "%7Bapp%3D%22tail%22%7D%20!%3D%20%22hidden%22";
    write!(
        socket,
        "GET /loki/api/v1/tail?query={query}&limit=10 HTTP/1.1\r\nHost: {}\r\nConnection: Upgrade\r\n\
         Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
        instance.listen
    )
    .unwrap();
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        socket.read_exact(&mut byte).unwrap();
        head.extend(byte);
    }
    let head = String::from_utf8(head).unwrap();
    assert!(head.starts_with("HTTP/1.1 101"), "{head}");
    let line = |text: &str| {
        let message: Value = serde_json::from_str(text).unwrap();
        message["streams"][0]["values"][0][1].clone()
    };
    assert_eq!(line(&next_text(&mut socket)), "before");
    push_line("hidden");
    push_line("after");
    assert_eq!(line(&next_text(&mut socket)), "after");
}

#[test]
fn fields_patterns_and_volumes_are_found() {
    let _guard = beside_others();
    let instance = Instance::start();
    let values: Vec<_> = (0..20)
        .map(|number| {
            let line = format!(r#"{{"status":{},"user":"u{number}"}}"#, 200 + number % 3);
            json!([now().to_string(), line, {"pod": "p1"}])
        })
        .collect();
    push(&instance, &stream(&json!({"app": "shop"}), &values)).unwrap();
    let selector = [("query", r#"{app="shop"}"#)];
    let fields = ask(&instance, "detected_fields", &selector);
    let field = |name: &str| {
        let all = fields["fields"].as_array().unwrap().iter();
        all.clone().find(|field| field["label"] == name).cloned().unwrap_or_default()
    };
    let expected = json!({"label": "status", "type": "int", "cardinality": 3, "parsers": ["json"]});
    assert_eq!(field("status"), expected);
    assert_eq!(field("pod")["parsers"], Value::Null);
    let statuses = ask(&instance, "detected_field/status/values", &selector);
    assert_eq!(statuses["values"], json!(["200", "201", "202"]));
    let patterns = ask(&instance, "patterns", &selector);
    let pattern = &patterns["data"][0];
    assert_eq!(pattern["pattern"], r#"{"status":<_>,"user":"<_>"}"#);
    let found = lines(&instance, r#"{app="shop"} |> `{"status":<_>,"user":"<_>"}`"#);
    assert_eq!(found.len(), 20, "a pattern finds its own lines");
    let volume = ask(&instance, "index/volume", &selector);
    assert_eq!(volume["data"]["result"][0]["metric"], json!({"app": "shop"}));
    let bytes: u64 = volume["data"]["result"][0]["value"][1].as_str().unwrap().parse().unwrap();
    let sent: usize = values.iter().map(|value| value[1].as_str().unwrap().len()).sum();
    assert_eq!(bytes, sent as u64);
    let volumes = ask(&instance, "index/volume_range", &[selector[0], ("step", "60")]);
    let points = volumes["data"]["result"][0]["values"].as_array().unwrap();
    let total: f64 =
        points.iter().map(|point| point[1].as_str().unwrap().parse::<f64>().unwrap()).sum();
    assert_eq!(total.to_string(), sent.to_string());
    let labels = ask(&instance, "detected_labels", &selector);
    assert_eq!(labels["detectedLabels"][0], json!({"label": "app", "cardinality": 1}));
}
