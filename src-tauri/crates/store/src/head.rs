//! A head: what arrived since the last seal, in memory for scans and in one journal file for safety.

use std::sync::Arc;

use parking_lot::{Mutex, RwLock};
use watchglass_detection::derive;
use watchglass_model::Timestamp;
use watchglass_otlp as otlp;
use watchglass_storage::{Batch, MemoryStore, Signal};

use crate::segment::Received;
use crate::series::head::SeriesHead;
use crate::series::index::Index;

/// The batches of one journal file.
#[derive(Debug)]
pub(crate) struct Head {
    /// The number of the journal file, and of the segment that it becomes.
    pub(crate) number: u32,
    pub(crate) store: MemoryStore,
    pub(crate) series: SeriesHead,
    received: Mutex<Received>,
}

impl Head {
    /// An empty head, of series by the numbers of `index`.
    pub(crate) fn new(number: u32, index: &Arc<RwLock<Index>>) -> Self {
        let series = SeriesHead::new(index);
        Self { number, store: MemoryStore::new(), series, received: Mutex::default() }
    }

    /// Makes a batch visible.
    pub(crate) fn keep(&self, received: Timestamp, batch: &Batch) {
        self.store.keep(batch);
        self.note(received);
    }

    /// Takes note of the arrival of something.
    pub(crate) fn note(&self, received: Timestamp) {
        let mut all = self.received.lock();
        *all = all.and(received);
    }

    /// When its first and last batch arrived.
    pub(crate) fn received(&self) -> Received {
        *self.received.lock()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.store.rows() == [0; 3] && self.series.is_empty()
    }

    /// Bytes of memory held.
    pub(crate) fn footprint(&self) -> usize {
        self.store.footprint() + self.series.footprint()
    }

    /// Makes visible what the journal kept. What was accepted once is decoded the same way again.
    pub(crate) fn keep_wire(&self, signal: Signal, received: Timestamp, wire: &[u8]) {
        match decode(signal, wire) {
            Ok(batch) => self.keep(received, &batch),
            Err(error) => tracing::warn!(
                "journal {} holds {} that do not decode: {error}",
                self.number,
                signal.name()
            ),
        }
    }
}

/// What a receiver made of these bytes when they came: rows that it rejected are left out again, and what records
/// lack is derived again.
fn decode(signal: Signal, wire: &[u8]) -> Result<Batch, otlp::DecodeError> {
    Ok(match signal {
        Signal::Traces => {
            let mut spans = otlp::decode_traces(wire)?;
            otlp::reject_invalid(&mut spans);
            Batch::Spans(spans.into())
        }
        Signal::Logs => {
            let mut logs = otlp::decode_logs(wire)?;
            otlp::clear_invalid(&mut logs);
            derive(&mut logs);
            Batch::Logs(logs.into())
        }
        Signal::Metrics => Batch::Points(otlp::decode_metrics(wire)?.into()),
    })
}
