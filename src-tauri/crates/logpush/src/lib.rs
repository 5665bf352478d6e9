//! What Loki's clients push, protobuf and JSON, as streams of lines with their labels.
//!
//! [`read_protobuf`] and [`read_json`] go through a request once and tell a [`Sink`] of each stream and of each line as
//! they come, so that a request of any shape takes no more memory than its bytes. What is wrong with one stream or one
//! line is told in its place, and the others go on; only a request that cannot be read at all is an error.
//!
//! The forms are those of Loki's HTTP API (<https://grafana.com/docs/loki/latest/reference/loki-http-api/#ingest-logs>)
//! with the older ones that clients still send.
//!
//! Absent on purpose: limits, clocks, sockets, and what a line is translated into.

mod json;
mod labels;
mod protobuf;
mod time;

use std::borrow::Cow;

pub use json::read_json;
pub use labels::{LabelFault, StreamLabels};
pub use protobuf::{read_protobuf, uncompress};

/// Names and values of structured metadata.
pub type Metadata<'a> = [(Cow<'a, str>, Cow<'a, str>)];

/// One line of a stream.
#[derive(Debug, Clone, PartialEq)]
pub struct Line<'a> {
    /// Nanoseconds since 1970; none where the sender gave no time.
    pub time: Option<i64>,
    /// The text. Bytes that are not UTF-8 come as U+FFFD.
    pub text: Cow<'a, str>,
    /// What was sent beside it.
    pub metadata: &'a Metadata<'a>,
}

/// Why one line cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {place}: {reason}")]
pub struct LineFault {
    /// Which line of its stream, from 0.
    pub place: usize,
    /// What is wrong.
    pub reason: String,
}

/// Why a request cannot be read at all.
#[derive(Debug, thiserror::Error)]
pub enum PushError {
    /// Not snappy's block format, or larger than allowed.
    #[error("the body is not compressed with snappy's block format: {0}")]
    Snappy(#[from] snap::Error),
    /// Larger than allowed when it is decompressed.
    #[error("the push takes {size} bytes, and {limit} are allowed")]
    TooLarge {
        /// What it would take.
        size: usize,
        /// What is allowed.
        limit: usize,
    },
    /// Not a `logproto.PushRequest`.
    #[error("the body is no push request: {0}")]
    Protobuf(#[from] prost::DecodeError),
    /// Not the JSON that a push has.
    #[error("the body is no push request in JSON: {0}")]
    Json(#[from] serde_json::Error),
}

/// What is told of a request.
pub trait Sink {
    /// A stream begins. Its lines are told only if this gives true.
    fn stream(&mut self, labels: Result<StreamLabels<'_>, LabelFault>) -> bool;

    /// The next line of the stream.
    fn line(&mut self, line: Result<Line<'_>, LineFault>);
}
