//! `ExportTraceServiceRequest` into [`Spans`].

use watchglass_model::{
    Event, Link, Range, Span, SpanId, SpanKind, Spans, StatusCode, Timestamp, TraceId,
};

use super::fault::{DecodeError, Fault};
use super::senders::{Names, Rows, Sender, check_density, each_message, request};
use super::values::Ground;
use super::wire::{Content, Wire, int32, low};

/// Reads an `ExportTraceServiceRequest`. Ids of a wrong length come out as "none".
pub fn decode_traces(bytes: &[u8]) -> Result<Spans, DecodeError> {
    let mut reading = Reading {
        ground: Ground::new(bytes),
        rows: Vec::new(),
        events: Vec::new(),
        links: Vec::new(),
        size: bytes.len(),
        like: Span::default(),
        like_event: Event::default(),
    };
    request(&mut reading, bytes).map_err(|fault| fault.of_request(bytes))?;
    Ok(Spans {
        arena: reading.ground.arena,
        rows: reading.rows,
        events: reading.events,
        links: reading.links,
    })
}

struct Reading<'a> {
    ground: Ground<'a>,
    rows: Vec<Span>,
    events: Vec<Event>,
    links: Vec<Link>,
    /// Bytes of the request.
    size: usize,
    /// The span before, whose texts are likely to come again.
    like: Span,
    like_event: Event,
}

impl<'a> Rows<'a> for Reading<'a> {
    const NAMES: Names = Names { resource: "resource_spans", scope: "scope_spans", row: "spans" };

    fn ground(&mut self) -> &mut Ground<'a> {
        &mut self.ground
    }

    fn expect(&mut self, rows: usize) {
        self.rows.reserve(rows.min(self.size / 8));
    }

    fn row(&mut self, sender: Sender, bytes: &'a [u8]) -> Result<(), Fault> {
        check_density(self.rows.len(), self.size, bytes)?;
        let mut span = Span { resource: sender.resource, scope: sender.scope, ..Span::default() };
        let ground = &mut self.ground;
        let list = ground.list(self.like.attributes, 4);
        let mut has_parts = false;
        let mut wire = Wire::new(bytes);
        while let Some(field) = wire.field()? {
            match field {
                (1, Content::Bytes(id)) => span.trace_id = trace_id(id),
                (2, Content::Bytes(id)) => span.span_id = span_id(id),
                (3, Content::Bytes(text)) => {
                    span.trace_state = ground
                        .text_like(text, self.like.trace_state)
                        .map_err(|fault| fault.within("trace_state"))?;
                }
                (4, Content::Bytes(id)) => span.parent_span_id = span_id(id),
                (5, Content::Bytes(text)) => {
                    span.name = ground
                        .text_like(text, self.like.name)
                        .map_err(|fault| fault.within("name"))?;
                }
                (6, Content::Varint(kind)) => span.kind = SpanKind::from_number(int32(kind)),
                (7, Content::Fixed64(time)) => span.start = Timestamp(time),
                (8, Content::Fixed64(time)) => span.end = Timestamp(time),
                (9, Content::Bytes(bytes)) => ground.attribute(list, bytes, "attributes")?,
                (10, Content::Varint(count)) => span.dropped_attributes_count = low(count),
                (11 | 13, Content::Bytes(_)) => has_parts = true,
                (12, Content::Varint(count)) => span.dropped_events_count = low(count),
                (14, Content::Varint(count)) => span.dropped_links_count = low(count),
                (15, Content::Bytes(bytes)) => {
                    read_status(ground, &mut span, bytes)
                        .map_err(|fault| fault.within("status"))?;
                }
                (16, Content::Fixed32(flags)) => span.flags = flags,
                (1..=16, _) => return Err(wire.wrong_type()),
                _ => {}
            }
        }
        span.attributes = ground.close(list)?;
        if has_parts {
            span.events = self.events(bytes)?;
            span.links = self.links(bytes)?;
        }
        self.like = span;
        self.rows.push(span);
        Ok(())
    }
}

impl<'a> Reading<'a> {
    fn events(&mut self, span: &'a [u8]) -> Result<Range, Fault> {
        let start = self.events.len();
        each_message(span, 11, |index, bytes| {
            check_density(self.events.len(), self.size, bytes)?;
            let event = read_event(&mut self.ground, self.like_event, bytes)
                .map_err(|fault| fault.within_element("events", index))?;
            self.like_event = event;
            self.events.push(event);
            Ok(())
        })?;
        Ok(Range::since(start, self.events.len()))
    }

    fn links(&mut self, span: &'a [u8]) -> Result<Range, Fault> {
        let start = self.links.len();
        each_message(span, 13, |index, bytes| {
            check_density(self.links.len(), self.size, bytes)?;
            let link = read_link(&mut self.ground, bytes)
                .map_err(|fault| fault.within_element("links", index))?;
            self.links.push(link);
            Ok(())
        })?;
        Ok(Range::since(start, self.links.len()))
    }
}

fn read_status(ground: &mut Ground<'_>, span: &mut Span, bytes: &[u8]) -> Result<(), Fault> {
    let mut wire = Wire::new(bytes);
    while let Some(field) = wire.field()? {
        match field {
            (2, Content::Bytes(text)) => span.status_message = ground.text(text, "message")?,
            (3, Content::Varint(code)) => span.status = StatusCode::from_number(int32(code)),
            (2 | 3, _) => return Err(wire.wrong_type()),
            _ => {}
        }
    }
    Ok(())
}

fn read_event<'a>(ground: &mut Ground<'a>, like: Event, bytes: &'a [u8]) -> Result<Event, Fault> {
    let mut event = Event::default();
    let list = ground.list(like.attributes, 5);
    let mut wire = Wire::new(bytes);
    while let Some(field) = wire.field()? {
        match field {
            (1, Content::Fixed64(time)) => event.time = Timestamp(time),
            (2, Content::Bytes(text)) => {
                event.name =
                    ground.text_like(text, like.name).map_err(|fault| fault.within("name"))?;
            }
            (3, Content::Bytes(bytes)) => ground.attribute(list, bytes, "attributes")?,
            (4, Content::Varint(count)) => event.dropped_attributes_count = low(count),
            (1..=4, _) => return Err(wire.wrong_type()),
            _ => {}
        }
    }
    event.attributes = ground.close(list)?;
    Ok(event)
}

fn read_link<'a>(ground: &mut Ground<'a>, bytes: &'a [u8]) -> Result<Link, Fault> {
    let mut link = Link::default();
    let list = ground.list(Range::default(), 5);
    let mut wire = Wire::new(bytes);
    while let Some(field) = wire.field()? {
        match field {
            (1, Content::Bytes(id)) => link.trace_id = trace_id(id),
            (2, Content::Bytes(id)) => link.span_id = span_id(id),
            (3, Content::Bytes(text)) => link.trace_state = ground.text(text, "trace_state")?,
            (4, Content::Bytes(bytes)) => ground.attribute(list, bytes, "attributes")?,
            (5, Content::Varint(count)) => link.dropped_attributes_count = low(count),
            (6, Content::Fixed32(flags)) => link.flags = flags,
            (1..=6, _) => return Err(wire.wrong_type()),
            _ => {}
        }
    }
    link.attributes = ground.close(list)?;
    Ok(link)
}

/// A trace id; none where the length is wrong.
pub(super) fn trace_id(bytes: &[u8]) -> TraceId {
    TraceId::from_slice(bytes).unwrap_or_default()
}

/// A span id; none where the length is wrong.
pub(super) fn span_id(bytes: &[u8]) -> SpanId {
    SpanId::from_slice(bytes).unwrap_or_default()
}
