//! The way of a request from its bytes to the store: decode, take out what is invalid, append, wait until it is
//! safe, show it to whoever watches. Receivers differ only in how they come by the bytes.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use parking_lot::Mutex;
use tokio::sync::{broadcast, oneshot};
use watchglass_model::{Points, Timestamp};
use watchglass_otlp::{
    DecodeError, Rejected, clear_invalid, decode_logs, decode_metrics, decode_traces,
    reject_invalid,
};
use watchglass_storage::{
    Arrival, Batch, SeriesWrite, SeriesWriter, Signal, WriteError, Writer, Written,
};

use crate::budget::{Budget, Exhausted, Share};
use crate::counters::{Count, Counters};
use crate::refusal::Refusal;
use crate::samples::{CountedSeries, KeptSamples};
use crate::translate::{Translation, TranslationSettings};

/// How much may come. Attributes and texts are never cut: a request is taken whole or refused whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one request, after decompression.
    pub request_bytes: usize,
    /// Bytes of all requests under way.
    pub in_flight_bytes: usize,
    /// Batches that a live view may lag behind before it misses some.
    pub live_batches: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { request_bytes: 64 << 20, in_flight_bytes: 256 << 20, live_batches: 64 }
    }
}

/// Requests larger than this are decoded off the threads that serve connections.
const LARGE: usize = 256 << 10;

/// How long senders are told to wait when too much is under way.
const BUSY: Duration = Duration::from_secs(1);

/// How long senders are told to wait when the disk fails or the program ends.
const BROKEN: Duration = Duration::from_secs(5);

/// What a live view sees: a batch that is safe in the store.
#[derive(Debug, Clone)]
pub struct Live {
    /// When it was received.
    pub received: Timestamp,
    /// The values.
    pub batch: Batch,
}

/// The pipeline; clones share it.
#[derive(Clone)]
pub struct Pipeline {
    shared: Arc<Shared>,
}

struct Shared {
    writer: Arc<dyn Writer>,
    series: Arc<CountedSeries>,
    translation: Translation,
    limits: Limits,
    budget: Budget,
    live: broadcast::Sender<Live>,
    counters: Mutex<BTreeMap<&'static str, Arc<Counters>>>,
}

impl std::fmt::Debug for Pipeline {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pipeline")
            .field("limits", &self.shared.limits)
            .field("available", &self.shared.budget.available())
            .finish_non_exhaustive()
    }
}

impl Pipeline {
    /// A pipeline into a store; metric points go in as they are and, translated, as series.
    pub fn new(
        writer: Arc<dyn Writer>,
        series: Arc<dyn SeriesWriter>,
        translation: TranslationSettings,
        limits: Limits,
    ) -> Self {
        Self {
            shared: Arc::new(Shared {
                writer,
                series: CountedSeries::new(series),
                translation: Translation::new(translation),
                limits,
                budget: Budget::new(limits.in_flight_bytes),
                live: broadcast::Sender::new(limits.live_batches.max(1)),
                counters: Mutex::default(),
            }),
        }
    }

    /// Translates metrics in another way from now on.
    pub fn set_translation(&self, settings: TranslationSettings) {
        self.shared.translation.set(settings);
    }

    /// How much may come.
    pub fn limits(&self) -> Limits {
        self.shared.limits
    }

    /// A share of the bytes that may be under way, to be grown while a request is read.
    pub fn share(&self) -> Share {
        self.shared.budget.share()
    }

    /// What will be safe in the store from now on. Who reads too slowly is told how many batches were missed.
    pub fn subscribe(&self) -> broadcast::Receiver<Live> {
        self.shared.live.subscribe()
    }

    /// How many samples of series will be safe in the store from now on.
    pub fn kept_samples(&self) -> KeptSamples {
        self.shared.series.kept()
    }

    /// Where series go that no request brings: what is written there is counted too.
    pub fn series_writer(&self) -> Arc<dyn SeriesWriter> {
        Arc::<CountedSeries>::clone(&self.shared.series)
    }

    /// The counters of the receiver with this name.
    pub fn counters(&self, receiver: &'static str) -> Arc<Counters> {
        let mut all = self.shared.counters.lock();
        Arc::clone(all.entry(receiver).or_default())
    }

    /// What each receiver has counted at this moment, by name.
    pub fn counts(&self, now: Timestamp) -> Vec<(&'static str, Count)> {
        let all = self.shared.counters.lock();
        all.iter().map(|(name, counters)| (*name, counters.read(now))).collect()
    }

