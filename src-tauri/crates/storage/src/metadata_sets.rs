//! Structured metadata in columns, as [`MetadataColumn`] shows it: each text, and each set of pairs, is held once.

use std::collections::HashMap;

use watchglass_model::{LogRef, Logs, Text};

use crate::{MetadataColumn, MetadataDetail, Symbols, own_metadata, shared_metadata};

/// The sets of pairs of some rows.
#[derive(Debug, Default)]
pub struct MetadataSets {
    set_of: Vec<u32>,
    ends: Vec<u32>,
    pairs: Vec<(u32, u32)>,
    text: String,
    text_ends: Vec<u32>,
    symbols: HashMap<String, u32>,
    sets: HashMap<Vec<(u32, u32)>, u32>,
}

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
        let mut shared: HashMap<(u32, u32), Vec<(u32, u32)>> = HashMap::new();
        for (number, record) in batch.iter().enumerate() {
            if !shown(number) {
                sets.set_of.push(0);
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
                sets.set_of.push(*set);
                continue;
            }
            let shared = shared
                .entry((row.resource, row.scope))
                .or_insert_with(|| sets.shared(record, wanted));
            let set = sets.set(record, wanted, shared);
            if is_plain {
                plain.insert(key, set);
            }
            sets.set_of.push(set);
        }
        sets
    }

    fn shared(&mut self, record: LogRef<'_>, wanted: &MetadataDetail) -> Vec<(u32, u32)> {
        let pairs = shared_metadata(record, wanted);
        pairs.iter().map(|(name, value)| (self.symbol(name), self.symbol(value))).collect()
    }

    fn set(&mut self, record: LogRef<'_>, wanted: &MetadataDetail, shared: &[(u32, u32)]) -> u32 {
        let mut pairs = Vec::with_capacity(shared.len() + 4);
        for pair in shared {
            replace(&mut pairs, *pair);
        }
        own_metadata(record, wanted, &mut |name, value| {
            if !value.is_empty() {
                let pair = (self.symbol(name), self.symbol(&value));
                replace(&mut pairs, pair);
            }
        });
        pairs.sort_unstable_by(|one, other| self.get(one.0).cmp(self.get(other.0)));
        if let Some(set) = self.sets.get(&pairs) {
            return *set;
        }
        let set = count(self.ends.len());
        self.pairs.extend_from_slice(&pairs);
        self.ends.push(count(self.pairs.len()));
        self.sets.insert(pairs, set);
        set
    }

    fn get(&self, symbol: u32) -> &str {
        Symbols { text: &self.text, ends: &self.text_ends }.get(symbol)
    }

    fn symbol(&mut self, text: &str) -> u32 {
        if let Some(place) = self.symbols.get(text) {
            return *place;
        }
        let place = count(self.text_ends.len());
        self.text.push_str(text);
        self.text_ends.push(count(self.text.len()));
        self.symbols.insert(text.to_owned(), place);
        place
    }

    /// As a batch of lines shows it.
    pub fn column(&self) -> MetadataColumn<'_> {
        MetadataColumn {
            set_of: &self.set_of,
            ends: &self.ends,
            pairs: &self.pairs,
            symbols: Symbols { text: &self.text, ends: &self.text_ends },
        }
    }
}

/// Of pairs of one name the last counts.
fn replace(pairs: &mut Vec<(u32, u32)>, pair: (u32, u32)) {
    match pairs.iter_mut().find(|(name, _)| *name == pair.0) {
        Some(known) => *known = pair,
        None => pairs.push(pair),
    }
}

fn count(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}
