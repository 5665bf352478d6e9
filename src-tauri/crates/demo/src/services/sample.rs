//! `sample-app`: three small routes to try a query on: one that works, one that fails, one that is slow.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Extension, Router};
use opentelemetry::trace::{SpanBuilder, SpanKind, TraceContextExt};
use opentelemetry::{Context, KeyValue};

use crate::faults::Faults;
use crate::pauses::Pauses;
use crate::server::refuse;
use crate::telemetry::{Telemetry, fail};

pub(crate) const NAME: &str = "sample-app";

/// What the sample app works with.
#[derive(Debug)]
pub(crate) struct Sample {
    pub(crate) telemetry: Arc<Telemetry>,
    pub(crate) faults: Arc<Faults>,
    pub(crate) pauses: Pauses,
}

#[derive(Debug, thiserror::Error)]
#[error("the sample app failed, as it does every other time")]
struct SampleFailure;

pub(crate) fn routes(sample: Arc<Sample>) -> Router {
    Router::new()
        .route("/hello", get(hello))
        .route("/error", get(error))
        .route("/slow", get(slow))
        .with_state(sample)
}

async fn hello(State(sample): State<Arc<Sample>>, Extension(cx): Extension<Context>) -> Response {
    sample.telemetry.info(&cx, "said hello", [("url.path", "/hello".into())]);
    "hello".into_response()
}

async fn error(State(sample): State<Arc<Sample>>, Extension(cx): Extension<Context>) -> Response {
    if !sample.faults.sample_fails() {
        sample.telemetry.info(&cx, "no error this time", [("url.path", "/error".into())]);
        return "no error this time".into_response();
    }
    fail(&cx, "SampleFailure", &SampleFailure);
    sample.telemetry.error(
        &cx,
        "request failed",
        [
            ("url.path", "/error".into()),
            ("exception.type", "SampleFailure".into()),
            ("exception.message", SampleFailure.to_string().into()),
        ],
    );
    let message = SampleFailure.to_string();
    refuse(StatusCode::INTERNAL_SERVER_ERROR, "sample_failure", &message)
}

async fn slow(State(sample): State<Arc<Sample>>, Extension(cx): Extension<Context>) -> Response {
    let operation = sample.telemetry.start(&cx, SpanBuilder::from_name("slow-operation"));
    sample.pauses.work(50, 150).await;
    let query = SpanBuilder::from_name("downstream-db-query").with_kind(SpanKind::Client);
    let query = sample.telemetry.start(
        &operation,
        query.with_attributes([
            KeyValue::new("db.system.name", "postgresql"),
            KeyValue::new("db.namespace", "reports"),
            KeyValue::new("db.collection.name", "visits"),
            KeyValue::new("db.operation.name", "SELECT"),
            KeyValue::new("db.query.summary", "SELECT visits"),
            KeyValue::new("db.query.text", "SELECT route, count(*) FROM visits GROUP BY route"),
            KeyValue::new("server.address", "reports-db"),
            KeyValue::new("server.port", 5432),
        ]),
    );
    sample.pauses.work(300, 900).await;
    query.span().end();
    sample.telemetry.warn(
        &operation,
        "slow query",
        [("url.path", "/slow".into()), ("db.query.summary", "SELECT visits".into())],
    );
    operation.span().end();
    "that took a while".into_response()
}
