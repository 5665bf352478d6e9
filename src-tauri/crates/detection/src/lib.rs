//! What a log record says of itself without a field for it: how severe it is, and to which trace and span it belongs.
//!
//! Most lines that are not written by an OpenTelemetry SDK carry their level and their ids as text: in structured
//! metadata, in JSON or logfmt fields, or as words. [`derive`] fills in what a record lacks, so that every line can be
//! filtered by severity and opens its trace. It is a function of the batch alone: whoever keeps the bytes of a request
//! and decodes them again derives the same again.
//!
//! Absent on purpose: anything that was sent is never changed.

mod derive;
mod fields;
mod ids;
mod level;

pub use derive::derive;
pub use level::Level;
