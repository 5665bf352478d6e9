//! The workbench: a store and an intake held together, and the way to ask them.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Weak};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use parking_lot::RwLock;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;
use tokio_util::sync::CancellationToken;
use watchglass_ingest::scrape::Scrapes;
use watchglass_ingest::{Mistakes, Pipeline, Refresh, Statsd};
use watchglass_model::Timestamp;
use watchglass_promql::EngineOptions;
use watchglass_storage::{
    Catalog, LogFilter, Reader, SeriesReader, SeriesWriter, Size, StreamReader,
};

use crate::configuration::ConfigurationFile;
use crate::error::{Error, Result};
use crate::events::Events;
use crate::logs::LogTail;
use crate::mistakes::{self, Changes, Mistake};
use crate::promql::CONCURRENT_QUERIES;
use crate::receivers::{Listening, receivers};
use crate::statsd::MappingFile;
use crate::status::{Status, StoreStatus, hostname, resident_bytes};
use crate::stoppable::Stoppable;

/// What a workbench is made of.
pub struct Parts {
    /// Where telemetry is read.
    pub reader: Arc<dyn Reader>,
    /// Where series are read.
    pub series: Arc<dyn SeriesReader>,
    /// Where lines are read.
    pub streams: Arc<dyn StreamReader>,
    /// Where documents lie.
    pub catalog: Arc<dyn Catalog>,
    /// How much the store holds.
    pub size: Arc<dyn Fn() -> Size + Send + Sync>,
    /// Tells the store the time, once a second.
    pub tick: Arc<dyn Fn(Timestamp) + Send + Sync>,
    /// The way of telemetry into the store.
    pub pipeline: Pipeline,
    /// The jobs that scrape; the workspace says which.
    pub scrapes: Scrapes,
    /// How often what is pushed is written again; the workspace says so.
    pub refresh: Refresh,
    /// What comes over StatsD; the workspace says how names are mapped.
    pub statsd: Statsd,
    /// What receivers see senders do wrong.
    pub mistakes: Mistakes,
    /// The receivers, as they were opened.
    pub listening: Vec<Listening>,
    /// What was decided at the start.
    pub settings: Settings,
}

/// What was decided at the start.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Settings {
    /// The program's version.
    pub version: String,
    /// The workspace folder.
    pub workspace: String,
    /// The folder of the store.
    pub data: String,
    /// Whether what is stored is only read: nothing is received, nothing scraped.
    pub only_reads: bool,
    /// How much the store may take; zero where there is no limit.
    pub max_disk_bytes: u64,
    /// How long telemetry is kept; zero where there is no limit.
    pub retention: Duration,
}

/// The product without a window.
pub struct Workbench {
    parts: Parts,
    configuration: ConfigurationFile,
    mappings: MappingFile,
    started: Timestamp,
    places: Arc<Semaphore>,
    pub(crate) queries: Arc<Semaphore>,
    promql: RwLock<EngineOptions>,
    closing: CancellationToken,
}

/// How often the store is told the time.
const TICK: Duration = Duration::from_secs(1);

impl Workbench {
    /// Sets up a workbench. To be called within a tokio runtime: the store is told the time as long as it lives.
    pub fn new(parts: Parts) -> Arc<Self> {
        let threads = std::thread::available_parallelism().map_or(2, usize::from);
        let (scrapes, refresh) = (parts.scrapes.clone(), parts.refresh.clone());
        let configuration = ConfigurationFile::new(&parts.settings, scrapes, refresh);
        let mappings = MappingFile::new(&parts.settings, parts.statsd.clone());
        let workbench = Arc::new(Self {
            parts,
            configuration,
            mappings,
            started: now(),
            places: Arc::new(Semaphore::new(threads.max(2))),
            queries: Arc::new(Semaphore::new(CONCURRENT_QUERIES)),
            promql: RwLock::default(),
            closing: CancellationToken::new(),
        });
        workbench.read_files();
        tokio::spawn(tick(Arc::downgrade(&workbench)));
        workbench
    }

