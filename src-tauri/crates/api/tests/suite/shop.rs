//! A small shop that the tests ask: two services, two traces, some log records and points, and a way to ask.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt;
use parking_lot::Mutex;
use serde_json::Value;
use tower::ServiceExt;
use watchglass_api::{Ui, router};
use watchglass_ingest::scrape::Scrapes;
use watchglass_ingest::{
    Endpoints, Limits, Mistakes, Pipeline, Refresh, Statsd, TranslationSettings,
};
use watchglass_model::{SpanKind, StatusCode as SpanStatus, Timestamp};
use watchglass_otlp::{Export, json_to_protobuf};
use watchglass_storage::{
    Batch, Catalog, MemorySeries, MemoryStore, ReadError, SeriesWriter, Signal, Size, WriteError,
    Writer,
};
use watchglass_workbench::{Listening, Parts, ReceiverName, ReceiverState, Settings, Workbench};

use crate::build::{Draft, Line, logs, points, span, spans, store};

/// When the shop was open, in seconds; times in tests are nanoseconds after it.
pub(crate) const OPEN: u64 = 1_700_000_000_000_000_000;
/// The range of all requests: the shop's first ten seconds.
pub(crate) const RANGE: &str = "start=1700000000000000000&end=1700000010000000000";
/// The id of the trace in which a database fails.
pub(crate) const TRACE: &str = "00000000000000000000000000000001";

pub(crate) struct Shop {
    pub(crate) mistakes: Mistakes,
    pub(crate) workbench: Arc<Workbench>,
    pub(crate) pipeline: Pipeline,
    pub(crate) router: Router,
}

pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Reply {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).expect("the answer is JSON")
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name).map(|value| value.to_str());
        value.and_then(Result::ok).unwrap_or_default()
    }
}

impl Shop {
    /// A shop with telemetry in it. To be called within a tokio runtime.
    pub(crate) fn open() -> Self {
        Self::with(&telemetry(), Ui::new(|_| None), "")
    }

    /// A shop without telemetry, in a workspace folder.
    pub(crate) fn in_workspace(folder: &Path) -> Self {
        Self::with(&[], Ui::new(|_| None), &folder.to_string_lossy())
    }

    pub(crate) fn with_ui(ui: Ui) -> Self {
        Self::with(&[], ui, "")
    }

    fn with(batches: &[Batch], ui: Ui, workspace: &str) -> Self {
        let kept = Arc::new(store(batches));
        let sized = Arc::clone(&kept);
        let written: Arc<dyn Writer> = Arc::<MemoryStore>::clone(&kept);
        let series = Arc::new(MemorySeries::new(0));
        let series_writer: Arc<dyn SeriesWriter> = Arc::<MemorySeries>::clone(&series);
        let translation = TranslationSettings::default();
        let scrapes = Scrapes::new(Arc::clone(&series_writer));
        let pipeline = Pipeline::new(written, series_writer, translation, Limits::default());
        let mistakes = Mistakes::new(Endpoints::default());
        let listening = |name, port: u16, state| Listening {
            name,
            protocol: "OTLP/gRPC".to_owned(),
            address: format!("127.0.0.1:{port}"),
            state,
            taken_by: (state == ReceiverState::Taken).then(|| "python3 (pid 4711)".to_owned()),
        };
        let workbench = Workbench::new(Parts {
            streams: Arc::<MemoryStore>::clone(&kept),
            reader: kept,
            series,
            catalog: Arc::new(Shelf::default()),
            size: Arc::new(move || Size { rows: sized.rows(), ..Size::default() }),
            tick: Arc::new(|_| ()),
            pipeline: pipeline.clone(),
            scrapes,
            refresh: Refresh::default(),
            statsd: Statsd::new(pipeline.clone()),
            mistakes: mistakes.clone(),
            listening: vec![
                listening(ReceiverName::OtlpGrpc, 4317, ReceiverState::Listening),
                listening(ReceiverName::OtlpHttp, 4318, ReceiverState::Taken),
            ],
            settings: Settings {
                version: "0.1.0".into(),
                workspace: workspace.to_owned(),
                ..Settings::default()
            },
        });
        let router = router(Arc::clone(&workbench), ui);
        Self { mistakes, workbench, pipeline, router }
    }

