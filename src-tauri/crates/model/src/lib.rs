//! The nouns of observability as plain values: spans, log records, metric points, and what they hang from.
//!
//! Telemetry arrives in batches, so the values lie in batches: [`Spans`], [`Logs`] and [`Points`] each own one
//! [`Arena`] that holds all their text, attributes, resources and scopes side by side. A batch of a thousand
//! spans costs a dozen allocations, and a row is a small `Copy` value that points into the arena. Whoever reads
//! asks the batch for a [`SpanRef`], [`LogRef`] or [`PointRef`], which resolves text and attributes by name.
//!
//! Series are the nouns of the Prometheus world: [`Labels`] name one, [`Samples`] are its columns, [`FloatHistogram`]
//! is the value of a native histogram.
//!
//! Absent on purpose: serde (the disk form belongs to `store`, the wire forms to `otlp` and `api`), I/O, clocks.

mod arena;
mod attributes;
mod histogram;
mod identity;
mod labels;
mod logs;
mod points;
mod samples;
mod severity;
mod spans;
mod time;

pub use arena::{Arena, Attribute, Range, Resource, Scope, Text, Value};
pub use attributes::{Attributes, ResourceRef, ScopeRef, UNKNOWN_SERVICE, ValueRef};
pub use histogram::{
    BoundedBucket, Bucket, CUSTOM_BUCKETS, ClassicError, ClassicHistogram, CompensatedSum,
    FloatHistogram, HistogramError, Keep, Merged, ResetHint, Span as BucketSpan, absolute_counts,
    buckets_of, compensated_add, general_notation, spans_of,
};
pub use identity::{SpanId, TraceId};
pub use labels::{Labels, LabelsBuilder, METRIC_NAME, Pairs};
pub use logs::{LogRecord, LogRef, Logs};
pub use points::{
    Buckets, Exemplar, ExemplarValue, ExponentialHistogram, Histogram, Metric, MetricKind,
    MetricRef, Point, PointRef, PointValue, Points, Quantile, Summary, Temporality,
};
pub use samples::{Millis, STALE, Sample, SampleValue, Samples, is_stale};
pub use severity::Severity;
pub use spans::{Event, EventRef, Link, LinkRef, Span, SpanKind, SpanRef, Spans, StatusCode};
pub use time::{TimeRange, Timestamp};