    /// Runs a question on a thread that may block, as soon as one of a few places is free. When the answer is no
    /// longer waited for, the question's scans end at the next batch.
    pub async fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&dyn Reader) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let place = Arc::clone(&self.places).acquire_owned().await;
        let place = place.map_err(|_| Error::Withdrawn)?;
        let withdrawn = Arc::new(AtomicBool::new(false));
        let _guard = WithdrawOnDrop(Arc::clone(&withdrawn));
        let reader = Arc::clone(&self.parts.reader);
        let answer = spawn_blocking(move || {
            let _place = place;
            let reader = Stoppable::new(reader.as_ref(), &withdrawn);
            question(&reader)
        });
        answer.await.map_err(|_| Error::Broken)?
    }

    /// Reads or writes documents on a thread that may block.
    pub async fn keep<T: Send + 'static>(
        &self,
        work: impl FnOnce(&dyn Catalog) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let catalog = Arc::clone(&self.parts.catalog);
        let answer = spawn_blocking(move || work(catalog.as_ref()));
        answer.await.map_err(|_| Error::Broken)?
    }

    /// How it stands.
    pub fn status(&self) -> Status {
        let now = now();
        let Parts { listening, pipeline, .. } = &self.parts;
        let Settings { version, workspace, data, max_disk_bytes, retention, .. } =
            self.parts.settings.clone();
        let mut configuration_faults = self.configuration_faults();
        configuration_faults.extend(self.mappings.faults());
        Status {
            version,
            hostname: hostname(),
            started: self.started,
            now,
            workspace,
            data,
            configuration_faults,
            resident_bytes: resident_bytes(),
            receivers: receivers(listening, pipeline, now),
            configuration: self.configuration_outline(),
            statsd: self.parts.statsd.counts(),
            store: StoreStatus { size: (self.parts.size)(), max_disk_bytes, retention },
        }
    }

    /// What senders do wrong, the newest first.
    pub fn mistakes(&self) -> Vec<Mistake> {
        let Parts { mistakes, listening, .. } = &self.parts;
        mistakes::all(&mistakes.all(), listening, self.started)
    }

    /// What happens from now on.
    pub fn events(self: &Arc<Self>) -> Events {
        let mistakes = Changes::since_now(self.parts.mistakes.watch());
        Events::new(Arc::clone(self), &self.parts.pipeline, mistakes)
    }

    /// Log records that arrive from now on.
    pub fn log_tail(&self, filter: LogFilter) -> LogTail {
        LogTail::new(self.parts.pipeline.subscribe(), filter, self.closing())
    }

    /// Ends the scrapes and every stream of events and log records, so that a server that waits for them can stop.
    pub fn close(&self) {
        self.parts.scrapes.close();
        self.closing.cancel();
    }

    pub(crate) fn closing(&self) -> CancellationToken {
        self.closing.clone()
    }

    pub(crate) const fn mapping_file(&self) -> &MappingFile {
        &self.mappings
    }

    pub(crate) const fn configuration_file(&self) -> &ConfigurationFile {
        &self.configuration
    }

    /// How queries are read and evaluated.
    pub fn promql_options(&self) -> EngineOptions {
        self.promql.read().clone()
    }

    pub(crate) fn set_promql_options(&self, options: EngineOptions) {
        *self.promql.write() = options;
    }

    pub(crate) const fn pipeline(&self) -> &Pipeline {
        &self.parts.pipeline
    }

    pub(crate) fn series_writer(&self) -> Arc<dyn SeriesWriter> {
        self.parts.pipeline.series_writer()
    }

    pub(crate) fn series_reader(&self) -> &Arc<dyn SeriesReader> {
        &self.parts.series
    }

    pub(crate) fn stream_reader(&self) -> &Arc<dyn StreamReader> {
        &self.parts.streams
    }

    /// The time, as telemetry counts it.
    pub fn now(&self) -> Timestamp {
        now()
    }
}

async fn tick(workbench: Weak<Workbench>) {
    let mut ticks = tokio::time::interval(TICK);
    loop {
        ticks.tick().await;
        let Some(workbench) = workbench.upgrade() else {
            return;
        };
        (workbench.parts.tick)(now());
        workbench.watch_files();
    }
}

fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    let nanoseconds = since.unwrap_or_default().as_nanos();
    Timestamp(u64::try_from(nanoseconds).unwrap_or(u64::MAX))
}

#[derive(Debug)]
pub(crate) struct WithdrawOnDrop(pub(crate) Arc<AtomicBool>);

impl Drop for WithdrawOnDrop {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl fmt::Debug for Workbench {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Workbench")
            .field("settings", &self.parts.settings)
            .field("started", &self.started)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Parts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Parts").field("settings", &self.settings).finish_non_exhaustive()
    }
}
