//! Log records: pages, live ones, and how many of each severity.

use serde::Serialize;
use utoipa::ToSchema;
use watchglass_workbench as workbench;

use super::ids::{Nanos, SpanHex, TraceHex};
use super::values::{AnyValue, KeyValue, Resource, Scope, key_values};

/// A page of log records, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Logs {
    pub(crate) records: Vec<LogRecord>,
    /// Where older ones go on; null where none are left.
    #[schema(required)]
    pub(crate) cursor: Option<String>,
    /// False where the search took too long and ended early; the cursor goes on with it.
    pub(crate) complete: bool,
}

/// A log record with everything that was sent of it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LogRecord {
    /// Stable and unique: a key for lists.
    pub(crate) id: String,
    pub(crate) time: Nanos,
    pub(crate) observed_time: Nanos,
    pub(crate) severity_number: i32,
    pub(crate) severity_text: String,
    pub(crate) body: AnyValue,
    pub(crate) event_name: String,
    pub(crate) service: String,
    #[schema(value_type = String)]
    pub(crate) trace_id: TraceHex,
    #[schema(value_type = String)]
    pub(crate) span_id: SpanHex,
    pub(crate) flags: u32,
    pub(crate) attributes: Vec<KeyValue>,
    pub(crate) dropped_attributes_count: u32,
    pub(crate) resource: Resource,
    pub(crate) scope: Scope,
}

/// Counts of log records in equal parts of a range, by severity.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LogVolume {
    pub(crate) start: Nanos,
    /// Nanoseconds.
    pub(crate) step: u64,
    pub(crate) trace: Vec<u64>,
    pub(crate) debug: Vec<u64>,
    pub(crate) info: Vec<u64>,
    pub(crate) warn: Vec<u64>,
    pub(crate) error: Vec<u64>,
    pub(crate) fatal: Vec<u64>,
    pub(crate) unspecified: Vec<u64>,
}

/// Log records that arrived since the event before.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TailRecords {
    pub(crate) records: Vec<LogRecord>,
    /// How many are not shown because too many came.
    pub(crate) missed: u64,
}

impl From<workbench::LogPage> for Logs {
    fn from(page: workbench::LogPage) -> Self {
        Self {
            records: page.records.into_iter().map(LogRecord::from).collect(),
            cursor: page.cursor.map(|cursor| cursor.to_string()),
            complete: page.complete,
        }
    }
}

impl From<workbench::LogRecord> for LogRecord {
    fn from(record: workbench::LogRecord) -> Self {
        Self {
            id: record.id,
            time: record.time.into(),
            observed_time: record.observed_time.into(),
            severity_number: record.severity_number,
            severity_text: record.severity_text,
            body: record.body.into(),
            event_name: record.event_name,
            service: record.service,
            trace_id: TraceHex(record.trace_id),
            span_id: SpanHex(record.span_id),
            flags: record.flags,
            attributes: key_values(record.attributes),
            dropped_attributes_count: record.dropped_attributes_count,
            resource: record.resource.into(),
            scope: record.scope.into(),
        }
    }
}

impl From<workbench::LogVolume> for LogVolume {
    fn from(volume: workbench::LogVolume) -> Self {
        let [unspecified, trace, debug, info, warn, error, fatal] = volume.counts;
        Self {
            start: volume.start.into(),
            step: volume.step,
            trace,
            debug,
            info,
            warn,
            error,
            fatal,
            unspecified,
        }
    }
}

impl From<workbench::TailRecords> for TailRecords {
    fn from(tail: workbench::TailRecords) -> Self {
        Self {
            records: tail.records.into_iter().map(LogRecord::from).collect(),
            missed: tail.missed,
        }
    }
}
