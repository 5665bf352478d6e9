//! OTLP bytes, protobuf and JSON, into model values; and what a receiver answers.
//!
//! [`decode_traces`], [`decode_logs`] and [`decode_metrics`] read the protobuf bytes of an export request into the
//! flat batches of the model, without a tree of owned messages in between. A request in JSON is first written as
//! protobuf by [`json_to_protobuf`], so that everything behind has one path and one form to keep.
//! [`reject_invalid`] and [`clear_invalid`] then take out what OTLP forbids, and [`encode_response`] and
//! [`Status`] write the answer in the encoding of the request.
//!
//! [`LogsWriter`] writes what other protocols bring as such a request.
//!
//! Whoever keeps the bytes of a request and decodes them again must take out the same rows again.
//!
//! Absent on purpose: sockets, clocks, stores. Everything here is a function of its arguments.

mod answer;
mod decode;
mod json;
mod logs_writer;
mod valid;
mod write;

pub use answer::{Code, Encoding, Status, encode_response};
pub use decode::{DecodeError, Problem, decode_logs, decode_metrics, decode_traces};
pub use json::{JsonError, json_to_protobuf};
pub use logs_writer::{LogsWriter, TextRecord};
pub use valid::{Rejected, clear_invalid, reject_invalid};

/// The three export services of OTLP.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Export {
    /// `ExportTraceServiceRequest`.
    Traces,
    /// `ExportLogsServiceRequest`.
    Logs,
    /// `ExportMetricsServiceRequest`.
    Metrics,
}
