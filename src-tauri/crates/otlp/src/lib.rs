//! OTLP bytes, protobuf and JSON, into model values.
//!
//! [`decode_traces`], [`decode_logs`] and [`decode_metrics`] read the protobuf bytes of an export request.
//!
//! Absent on purpose: sockets, clocks, stores. Everything here is a function of its arguments.

mod decode;

pub use decode::{DecodeError, Problem, decode_logs, decode_metrics, decode_traces};
