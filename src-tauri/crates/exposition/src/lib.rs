//! What Prometheus reads off the wire: text 0.0.4, `OpenMetrics` 1.0 and protobuf expositions, and remote write 1.0 and
//! 2.0 requests, as plain samples.
//!
//! [`read`] hands out an exposition entry by entry, borrowed from its bytes, as leniently as Prometheus reads it;
//! [`accept_header`] and [`Format::of_content_type`] agree with the exporter on the format. [`lint`] is as strict as the
//! specification of `OpenMetrics`. [`write`](mod@write) reads the requests of remote write.
//!
//! Absent on purpose: sockets, stores, clocks. A sample without a time gets it from whoever scrapes.

mod entry;
mod format;
mod labels;
mod lint;
mod native;
mod number;
mod protobuf;
mod quoted;
mod text;
mod wire;
pub mod write;

pub use entry::{Entry, Exemplar, MetricType, ParseError, ReadOptions, Sample, Series, Value};
pub use format::{
    DEFAULT_PROTOCOLS, DEFAULT_PROTOCOLS_WITH_NATIVE_HISTOGRAMS, Escaping, Format, Negotiated,
    ScrapeProtocol, UnknownFormat, accept_header, read,
};
pub use labels::{LabelError, validated};
pub use lint::lint;
pub use native::NativeError;
pub use number::canonical as bound_text;
pub use wire::WireError;
