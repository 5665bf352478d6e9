//! What tells the series of a metric query apart.

use watchglass_model::Labels;

use crate::stage::Row;
use crate::tree::Grouping;

/// Which labels of a line name its series.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum SeriesBy {
    /// These.
    Labels(Vec<String>),
    /// All but these.
    AllBut(Vec<String>),
}

impl SeriesBy {
    /// A grouping; the label that was unwrapped never tells series apart by itself.
    pub(super) fn new(grouping: Option<&Grouping>, unwrapped: Option<&str>) -> Self {
        match grouping {
            Some(grouping) if !grouping.without => Self::Labels(grouping.labels.clone()),
            other => {
                let mut labels = other.map(|own| own.labels.clone()).unwrap_or_default();
                labels.extend(unwrapped.map(str::to_owned));
                Self::AllBut(labels)
            }
        }
    }

    /// Writes what is the same for all lines of a series and for no others.
    pub(super) fn write_key(&self, row: &Row<'_>, key: &mut Vec<u8>) {
        key.clear();
        match self {
            Self::Labels(names) => {
                for name in names {
                    push(key, row.value(name));
                }
            }
            Self::AllBut(names) => {
                for (name, value, _) in row.visible() {
                    if !value.is_empty() && !names.iter().any(|own| *own == name) {
                        push(key, &name);
                        push(key, &value);
                    }
                }
            }
        }
    }

    /// The labels of the series of a line.
    pub(super) fn labels(&self, row: &Row<'_>) -> Labels {
        match self {
            Self::Labels(names) => {
                Labels::from_pairs(names.iter().map(|name| (name.as_str(), row.value(name))))
            }
            Self::AllBut(names) => Labels::from_pairs(
                row.visible()
                    .iter()
                    .filter(|(name, ..)| !names.iter().any(|own| own == name))
                    .map(|(name, value, _)| (name.as_ref(), value.as_ref())),
            ),
        }
    }
}

/// Its length before a text, so that no two lists of texts write the same.
fn push(key: &mut Vec<u8>, text: &str) {
    key.extend_from_slice(&text.len().to_le_bytes());
    key.extend_from_slice(text.as_bytes());
}
