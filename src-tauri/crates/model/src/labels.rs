//! The label set that names a series: sorted pairs in one piece of text, cheap to share and to compare.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// The label that holds a metric's name.
pub const METRIC_NAME: &str = "__name__";

/// A set of labels, by name. A label with an empty value is the same as no label, so none is held.
#[derive(Clone, Default)]
pub struct Labels(Option<Arc<Packed>>);

/// Names and values one after another, and where each ends.
#[derive(Default)]
struct Packed {
    text: Box<str>,
    ends: Box<[u32]>,
}

impl Labels {
    /// No labels.
    pub const EMPTY: Self = Self(None);

    /// Labels from pairs in any order. Of a name that comes twice the last counts; empty values are dropped.
    pub fn from_pairs<N: Into<String>, V: Into<String>>(
        pairs: impl IntoIterator<Item = (N, V)>,
    ) -> Self {
        let mut builder = LabelsBuilder::default();
        for (name, value) in pairs {
            builder.set(name, value);
        }
        builder.build()
    }

    /// Labels from pairs that are sorted by name, without duplicates or empty values: quicker than [`Self::from_pairs`],
    /// and the caller answers for it.
    pub fn from_sorted<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)> + Clone) -> Self {
        let length = pairs.clone().map(|(name, value)| name.len() + value.len()).sum();
        let mut text = String::with_capacity(length);
        let mut ends = Vec::new();
        for part in pairs.flat_map(|(name, value)| [name, value]) {
            text.push_str(part);
            ends.push(u32::try_from(text.len()).expect("labels are limited to far below 4 GiB"));
        }
        if ends.is_empty() {
            return Self::EMPTY;
        }
        Self(Some(Arc::new(Packed { text: text.into(), ends: ends.into() })))
    }

    /// The pairs, by name.
    pub fn iter(&self) -> Pairs<'_> {
        match &self.0 {
            Some(packed) => Pairs { text: &packed.text, ends: &packed.ends, start: 0 },
            None => Pairs { text: "", ends: &[], start: 0 },
        }
    }

    /// How many labels there are.
    pub fn len(&self) -> usize {
        self.0.as_ref().map_or(0, |packed| packed.ends.len() / 2)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// The value of a label; empty where there is none, which is the same thing.
    pub fn get(&self, name: &str) -> &str {
        self.iter().find(|(own, _)| *own == name).map_or("", |(_, value)| value)
    }

    /// The metric's name; empty where there is none.
    pub fn name(&self) -> &str {
        self.get(METRIC_NAME)
    }

    /// The labels for which `wanted` holds.
    #[must_use]
    pub fn filtered(&self, wanted: impl Fn(&str) -> bool) -> Self {
        if self.iter().all(|(name, _)| wanted(name)) {
            return self.clone();
        }
        let kept: Vec<_> = self.iter().filter(|(name, _)| wanted(name)).collect();
        Self::from_sorted(kept.into_iter())
    }

    /// All labels but one.
    #[must_use]
    pub fn without(&self, name: &str) -> Self {
        self.filtered(|own| own != name)
    }

    /// With one label set; an empty value removes it.
    #[must_use]
    pub fn with(&self, name: &str, value: &str) -> Self {
        let mut builder = LabelsBuilder::from(self);
        builder.set(name, value);
        builder.build()
    }

    /// Bytes of memory held.
    pub fn footprint(&self) -> usize {
        self.0.as_ref().map_or(0, |packed| {
            size_of::<Packed>() + 16 + packed.text.len() + 4 * packed.ends.len()
        })
    }
}

/// The pairs of a label set, by name.
#[derive(Debug, Clone)]
pub struct Pairs<'a> {
    text: &'a str,
    ends: &'a [u32],
    start: usize,
}

impl<'a> Iterator for Pairs<'a> {
    type Item = (&'a str, &'a str);

    fn next(&mut self) -> Option<Self::Item> {
        let [name_end, value_end, rest @ ..] = self.ends else { return None };
        let (name_end, value_end) = (*name_end as usize, *value_end as usize);
        let pair = (self.text.get(self.start..name_end)?, self.text.get(name_end..value_end)?);
        self.ends = rest;
        self.start = value_end;
        Some(pair)
    }
}

