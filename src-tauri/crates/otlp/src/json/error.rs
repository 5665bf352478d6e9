//! What is wrong with a JSON request, and where.

use std::fmt;

/// A request that is not OTLP/JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JsonError {
    /// What was wrong.
    pub problem: String,
    /// The field, as in `resourceSpans[0].scopeSpans[1].spans[7].traceId`; empty for the request itself.
    pub path: String,
    /// Counted from one.
    pub line: usize,
    /// Counted from one, in bytes.
    pub column: usize,
}

impl JsonError {
    pub(super) fn new(error: &serde_json::Error, path: &[Step]) -> Self {
        let text = error.to_string();
        let place = format!(" at line {} column {}", error.line(), error.column());
        Self {
            problem: text.strip_suffix(&place).unwrap_or(&text).to_owned(),
            path: written(path),
            line: error.line(),
            column: error.column(),
        }
    }
}

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = match self.path.as_str() {
            "" => "the request",
            path => path,
        };
        let (problem, line, column) = (&self.problem, self.line, self.column);
        write!(f, "{path}: {problem} (at line {line}, column {column})")
    }
}

impl std::error::Error for JsonError {}

/// One step from the request towards a value.
#[derive(Debug, Clone)]
pub(super) enum Step {
    /// Into a field, by the name that the request uses.
    Field(String),
    /// Into an element of a list.
    Element(usize),
}

fn written(path: &[Step]) -> String {
    let mut out = String::new();
    for step in path {
        match step {
            Step::Field(name) => {
                if !out.is_empty() {
                    out.push('.');
                }
                out.push_str(name);
            }
            Step::Element(index) => {
                out.push('[');
                out.push_str(&index.to_string());
                out.push(']');
            }
        }
    }
    out
}
