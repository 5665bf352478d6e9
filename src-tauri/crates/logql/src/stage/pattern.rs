//! `pattern`: labels from a line by literals and captures. And what any parser makes of a name.

use std::borrow::Cow;

use super::line_pattern::{LinePattern, Part};
use super::needed::Needed;
use super::row::Row;

/// The parser.
#[derive(Debug, Clone)]
pub(super) struct PatternParser(LinePattern);

impl PatternParser {
    pub(super) fn new(source: &str) -> Result<Self, String> {
        let pattern = LinePattern::new(source)?;
        let names: Vec<_> = pattern
            .parts()
            .iter()
            .filter_map(|part| match part {
                Part::Named(name) => Some(name),
                _ => None,
            })
            .collect();
        if names.is_empty() {
            return Err("invalid pattern: at least one capture is required".to_owned());
        }
        for (place, name) in names.iter().enumerate() {
            if names.get(..place).unwrap_or_default().contains(name) {
                return Err(format!("invalid pattern: duplicate capture name ({name})"));
            }
        }
        Ok(Self(pattern))
    }

    pub(super) fn run(&self, row: &mut Row<'_>, needed: &Needed) -> bool {
        if !needed.is_done(row) {
            row.parse(|line, sink| {
                self.0.captures(line, |name, value| {
                    if needed.wants(name) {
                        sink.extract(
                            Cow::Owned(name.to_owned()),
                            String::from_utf8_lossy(value),
                            needed,
                        );
                    }
                });
            });
        }
        true
    }
}

/// A name with an underscore for each character that no label may have, and one before a digit at the start of all.
pub(super) fn sanitised(name: &str, at_start: bool) -> Cow<'_, str> {
    let legal = |byte: u8| byte == b'_' || byte.is_ascii_alphanumeric();
    let digit = at_start && name.starts_with(|first: char| first.is_ascii_digit());
    if !digit && name.bytes().all(legal) {
        return Cow::Borrowed(name);
    }
    let mut out = String::with_capacity(name.len() + 1);
    if digit {
        out.push('_');
    }
    out.extend(name.chars().map(
        |one| {
            if one == '_' || one.is_ascii_alphanumeric() { one } else { '_' }
        },
    ));
    Cow::Owned(out)
}
