//! The product without a window: opens, wires, schedules, correlates.
//!
//! Every question is a plain function over [`storage::Reader`](watchglass_storage::Reader) ([`search`],
//! [`whole_trace`], [`services`], [`log_page`], [`metrics`], …) that answers in plain structs.
//!
//! Absent on purpose: routes, wire types, windows, the disk.

mod attributes;
mod error;
mod fingerprint;
mod logs;
mod metrics;
mod numbers;
mod phrases;
mod runs;
mod services;
mod traces;
mod values;
mod windows;

pub use attributes::{Occurrence, Origin, attribute_keys, attribute_values};
pub use error::{Error, Result};
pub use logs::{
    Cursor, LogPage, LogQuery, LogRecord, LogTail, LogVolume, TailRecords, log_page, log_volume,
};
pub use metrics::{
    Metric, MetricSeries, Series, SeriesExemplar, SeriesQuantile, SeriesQuery, metric_series,
    metrics,
};
pub use phrases::{parse_condition, parse_duration};
pub use runs::{NewRun, Run, begin_run, end_run, runs};
pub use services::{BUCKETS, Operation, Service, operations, services};
pub use traces::{
    Columns, ServiceShare, SpanDetail, SpanEvent, SpanLink, Trace, TraceList, TraceQuery,
    TraceSort, TraceSummary, find_in_trace, search, span_detail, whole_trace,
};
pub use values::{KeyValues, Resource, Scope, Value};
