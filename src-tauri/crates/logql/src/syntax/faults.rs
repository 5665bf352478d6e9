//! What is wrong with a query and where, in the words of Loki.

use std::fmt;

use crate::text::position;
use crate::tree::Span;

/// A fault of a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseFault {
    /// What is wrong, without the place.
    pub message: String,
    /// The bytes at fault.
    pub span: Span,
    /// Line and column from 1, where Loki names them: where the grammar does not go on. What a query may say but must not
    /// mean has none.
    pub place: Option<(usize, usize)>,
}

impl ParseFault {
    /// The grammar does not go on here.
    pub(super) fn syntax(query: &str, span: Span, message: impl Into<String>) -> Self {
        Self { message: message.into(), span, place: Some(position(query, span.start)) }
    }

    /// It can be read, but makes no sense.
    pub(super) fn meaning(span: Span, message: impl Into<String>) -> Self {
        Self { message: message.into(), span, place: None }
    }
}

/// `parse error at line 1, col 5: syntax error: unexpected …`
impl fmt::Display for ParseFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.place {
            Some((line, column)) => {
                write!(f, "parse error at line {line}, col {column}: {}", self.message)
            }
            None => write!(f, "parse error : {}", self.message),
        }
    }
}

impl std::error::Error for ParseFault {}
