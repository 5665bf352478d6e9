//! Sets of pairs of texts, as [`MetadataColumn`] shows them: each text and each set is held once.

use std::collections::HashMap;

use crate::{MetadataColumn, Symbols};

/// A name and a value, both as numbers of their texts.
pub(crate) type Pair = (u32, u32);

/// The sets of the rows of a batch.
#[derive(Debug, Clone, Default)]
pub(crate) struct PairSets {
    /// For each row its set.
    pub(crate) set_of: Vec<u32>,
    ends: Vec<u32>,
    pairs: Vec<Pair>,
    text: String,
    text_ends: Vec<u32>,
    symbols: HashMap<String, u32>,
    sets: HashMap<Vec<Pair>, u32>,
}

impl PairSets {
    /// The number of a text.
    pub(crate) fn symbol(&mut self, text: &str) -> u32 {
        if let Some(place) = self.symbols.get(text) {
            return *place;
        }
        let place = count(self.text_ends.len());
        self.text.push_str(text);
        self.text_ends.push(count(self.text.len()));
        self.symbols.insert(text.to_owned(), place);
        place
    }

    /// The number of a set: its pairs are sorted by name, and each name comes once.
    pub(crate) fn set(&mut self, pairs: Vec<Pair>) -> u32 {
        if let Some(set) = self.sets.get(&pairs) {
            return *set;
        }
        let set = count(self.ends.len());
        self.pairs.extend_from_slice(&pairs);
        self.ends.push(count(self.pairs.len()));
        self.sets.insert(pairs, set);
        set
    }

    /// Gives back what only adding needs.
    pub(crate) fn close(&mut self) {
        self.symbols = HashMap::new();
        self.sets = HashMap::new();
    }

    /// The texts by number.
    pub(crate) fn texts(&self) -> Symbols<'_> {
        Symbols { text: &self.text, ends: &self.text_ends }
    }

    /// As a batch of lines shows it.
    pub(crate) fn column(&self) -> MetadataColumn<'_> {
        MetadataColumn {
            set_of: &self.set_of,
            ends: &self.ends,
            pairs: &self.pairs,
            symbols: self.texts(),
        }
    }

    /// Bytes of memory held, without what only adding needs.
    pub(crate) fn footprint(&self) -> usize {
        4 * (self.set_of.len() + self.ends.len() + self.text_ends.len())
            + size_of::<Pair>() * self.pairs.len()
            + self.text.len()
    }
}

/// A count of things in a batch, which is far below four billion.
pub(crate) fn count(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}
