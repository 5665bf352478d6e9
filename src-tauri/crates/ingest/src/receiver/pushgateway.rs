//! The Pushgateway API (<https://github.com/prometheus/pushgateway#api>): pushes and deletions under `/metrics/job/…`,
//! what is held under `/metrics` and `/api/v1`.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::header::{CONTENT_ENCODING, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, any, get, put};
use axum::{Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use serde_json::json;
use tokio::task::spawn_blocking;
use watchglass_configuration::Names;
use watchglass_exposition::Format;

use super::reading::{decompress, read_body};
use super::{Receiver, drain, now};
use crate::gateway::{Families, Gateway, Grouping, Mode, PushFault, families, rfc3339};
use crate::inflate::Compression;
use crate::pipeline::Pipeline;
use crate::refusal::Refusal;

/// What marks a label of the path whose value is encoded.
const BASE64: &str = "@base64";

/// How much of a body is thrown away that is refused by its head.
const UNREAD: usize = 16 << 20;

const TEXT: &str = "text/plain; version=0.0.4; charset=utf-8";

#[derive(Debug)]
struct Held {
    receiver: Receiver,
    gateway: Gateway,
    /// The start and the program's version, which the API tells.
    start: String,
    version: &'static str,
}

type Shared = State<Arc<Held>>;

/// The whole API, as it is served at the root of port 9091.
pub fn routes(receiver: Receiver, gateway: Gateway, version: &'static str) -> Router {
    let held = Held { receiver, gateway, start: rfc3339(now()), version };
    let change = || MethodRouter::new().put(change).post(change).delete(change);
    let quit = || {
        any(async |method: Method| match method {
            Method::PUT | Method::POST => (StatusCode::FORBIDDEN, "Lifecycle API is not enabled."),
            _ => (StatusCode::METHOD_NOT_ALLOWED, "Only POST or PUT requests allowed."),
        })
    };
    let not_found = async || (StatusCode::NOT_FOUND, "404 page not found\n");
    Router::new()
        .route("/metrics", get(exposition))
        .route("/metrics/{job_label}/{job}", change())
        .route("/metrics/{job_label}/{job}/", change())
        .route("/metrics/{job_label}/{job}/{*labels}", change())
        .route("/api/v1/metrics", get(metrics))
        .route("/api/v1/status", get(status))
        // Upstream has this route only where a flag enables it.
        .route("/api/v1/admin/wipe", put(not_found))
        .route("/-/healthy", get(async || "OK"))
        .route("/-/ready", get(async || "OK"))
        .route("/-/quit", quit())
        .fallback(not_found)
        .with_state(Arc::new(held))
}

/// Why a request is answered with a sentence.
struct Refused(StatusCode, String);

impl Refused {
    fn bad(message: impl Into<String>) -> Self {
        Self(StatusCode::BAD_REQUEST, message.into())
    }
}

impl From<PushFault> for Refused {
    fn from(fault: PushFault) -> Self {
        let status = match &fault {
            PushFault::Inconsistent(_) => StatusCode::BAD_REQUEST,
            PushFault::Full(_) => StatusCode::PAYLOAD_TOO_LARGE,
            PushFault::Refused(refusal) => refusal.http_status(),
        };
        Self(status, fault.to_string())
    }
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        PushFault::Refused(refusal).into()
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let mut response = (self.0, format!("{}\n", self.1)).into_response();
        if self.0 == StatusCode::SERVICE_UNAVAILABLE {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("1"));
        }
        response
    }
}

async fn exposition(State(held): Shared) -> impl IntoResponse {
    ([(CONTENT_TYPE, TEXT)], held.gateway.exposition())
}

async fn metrics(State(held): Shared) -> impl IntoResponse {
    Json(json!({ "status": "success", "data": held.gateway.report() }))
}

/// What upstream tells of itself. Its flags are those of which the API depends, as they are here.
async fn status(State(held): Shared) -> impl IntoResponse {
    let data = json!({
        "build_information": { "version": held.version, "application": "Watchglass" },
        "flags": {
            "push.disable-consistency-check": "false",
            "web.enable-admin-api": "false",
            "web.enable-lifecycle": "false",
        },
        "start_time": held.start,
    });
    Json(json!({ "status": "success", "data": data }))
}

/// A push or a deletion.
async fn change(
    State(held): Shared,
    Path(path): Path<Vec<(String, String)>>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let mut path = path.into_iter().map(|(_, part)| part);
    let mut part = || path.next().unwrap_or_default();
    let grouping = match grouping(&part(), &part(), &part()) {
        Ok(grouping) => grouping,
        Err(refused) => {
            drain(body, UNREAD).await;
            held.receiver.counters.refused(now());
            return refused.into_response();
        }
    };
    let done = match parts.method {
        Method::DELETE => {
            let deleted = held.gateway.delete(grouping, now()).await;
            deleted.map(|()| StatusCode::ACCEPTED).map_err(Refused::from)
        }
        method => {
            let mode = if method == Method::PUT { Mode::Replace } else { Mode::Merge };
            let pushed = push(&held, grouping, mode, &parts.headers, body).await;
            pushed.map(|()| StatusCode::OK)
        }
    };
    done.map_or_else(
        |refused| {
            held.receiver.counters.refused(now());
            refused.into_response()
        },
        IntoResponse::into_response,
    )
}

