//! Patterns of literals and captures: `<ip> - <_> "<method> <path>"`.

use memchr::memmem;

/// A part of a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Part {
    /// Stands for itself.
    Literal(String),
    /// `<_>`
    Skipped,
    /// `<name>`
    Named(String),
}

impl Part {
    const fn is_capture(&self) -> bool {
        matches!(self, Self::Skipped | Self::Named(_))
    }
}

/// A pattern that has been read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct LinePattern(Vec<Part>);

impl LinePattern {
    pub(super) fn new(source: &str) -> Result<Self, String> {
        if source.is_empty() {
            return Err("invalid pattern: empty pattern".to_owned());
        }
        let mut parts: Vec<Part> = Vec::new();
        let mut literal = String::new();
        let mut rest = source;
        while let Some(first) = rest.chars().next() {
            if let Some((name, behind)) = capture(rest) {
                if !literal.is_empty() {
                    parts.push(Part::Literal(std::mem::take(&mut literal)));
                }
                if parts.last().is_some_and(Part::is_capture) {
                    return Err(format!(
                        "invalid pattern: found consecutive capture '<{name}>': there must be a literal between two captures"
                    ));
                }
                parts.push(match name {
                    "_" => Part::Skipped,
                    name => Part::Named(name.to_owned()),
                });
                rest = behind;
            } else {
                literal.push(first);
                rest = rest.get(first.len_utf8()..).unwrap_or("");
            }
        }
        if !literal.is_empty() {
            parts.push(Part::Literal(literal));
        }
        Ok(Self(parts))
    }

    pub(super) fn parts(&self) -> &[Part] {
        &self.0
    }

    /// The longest literal, which every line that it covers contains.
    pub(super) fn longest_literal(&self) -> Option<&str> {
        let literals = self.0.iter().filter_map(|part| match part {
            Part::Literal(text) => Some(text.as_str()),
            _ => None,
        });
        literals.max_by_key(|text| text.len())
    }

    /// Whether all literals come in order, the first at the start and the last at the end unless a capture stands there.
    pub(super) fn covers(&self, line: &[u8]) -> bool {
        let mut rest = line;
        let mut captures = false;
        for (place, part) in self.0.iter().enumerate() {
            let Part::Literal(text) = part else {
                captures = true;
                continue;
            };
            let is_last = place + 1 == self.0.len();
            let text = text.as_bytes();
            let found = if !captures {
                rest.strip_prefix(text)
            } else if is_last {
                rest.strip_suffix(text).map(|_| &[][..])
            } else {
                memmem::find(rest, text).and_then(|start| rest.get(start + text.len()..))
            };
            let Some(behind) = found else { return false };
            rest = behind;
            captures = false;
        }
        captures || rest.is_empty()
    }

    /// Calls `take` with each named capture and its bytes. Where a literal is missing, the capture before it gets all that
    /// is left and the rest gets nothing; nothing is taken where the line does not begin as the pattern does.
    pub(super) fn captures<'l>(&self, line: &'l [u8], mut take: impl FnMut(&str, &'l [u8])) {
        let mut rest = line;
        let mut parts = self.0.iter().peekable();
        if let Some(Part::Literal(text)) = parts.peek() {
            let Some(behind) = rest.strip_prefix(text.as_bytes()) else { return };
            rest = behind;
            parts.next();
        }
        while let Some(part) = parts.next() {
            let (value, behind, complete) = match parts.next() {
                None => (rest, &[][..], false),
                Some(Part::Literal(text)) => match memmem::find(rest, text.as_bytes()) {
                    Some(start) => {
                        let (value, behind) = rest.split_at(start);
                        (value, behind.get(text.len()..).unwrap_or_default(), true)
                    }
                    None => (rest, &[][..], false),
                },
                // Two captures never stand side by side.
                Some(_) => return,
            };
            if let Part::Named(name) = part {
                take(name, value);
            }
            if !complete {
                return;
            }
            rest = behind;
        }
    }
}

/// `<name>` at the start of a text: its name and what is behind.
fn capture(text: &str) -> Option<(&str, &str)> {
    let (name, behind) = text.strip_prefix('<')?.split_once('>')?;
    let starts = name.starts_with(|one: char| one == '_' || one.is_ascii_alphabetic());
    let legal = name.bytes().all(|byte| byte == b'_' || byte.is_ascii_alphanumeric());
    (starts && legal).then_some((name, behind))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn captured(pattern: &str, line: &str) -> Vec<(String, String)> {
        let mut found = Vec::new();
        LinePattern::new(pattern).unwrap().captures(line.as_bytes(), |name, value| {
            found.push((name.to_owned(), String::from_utf8_lossy(value).into_owned()));
        });
        found
    }

    #[test]
    fn a_short_line_fills_the_leading_captures() {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(captured("<a> - <b>", "x - y"), [pair("a", "x"), pair("b", "y")]);
        assert_eq!(captured("<a> - <b>", "x y"), [pair("a", "x y")]);
        assert_eq!(captured("[<a>]<_>", "[x] y"), [pair("a", "x")]);
        assert_eq!(captured("[<a>]", "x]"), []);
    }

    #[test]
    fn a_filter_covers_the_whole_line() {
        for (pattern, line, covers) in [
            ("<_>b<_>", "abc", true),
            ("<_>b", "abc", false),
            ("<_>c", "abc", true),
            ("a<_>", "abc", true),
            ("b<_>", "abc", false),
            ("abc", "abc", true),
            ("ab", "abc", false),
            ("<_>", "", true),
            ("<_>a<_>a", "aba", true),
            ("<_>aba<_>aba", "ababa", false),
        ] {
            assert_eq!(
                LinePattern::new(pattern).unwrap().covers(line.as_bytes()),
                covers,
                "{pattern}"
            );
        }
    }
}
