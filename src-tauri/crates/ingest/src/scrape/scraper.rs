//! One target: a request, what it brings, and how it went, written together.

use std::sync::Arc;
use std::time::{Duration, Instant};

use parking_lot::RwLock;
use tokio::sync::oneshot;
use tokio::task::spawn_blocking;
use watchglass_configuration::ScrapeConfig;
use watchglass_exposition::{Format, ScrapeProtocol};
use watchglass_model::{Labels, Millis};
use watchglass_storage::{MetricMetadata, SeriesWrite, SeriesWriter};

use super::absorb::{Counts, Memory};
use super::client::{ClientFault, Requester};
use super::fetch::{Answer, Fetch, FetchFault};
use super::report::{Report, ReportSeries};
use super::target::Target;

/// Answers larger than this are read off the threads that wait for others.
const LARGE: usize = 128 << 10;

/// Whether a target answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Health {
    /// Not asked yet.
    #[default]
    Unknown,
    /// It does.
    Up,
    /// It does not.
    Down,
}

/// How a target stands.
#[derive(Debug, Clone, Default)]
pub struct TargetStatus {
    /// Whether it answers.
    pub health: Health,
    /// When it was last scraped.
    pub last_scrape: Option<Millis>,
    /// How long that took.
    pub last_duration: Duration,
    /// What went wrong; empty where nothing did.
    pub last_error: String,
    /// Samples that the store refused at the last scrape.
    pub refused_samples: usize,
    /// What the target says of its metrics.
    pub metadata: Vec<(String, MetricMetadata)>,
}

/// A target and what is remembered of it.
pub struct TargetScraper {
    target: Arc<Target>,
    config: Arc<ScrapeConfig>,
    fetch: Fetch,
    writer: Arc<dyn SeriesWriter>,
    memory: Memory,
    report: ReportSeries,
    status: Arc<RwLock<TargetStatus>>,
}

impl std::fmt::Debug for TargetScraper {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TargetScraper").field("target", &self.target).finish_non_exhaustive()
    }
}

impl TargetScraper {
    /// A scraper that has not asked yet.
    pub fn new(
        target: Arc<Target>,
        config: Arc<ScrapeConfig>,
        writer: Arc<dyn SeriesWriter>,
    ) -> Result<Self, ClientFault> {
        let fetch = Fetch::new(Requester::new(&config.client)?, &config);
        Ok(Self::with_fetch(target, config, fetch, writer))
    }

    pub(crate) fn with_fetch(
        target: Arc<Target>,
        config: Arc<ScrapeConfig>,
        fetch: Fetch,
        writer: Arc<dyn SeriesWriter>,
    ) -> Self {
        let report = ReportSeries::new(&target.labels, &config);
        let memory = Memory::default();
        Self { target, config, fetch, writer, memory, report, status: Arc::default() }
    }

    /// How the target stands, now and later.
    pub(crate) fn status(&self) -> Arc<RwLock<TargetStatus>> {
        Arc::clone(&self.status)
    }

    /// Scrapes once; the samples bear `time`.
    pub async fn scrape(&mut self, time: Millis) {
        let started = Instant::now();
        let answer = self.fetch.get(&self.target.url, self.target.timeout).await;
        self.take(answer, time, started).await;
    }

    /// Fails without asking, because something else forbids it.
    pub(crate) async fn fail(&mut self, message: &str, time: Millis) {
        let mut write = SeriesWrite::default();
        self.memory.absorb_nothing(time, &mut write);
        let outcome =
            Outcome { counts: Counts::default(), body: 0, fault: Some(message.to_owned()) };
        self.finish(outcome, Duration::ZERO, time, write).await;
    }