async fn push(
    held: &Held,
    grouping: Grouping,
    mode: Mode,
    headers: &HeaderMap,
    body: Body,
) -> Result<(), Refused> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let pipeline = &held.receiver.pipeline;
    let mut share = pipeline.share();
    let body = read_body(body, pipeline.limits().request_bytes, &mut share).await?;
    let compression = Compression::named(text(CONTENT_ENCODING)).map_err(|name| {
        Refused::bad(format!("the content encoding {name:?} is not known here: send gzip"))
    })?;
    let body = match compression {
        Some(compression) => decompress(pipeline, compression, body, &mut share).await?,
        None => body,
    };
    let (size, format) = (body.len(), format_of(text(CONTENT_TYPE)));
    let families = read(body, format).await?;
    let now = now();
    let samples = held.gateway.push(grouping, families, mode, now).await?;
    held.receiver.counters.took_samples(now, samples, size);
    Ok(())
}

async fn read(body: Bytes, format: Format) -> Result<Families, Refused> {
    let work = spawn_blocking(move || families(&body, format)).await;
    work.map_err(|_| Refused::from(Pipeline::busy()))?.map_err(Refused::bad)
}

/// What a content type announces: the delimited protobuf, and else text, whatever it says.
fn format_of(content_type: &str) -> Format {
    let lower = content_type.to_ascii_lowercase();
    let mut parts = lower.split(';').map(str::trim);
    let is_message = parts.next() == Some("application/vnd.google.protobuf");
    let has = |wanted: &str| parts.clone().any(|one| one.replace('"', "") == wanted);
    if is_message && has("encoding=delimited") && has("proto=io.prometheus.client.metricfamily") {
        Format::Protobuf
    } else {
        Format::Text
    }
}

/// The labels of a path: `job` or `job@base64`, the job, and further names and values one after another.
fn grouping(job_label: &str, job: &str, labels: &str) -> Result<Grouping, Refused> {
    let job = match job_label.strip_prefix("job") {
        Some("") => job.to_owned(),
        Some(BASE64) => decoded(job).map_err(|fault| {
            Refused::bad(format!("invalid base64 encoding in job name {job:?}: {fault}"))
        })?,
        _ => return Err(Refused(StatusCode::NOT_FOUND, "404 page not found".to_owned())),
    };
    let mut grouping = further(labels)?;
    if job.is_empty() {
        return Err(Refused::bad("job name is required"));
    }
    grouping.insert("job".to_owned(), job);
    Ok(grouping)
}

fn further(labels: &str) -> Result<Grouping, Refused> {
    let mut grouping = Grouping::new();
    if labels.is_empty() {
        return Ok(grouping);
    }
    let parts: Vec<_> = labels.split('/').collect();
    for pair in parts.chunks(2) {
        let [label, value] = pair else {
            let labels = format!("/{labels}");
            return Err(Refused::bad(format!(
                "odd number of components in label string {labels:?}"
            )));
        };
        let name = label.strip_suffix(BASE64).unwrap_or(label);
        if !Names::Legacy.is_label(name) || name.starts_with("__") {
            return Err(Refused::bad(format!("improper label name {name:?}")));
        }
        let value = if name.len() == label.len() {
            (*value).to_owned()
        } else {
            decoded(value).map_err(|fault| {
                Refused::bad(format!("invalid base64 encoding for label {name}={value:?}: {fault}"))
            })?
        };
        grouping.insert(name.to_owned(), value);
    }
    Ok(grouping)
}

/// The URL-safe alphabet; padding may be there or not, and alone stands for an empty text.
fn decoded(value: &str) -> Result<String, String> {
    let bytes = URL_SAFE_NO_PAD.decode(value.trim_end_matches('='));
    let bytes = bytes.map_err(|fault| fault.to_string())?;
    String::from_utf8(bytes).map_err(|_| "it is not UTF-8".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(job_label: &str, job: &str, rest: &str) -> Result<Vec<(String, String)>, String> {
        let found = grouping(job_label, job, rest).map_err(|refused| refused.1)?;
        Ok(found.into_iter().collect())
    }

    fn pairs(all: &[(&str, &str)]) -> Vec<(String, String)> {
        all.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn paths_name_groups() {
        let plain = labels("job", "a", "instance/x/path@base64/L3Zhci90bXA");
        assert_eq!(plain, Ok(pairs(&[("instance", "x"), ("job", "a"), ("path", "/var/tmp")])));
        let encoded = labels("job@base64", "YS9i", "first@base64/=/name@base64/zqDPgc6_zrw=");
        assert_eq!(encoded, Ok(pairs(&[("first", ""), ("job", "a/b"), ("name", "Προμ")])));
    }

    #[test]
    fn a_job_in_further_labels_does_not_count() {
        assert_eq!(labels("job", "a", "job/b"), Ok(pairs(&[("job", "a")])));
    }

    #[test]
    fn what_is_wrong_with_a_path_is_told_as_upstream_does() {
        let told = [
            (labels("job", "a", "b"), "odd number of components in label string \"/b\""),
            (labels("job", "a", "b/c/"), "odd number of components in label string \"/b/c/\""),
            (labels("job", "a", "1b/c"), "improper label name \"1b\""),
            (labels("job", "a", "__b/c"), "improper label name \"__b\""),
            (labels("job@base64", "=", ""), "job name is required"),
            (labels("jobs", "a", ""), "404 page not found"),
        ];
        for (found, expected) in told {
            assert_eq!(found, Err(expected.to_owned()));
        }
        let fault = labels("job", "a", "b@base64/%").unwrap_err();
        assert!(fault.starts_with("invalid base64 encoding for label b=\"%\": "), "{fault}");
    }

    #[test]
    fn only_the_whole_content_type_means_protobuf() {
        let whole = "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited";
        assert_eq!(format_of(whole), Format::Protobuf);
        for other in ["application/vnd.google.protobuf", "text/plain", "", "nonsense"] {
            assert_eq!(format_of(other), Format::Text, "{other}");
        }
    }
}
