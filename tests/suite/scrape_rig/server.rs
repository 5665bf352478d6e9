//! The rig's targets: an HTTP server that counts how often each scraper has asked each job's target, and does what its
//! script says for that time. So two scrapers see the same, whenever each of them comes by.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex};
use std::time::{Duration, UNIX_EPOCH};

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request};
use axum::response::Response;
use flate2::Compression;
use flate2::write::GzEncoder;

use super::histogram;
use super::script::{Does, JOBS};

const TEXT: &str = "text/plain; version=0.0.4; charset=utf-8";

/// The running targets; dropped, they are gone.
pub(super) struct Rig {
    pub(super) address: String,
    seen: Arc<Mutex<Seen>>,
    _runtime: tokio::runtime::Runtime,
}

/// What was asked, by scraper and job.
#[derive(Debug, Default)]
struct Seen {
    times: BTreeMap<(String, String), usize>,
    /// Who asked for what: the parts of the request that say so.
    asked: BTreeMap<(String, String), String>,
}

impl Rig {
    pub(super) fn start() -> Self {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let seen: Arc<Mutex<Seen>> = Arc::default();
        let began = UNIX_EPOCH.elapsed().unwrap().as_millis().to_string();
        let shared = Arc::clone(&seen);
        let answer = move |request: Request<Body>| {
            let does = next(&request, &shared);
            let began = began.clone();
            async move { respond(does, &began).await }
        };
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = listener.local_addr().unwrap().to_string();
        runtime.spawn(async move { axum::serve(listener, Router::new().fallback(answer)).await });
        Self { address, seen, _runtime: runtime }
    }

    /// How a scraper asked a job's target: credentials and parameters. `scraper` is how its `User-Agent` begins.
    pub(super) fn asked(&self, scraper: &str, job: &str) -> String {
        let seen = self.seen.lock().unwrap();
        seen.asked.get(&(scraper.to_owned(), job.to_owned())).cloned().unwrap_or_default()
    }
}

/// What is to be done at this request.
fn next(request: &Request<Body>, seen: &Mutex<Seen>) -> Does {
    let header = |headers: &HeaderMap, name| {
        headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
    };
    let agent = header(request.headers(), "user-agent");
    let scraper = agent.split('/').next().unwrap_or_default().to_owned();
    let job = request.uri().path().trim_start_matches('/').to_owned();
    if job == "elsewhere" {
        return Does::Says("redirected 1");
    }
    let Some(script) = JOBS.iter().find(|one| one.name == job).map(|one| one.script) else {
        return Does::Says("a 1; b 2");
    };
    let asked = ["authorization", "x-prometheus-scrape-timeout-seconds", "accept-encoding"]
        .map(|name| format!("{name}: {}", header(request.headers(), name)));
    let mut seen = seen.lock().unwrap();
    let key = (scraper, job);
    let query = request.uri().query().unwrap_or_default();
    seen.asked.insert(key.clone(), format!("{} {}", asked.join(", "), query));
    let time = seen.times.entry(key).or_default();
    *time += 1;
    *script.get(*time - 1).unwrap_or(&Does::Fails(500))
}

async fn respond(does: Does, began: &str) -> Response {
    let response = Response::builder();
    let lines = |text: &str| text.replace("$T", began).replace("; ", "\n") + "\n";
    let of = |kind: &str, body: Vec<u8>| {
        let response = Response::builder();
        let response =
            if kind.is_empty() { response } else { response.header("content-type", kind) };
        response.body(Body::from(body))
    };
    match does {
        Does::Says(text) => of(TEXT, lines(text).into_bytes()),
        Does::Of(kind, text) => of(kind, lines(text).into_bytes()),
        Does::OpenMetrics(text) => of(
            "application/openmetrics-text; version=1.0.0; charset=utf-8",
            lines(text).into_bytes(),
        ),
        Does::Zips(text) => {
            let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
            std::io::Write::write_all(&mut encoder, lines(text).as_bytes()).unwrap();
            let response = response.header("content-type", TEXT).header("content-encoding", "gzip");
            response.body(encoder.finish().unwrap().into())
        }
        Does::Native(count) => of(histogram::CONTENT_TYPE, histogram::exposition(count)),
        Does::Fails(status) => response.status(status).body(Body::empty()),
        Does::Hangs => {
            tokio::time::sleep(Duration::from_hours(1)).await;
            response.body(Body::empty())
        }
        Does::Redirects => {
            response.status(302).header("location", "/elsewhere").body(Body::empty())
        }
    }
    .unwrap()
}

/// A `prometheus.yml` with all jobs. `native` turns on what the reference has a flag for.
pub(super) fn configuration(address: &str, native: &str, more: &str) -> String {
    let mut text =
        format!("global:\n  scrape_interval: 1s\n  scrape_timeout: 1s\n{native}scrape_configs:\n");
    for job in &JOBS {
        write!(
            text,
            "- job_name: {0}\n  metrics_path: /{0}\n  static_configs: [{{targets: ['{address}'], labels: {{rig: {0}}}}}]\n  {1}\n",
            job.name, job.settings
        )
        .unwrap();
    }
    text + more
}
