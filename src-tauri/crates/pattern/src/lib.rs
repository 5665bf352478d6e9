//! Go's regular expressions (RE2 syntax) for matchers, relabelling and line filters, on top of the `regex` crate.
//!
//! Absent on purpose: what is matched. A pattern knows text and nothing else.

mod bytes;
mod class;
mod escape;
mod expand;
mod shape;
mod syntax;

use std::fmt;

use regex::{Regex, RegexBuilder};

pub use bytes::BytePattern;
use shape::Shape;
use syntax::{Flags, Translated};

/// How deep a pattern may nest, which bounds the stack that compiling it takes.
const NESTING: u32 = 500;

/// Bytes that a compiled pattern may take.
const SIZE: usize = 10 << 20;

/// A regular expression in Go's syntax.
#[derive(Clone)]
pub struct Pattern {
    source: String,
    shape: Shape,
    /// None where the shape answers everything and there are no groups.
    compiled: Option<Regex>,
    /// The names of the groups, the whole match first.
    groups: Vec<Option<String>>,
}

impl Pattern {
    /// A pattern that must match the whole text and whose `.` is any character, which is how matchers read it
    /// (Prometheus `model/labels/regexp.go`). Plain shapes are matched without a regular expression.
    pub fn anchored(source: &str) -> Result<Self, PatternFault> {
        let Translated { text, groups } = syntax::translate(source, Flags::dot_all(true))?;
        let shape = Shape::of(&text);
        let compiled = if shape == Shape::Other || groups.len() > 1 {
            Some(compile(&format!("^(?:{text})$"), source)?)
        } else {
            None
        };
        Ok(Self { source: source.to_owned(), shape, compiled, groups })
    }

    /// A pattern that is read as one text with what stands around it: `^(?s:` and `)$` in relabelling and
    /// `label_replace`, `^(?:` and `)$` in Alertmanager. Faults quote all of that text.
    pub fn within(before: &str, source: &str, after: &str) -> Result<Self, PatternFault> {
        let whole = Self::unanchored(&format!("{before}{source}{after}"), false)?;
        Ok(Self { source: source.to_owned(), ..whole })
    }

    /// A pattern that may match anywhere; with `dot_all` its `.` matches line ends too.
    pub fn unanchored(source: &str, dot_all: bool) -> Result<Self, PatternFault> {
        let Translated { text, groups } = syntax::translate(source, Flags::dot_all(dot_all))?;
        let compiled = Some(compile(&text, source)?);
        Ok(Self { source: source.to_owned(), shape: Shape::Other, compiled, groups })
    }

    /// The pattern as it was written.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Whether `text` matches: the whole of it, unless the pattern is unanchored.
    pub fn matches(&self, text: &str) -> bool {
        match &self.shape {
            Shape::Any => true,
            Shape::NonEmpty => !text.is_empty(),
            Shape::Prefix(prefix) => text.starts_with(prefix),
            Shape::Literals(literals) => {
                literals.binary_search_by(|one| one.as_str().cmp(text)).is_ok()
            }
            Shape::Other => self.compiled.as_ref().is_some_and(|regex| regex.is_match(text)),
        }
    }

    /// All texts that match, sorted, where the pattern allows no others. The empty text among them stands for
    /// series that lack the label.
    pub fn literals(&self) -> Option<&[String]> {
        match &self.shape {
            Shape::Literals(literals) => Some(literals),
            _ => None,
        }
    }

    /// How every matching text begins, where that is all the pattern asks for: `foo.*`.
    pub fn prefix(&self) -> Option<&str> {
        match &self.shape {
            Shape::Prefix(prefix) => Some(prefix),
            _ => None,
        }
    }

    /// `template` with `$1`, `${name}` and `$$` replaced as Go's `Regexp.Expand` does it with the first match in
    /// `text`; none where nothing matches. A name goes as far as it can: `$1x` is the group `1x`.
    pub fn expand(&self, text: &str, template: &str) -> Option<String> {
        let Some(regex) = &self.compiled else {
            let whole = |group| (group == 0).then_some(text);
            return self.matches(text).then(|| expand::expand(template, &self.groups, whole));
        };
        let found = regex.captures(text)?;
        let group = |group| found.get(group).map(|one| one.as_str());
        Some(expand::expand(template, &self.groups, group))
    }
}

/// A pattern that matches `text` and nothing else.
pub fn quote_pattern(text: &str) -> String {
    regex::escape(text)
}

fn compile(text: &str, source: &str) -> Result<Regex, PatternFault> {
    let compiled = RegexBuilder::new(text).size_limit(SIZE).nest_limit(NESTING).build();
    compiled.map_err(|fault| match fault {
        regex::Error::CompiledTooBig(_) => PatternFault::new("expression too large", source),
        _ => PatternFault::new("expression nests too deeply", source),
    })
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.source == other.source
    }
}

impl fmt::Debug for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.source, f)
    }
}

/// Why a pattern was refused, in the words of Go's `regexp` package.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("error parsing regexp: {0}")]
pub struct PatternFault(pub String);

impl PatternFault {
    fn new(why: &str, part: &str) -> Self {
        Self(format!("{why}: `{part}`"))
    }
}

#[cfg(test)]
mod tests;
