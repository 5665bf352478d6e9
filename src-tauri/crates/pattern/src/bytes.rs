//! Patterns over lines, which may be any bytes. Go reads bytes that are no UTF-8 as the replacement character, so where a
//! line does not match as it is, it is tried again with that character in their place.

use std::borrow::Cow;

use regex::bytes::{Regex, RegexBuilder};
use regex_syntax::ParserBuilder;
use regex_syntax::hir::{Hir, HirKind};

use crate::syntax::{self, Flags, Translated};
use crate::{NESTING, PatternFault, SIZE, expand};

/// More alternatives than this are not worth searching one by one.
const MOST_NEEDLES: usize = 32;

/// A regular expression in Go's syntax that may match anywhere in a line of bytes.
#[derive(Debug, Clone)]
pub struct BytePattern {
    source: String,
    regex: Regex,
    groups: Vec<Option<String>>,
    needles: Vec<Vec<u8>>,
}

impl BytePattern {
    /// A pattern; its `.` matches no line end.
    pub fn new(source: &str) -> Result<Self, PatternFault> {
        let Translated { text, groups } = syntax::translate(source, Flags::dot_all(false))?;
        let built = RegexBuilder::new(&text).size_limit(SIZE).nest_limit(NESTING).build();
        let regex = built.map_err(|fault| match fault {
            regex::Error::CompiledTooBig(_) => PatternFault::new("expression too large", source),
            _ => PatternFault::new("expression nests too deeply", source),
        })?;
        let parsed = ParserBuilder::new().nest_limit(NESTING).utf8(false).build().parse(&text);
        let needles = parsed.ok().and_then(|hir| required(&hir)).unwrap_or_default();
        Ok(Self { source: source.to_owned(), regex, groups, needles })
    }

    /// The pattern as it was written.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Whether it matches somewhere in `line`.
    pub fn is_match(&self, line: &[u8]) -> bool {
        self.regex.is_match(line)
            || mended(line).is_some_and(|line| self.regex.is_match(line.as_bytes()))
    }

    /// Byte strings of which every match has at least one; none where nothing can be said.
    pub fn needles(&self) -> &[Vec<u8>] {
        &self.needles
    }

    /// The names of the groups, the whole match first.
    pub fn groups(&self) -> &[Option<String>] {
        &self.groups
    }

    /// The texts of the groups of the first match in `text`, the whole match first; groups that took no part are empty.
    pub fn captures<'t>(&self, text: &'t str) -> Option<Vec<&'t str>> {
        let found = self.regex.captures(text.as_bytes())?;
        let texts = (0..self.groups.len()).map(|group| {
            found.get(group).and_then(|one| text.get(one.range())).unwrap_or_default()
        });
        Some(texts.collect())
    }

    /// How many matches there are, one behind the other.
    pub fn count(&self, text: &str) -> usize {
        self.regex.find_iter(text.as_bytes()).count()
    }

    /// Every match replaced by `template`, in which `$1` and `${name}` are groups unless it is taken as it is.
    pub fn replace_all<'t>(&self, text: &'t str, template: &str, literally: bool) -> Cow<'t, str> {
        let mut written = String::new();
        let mut end = 0;
        for found in self.regex.captures_iter(text.as_bytes()) {
            let Some(whole) = found.get(0) else { continue };
            written.push_str(text.get(end..whole.start()).unwrap_or_default());
            end = whole.end();
            if literally {
                written.push_str(template);
            } else {
                let group = |group| found.get(group).and_then(|one| text.get(one.range()));
                written.push_str(&expand::expand(template, &self.groups, group));
            }
        }
        if end == 0 && written.is_empty() {
            return Cow::Borrowed(text);
        }
        written.push_str(text.get(end..).unwrap_or_default());
        Cow::Owned(written)
    }
}

/// A line that is no UTF-8 with replacement characters; none where it is.
fn mended(line: &[u8]) -> Option<Cow<'_, str>> {
    std::str::from_utf8(line).is_err().then(|| String::from_utf8_lossy(line))
}

/// Byte strings of which every match has at least one.
fn required(hir: &Hir) -> Option<Vec<Vec<u8>>> {
    match hir.kind() {
        HirKind::Literal(literal) => Some(vec![literal.0.to_vec()]),
        HirKind::Capture(capture) => required(&capture.sub),
        HirKind::Repetition(repetition) if repetition.min > 0 => required(&repetition.sub),
        HirKind::Concat(parts) => parts.iter().filter_map(required).max_by_key(|any| {
            let shortest = any.iter().map(Vec::len).min().unwrap_or(0);
            (shortest, usize::MAX - any.len())
        }),
        HirKind::Alternation(branches) => {
            let mut all = Vec::new();
            for branch in branches {
                all.extend(required(branch)?);
            }
            (all.len() <= MOST_NEEDLES).then_some(all)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_matches_anywhere_and_bytes_that_are_no_text() {
        let pattern = BytePattern::new("b.d").unwrap();
        assert!(pattern.is_match(b"abcde") && pattern.is_match(b"ab\xffde"));
        assert!(!pattern.is_match(b"b\nd"));
        assert!(BytePattern::new("(").is_err());
    }

    #[test]
    fn what_no_match_can_do_without_is_known() {
        for (source, needles) in [
            ("abc.*timeout", vec!["timeout"]),
            ("error|warn", vec!["error", "warn"]),
            ("(foo)+x", vec!["foo"]),
            ("a?b*", vec![]),
            ("(?i)abc", vec![]),
            ("foo|.*", vec![]),
        ] {
            let found = BytePattern::new(source).unwrap();
            let found: Vec<_> =
                found.needles().iter().map(|one| String::from_utf8_lossy(one)).collect();
            assert_eq!(found, needles, "{source}");
        }
    }

    #[test]
    fn groups_are_read_and_replaced() {
        let pattern = BytePattern::new(r"(?P<key>\w+)=(\d+)").unwrap();
        assert_eq!(pattern.captures("x a=1 b=2"), Some(vec!["a=1", "a", "1"]));
        assert_eq!(pattern.replace_all("a=1 b=2", "$2=${key}", false), "1=a 2=b");
        assert_eq!(pattern.replace_all("a=1", "$2", true), "$2");
        assert_eq!((pattern.count("a=1 b=2"), pattern.count("")), (2, 0));
        assert_eq!(BytePattern::new("x*").unwrap().replace_all("abc", "-", false), "-a-b-c-");
    }
}
