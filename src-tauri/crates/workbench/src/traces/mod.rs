//! Traces: finding them, laying one out for drawing, looking into it.

mod critical;
mod layout;
mod search;
mod span;
mod summaries;
mod tree;
mod whole;

pub use layout::Columns;
pub use search::{TraceList, TraceQuery, TraceSort, search};
pub use span::{SpanDetail, SpanEvent, SpanLink, span_detail};
pub use summaries::{ServiceShare, TraceSummary};
pub use whole::{Trace, find_in_trace, whole_trace};

/// How far beyond the known part of a trace its other spans and log records are looked for: one hour.
pub(crate) const MARGIN: u64 = 3_600_000_000_000;
