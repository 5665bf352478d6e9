//! A log record copied out of its batch, and the place that orders it among all others.

use watchglass_model::{LogRef, SpanId, Timestamp, TraceId};

use crate::fingerprint::Fingerprint;
use crate::values::{KeyValues, Resource, Scope, Value, key_values};

/// A log record with everything that was sent of it.
#[derive(Debug, Clone, PartialEq)]
pub struct LogRecord {
    /// Stable and different for every record, those with equal content included.
    pub id: String,
    /// When it happened; zero where the sender did not know.
    pub time: Timestamp,
    /// When it was collected; zero where the sender did not say.
    pub observed_time: Timestamp,
    /// 1–24, or 0 where not given.
    pub severity_number: i32,
    /// The severity as the source calls it.
    pub severity_text: String,
    /// The message, of any type.
    pub body: Value,
    /// The name that marks a record as an event.
    pub event_name: String,
    /// The sender's `service.name`.
    pub service: String,
    /// The request it belongs to, or none.
    pub trace_id: TraceId,
    /// The span it belongs to, or none.
    pub span_id: SpanId,
    /// W3C trace flags in the low byte.
    pub flags: u32,
    /// What describes it.
    pub attributes: KeyValues,
    /// How many attributes the sender left out.
    pub dropped_attributes_count: u32,
    /// The sender.
    pub resource: Resource,
    /// The instrumentation.
    pub scope: Scope,
}

/// Where a record stands in time. Records of one instant are ordered by when they were collected, then by a hash of
/// their content: arbitrary, but the same in every scan, whatever batches they lie in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub(super) time: Timestamp,
    pub(super) observed: Timestamp,
    pub(super) hash: u64,
}

impl Place {
    /// After every record up to and including `time`.
    pub(super) const fn last_of(time: Timestamp) -> Self {
        Self { time, observed: Timestamp::MAX, hash: u64::MAX }
    }

    pub(super) fn of(record: LogRef<'_>) -> Self {
        let row = record.row;
        let mut content = Fingerprint::default();
        content
            .add((row.severity_number, record.severity_text()))
            .add((row.trace_id, row.span_id, row.flags))
            .add(record.event_name())
            .add_value(record.body())
            .add_attributes(record.attributes())
            .add_resource(record.resource())
            .add_scope(record.scope());
        Self { time: row.timestamp(), observed: row.observed_time, hash: content.finish() }
    }

    /// The id of the record that is the `number`th of those with this place.
    pub(super) fn id(self, number: u32) -> String {
        let (time, observed) = (self.time.0, self.observed.0);
        format!("{time:x}-{observed:x}-{:x}-{number:x}", self.hash)
    }
}

impl From<LogRef<'_>> for LogRecord {
    /// A copy without an id.
    fn from(record: LogRef<'_>) -> Self {
        let row = record.row;
        Self {
            id: String::new(),
            time: row.time,
            observed_time: row.observed_time,
            severity_number: row.severity_number,
            severity_text: record.severity_text().to_owned(),
            body: record.body().into(),
            event_name: record.event_name().to_owned(),
            service: record.service().to_owned(),
            trace_id: row.trace_id,
            span_id: row.span_id,
            flags: row.flags,
            attributes: key_values(record.attributes()),
            dropped_attributes_count: row.dropped_attributes_count,
            resource: record.resource().into(),
            scope: record.scope().into(),
        }
    }
}
