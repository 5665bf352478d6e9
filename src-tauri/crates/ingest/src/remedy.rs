//! What to say about each mistake: what came, what to do, and a line to paste.

use std::net::SocketAddr;

use crate::mistake::{Endpoints, Kind};

/// What to say.
pub(crate) struct Advice {
    pub(crate) title: &'static str,
    pub(crate) detail: String,
    pub(crate) remedy: String,
    pub(crate) line: String,
}

/// What to say about a mistake at a port, of which `seen` is the visible piece.
pub(crate) fn advise(kind: Kind, seen: &str, port: u16, endpoints: Endpoints) -> Advice {
    let grpc = address(endpoints.grpc, 4317);
    let http = address(endpoints.http, 4318);
    match kind {
        Kind::GrpcOnHttpPort => advice(
            "gRPC sent to the HTTP port",
            format!("a gRPC request for {seen} came to the port that takes OTLP over HTTP"),
            &format!("send OTLP over gRPC to {grpc}, or set the protocol to http/protobuf"),
            format!("OTEL_EXPORTER_OTLP_PROTOCOL=grpc OTEL_EXPORTER_OTLP_ENDPOINT=http://{grpc}"),
        ),
        Kind::HttpOnGrpcPort => advice(
            "HTTP sent to the gRPC port",
            format!("{seen} came to the port that takes OTLP over gRPC"),
            &format!("send OTLP over HTTP to {http}, or set the protocol to grpc"),
            protocol_http(&http),
        ),
        Kind::TlsOnPlainPort => advice(
            "TLS sent to a plain port",
            format!("a TLS handshake came from {seen}, and this port speaks plain text"),
            "use http:// in the endpoint instead of https://, or switch on the insecure option",
            format!(
                "OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:{port} OTEL_EXPORTER_OTLP_INSECURE=true"
            ),
        ),
        Kind::WrongPath => wrong_path(seen, &http),
        Kind::WrongMethod => advice(
            "Not a POST",
            format!("{seen} came, and telemetry is sent with POST"),
            "send it with POST",
            format!(
                "curl -X POST http://{http}/v1/traces -H 'content-type: application/json' -d '{{}}'"
            ),
        ),
        Kind::ForeignHost => advice(
            "Foreign host name",
            format!("the request was for the host {seen:?}, which is not this machine's loopback"),
            "use 127.0.0.1 or localhost with the right port, or allow the name in the settings",
            format!("OTEL_EXPORTER_OTLP_ENDPOINT=http://{http}"),
        ),
        Kind::ForeignOrigin => advice(
            "Foreign web page",
            format!("a web page of {seen:?} sent a request, and it is not allowed to"),
            "if it is yours, allow its origin in the settings",
            format!("allowed_origins: [{seen:?}]"),
        ),
        _ => about_body(kind, seen, &http),
    }
}