    async fn take(&mut self, answer: Result<Answer, FetchFault>, time: Millis, started: Instant) {
        let mut write = SeriesWrite::default();
        let answer = answer.map_err(|fault| {
            let body = if matches!(fault, FetchFault::TooLarge) { -1 } else { 0 };
            Outcome { counts: Counts::default(), body, fault: Some(fault.to_string()) }
        });
        let outcome = match answer {
            Ok(answer) => self.absorb(answer, time, &mut write).await,
            Err(outcome) => {
                self.memory.absorb_nothing(time, &mut write);
                outcome
            }
        };
        self.finish(outcome, started.elapsed(), time, write).await;
    }

    async fn absorb(&mut self, answer: Answer, time: Millis, write: &mut SeriesWrite) -> Outcome {
        let body = i64::try_from(answer.body.len()).unwrap_or(i64::MAX);
        let fallback = self.config.fallback_scrape_protocol.as_deref();
        let fallback = fallback.and_then(ScrapeProtocol::from_name);
        let format = match Format::of_content_type(&answer.content_type, fallback) {
            Ok(negotiated) => negotiated.format,
            Err(fault) => {
                self.memory.absorb_nothing(time, write);
                return Outcome { counts: Counts::default(), body, fault: Some(fault.to_string()) };
            }
        };
        let mut memory = std::mem::take(&mut self.memory);
        let (target, config) = (Arc::clone(&self.target), Arc::clone(&self.config));
        let is_large = answer.body.len() > LARGE;
        let work = move || {
            let mut write = SeriesWrite::default();
            let (counts, done) =
                memory.absorb(&answer.body, format, &target.labels, &config, time, &mut write);
            (memory, counts, done, write)
        };
        let done = if is_large { spawn_blocking(work).await.ok() } else { Some(work()) };
        let Some((memory, counts, done, absorbed)) = done else {
            let fault = Some("reading the answer ended with a panic".to_owned());
            return Outcome { counts: Counts::default(), body, fault };
        };
        self.memory = memory;
        *write = absorbed;
        Outcome { counts, body, fault: done.err() }
    }

    async fn finish(
        &mut self,
        outcome: Outcome,
        took: Duration,
        time: Millis,
        mut write: SeriesWrite,
    ) {
        let Outcome { counts, body, fault } = outcome;
        let report = Report { is_up: fault.is_none(), took, counts, body };
        let limit = self.config.limits.samples;
        self.report.add(&report, self.target.timeout, limit, time, &mut write);
        let (refused_samples, fault) = match self.write(write).await {
            Ok(refused) => (refused, fault),
            Err(unwritten) => (0, Some(fault.unwrap_or(unwritten))),
        };
        let mut status = self.status.write();
        status.health = if fault.is_none() { Health::Up } else { Health::Down };
        status.last_scrape = Some(time);
        status.last_duration = took;
        status.last_error = fault.unwrap_or_default();
        status.refused_samples = refused_samples;
        if status.metadata.len() != self.memory.metadata().len() {
            let metadata = self.memory.metadata().iter();
            status.metadata = metadata.map(|(name, one)| (name.clone(), one.clone())).collect();
        }
    }

    /// The target is gone: its series end at `time`.
    pub async fn end(&mut self, time: Millis) {
        let mut write = SeriesWrite::default();
        self.memory.end(time, &mut write);
        self.report.end(time, &mut write);
        if let Err(fault) = self.write(write).await {
            tracing::warn!(target = %self.target.url, fault, "cannot end the series of a target");
        }
    }

    /// The labels of the target's series.
    pub fn labels(&self) -> &Labels {
        &self.target.labels
    }

    /// Writes, and says how many samples the store refused: those for times that are taken, most often.
    async fn write(&self, write: SeriesWrite) -> Result<usize, String> {
        let (done, written) = oneshot::channel();
        self.writer.write(Arc::new(write), Box::new(move |result| drop(done.send(result))));
        match written.await {
            Ok(Ok(written)) => Ok(written.refused.len()),
            Ok(Err(fault)) => Err(fault.to_string()),
            Err(_) => Err("the store has closed".to_owned()),
        }
    }
}

/// What came of a request.
struct Outcome {
    counts: Counts,
    body: i64,
    fault: Option<String>,
}
