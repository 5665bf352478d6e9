//! What is wrong with a text, where, in the words of Prometheus.

use std::fmt;

use crate::text::position;
use crate::tree::Span;

/// One fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseFault {
    /// The bytes at fault.
    pub span: Span,
    /// What is wrong, without the place.
    pub message: String,
}

/// All faults found in a text; at least one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseFaults {
    /// In the order in which they were found.
    pub faults: Vec<ParseFault>,
    place: String,
}

impl ParseFaults {
    pub(crate) fn new(text: &str, faults: Vec<ParseFault>) -> Self {
        let start = faults.first().map_or(0, |fault| fault.span.start);
        let place =
            if text.is_empty() { "unknown position".to_owned() } else { position(text, start) };
        Self { faults, place }
    }
}

/// As the API of Prometheus says it: the first fault only, `1:5: parse error: …`.
impl fmt::Display for ParseFaults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let message = self.faults.first().map_or("", |fault| &fault.message);
        write!(f, "{}: parse error: {message}", self.place)
    }
}

impl std::error::Error for ParseFaults {}