    /// Takes the protobuf bytes of an export request; done when they are safe in the store.
    pub async fn accept(
        &self,
        counters: &Arc<Counters>,
        signal: Signal,
        request: Bytes,
        received: Timestamp,
    ) -> Result<Rejected, Refusal> {
        let mut share = self.share();
        let taken = match share.grow(request.len()) {
            Ok(()) => self.accept_within(counters, signal, request, received, share).await,
            Err(Exhausted) => Err(Self::busy()),
        };
        if taken.is_err() {
            counters.refused(received);
        }
        taken
    }

    /// The same for a request whose bytes already have their share; a refusal is not counted.
    pub(crate) async fn accept_within(
        &self,
        counters: &Arc<Counters>,
        signal: Signal,
        request: Bytes,
        received: Timestamp,
        share: Share,
    ) -> Result<Rejected, Refusal> {
        let limit = self.shared.limits.request_bytes;
        if request.len() > limit {
            return Err(Refusal::TooLarge { limit });
        }
        let (batch, rejected) = decode_off_thread(signal, request.clone()).await?;
        if let Batch::Points(points) = &batch {
            self.write_series(points).await?;
        }
        if batch.is_empty() {
            counters.taken(received, &batch, request.len(), rejected.count);
            return Ok(rejected);
        }
        let (done, safe) = oneshot::channel();
        let arrival = Arrival { received, batch: batch.clone(), wire: request.clone() };
        let shared = Arc::clone(&self.shared);
        let counters = Arc::clone(counters);
        let count = rejected.count;
        // Shown and counted from here, so that it happens even when the sender has hung up meanwhile.
        let finish = move |result: Result<(), WriteError>| {
            if result.is_ok() {
                counters.taken(received, &batch, request.len(), count);
                // Nobody watching is no failure.
                let _ = shared.live.send(Live { received, batch });
            }
            drop(share);
            let _ = done.send(result);
        };
        self.shared.writer.append(arrival, Box::new(finish));
        match safe.await {
            Ok(Ok(())) => Ok(rejected),
            Ok(Err(error)) => Err(refusal_of(&error)),
            Err(_) => Err(refusal_of(&WriteError::Closed)),
        }
    }

    /// Writes points as series, before the points themselves: a sender whose series are not safe sends all again.
    async fn write_series(&self, points: &Points) -> Result<(), Refusal> {
        let (write, left_out) = self.shared.translation.translate(points);
        if left_out > 0 {
            tracing::debug!(left_out, "some points have no translation into series");
        }
        self.write(write).await.map(drop)
    }

    /// Writes series; done when they are safe in the store.
    pub(crate) async fn write(&self, write: SeriesWrite) -> Result<Written, Refusal> {
        let (done, safe) = oneshot::channel();
        let finish = move |result: Result<Written, WriteError>| {
            // Who asked may have hung up meanwhile.
            let _ = done.send(result);
        };
        self.shared.series.write(Arc::new(write), Box::new(finish));
        match safe.await {
            Ok(Ok(written)) => Ok(written),
            Ok(Err(error)) => Err(refusal_of(&error)),
            Err(_) => Err(refusal_of(&WriteError::Closed)),
        }
    }

    /// The refusal when too many bytes are under way.
    pub(crate) fn busy() -> Refusal {
        Refusal::Overloaded { reason: "too many bytes are under way".to_owned(), retry_after: BUSY }
    }
}

fn refusal_of(error: &WriteError) -> Refusal {
    let retry_after = match error {
        WriteError::Overloaded { retry_after } => *retry_after,
        WriteError::Disk(_) | WriteError::Closed => BROKEN,
    };
    Refusal::Overloaded { reason: error.to_string(), retry_after }
}

async fn decode_off_thread(signal: Signal, request: Bytes) -> Result<(Batch, Rejected), Refusal> {
    let decoded = if request.len() < LARGE {
        decode(signal, &request)
    } else {
        tokio::task::spawn_blocking(move || decode(signal, &request))
            .await
            .map_err(|_| refusal_of(&WriteError::Closed))?
    };
    decoded.map_err(|error| Refusal::Invalid {
        message: format!("not an OTLP {} request: {error}", signal.name()),
        field: error.path,
    })
}

fn decode(signal: Signal, request: &[u8]) -> Result<(Batch, Rejected), DecodeError> {
    Ok(match signal {
        Signal::Traces => {
            let mut spans = decode_traces(request)?;
            let rejected = reject_invalid(&mut spans);
            (Batch::Spans(Arc::new(spans)), rejected)
        }
        Signal::Logs => {
            let mut logs = decode_logs(request)?;
            clear_invalid(&mut logs);
            (Batch::Logs(Arc::new(logs)), Rejected::default())
        }
        Signal::Metrics => {
            let points = decode_metrics(request)?;
            (Batch::Points(Arc::new(points)), Rejected::default())
        }
    })
}
