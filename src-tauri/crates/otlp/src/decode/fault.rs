//! What is wrong with a request, and where. Inside the decoder a fault knows the address of the bad byte and
//! gathers its path on the way out; [`DecodeError`] is what callers see.

use std::fmt;

/// What was wrong with a protobuf request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// The bytes end within a value.
    #[error("ends too early")]
    Truncated,
    /// A length reaches beyond the message that holds it.
    #[error("a length reaches beyond the end of the message")]
    TooLong,
    /// A variable-length number has more than 64 bits.
    #[error("a number has more than 64 bits")]
    OverlongNumber,
    /// A field key that protobuf does not allow.
    #[error("not a protobuf field")]
    InvalidKey,
    /// A field with a wire type that its declaration does not have.
    #[error("has the wrong wire type for this field")]
    WrongType,
    /// Text that is not text.
    #[error("not valid UTF-8")]
    NotUtf8,
    /// Values or groups within each other beyond the limit.
    #[error("nested more than {} levels deep", super::MAX_DEPTH)]
    TooDeep,
    /// So many empty rows that they would take far more memory than the request.
    #[error("holds more rows than its size can account for")]
    TooDense,
}

/// A request that is not OTLP protobuf.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecodeError {
    /// What was wrong.
    pub problem: Problem,
    /// The field, as in `resource_spans[0].scope_spans[1].spans[7].name`; empty for the request itself.
    pub path: String,
    /// The first byte that could not be read.
    pub offset: usize,
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = match self.path.as_str() {
            "" => "the request",
            path => path,
        };
        write!(f, "{path}: {} (at byte {})", self.problem, self.offset)
    }
}

impl std::error::Error for DecodeError {}

/// A fault on its way out of the decoder; one pointer wide, so that results stay small.
#[derive(Debug)]
pub(super) struct Fault(Box<Inner>);

#[derive(Debug)]
struct Inner {
    problem: Problem,
    address: usize,
    /// From the innermost field outwards.
    path: Vec<(&'static str, Option<usize>)>,
}

impl Fault {
    /// A fault at the start of `place`.
    #[cold]
    pub(super) fn new(problem: Problem, place: &[u8]) -> Self {
        Self(Box::new(Inner { problem, address: place.as_ptr().addr(), path: Vec::new() }))
    }

    /// The fault lies within a field.
    #[cold]
    pub(super) fn within(mut self, field: &'static str) -> Self {
        self.0.path.push((field, None));
        self
    }

    /// The fault lies within an element of a repeated field.
    #[cold]
    pub(super) fn within_element(mut self, field: &'static str, index: usize) -> Self {
        self.0.path.push((field, Some(index)));
        self
    }

    /// What callers see, given the bytes of the whole request.
    pub(super) fn of_request(self, request: &[u8]) -> DecodeError {
        let mut path = String::new();
        for (field, index) in self.0.path.iter().rev() {
            if !path.is_empty() {
                path.push('.');
            }
            path.push_str(field);
            if let Some(index) = index {
                path.push('[');
                path.push_str(&index.to_string());
                path.push(']');
            }
        }
        let start = request.as_ptr().addr();
        DecodeError {
            problem: self.0.problem,
            path,
            offset: self.0.address.saturating_sub(start).min(request.len()),
        }
    }
}
