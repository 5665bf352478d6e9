//! Times and ids as JSON has them: nanoseconds in decimal text, because they exceed 2^53; ids in hexadecimal, empty for none.

use serde::{Serialize, Serializer};
use utoipa::ToSchema;
use watchglass_model::{SpanId, Timestamp, TraceId};

/// Nanoseconds since the Unix epoch, in decimal.
#[derive(Debug, Clone, Copy, ToSchema)]
#[schema(value_type = String, example = "1700000000000000000")]
pub(crate) struct Nanos(pub(crate) Timestamp);

impl Serialize for Nanos {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0.0)
    }
}

impl From<Timestamp> for Nanos {
    fn from(time: Timestamp) -> Self {
        Self(time)
    }
}

/// A trace id: 32 hexadecimal digits, or empty.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TraceHex(pub(crate) TraceId);

impl Serialize for TraceHex {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0.is_none() {
            return serializer.serialize_str("");
        }
        serializer.collect_str(&self.0)
    }
}

/// A span id: 16 hexadecimal digits, or empty.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SpanHex(pub(crate) SpanId);

impl Serialize for SpanHex {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0.is_none() {
            return serializer.serialize_str("");
        }
        serializer.collect_str(&self.0)
    }
}
