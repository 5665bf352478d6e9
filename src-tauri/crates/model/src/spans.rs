//! Spans, in batches: every field of OTLP's `Span`, flat.

use crate::arena::{Arena, Range, Text};
use crate::attributes::{Attributes, ResourceRef, ScopeRef};
use crate::{SpanId, Timestamp, TraceId};

/// OTLP's `SpanKind`; numbers it does not know are kept as `Unspecified`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[repr(u8)]
pub enum SpanKind {
    /// Not given.
    #[default]
    Unspecified = 0,
    /// Inside one service.
    Internal = 1,
    /// Answers a request.
    Server = 2,
    /// Makes a request.
    Client = 3,
    /// Sends a message.
    Producer = 4,
    /// Takes a message.
    Consumer = 5,
}

impl SpanKind {
    /// The kind behind OTLP's number.
    pub const fn from_number(number: i32) -> Self {
        match number {
            1 => Self::Internal,
            2 => Self::Server,
            3 => Self::Client,
            4 => Self::Producer,
            5 => Self::Consumer,
            _ => Self::Unspecified,
        }
    }

    /// The kind's name in lower case.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unspecified => "unspecified",
            Self::Internal => "internal",
            Self::Server => "server",
            Self::Client => "client",
            Self::Producer => "producer",
            Self::Consumer => "consumer",
        }
    }
}

/// OTLP's `Status.StatusCode`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[repr(u8)]
pub enum StatusCode {
    /// The default: nobody judged.
    #[default]
    Unset = 0,
    /// Judged good by the application.
    Ok = 1,
    /// Failed.
    Error = 2,
}

impl StatusCode {
    /// The code behind OTLP's number.
    pub const fn from_number(number: i32) -> Self {
        match number {
            1 => Self::Ok,
            2 => Self::Error,
            _ => Self::Unset,
        }
    }

    /// The code's name in lower case.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unset => "unset",
            Self::Ok => "ok",
            Self::Error => "error",
        }
    }
}

/// One span; text, attributes, events and links lie in the batch.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Span {
    /// The trace it belongs to.
    pub trace_id: TraceId,
    /// Itself.
    pub span_id: SpanId,
    /// What caused it; none for a root.
    pub parent_span_id: SpanId,
    /// W3C `tracestate`.
    pub trace_state: Text,
    /// W3C trace flags in the low byte, OTLP's remote bits above.
    pub flags: u32,
    /// The operation.
    pub name: Text,
    /// Its role in the exchange.
    pub kind: SpanKind,
    /// When it began.
    pub start: Timestamp,
    /// When it ended.
    pub end: Timestamp,
    /// How it ended.
    pub status: StatusCode,
    /// Why it failed.
    pub status_message: Text,
    /// Index of the sender in the arena.
    pub resource: u32,
    /// Index of the instrumentation in the arena.
    pub scope: u32,
    /// What describes it.
    pub attributes: Range,
    /// A stretch of the batch's events.
    pub events: Range,
    /// A stretch of the batch's links.
    pub links: Range,
    /// How many attributes the sender left out.
    pub dropped_attributes_count: u32,
    /// How many events the sender left out.
    pub dropped_events_count: u32,
    /// How many links the sender left out.
    pub dropped_links_count: u32,
}

/// Something that happened during a span.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Event {
    /// When.
    pub time: Timestamp,
    /// What.
    pub name: Text,
    /// What describes it.
    pub attributes: Range,
    /// How many attributes the sender left out.
    pub dropped_attributes_count: u32,
}

/// A pointer from a span to another, often of another trace.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Link {
    /// The other's trace.
    pub trace_id: TraceId,
    /// The other span.
    pub span_id: SpanId,
    /// W3C `tracestate` of the other.
    pub trace_state: Text,
    /// W3C trace flags of the other.
    pub flags: u32,
    /// What describes the link.
    pub attributes: Range,
    /// How many attributes the sender left out.
    pub dropped_attributes_count: u32,
}