/// The mistakes that lie in a body or in what its headers say of it.
fn about_body(kind: Kind, seen: &str, http: &str) -> Advice {
    match kind {
        Kind::JsonAsProtobuf => advice(
            "JSON declared as protobuf",
            format!("the body of {seen} is JSON, and its content type says protobuf"),
            "send the content type application/json with JSON",
            "content-type: application/json".to_owned(),
        ),
        Kind::ProtobufAsJson => advice(
            "Protobuf declared as JSON",
            format!("the body of {seen} is not JSON, and its content type says so"),
            "send the content type application/x-protobuf with protobuf",
            "content-type: application/x-protobuf".to_owned(),
        ),
        Kind::UnsupportedType => advice(
            "Unknown content type",
            format!("the content type {seen:?} is not known here"),
            "send application/x-protobuf or application/json",
            protocol_http(http),
        ),
        Kind::UnsupportedEncoding => advice(
            "Unknown compression",
            format!("the content encoding {seen:?} is not known here"),
            "send gzip, zstd, deflate or no compression",
            "OTEL_EXPORTER_OTLP_COMPRESSION=gzip".to_owned(),
        ),
        Kind::UndeclaredEncoding => advice(
            "Compression not declared",
            format!("the body of {seen} begins like compressed data, and no header says so"),
            "send the header content-encoding with compressed bodies",
            "content-encoding: gzip".to_owned(),
        ),
        Kind::InvalidPush => advice(
            "A push was not kept whole",
            seen.to_owned(),
            "send lines as Loki's push API describes them",
            r#"{"streams":[{"stream":{"app":"shop"},"values":[["1767225600000000000","a line",{"user":"u1"}]]}]}"#
                .to_owned(),
        ),
        Kind::LabelExplosion => advice(
            "Too many streams",
            format!("pushes to Loki's path made {seen}"),
            "keep labels to what has few values, and send the rest as structured metadata or in the line",
            r#"["1767225600000000000","a line",{"request_id":"4711"}]"#.to_owned(),
        ),
        Kind::TooLarge => advice(
            "Request too large",
            seen.to_owned(),
            "send smaller batches",
            "OTEL_BSP_MAX_EXPORT_BATCH_SIZE=512 OTEL_BLRP_MAX_EXPORT_BATCH_SIZE=512".to_owned(),
        ),
        _ => advice(
            "Not OTLP",
            seen.to_owned(),
            "see that the sender speaks OTLP 1.x",
            protocol_http(http),
        ),
    }
}

fn advice(title: &'static str, detail: String, remedy: &str, line: String) -> Advice {
    Advice { title, detail, remedy: remedy.to_owned(), line }
}

fn address(known: Option<SocketAddr>, usual: u16) -> String {
    match known {
        Some(address) if address.ip().is_unspecified() => format!("127.0.0.1:{}", address.port()),
        Some(address) => address.to_string(),
        None => format!("127.0.0.1:{usual}"),
    }
}

fn protocol_http(http: &str) -> String {
    format!("OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf OTEL_EXPORTER_OTLP_ENDPOINT=http://{http}")
}

/// Tells the path that was probably meant.
fn wrong_path(path: &str, http: &str) -> Advice {
    let base = format!("OTEL_EXPORTER_OTLP_ENDPOINT=http://{http}");
    let meant = SIGNALS
        .iter()
        .find(|(word, _)| path.contains(word))
        .map_or("/v1/traces", |(_, meant)| *meant);
    let direct = format!(
        "OTEL_EXPORTER_OTLP_{}_ENDPOINT=http://{http}{meant}",
        meant.trim_start_matches("/v1/").to_uppercase()
    );
    let (remedy, line) = match path {
        _ if path.matches("/v1/").count() > 1 => (
            "the endpoint already ends with the signal's path; give the address alone".to_owned(),
            base,
        ),
        "/" | "" => (
            format!("an endpoint for one signal is used as it stands; end it with {meant}"),
            direct,
        ),
        "/api/traces" => {
            ("that is Jaeger's path; send OTLP, or Jaeger's Thrift to port 14268".to_owned(), base)
        }
        "/api/v2/spans" | "/api/v1/spans" => {
            ("that is Zipkin's path; send OTLP, or Zipkin's spans to port 9411".to_owned(), base)
        }
        "/loki/api/v1/push" | "/api/prom/push" => (
            "that is the path of Loki's pushes: send them to port 3100, or OTLP to /v1/logs"
                .to_owned(),
            direct,
        ),
        "/api/v1/write" | "/api/v1/push" => {
            ("that is the path of another tool's protocol; this port takes OTLP".to_owned(), base)
        }
        _ => (format!("send to {meant}"), direct),
    };
    Advice {
        title: "Wrong path",
        detail: format!("a request came for {path:?}, which does not exist here"),
        remedy,
        line,
    }
}

/// Words in a wrong path, and the path that they point to.
const SIGNALS: [(&str, &str); 4] = [
    ("metric", "/v1/metrics"),
    ("log", "/v1/logs"),
    ("trace", "/v1/traces"),
    ("span", "/v1/traces"),
];
