//! `statsd_exporter` without a scraper: lines of StatsD added up in memory and written as samples, a new series within a
//! second and all of them at every interval, as a Prometheus would scrape them.

mod aggregate;
mod counts;
mod line;
mod name;
mod observer;

use std::sync::Arc;
use std::time::{Duration, Instant};

use parking_lot::{Mutex, RwLock};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use watchglass_configuration::StatsdMappings;

use crate::pipeline::Pipeline;
use crate::receiver::now;
use crate::refresh::Refresh;
use aggregate::Aggregate;
pub use counts::StatsdCounts;

/// How soon a series is written that is new.
const BEAT: Duration = Duration::from_secs(1);

/// What has come over StatsD; clones share it.
#[derive(Debug, Clone)]
pub struct Statsd {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    held: Mutex<Held>,
    mappings: RwLock<Arc<StatsdMappings>>,
    pipeline: Pipeline,
}

#[derive(Debug, Default)]
struct Held {
    aggregate: Aggregate,
    counts: StatsdCounts,
}

impl Statsd {
    /// Nothing yet. Samples go through `pipeline`.
    pub fn new(pipeline: Pipeline) -> Self {
        let shared = Shared { held: Mutex::default(), mappings: RwLock::default(), pipeline };
        Self { shared: Arc::new(shared) }
    }

    /// From now on names are mapped so. What is held already goes on under the names that it has.
    pub fn set_mappings(&self, mappings: StatsdMappings) {
        self.shared.held.lock().counts.mappings = mappings.len() as u64;
        *self.shared.mappings.write() = Arc::new(mappings);
    }

    /// What it has counted.
    pub fn counts(&self) -> StatsdCounts {
        let held = self.shared.held.lock();
        StatsdCounts { series: held.aggregate.series() as u64, ..held.counts.clone() }
    }

    /// Counts something of the way that lines come.
    pub(crate) fn count(&self, count: impl FnOnce(&mut StatsdCounts)) {
        count(&mut self.shared.held.lock().counts);
    }

    /// Takes lines; how many events were taken, and how many lines, samples and events were not.
    pub(crate) fn take(&self, lines: &[u8]) -> (u64, u64) {
        let mappings = Arc::clone(&self.shared.mappings.read());
        let now = Duration::from_nanos(now().0);
        let mut held = self.shared.held.lock();
        let Held { aggregate, counts } = &mut *held;
        let before = (counts.taken(), counts.rejected());
        for line in lines.split(|byte| *byte == b'\n') {
            counts.lines += u64::from(!line.is_empty());
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            line::read(line, counts, |event, counts| {
                aggregate.take(&event, &mappings, now, counts);
            });
        }
        (counts.taken() - before.0, counts.rejected() - before.1)
    }

    /// Writes what has come until `closing`, and once more then.
    pub async fn run(self, refresh: Refresh, closing: CancellationToken) {
        let mut last = Instant::now();
        loop {
            let is_closing = tokio::select! {
                () = closing.cancelled() => true,
                () = sleep(BEAT.min(refresh.interval())) => false,
            };
            let is_due = is_closing || last.elapsed() >= refresh.interval();
            if is_due {
                last = Instant::now();
            }
            self.write(is_due).await;
            if is_closing {
                return;
            }
        }
    }

    async fn write(&self, everything: bool) {
        let now = Duration::from_nanos(now().0);
        let write = {
            let mut held = self.shared.held.lock();
            held.aggregate.expire(now);
            held.aggregate.write(now, everything)
        };
        if write.samples.is_empty() {
            return;
        }
        if let Err(refusal) = self.shared.pipeline.write(write).await {
            tracing::warn!("what came over StatsD was not written: {refusal}");
        }
    }
}
