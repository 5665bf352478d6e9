//! `regexp`: labels from the named groups of a regular expression.

use std::borrow::Cow;

use watchglass_pattern::BytePattern;

use super::needed::Needed;
use super::row::Row;

/// The parser.
#[derive(Debug, Clone)]
pub(super) struct Regexp {
    pattern: BytePattern,
}

impl Regexp {
    pub(super) fn new(source: &str) -> Result<Self, String> {
        let pattern = BytePattern::new(source).map_err(|fault| fault.to_string())?;
        let names: Vec<&String> = pattern.groups().iter().flatten().collect();
        if names.is_empty() {
            return Err("at least one named capture must be supplied".to_owned());
        }
        for (place, name) in names.iter().enumerate() {
            if name.starts_with(|first: char| first.is_ascii_digit()) {
                return Err(format!("invalid extracted label name '{name}'"));
            }
            if names.get(..place).unwrap_or_default().contains(name) {
                return Err(format!("duplicate extracted label name '{name}'"));
            }
        }
        Ok(Self { pattern })
    }

    pub(super) fn run(&self, row: &mut Row<'_>, needed: &Needed) -> bool {
        if needed.is_done(row) {
            return true;
        }
        row.parse(|line, sink| {
            let text = String::from_utf8_lossy(line);
            let Some(texts) = self.pattern.captures(&text) else { return };
            for (name, value) in self.pattern.groups().iter().zip(texts) {
                let Some(name) = name else { continue };
                if needed.wants(name) {
                    sink.extract(Cow::Owned(name.clone()), Cow::Borrowed(value), needed);
                }
            }
        });
        true
    }
}
