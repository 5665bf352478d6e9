//! Reading the records of series of a journal again.

use rapidhash::RapidHashMap;
use watchglass_model::Timestamp;

use super::ledger::Ledger;
use super::record::Incoming;
use crate::head::Head;
use crate::view::Shared;

/// One journal being read: which of its numbers is which series now.
pub(crate) struct Replay<'o> {
    pub(crate) head: &'o Head,
    pub(crate) ledger: &'o mut Ledger,
    pub(crate) shared: &'o Shared,
    numbers: RapidHashMap<u32, u32>,
}

impl<'o> Replay<'o> {
    /// The beginning of the journal of `head`.
    pub(crate) fn of(head: &'o Head, ledger: &'o mut Ledger, shared: &'o Shared) -> Self {
        Self { head, ledger, shared, numbers: RapidHashMap::default() }
    }

    /// Makes visible what a record holds. Samples of series whose declaration was damaged are lost with it.
    pub(crate) fn keep(&mut self, received: Timestamp, wire: &[u8]) {
        let record = match Incoming::decode(wire) {
            Ok(record) => record,
            Err(error) => {
                let number = self.head.number;
                tracing::warn!("journal {number} holds series that do not decode: {error}");
                return;
            }
        };
        for (number, labels) in &record.declared {
            self.numbers.insert(*number, self.ledger.number(labels));
        }
        let known = record
            .samples
            .iter()
            .filter_map(|(number, sample)| Some((*self.numbers.get(number)?, sample)));
        let samples: Vec<_> = known.collect();
        for (series, sample) in &samples {
            self.ledger.replayed(*series, sample);
        }
        self.head.series.keep(samples.into_iter());
        for tombstone in &record.tombstones {
            let hit = self.head.series.delete(tombstone);
            self.ledger.forget(&hit);
        }
        if received != Timestamp::ZERO {
            self.head.note(received);
        }
        let mut annotations = self.shared.annotations.write();
        record.metadata.iter().for_each(|(name, one)| annotations.add_metadata(name, one));
        record.exemplars.iter().for_each(|(labels, one)| annotations.add_exemplar(labels, one));
    }
}
