//! Structured metadata in columns, as [`MetadataColumn`] shows it: each text, and each set of pairs, is held once.

use std::collections::HashMap;

use watchglass_model::{LogRef, Logs, Text};

use crate::pair_sets::{Pair, PairSets};
use crate::{MetadataColumn, MetadataDetail, own_metadata, shared_metadata};

/// The sets of pairs of some rows.
#[derive(Debug, Default)]
pub struct MetadataSets(PairSets);

/// What decides the set of a record that brings no pairs of its own.
type Plain = (u32, u32, i32, Text, u32, u32);

impl MetadataSets {
    /// The metadata of all rows of a batch of records, as far as it is looked at. Rows for which `shown` does not hold have
    /// the first set, whatever is in it. `details` says whether attributes, flags and event names are there.
    pub fn of(
        batch: &Logs,
        wanted: &MetadataDetail,
        shown: impl Fn(usize) -> bool,
        details: bool,
    ) -> Self {
        let mut sets = Self::default();
        if *wanted == MetadataDetail::Named(Vec::new()) {
            return sets;
        }
        let ids = wanted.wants("trace_id") || wanted.wants("span_id");
        let observed = wanted.wants("observed_timestamp");
        let mut plain: HashMap<Plain, u32> = HashMap::new();
        let mut shared: HashMap<(u32, u32), Vec<Pair>> = HashMap::new();
        for (number, record) in batch.iter().enumerate() {
            if !shown(number) {
                sets.0.set_of.push(0);
                continue;
            }
            let row = record.row;
            let is_plain = !observed
                && (!details || row.attributes.length == 0 && row.event_name.is_empty())
                && (!ids || row.trace_id.is_none() && row.span_id.is_none());
            let key = (
                row.resource,
                row.scope,
                row.severity_number,
                row.severity_text,
                row.flags,
                row.dropped_attributes_count,
            );
            if is_plain && let Some(set) = plain.get(&key) {
                sets.0.set_of.push(*set);
                continue;
            }
            let shared = shared
                .entry((row.resource, row.scope))
                .or_insert_with(|| sets.shared(record, wanted));
            let set = sets.set(record, wanted, shared);
            if is_plain {
                plain.insert(key, set);
            }
            sets.0.set_of.push(set);
        }
        sets
    }

    fn shared(&mut self, record: LogRef<'_>, wanted: &MetadataDetail) -> Vec<Pair> {
        let pairs = shared_metadata(record, wanted);
        pairs.iter().map(|(name, value)| (self.0.symbol(name), self.0.symbol(value))).collect()
    }

    fn set(&mut self, record: LogRef<'_>, wanted: &MetadataDetail, shared: &[Pair]) -> u32 {
        let mut pairs = Vec::with_capacity(shared.len() + 4);
        for pair in shared {
            replace(&mut pairs, *pair);
        }
        own_metadata(record, wanted, &mut |name, value| {
            if !value.is_empty() {
                let pair = (self.0.symbol(name), self.0.symbol(&value));
                replace(&mut pairs, pair);
            }
        });
        let texts = self.0.texts();
        pairs.sort_unstable_by(|one, other| texts.get(one.0).cmp(texts.get(other.0)));
        self.0.set(pairs)
    }

    /// As a batch of lines shows it.
    pub fn column(&self) -> MetadataColumn<'_> {
        self.0.column()
    }
}

/// Of pairs of one name the last counts.
fn replace(pairs: &mut Vec<Pair>, pair: Pair) {
    match pairs.iter_mut().find(|(name, _)| *name == pair.0) {
        Some(known) => *known = pair,
        None => pairs.push(pair),
    }
}
