//! Remote write: the requests of 1.0 (`prometheus.WriteRequest`) and 2.0 (`io.prometheus.write.v2.Request`), read into
//! one flat batch.
//!
//! A receiver asks [`Protocol::of_content_type`] what it gets, [`uncompress`]es the body and [`decode`]s it. What is
//! wrong with one series is told by that series alone, so that the others can be kept.

mod batch;
mod decode;
mod rows;

pub use batch::{Metadata, WriteBatch, WriteExemplar, WriteSeries};
pub use decode::decode;
pub use rows::{FloatSample, HistogramSample};

use crate::wire::WireError;

/// The most that a request may take after decompression.
pub const MAX_DECODED: usize = 32 << 20;

/// Which message a request holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Protocol {
    /// `prometheus.WriteRequest`
    V1,
    /// `io.prometheus.write.v2.Request`
    V2,
}

/// Why a request cannot be read at all.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// A `Content-Type` that remote write does not have: answer 415.
    #[error("{0}")]
    ContentType(String),
    /// Not snappy's block format.
    #[error(transparent)]
    Snappy(#[from] snap::Error),
    /// Larger than [`MAX_DECODED`] when decompressed.
    #[error("the request takes {0} bytes, and {MAX_DECODED} are allowed")]
    TooLarge(usize),
    /// Not the message it should be.
    #[error(transparent)]
    Message(#[from] WireError),
}

impl Protocol {
    /// The name of the message, as in the `proto` parameter.
    pub const fn message(self) -> &'static str {
        match self {
            Self::V1 => "prometheus.WriteRequest",
            Self::V2 => "io.prometheus.write.v2.Request",
        }
    }

    /// What a `Content-Type` announces. Without one, and without a `proto` parameter, it is 1.0.
    pub fn of_content_type(content_type: &str) -> Result<Self, WriteError> {
        const MEDIA_TYPE: &str = "application/x-protobuf";
        let fault = |text: String| Err(WriteError::ContentType(text));
        let content_type = content_type.trim();
        let mut parts = content_type.split(';');
        let media_type = parts.next().unwrap_or_default();
        if media_type.is_empty() && content_type.is_empty() {
            return Ok(Self::V1);
        }
        if media_type != MEDIA_TYPE {
            return fault(format!(
                "expected {MEDIA_TYPE} as the first (media) part, got {content_type} content-type"
            ));
        }
        for parameter in parts {
            let pair = parameter.split_once('=').filter(|(_, value)| !value.contains('='));
            let Some((name, value)) = pair else {
                return fault(format!(
                    "as per https://www.rfc-editor.org/rfc/rfc9110#parameter expected parameters to be key-values, \
                     got {parameter} in {content_type} content-type"
                ));
            };
            if name.trim() == "proto" {
                let known = [Self::V1, Self::V2].into_iter().find(|one| one.message() == value);
                let Some(protocol) = known else {
                    return fault(format!(
                        "got {content_type} content type; unknown type for remote write protobuf message {value}, \
                         supported: prometheus.WriteRequest, io.prometheus.write.v2.Request"
                    ));
                };
                return Ok(protocol);
            }
        }
        Ok(Self::V1)
    }
}

/// Undoes the snappy compression of a request's body.
pub fn uncompress(body: &[u8]) -> Result<Vec<u8>, WriteError> {
    let length = snap::raw::decompress_len(body)?;
    if length > MAX_DECODED {
        return Err(WriteError::TooLarge(length));
    }
    Ok(snap::raw::Decoder::new().decompress_vec(body)?)
}
