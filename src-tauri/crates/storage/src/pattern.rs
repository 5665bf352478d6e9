//! Go's regular expressions (RE2 syntax) for matchers, relabelling and line filters, on top of the `regex` crate.

use std::fmt;

/// A regular expression in Go's syntax that must match the whole text.
#[derive(Clone)]
pub struct Pattern {
    source: String,
    compiled: regex::Regex,
}

impl Pattern {
    /// Compiles `^(?s:source)$`, which is how matchers and relabelling read a pattern since Prometheus 3.0.
    pub fn anchored(source: &str) -> Result<Self, PatternFault> {
        let compiled = regex::Regex::new(&format!("^(?s:{source})$"))
            .map_err(|fault| PatternFault(fault.to_string()))?;
        Ok(Self { source: source.to_owned(), compiled })
    }

    /// The pattern as it was written.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Whether the whole of `text` matches.
    pub fn matches(&self, text: &str) -> bool {
        self.compiled.is_match(text)
    }
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
