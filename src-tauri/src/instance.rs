//! One running Watchglass: opens the store, the receivers, the workbench and its router, and closes them again.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::anyhow;
use axum::Router;
use tokio::task::{JoinSet, spawn_blocking};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use watchglass_api::Ui;
use watchglass_ingest::scrape::Scrapes;
use watchglass_ingest::{Endpoints, Limits, Mistakes, Pipeline, TranslationSettings};
use watchglass_model::Timestamp;
use watchglass_storage::{Catalog, Reader, SeriesReader, SeriesWriter, Size, Writer};
use watchglass_store::{DiskStore, OpenError};
use watchglass_workbench::{Parts, Settings, Workbench};

use crate::arguments::Common;
use crate::focus::Focus;
use crate::folders::{Note, data_folder, workspace_folder};
use crate::surfaces::{Addresses, Ports};

/// How long requests under way may take when the program ends; the whole end takes two seconds at most.
const GRACE: Duration = Duration::from_millis(1200);

/// A running Watchglass.
#[derive(Debug)]
pub(crate) struct Instance {
    /// Where it listens.
    pub(crate) addresses: Addresses,
    /// Everything on the main address, without the guard that sockets need.
    pub(crate) router: Router,
    /// The folder of what it stores.
    pub(crate) data: PathBuf,
    workbench: Arc<Workbench>,
    store: Arc<DiskStore>,
    stop: CancellationToken,
    serving: JoinSet<()>,
}

/// Why an instance did not open.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OpenFailure {
    /// Another one has the data folder.
    #[error("{0}")]
    InUse(String, PathBuf),
    /// Anything else, as a sentence.
    #[error("{0:#}")]
    Other(anyhow::Error),
}

impl From<anyhow::Error> for OpenFailure {
    fn from(error: anyhow::Error) -> Self {
        Self::Other(error)
    }
}

impl Instance {
    /// Opens one. `focus` is what a second start of the program asks for.
    pub(crate) async fn open(
        common: &Common,
        folder: Option<&Path>,
        focus: Focus,
    ) -> Result<Self, OpenFailure> {
        let data = data_folder(common)?;
        let store = Arc::new(open_store(common, &data).await?);
        let workspace = workspace_folder(folder, &data)?;
        let ports = Ports::bind(common).await?;
        let addresses = ports.addresses();
        let mistakes =
            Mistakes::new(Endpoints { grpc: addresses.otlp_grpc, http: addresses.otlp_http });
        let pipeline = Pipeline::new(
            Arc::clone(&store) as Arc<dyn Writer>,
            Arc::clone(&store) as Arc<dyn SeriesWriter>,
            TranslationSettings::default(),
            Limits::default(),
        );
        let workbench = Workbench::new(Parts {
            reader: Arc::clone(&store) as Arc<dyn Reader>,
            series: Arc::clone(&store) as Arc<dyn SeriesReader>,
            catalog: Arc::clone(&store) as Arc<dyn Catalog>,
            size: size_of(&store),
            tick: tick_of(&store),
            pipeline: pipeline.clone(),
            scrapes: Scrapes::new(pipeline.series_writer()),
            mistakes: mistakes.clone(),
            listening: ports.listening(),
            settings: Settings {
                version: env!("CARGO_PKG_VERSION").to_owned(),
                workspace: workspace.display().to_string(),
                data: data.display().to_string(),
                max_disk_bytes: common.max_disk,
                only_reads: false,
                retention: common.retention,
            },
        });
        let router =
            watchglass_api::router(Arc::clone(&workbench), Ui::bundled()).merge(focus.route());
        let prometheus = watchglass_api::prometheus_router(Arc::clone(&workbench));
        let stop = CancellationToken::new();
        let serving = ports.serve(&router, &prometheus, &pipeline, &mistakes, &stop);
        let note = Note { pid: std::process::id(), listen: addresses.listen.to_string() };
        if let Err(error) = note.leave(&data) {
            tracing::warn!("others will not find this instance by its data folder: {error}");
        }
        Ok(Self { addresses, router, data, workbench, store, stop, serving })
    }

    /// Stops listening, lets requests under way finish, and closes the store.
    pub(crate) async fn close(mut self) {
        self.stop.cancel();
        self.workbench.close();
        let served = async { while self.serving.join_next().await.is_some() {} };
        if timeout(GRACE, served).await.is_err() {
            tracing::debug!("some requests did not end in time");
            self.serving.shutdown().await;
        }
        Note::remove(&self.data);
        let store = Arc::clone(&self.store);
        if spawn_blocking(move || store.close()).await.is_err() {
            tracing::error!("closing the store ended with a panic");
        }
    }
}

async fn open_store(common: &Common, data: &Path) -> Result<DiskStore, OpenFailure> {
    let settings = watchglass_store::Settings::within(common.retention, common.max_disk);
    let folder = data.to_owned();
    let opened = spawn_blocking(move || DiskStore::open(&folder, &settings)).await;
    let opened = opened.map_err(|_| {
        let folder = data.display();
        anyhow!("{folder} cannot be opened (a panic): choose another folder with --data")
    })?;
    opened.map_err(|error| match error {
        OpenError::InUse { .. } => OpenFailure::InUse(error.to_string(), data.to_owned()),
        OpenError::Unwritable { .. } | OpenError::Unusable { .. } => {
            OpenFailure::Other(anyhow!("{error}"))
        }
    })
}

fn size_of(store: &Arc<DiskStore>) -> Arc<dyn Fn() -> Size + Send + Sync> {
    let store = Arc::clone(store);
    Arc::new(move || store.size())
}

fn tick_of(store: &Arc<DiskStore>) -> Arc<dyn Fn(Timestamp) + Send + Sync> {
    let store = Arc::clone(store);
    Arc::new(move |now| store.tick(now))
}