impl<'a> IntoIterator for &'a Labels {
    type Item = (&'a str, &'a str);
    type IntoIter = Pairs<'a>;

    fn into_iter(self) -> Pairs<'a> {
        self.iter()
    }
}

impl PartialEq for Labels {
    fn eq(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Some(one), Some(two)) => {
                Arc::ptr_eq(one, two) || (one.text == two.text && one.ends == two.ends)
            }
            (one, two) => one.is_none() && two.is_none(),
        }
    }
}

impl Eq for Labels {}

impl Hash for Labels {
    fn hash<H: Hasher>(&self, state: &mut H) {
        if let Some(packed) = &self.0 {
            packed.text.hash(state);
            packed.ends.hash(state);
        }
    }
}

impl PartialOrd for Labels {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// By name and value, pair after pair; of two sets that share their beginning the shorter comes first.
impl Ord for Labels {
    fn cmp(&self, other: &Self) -> Ordering {
        self.iter().cmp(other.iter())
    }
}

/// As PromQL writes a series without its name: `{job="api", le="0.1"}`.
impl fmt::Display for Labels {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("{")?;
        for (place, (name, value)) in self.iter().enumerate() {
            let comma = if place == 0 { "" } else { ", " };
            write!(f, "{comma}{name}={value:?}")?;
        }
        f.write_str("}")
    }
}

impl fmt::Debug for Labels {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A label set on its way. What is set to an empty value is gone.
#[derive(Debug, Clone, Default)]
pub struct LabelsBuilder(Vec<(String, String)>);

impl LabelsBuilder {
    /// Sets a label, or removes it where the value is empty.
    pub fn set(&mut self, name: impl Into<String>, value: impl Into<String>) -> &mut Self {
        let (name, value) = (name.into(), value.into());
        match self.0.binary_search_by(|(own, _)| own.as_str().cmp(&name)) {
            Ok(place) if value.is_empty() => drop(self.0.remove(place)),
            Ok(place) => {
                if let Some(pair) = self.0.get_mut(place) {
                    pair.1 = value;
                }
            }
            Err(_) if value.is_empty() => {}
            Err(place) => self.0.insert(place, (name, value)),
        }
        self
    }

    /// Removes a label.
    pub fn remove(&mut self, name: &str) -> &mut Self {
        self.0.retain(|(own, _)| own != name);
        self
    }

    /// Keeps the labels for which `wanted` holds.
    pub fn retain(&mut self, wanted: impl Fn(&str) -> bool) -> &mut Self {
        self.0.retain(|(name, _)| wanted(name));
        self
    }

    /// The value of a label; empty where there is none.
    pub fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(own, _)| own == name).map_or("", |(_, value)| value)
    }

    /// The pairs, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> + Clone {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The finished set.
    pub fn build(&self) -> Labels {
        Labels::from_sorted(self.iter())
    }
}

impl From<&Labels> for LabelsBuilder {
    fn from(labels: &Labels) -> Self {
        Self(labels.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_come_sorted_and_the_last_of_a_name_counts() {
        let labels = Labels::from_pairs([("job", "a"), ("env", "x"), ("job", "b"), ("none", "")]);
        assert_eq!(labels.iter().collect::<Vec<_>>(), [("env", "x"), ("job", "b")]);
        assert_eq!((labels.get("job"), labels.get("none"), labels.len()), ("b", "", 2));
    }

    #[test]
    fn where_a_text_ends_is_part_of_equality() {
        assert_ne!(Labels::from_pairs([("a", "bc")]), Labels::from_pairs([("ab", "c")]));
        assert_eq!(Labels::from_pairs([("a", "")]), Labels::EMPTY);
    }

    #[test]
    fn order_goes_by_pairs_and_not_by_joined_text() {
        let (short, long) = (Labels::from_pairs([("a", "z")]), Labels::from_pairs([("aa", "b")]));
        assert!(short < long);
        assert!(Labels::EMPTY < short);
    }
}
