//! The product without a window: opens, wires, schedules, correlates.
//!
//! [`Workbench`] holds a store and what receives telemetry, and is asked from there on. Every question is a plain
//! function over [`storage::Reader`](watchglass_storage::Reader) ([`search`], [`whole_trace`], [`services`],
//! [`log_page`], [`metrics`], …) that answers in plain structs; [`Workbench::ask`] runs one on a thread that may
//! block, a few at a time, and stops it when nobody waits for the answer any more. What happens now comes through
//! [`Workbench::events`] and [`LogTail`].
//!
//! Absent on purpose: routes, wire types, windows, the disk.

mod attributes;
mod configuration;
mod deletion;
mod error;
mod events;
mod federation;
mod fingerprint;
mod logs;
mod metrics;
mod mistakes;
mod numbers;
mod phrases;
mod promql;
mod receivers;
mod runs;
mod services;
mod status;
mod stoppable;
mod traces;
mod tsdb;
mod values;
mod watched;
mod windows;
mod workbench;

pub use attributes::{Occurrence, Origin, attribute_keys, attribute_values};
pub use configuration::{ConfigurationFault, ConfigurationOutline, ConfigurationStatus};
pub use error::{Error, Result};
pub use events::{Arrival, Event, Events};
pub use federation::Federated;
pub use logs::{
    Cursor, LogPage, LogQuery, LogRecord, LogTail, LogVolume, TailRecords, log_page, log_volume,
};
pub use metrics::{
    BucketSide, Cardinality, ExponentialBuckets, LabelCost, LabelShare, Metric, MetricSeries,
    PictureFormat, PictureQuery, PictureShow, Series, SeriesExemplar, SeriesQuantile, SeriesQuery,
    Share, cardinality, label_costs, local_offset, metric_picture, metric_series, metrics,
};
pub use mistakes::{Mistake, STANDARD_PORT_TAKEN};
pub use phrases::{parse_condition, parse_duration};
pub use promql::{CONCURRENT_QUERIES, PromAnswer, PromQuery, QUERY_TIMEOUT};
pub use receivers::{Listening, Receiver, ReceiverName, ReceiverState};
pub use runs::{NewRun, Run, begin_run, end_run, runs};
pub use services::{BUCKETS, Operation, Service, operations, services};
pub use status::{Status, StoreStatus};
pub use traces::{
    Columns, ServiceShare, SpanDetail, SpanEvent, SpanLink, Trace, TraceList, TraceQuery,
    TraceSort, TraceSummary, find_in_trace, search, span_detail, whole_trace,
};
pub use tsdb::{Counted, TsdbStatistics};
pub use values::{KeyValues, Resource, Scope, Value};
pub use watchglass_charts::{Size as PictureSize, Theme as PictureTheme};
pub use workbench::{Parts, Settings, Workbench};
