//! A target that answers what a test tells it, and the series that come of it.

use std::collections::VecDeque;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::http::{HeaderMap, Request};
use axum::response::Response;
use tokio::net::TcpListener;
use watchglass_configuration::{Configuration, Discovery, Surroundings};
use watchglass_ingest::scrape::{Target, TargetScraper, Targeted};
use watchglass_model::{Samples, is_stale};
use watchglass_storage::{MemorySeries, MillisRange, SeriesReader};

pub(crate) const TEXT: &str = "text/plain; version=0.0.4";

/// What the target does when it is asked.
#[derive(Debug, Clone)]
pub(crate) enum Does {
    /// Answers with this, of this type.
    Says(String, &'static str),
    /// Answers in gzip.
    Zips(String),
    /// Answers with this status.
    Fails(u16),
    /// Does not answer.
    Hangs,
    /// Sends elsewhere on the same target.
    Redirects(&'static str),
}

pub(crate) fn says(text: &str) -> Does {
    Does::Says(text.replace("; ", "\n") + "\n", TEXT)
}

pub(crate) struct Rig {
    script: Arc<Mutex<VecDeque<Does>>>,
    pub(crate) headers: Arc<Mutex<HeaderMap>>,
    pub(crate) address: String,
    pub(crate) store: Arc<MemorySeries>,
}

impl Rig {
    pub(crate) async fn new() -> Self {
        let script: Arc<Mutex<VecDeque<Does>>> = Arc::default();
        let headers: Arc<Mutex<HeaderMap>> = Arc::default();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let (told, seen) = (Arc::clone(&script), Arc::clone(&headers));
        let answer = move |request: Request<axum::body::Body>| {
            seen.lock().unwrap().clone_from(request.headers());
            let does = told.lock().unwrap().pop_front();
            async move { respond(does.unwrap_or(Does::Fails(500))).await }
        };
        let router = Router::new().fallback(answer);
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { script, headers, address, store: Arc::new(MemorySeries::new(0)) }
    }

    /// A configuration with one job that scrapes this target.
    pub(crate) fn configuration(&self, settings: &str) -> Configuration {
        let text = format!(
            "scrape_configs:\n- job_name: rig\n  static_configs: [{{targets: ['{}'], labels: {{instance: i}}}}]\n{settings}",
            self.address
        );
        let surroundings =
            Surroundings { folder: Path::new("."), environment: &|_| None, files: &|_| Vec::new() };
        Configuration::read(&text, &surroundings).unwrap()
    }

    pub(crate) fn scraper(&self, settings: &str) -> TargetScraper {
        let config = Arc::new(self.configuration(settings).scrape_configs.remove(0));
        let [Discovery::Static(groups)] = &config.discoveries[..] else { panic!("static groups") };
        let Targeted::Target(target) = Target::of_group(&groups[0], &config).remove(0) else {
            panic!("a target")
        };
        let writer = Arc::clone(&self.store);
        TargetScraper::new(Arc::from(target), config, writer).unwrap()
    }

    pub(crate) fn tell(&self, does: &[Does]) {
        self.script.lock().unwrap().extend(does.iter().cloned());
    }

    /// Scrapes once for everything the target does, a second apart, and shows the series.
    pub(crate) async fn run(&self, settings: &str, does: &[Does]) -> String {
        let mut scraper = self.scraper(settings);
        for (step, one) in (1..).zip(does) {
            self.tell(std::slice::from_ref(one));
            scraper.scrape(step * 1000).await;
        }
        self.series()
    }

    /// The series of the store, each in a line: values, and the second of each. What the target's labels add is left out,
    /// and how long scrapes took.
    pub(crate) fn series(&self) -> String {
        let (mut text, mut samples) = (String::new(), Samples::default());
        for cursor in self.store.select(&[], MillisRange::ALL).unwrap() {
            let labels = cursor.labels();
            if labels.name() == "scrape_duration_seconds" {
                continue;
            }
            let usual = |name: &str| labels.get(name) == if name == "job" { "rig" } else { "i" };
            let others = labels.filtered(|name| {
                name != "__name__" && !(["job", "instance"].contains(&name) && usual(name))
            });
            text += labels.name();
            if !others.is_empty() {
                text += &others.to_string();
            }
            cursor.read(MillisRange::ALL, &mut samples).unwrap();
            for (time, value) in samples.times.iter().zip(&samples.floats) {
                let value = if is_stale(*value) { "end".to_owned() } else { value.to_string() };
                let seconds = *time / 1000;
                write!(text, " {value}@{seconds}").unwrap();
            }
            text.push('\n');
        }
        text
    }
}

async fn respond(does: Does) -> Response {
    let response = Response::builder();
    match does {
        Does::Says(text, "") => response.body(text.into()),
        Does::Says(text, kind) => response.header("content-type", kind).body(text.into()),
        Does::Zips(text) => {
            use std::io::Write as _;
            let mut encoder =
                flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
            encoder.write_all(text.as_bytes()).unwrap();
            let body = encoder.finish().unwrap();
            response
                .header("content-type", TEXT)
                .header("content-encoding", "gzip")
                .body(body.into())
        }
        Does::Fails(status) => response.status(status).body("".into()),
        Does::Hangs => {
            tokio::time::sleep(Duration::from_hours(1)).await;
            response.body("".into())
        }
        Does::Redirects(path) => response.status(302).header("location", path).body("".into()),
    }
    .unwrap()
}
