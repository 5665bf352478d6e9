//! Labels as Prometheus takes them: a metric name, valid names, no name twice; and upstream's words for those it
//! refuses (`scrape/scrape.go`, `tsdb/head_append.go`, `storage/remote/write_handler.go`).

use std::borrow::Cow;
use std::fmt::Write;

use watchglass_model::{Labels, METRIC_NAME};

use crate::quoted::Quoted;

/// Why a label set does not name a series. Displays as a scrape or an append would say it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LabelError {
    /// There is no metric name.
    #[error("missing metric name (__name__ label)")]
    MissingName {
        /// The labels there are.
        labels: String,
    },
    /// A name is empty, or a text is not UTF-8.
    #[error("invalid metric name or label names: {labels}")]
    Invalid {
        /// All the labels.
        labels: String,
    },
    /// A label name comes twice.
    #[error("label name {} is not unique: invalid sample", Quoted(name.as_bytes()))]
    Duplicate {
        /// All the labels.
        labels: String,
        /// The first name that comes twice.
        name: String,
    },
    /// Remote write 2.0 refers to a symbol that is not there.
    #[error("labelRefs {name} (name) = {value} (value) outside of symbols table (size {size})")]
    OutsideSymbols {
        /// The reference to the name.
        name: u32,
        /// The reference to the value.
        value: u32,
        /// How many symbols there are.
        size: usize,
    },
    /// Remote write 2.0 holds a name without a value.
    #[error("invalid labelRefs length {0}")]
    OddReferences(usize),
}

impl LabelError {
    /// What the receiver of remote write says of such a series.
    pub fn of_write(&self) -> String {
        match self {
            Self::MissingName { labels } | Self::Invalid { labels } => {
                format!("invalid metric name or labels, got {labels}")
            }
            Self::Duplicate { labels, name } => {
                format!("invalid labels for series, labels {labels}, duplicated label {name}")
            }
            Self::OutsideSymbols { .. } | Self::OddReferences(_) => self.to_string(),
        }
    }
}

/// A label's name and value, valid or not.
type Pair<'a> = (Cow<'a, [u8]>, Cow<'a, [u8]>);

/// Labels from pairs in any order, if Prometheus would take them. Empty values stand for no label.
pub fn validated<'a>(pairs: impl IntoIterator<Item = Pair<'a>>) -> Result<Labels, LabelError> {
    let mut pairs: Vec<_> = pairs.into_iter().collect();
    pairs.sort_by(|(one, _), (other, _)| one.cmp(other));
    let texts: Option<Vec<_>> = pairs.iter().map(valid).collect();
    let Some(mut texts) = texts else {
        return Err(LabelError::Invalid { labels: shown(&pairs) });
    };
    if !texts.iter().any(|(name, value)| *name == METRIC_NAME && !value.is_empty()) {
        return Err(LabelError::MissingName { labels: shown(&pairs) });
    }
    if let Some((name, _)) = texts
        .iter()
        .zip(texts.iter().skip(1))
        .find_map(|(one, other)| (one.0 == other.0).then_some(one))
    {
        return Err(LabelError::Duplicate { labels: shown(&pairs), name: (*name).to_owned() });
    }
    texts.retain(|(_, value)| !value.is_empty());
    Ok(Labels::from_sorted(texts.into_iter()))
}

/// A pair of texts, the name not empty.
fn valid<'p>((name, value): &'p Pair<'_>) -> Option<(&'p str, &'p str)> {
    let name = str::from_utf8(name).ok().filter(|name| !name.is_empty())?;
    Some((name, str::from_utf8(value).ok()?))
}

/// As upstream writes labels: `{__name__="a", job="b"}`.
fn shown(pairs: &[Pair<'_>]) -> String {
    let mut text = String::from("{");
    for (place, (name, value)) in pairs.iter().enumerate() {
        let comma = if place == 0 { "" } else { ", " };
        let name = String::from_utf8_lossy(name);
        let written = write!(text, "{comma}{name}={}", Quoted(value));
        debug_assert!(written.is_ok(), "text takes any text");
    }
    text.push('}');
    text
}
