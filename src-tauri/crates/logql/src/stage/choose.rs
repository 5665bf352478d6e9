//! `drop` and `keep`.

use super::row::Row;
use super::{ERROR, ERROR_DETAILS};
use crate::tree::LabelChoice;

/// Labels, some only with some values.
#[derive(Debug, Clone)]
pub(super) struct Choices(Vec<LabelChoice>);

impl Choices {
    pub(super) fn new(choices: &[LabelChoice]) -> Self {
        Self(choices.to_vec())
    }

    fn applies(choice: &LabelChoice, value: &str) -> bool {
        match choice {
            LabelChoice::Name(_) => true,
            LabelChoice::Matcher(matcher) => matcher.matches(value),
        }
    }

    /// Removes the labels that are named.
    pub(super) fn drop_from(&self, row: &mut Row<'_>) -> bool {
        for choice in &self.0 {
            let name = choice.name();
            match name {
                ERROR if Self::applies(choice, row.error()) => row.forgive(true),
                ERROR => {}
                ERROR_DETAILS => row.forgive(false),
                _ => {
                    if row.get(name).is_some_and(|value| Self::applies(choice, value)) {
                        row.remove(name);
                    }
                }
            }
        }
        true
    }

    /// Removes all labels but those that are named; failures stay.
    pub(super) fn keep_in(&self, row: &mut Row<'_>) -> bool {
        let gone: Vec<String> = row
            .visible()
            .into_iter()
            .filter(|(name, value, _)| {
                let named =
                    |choice: &LabelChoice| choice.name() == name && Self::applies(choice, value);
                !matches!(name.as_ref(), ERROR | ERROR_DETAILS) && !self.0.iter().any(named)
            })
            .map(|(name, ..)| name.into_owned())
            .collect();
        for name in gone {
            row.remove(&name);
        }
        true
    }
}
