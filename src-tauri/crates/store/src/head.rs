//! A head: what arrived since the last seal, in memory for scans and in one journal file for safety.

use parking_lot::Mutex;
use watchglass_model::Timestamp;
use watchglass_otlp as otlp;
use watchglass_storage::{Batch, MemoryStore, Signal};

use crate::journal::Entry;
use crate::segment::Received;

/// The batches of one journal file.
#[derive(Debug)]
pub(crate) struct Head {
    /// The number of the journal file, and of the segment that it becomes.
    pub(crate) number: u32,
    pub(crate) store: MemoryStore,
    received: Mutex<Received>,
}

impl Head {
    pub(crate) fn new(number: u32) -> Self {
        Self { number, store: MemoryStore::new(), received: Mutex::default() }
    }

    /// Makes a batch visible.
    pub(crate) fn keep(&self, received: Timestamp, batch: &Batch) {
        self.store.keep(batch);
        let mut all = self.received.lock();
        *all = all.and(received);
    }

    /// When its first and last batch arrived.
    pub(crate) fn received(&self) -> Received {
        *self.received.lock()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.store.rows() == [0; 3]
    }

    /// Makes visible what the journal kept. What was accepted once is decoded the same way again.
    pub(crate) fn keep_entry(&self, entry: &Entry) {
        match decode(entry) {
            Ok(batch) => self.keep(entry.received, &batch),
            Err(error) => tracing::warn!(
                "journal {} holds {} that do not decode: {error}",
                self.number,
                entry.signal.name()
            ),
        }
    }
}

/// What a receiver made of these bytes when they came: rows that it rejected are left out again.
fn decode(entry: &Entry) -> Result<Batch, otlp::DecodeError> {
    Ok(match entry.signal {
        Signal::Traces => {
            let mut spans = otlp::decode_traces(&entry.wire)?;
            otlp::reject_invalid(&mut spans);
            Batch::Spans(spans.into())
        }
        Signal::Logs => {
            let mut logs = otlp::decode_logs(&entry.wire)?;
            otlp::clear_invalid(&mut logs);
            Batch::Logs(logs.into())
        }
        Signal::Metrics => Batch::Points(otlp::decode_metrics(&entry.wire)?.into()),
    })
}
