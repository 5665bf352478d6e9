//! Log records, in batches: every field of OTLP's `LogRecord`, flat.

use crate::arena::{Arena, Range, Text, Value};
use crate::attributes::{Attributes, ResourceRef, ScopeRef, ValueRef};
use crate::{Severity, SpanId, Timestamp, TraceId};

/// One log record; text and attributes lie in the batch.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct LogRecord {
    /// When it happened; zero where the sender did not know.
    pub time: Timestamp,
    /// When it was collected; zero where the sender did not say.
    pub observed_time: Timestamp,
    /// 1–24, or 0 where not given; kept as sent.
    pub severity_number: i32,
    /// The severity as the source calls it.
    pub severity_text: Text,
    /// The message, of any type.
    pub body: Value,
    /// The name that marks a record as an event.
    pub event_name: Text,
    /// The request it belongs to, or none.
    pub trace_id: TraceId,
    /// The span it belongs to, or none.
    pub span_id: SpanId,
    /// W3C trace flags in the low byte.
    pub flags: u32,
    /// Index of the sender in the arena.
    pub resource: u32,
    /// Index of the instrumentation in the arena.
    pub scope: u32,
    /// What describes it.
    pub attributes: Range,
    /// How many attributes the sender left out.
    pub dropped_attributes_count: u32,
}

impl LogRecord {
    /// When it happened or, where that is not known, when it was collected.
    pub const fn timestamp(&self) -> Timestamp {
        self.time.or(self.observed_time)
    }
}

/// Log records that lie together.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Logs {
    /// Text, attributes, senders, instrumentations.
    pub arena: Arena,
    /// The records.
    pub rows: Vec<LogRecord>,
}

impl Logs {
    /// The record at `row`; rows come from this batch.
    pub fn get(&self, row: usize) -> Option<LogRef<'_>> {
        Some(LogRef { arena: &self.arena, row: self.rows.get(row)? })
    }

    /// All records in their order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = LogRef<'_>> {
        self.rows.iter().map(|row| LogRef { arena: &self.arena, row })
    }

    /// Bytes of memory held, for limits.
    pub fn footprint(&self) -> usize {
        self.arena.footprint() + self.rows.capacity() * size_of::<LogRecord>()
    }
}

/// A log record with its text and attributes resolved.
#[derive(Debug, Clone, Copy)]
pub struct LogRef<'a> {
    arena: &'a Arena,
    /// The plain value.
    pub row: &'a LogRecord,
}

impl<'a> LogRef<'a> {
    /// The message, of any type.
    pub fn body(self) -> ValueRef<'a> {
        self.arena.value(self.row.body)
    }

    /// The severity as the source calls it.
    pub fn severity_text(self) -> &'a str {
        self.arena.text(self.row.severity_text)
    }

    /// The band of the severity number or, without one, of the severity text.
    pub fn severity(self) -> Severity {
        match Severity::of(self.row.severity_number) {
            Severity::Unspecified => severity_of_text(self.severity_text()),
            known => known,
        }
    }

    /// The name that marks a record as an event.
    pub fn event_name(self) -> &'a str {
        self.arena.text(self.row.event_name)
    }

    /// `service.name` of the sender, or [`crate::UNKNOWN_SERVICE`].
    pub fn service(self) -> &'a str {
        self.resource().service()
    }

    /// What describes it.
    pub fn attributes(self) -> Attributes<'a> {
        self.arena.attributes(self.row.attributes)
    }

    /// The sender.
    pub fn resource(self) -> ResourceRef<'a> {
        self.arena.resource(self.row.resource)
    }

    /// The instrumentation.
    pub fn scope(self) -> ScopeRef<'a> {
        self.arena.scope(self.row.scope)
    }
}

fn severity_of_text(text: &str) -> Severity {
    const SPELLINGS: [(&str, Severity); 6] = [
        ("warning", Severity::Warn),
        ("err", Severity::Error),
        ("critical", Severity::Fatal),
        ("panic", Severity::Fatal),
        ("information", Severity::Info),
        ("notice", Severity::Info),
    ];
    let spelled = SPELLINGS.iter().find(|(name, _)| name.eq_ignore_ascii_case(text));
    spelled.map(|(_, severity)| *severity).or_else(|| Severity::named(text)).unwrap_or_default()
}
