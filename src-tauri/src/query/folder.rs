//! A data folder opened to be read, and the routers of an instance over it: nothing listens, nothing is written.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, anyhow};
use axum::Router;
use axum::body::Body;
use axum::http::Request;
use axum::http::header::CONTENT_TYPE;
use http_body_util::BodyExt;
use reqwest::StatusCode;
use tokio::task::spawn_blocking;
use tower::ServiceExt;
use watchglass_ingest::scrape::Scrapes;
use watchglass_ingest::{
    Endpoints, Limits, Mistakes, Pipeline, Refresh, Statsd, TranslationSettings,
};
use watchglass_storage::{Catalog, Reader, SeriesReader, SeriesWriter, StreamReader, Writer};
use watchglass_store::DiskStore;
use watchglass_workbench::{Parts, Settings, Workbench};

/// A folder that can be asked.
#[derive(Debug)]
pub(crate) struct Folder {
    router: Router,
}

impl Folder {
    /// Opens what an earlier instance stored in `data`.
    pub(crate) async fn open(data: &Path) -> anyhow::Result<Self> {
        let folder = data.to_owned();
        let opened = spawn_blocking(move || DiskStore::open_to_read(&folder)).await;
        let opened = opened.map_err(|_| {
            anyhow!(
                "{} cannot be opened (a panic): choose another folder with --data",
                data.display()
            )
        })?;
        // Its source is in its words already.
        let store = opened.map_err(|error| anyhow!("{error}"))?;
        let workbench = workbench(&Arc::new(store), data);
        let prometheus = watchglass_api::prometheus_router(Arc::clone(&workbench));
        let loki = watchglass_api::loki_router(workbench);
        Ok(Self { router: Router::new().nest("/prometheus", prometheus).nest("/loki", loki) })
    }

    /// Sends a form to a path of the main address.
    pub(crate) async fn ask(
        &self,
        path: &str,
        form: String,
    ) -> anyhow::Result<(StatusCode, String)> {
        let request = Request::post(path)
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(form))?;
        let response = self.router.clone().oneshot(request).await?;
        let status = response.status();
        let body = response.into_body().collect().await.context("the answer broke off")?;
        Ok((status, String::from_utf8_lossy(&body.to_bytes()).into_owned()))
    }
}

/// A workbench that receives and scrapes nothing.
fn workbench(store: &Arc<DiskStore>, data: &Path) -> Arc<Workbench> {
    let series = Arc::clone(store) as Arc<dyn SeriesWriter>;
    let writer = Arc::clone(store) as Arc<dyn Writer>;
    let (translation, limits) = (TranslationSettings::default(), Limits::default());
    let pipeline = Pipeline::new(writer, Arc::clone(&series), translation, limits);
    let sized = Arc::clone(store);
    Workbench::new(Parts {
        reader: Arc::clone(store) as Arc<dyn Reader>,
        series: Arc::clone(store) as Arc<dyn SeriesReader>,
        streams: Arc::clone(store) as Arc<dyn StreamReader>,
        catalog: Arc::clone(store) as Arc<dyn Catalog>,
        size: Arc::new(move || sized.size()),
        tick: Arc::new(|_| ()),
        scrapes: Scrapes::new(Arc::clone(&series)),
        refresh: Refresh::default(),
        statsd: Statsd::new(pipeline.clone()),
        pipeline,
        mistakes: Mistakes::new(Endpoints { grpc: None, http: None }),
        listening: Vec::new(),
        settings: Settings {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            workspace: data.join("workspace").display().to_string(),
            data: data.display().to_string(),
            only_reads: true,
            ..Settings::default()
        },
    })
}
