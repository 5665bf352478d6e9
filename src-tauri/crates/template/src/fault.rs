//! What is wrong with a template, or went wrong while it ran, in the words of Go.

use std::fmt;

/// Line and column of a byte in a text, both from 1, the column in bytes.
pub(crate) fn position(source: &str, byte: usize) -> (usize, usize) {
    let before = source.as_bytes().get(..byte.min(source.len())).unwrap_or_default();
    let line = before.split(|byte| *byte == b'\n').count();
    let column = before.iter().rev().take_while(|byte| **byte != b'\n').count() + 1;
    (line, column)
}

/// Why a template could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseFault {
    /// The template's name.
    pub name: String,
    /// From 1.
    pub line: usize,
    /// From 1, in bytes.
    pub column: usize,
    /// What is wrong.
    pub message: String,
}

/// As Go says it, which leaves the column out: `template: line:1: unclosed action`.
impl fmt::Display for ParseFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "template: {}:{}: {}", self.name, self.line, self.message)
    }
}

impl std::error::Error for ParseFault {}

/// Why a run ended early.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunFault {
    /// The template's name.
    pub name: String,
    /// From 1.
    pub line: usize,
    /// From 1, in bytes.
    pub column: usize,
    /// The text of the command that failed.
    pub at: String,
    /// What went wrong.
    pub message: String,
}

/// `template: line:1:3: executing "line" at <.a.b>: can't evaluate field b in type string`
impl fmt::Display for RunFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "template: {0}:{1}:{2}: executing {3} at <{4}>: {5}",
            self.name,
            self.line,
            self.column,
            crate::text::quoted(&self.name),
            self.at,
            self.message
        )
    }
}

impl std::error::Error for RunFault {}