    /// Takes an export request in JSON as if it had come over gRPC.
    pub(crate) async fn receive(&self, signal: Signal, request: &Value) {
        let export = match signal {
            Signal::Traces => Export::Traces,
            Signal::Logs => Export::Logs,
            Signal::Metrics => Export::Metrics,
        };
        let text = request.to_string();
        let bytes = json_to_protobuf(export, text.as_bytes()).expect("the request is OTLP");
        let counters = self.pipeline.counters("otlp_grpc");
        let taken = self.pipeline.accept(&counters, signal, bytes.into(), Timestamp(OPEN)).await;
        taken.expect("the request is taken");
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Reply {
        let response = self.router.clone().oneshot(request).await;
        let response = response.expect("routes do not fail");
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.expect("the body is whole").to_bytes();
        Reply {
            status: parts.status,
            headers: parts.headers,
            text: String::from_utf8_lossy(&bytes).into_owned(),
        }
    }

    pub(crate) async fn get(&self, address: &str) -> Reply {
        let request = Request::get(address).body(Body::empty());
        self.send(request.expect("the address is valid")).await
    }

    pub(crate) async fn post(&self, address: &str, body: &str) -> Reply {
        let request = Request::post(address).header("content-type", "application/json");
        let request = request.body(Body::from(body.to_owned()));
        self.send(request.expect("the address is valid")).await
    }

    /// The body of a stream, to be read frame by frame.
    pub(crate) async fn stream(&self, address: &str) -> Body {
        let request = Request::get(address).body(Body::empty());
        let request = request.expect("the address is valid");
        let response = self.router.clone().oneshot(request).await;
        response.expect("routes do not fail").into_body()
    }
}

pub(crate) fn telemetry() -> Vec<Batch> {
    let root = Draft {
        name: "checkout",
        kind: SpanKind::Server,
        ..span(1, 0, OPEN + 1_000, OPEN + 9_000_000)
    };
    let query = Draft {
        name: "query",
        kind: SpanKind::Client,
        status: SpanStatus::Error,
        attributes: &[("db.system", "sqlite"), ("rows", "7")],
        event: "lock lost",
        ..span(2, 1, OPEN + 2_000, OPEN + 5_000_000)
    };
    let other = Draft {
        trace: 2,
        name: "home",
        kind: SpanKind::Server,
        ..span(3, 0, OPEN + 3_000_000_000, OPEN + 3_000_001_000)
    };
    let line = |time, severity, body| Line {
        time: OPEN + time,
        severity,
        body,
        trace: 1,
        span: 2,
        attributes: &[("code", "5")],
    };
    vec![
        spans("web", &[root, other]),
        spans("db", &[query]),
        logs("db", &[line(3_000, 17, "database is locked"), line(4_000, 9, "retrying")]),
        points("web", OPEN + 5_000, &[("route", "/cart")]),
        points("web", OPEN + 6_000, &[("route", "/cart")]),
    ]
}

#[derive(Default)]
struct Shelf(Mutex<BTreeMap<(String, String), String>>);

impl Catalog for Shelf {
    fn put(&self, kind: &str, key: &str, document: &str) -> Result<(), WriteError> {
        let place = (kind.to_owned(), key.to_owned());
        self.0.lock().insert(place, document.to_owned());
        Ok(())
    }

    fn remove(&self, kind: &str, key: &str) -> Result<(), WriteError> {
        self.0.lock().remove(&(kind.to_owned(), key.to_owned()));
        Ok(())
    }

    fn list(&self, kind: &str) -> Result<Vec<(String, String)>, ReadError> {
        let documents = self.0.lock();
        let of_kind = documents.iter().filter(|((one, _), _)| one == kind);
        Ok(of_kind.map(|((_, key), document)| (key.clone(), document.clone())).collect())
    }
}
