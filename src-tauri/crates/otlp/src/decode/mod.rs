//! OTLP protobuf, read in one go into the model's flat batches.
//!
//! Nothing is copied but text and bytes, once, into the batch's arena; messages are borrowed slices of the request.
//! Fields may come in any order, repeat and be unknown, and what comes out is what protobuf's merging rules say.
//! A message whose parts must lie side by side in the batch is looked at twice instead of being collected.

mod distributions;
mod fault;
mod logs;
mod nested;
mod points;
mod senders;
mod spans;
mod values;
mod wire;

pub use fault::{DecodeError, Problem};
pub use logs::decode_logs;
pub use points::decode_metrics;
pub use spans::decode_traces;

/// How many messages may lie within each other, as in prost and the other implementations.
const MAX_DEPTH: u32 = 100;
