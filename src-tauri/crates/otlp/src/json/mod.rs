//! OTLP/JSON into the protobuf bytes of the same request, so that everything behind has one path.
//!
//! Lenient where OTLP and proto3's JSON mapping say so, and a little beyond: names in camel case or as in the
//! `.proto` files, whole numbers of any width as numbers or text, `NaN` and infinities, enums by number or name,
//! base64 of either alphabet with or without padding, `null` for the default anywhere, unknown fields ignored.

mod error;
mod message;
mod messages;
mod metric_messages;
mod scalar;
mod shape;

pub use error::JsonError;

use crate::Export;

/// Reads an OTLP/JSON request and writes it as protobuf.
pub fn json_to_protobuf(export: Export, json: &[u8]) -> Result<Vec<u8>, JsonError> {
    message::translate(
        match export {
            Export::Traces => &messages::TRACES,
            Export::Logs => &messages::LOGS,
            Export::Metrics => &metric_messages::METRICS,
        },
        json,
    )
}