/// Spans that lie together.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Spans {
    /// Text, attributes, senders, instrumentations.
    pub arena: Arena,
    /// The spans.
    pub rows: Vec<Span>,
    /// The events of all spans.
    pub events: Vec<Event>,
    /// The links of all spans.
    pub links: Vec<Link>,
}

impl Spans {
    /// The span at `row`; rows come from this batch.
    pub fn get(&self, row: usize) -> Option<SpanRef<'_>> {
        Some(SpanRef { batch: self, row: self.rows.get(row)? })
    }

    /// All spans in their order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = SpanRef<'_>> {
        self.rows.iter().map(|row| SpanRef { batch: self, row })
    }

    /// Bytes of memory held, for limits.
    pub fn footprint(&self) -> usize {
        self.arena.footprint()
            + self.rows.capacity() * size_of::<Span>()
            + self.events.capacity() * size_of::<Event>()
            + self.links.capacity() * size_of::<Link>()
    }
}

/// A span with its text and attributes resolved.
#[derive(Debug, Clone, Copy)]
pub struct SpanRef<'a> {
    batch: &'a Spans,
    /// The plain value.
    pub row: &'a Span,
}

impl<'a> SpanRef<'a> {
    /// The operation.
    pub fn name(self) -> &'a str {
        self.batch.arena.text(self.row.name)
    }

    /// `service.name` of the sender, or [`crate::UNKNOWN_SERVICE`].
    pub fn service(self) -> &'a str {
        self.resource().service()
    }

    /// Nanoseconds from start to end; zero when the end comes first.
    pub fn duration(self) -> u64 {
        self.row.end.since(self.row.start)
    }

    /// Why it failed.
    pub fn status_message(self) -> &'a str {
        self.batch.arena.text(self.row.status_message)
    }

    /// W3C `tracestate`.
    pub fn trace_state(self) -> &'a str {
        self.batch.arena.text(self.row.trace_state)
    }

    /// What describes it.
    pub fn attributes(self) -> Attributes<'a> {
        self.batch.arena.attributes(self.row.attributes)
    }

    /// The sender.
    pub fn resource(self) -> ResourceRef<'a> {
        self.batch.arena.resource(self.row.resource)
    }

    /// The instrumentation.
    pub fn scope(self) -> ScopeRef<'a> {
        self.batch.arena.scope(self.row.scope)
    }

    /// What happened during it.
    pub fn events(self) -> impl ExactSizeIterator<Item = EventRef<'a>> {
        let arena = &self.batch.arena;
        self.row.events.of(&self.batch.events).iter().map(move |row| EventRef { arena, row })
    }

    /// What it points to.
    pub fn links(self) -> impl ExactSizeIterator<Item = LinkRef<'a>> {
        let arena = &self.batch.arena;
        self.row.links.of(&self.batch.links).iter().map(move |row| LinkRef { arena, row })
    }
}

/// An event with its text and attributes resolved.
#[derive(Debug, Clone, Copy)]
pub struct EventRef<'a> {
    arena: &'a Arena,
    /// The plain value.
    pub row: &'a Event,
}

impl<'a> EventRef<'a> {
    /// What happened.
    pub fn name(self) -> &'a str {
        self.arena.text(self.row.name)
    }

    /// What describes it.
    pub fn attributes(self) -> Attributes<'a> {
        self.arena.attributes(self.row.attributes)
    }
}

/// A link with its text and attributes resolved.
#[derive(Debug, Clone, Copy)]
pub struct LinkRef<'a> {
    arena: &'a Arena,
    /// The plain value.
    pub row: &'a Link,
}

impl<'a> LinkRef<'a> {
    /// W3C `tracestate` of the other span.
    pub fn trace_state(self) -> &'a str {
        self.arena.text(self.row.trace_state)
    }

    /// What describes the link.
    pub fn attributes(self) -> Attributes<'a> {
        self.arena.attributes(self.row.attributes)
    }
}
