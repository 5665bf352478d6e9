//! Start times in `OpenMetrics` 1.0: lines of their own, `_created`, anywhere among the samples of a family.

use std::collections::HashMap;

use memchr::memmem;
use watchglass_model::Millis;

use crate::number::millis;

use super::line::{Item, Lines};

/// The suffix of such lines.
pub(super) const SUFFIX: &str = "_created";

/// The start times of the family at hand, by labels. Upstream finds only a line that comes after the sample; here one
/// that comes before is found too.
#[derive(Debug, Default)]
pub(super) struct Created<'a> {
    family: &'a str,
    starts: HashMap<Vec<u8>, Millis>,
    /// Where the text next says `_created`; looked for once, not for every family.
    next: Option<usize>,
}

impl<'a> Created<'a> {
    /// Looks ahead through the samples of a family whose type has just been read.
    pub(super) fn look_ahead(&mut self, bytes: &'a [u8], lines: &Lines<'a>, family: &'a str) {
        self.family = family;
        self.starts.clear();
        let position = lines.position();
        if !lines.kind.has_start() || self.next_from(bytes, position) >= end(bytes, position) {
            return;
        }
        let mut ahead = lines.clone();
        // A fault will be met again, and reported, when its line's turn comes.
        while let Ok(Some(item)) = ahead.next() {
            match item {
                Item::Sample if ahead.name().strip_suffix(SUFFIX) == Some(family) => {
                    self.starts.insert(key(&ahead), millis(ahead.value));
                }
                Item::Sample | Item::Help(..) | Item::Unit(..) => {}
                Item::Type(..) => break,
            }
        }
    }

    /// When the sample read last began to count.
    pub(super) fn start(&self, lines: &Lines<'a>) -> Option<Millis> {
        if self.starts.is_empty() || !lines.name().starts_with(self.family) {
            return None;
        }
        self.starts.get(&key(lines)).copied()
    }

    fn next_from(&mut self, bytes: &[u8], position: usize) -> usize {
        if self.next.is_none_or(|next| next < position) {
            let rest = bytes.get(position..).unwrap_or_default();
            let found = memmem::find(rest, SUFFIX.as_bytes());
            self.next = Some(found.map_or(usize::MAX, |place| position + place));
        }
        self.next.unwrap_or(usize::MAX)
    }
}

/// Where the family that begins at `position` ends: at the next type.
fn end(bytes: &[u8], position: usize) -> usize {
    let rest = bytes.get(position..).unwrap_or_default();
    memmem::find(rest, b"\n# TYPE ").map_or(bytes.len(), |place| position + place)
}

/// The labels but for the one that tells a bucket or quantile.
fn key(lines: &Lines<'_>) -> Vec<u8> {
    let series = lines.series();
    let mut key = Vec::new();
    for (name, value) in series.labels.iter().filter(|(name, _)| *name != series.bound) {
        for text in [name, value] {
            key.extend_from_slice(text.as_bytes());
            key.push(0xff);
        }
    }
    key
}
