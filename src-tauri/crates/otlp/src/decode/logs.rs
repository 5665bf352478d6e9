//! `ExportLogsServiceRequest` into [`Logs`].

use watchglass_model::{LogRecord, Logs, Timestamp, Value};

use super::fault::{DecodeError, Fault};
use super::senders::{Names, Rows, Sender, check_density, each_message, request};
use super::spans::{span_id, trace_id};
use super::values::Ground;
use super::wire::{Content, Wire, int32, low};

/// Reads an `ExportLogsServiceRequest`. Ids of a wrong length come out as "none", as OTLP says.
pub fn decode_logs(bytes: &[u8]) -> Result<Logs, DecodeError> {
    let mut reading = Reading {
        ground: Ground::new(bytes),
        rows: Vec::new(),
        size: bytes.len(),
        like: LogRecord::default(),
    };
    request(&mut reading, bytes).map_err(|fault| fault.of_request(bytes))?;
    Ok(Logs { arena: reading.ground.arena, rows: reading.rows })
}

struct Reading<'a> {
    ground: Ground<'a>,
    rows: Vec<LogRecord>,
    /// Bytes of the request.
    size: usize,
    /// The record before, whose texts are likely to come again.
    like: LogRecord,
}

impl<'a> Rows<'a> for Reading<'a> {
    const NAMES: Names =
        Names { resource: "resource_logs", scope: "scope_logs", row: "log_records" };

    fn ground(&mut self) -> &mut Ground<'a> {
        &mut self.ground
    }

    fn expect(&mut self, rows: usize) {
        self.rows.reserve(rows.min(self.size / 8));
    }

    fn row(&mut self, sender: Sender, bytes: &'a [u8]) -> Result<(), Fault> {
        check_density(self.rows.len(), self.size, bytes)?;
        let mut record =
            LogRecord { resource: sender.resource, scope: sender.scope, ..LogRecord::default() };
        let like = self.like;
        let ground = &mut self.ground;
        let list = ground.list(like.attributes, 4);
        let mut has_body = false;
        let mut wire = Wire::new(bytes);
        while let Some(field) = wire.field()? {
            match field {
                (1, Content::Fixed64(time)) => record.time = Timestamp(time),
                (2, Content::Varint(number)) => record.severity_number = int32(number),
                (3, Content::Bytes(text)) => {
                    record.severity_text = ground
                        .text_like(text, like.severity_text)
                        .map_err(|fault| fault.within("severity_text"))?;
                }
                (5, Content::Bytes(_)) => has_body = true,
                (6, Content::Bytes(bytes)) => ground.attribute(list, bytes, "attributes")?,
                (7, Content::Varint(count)) => record.dropped_attributes_count = low(count),
                (8, Content::Fixed32(flags)) => record.flags = flags,
                (9, Content::Bytes(id)) => record.trace_id = trace_id(id),
                (10, Content::Bytes(id)) => record.span_id = span_id(id),
                (11, Content::Fixed64(time)) => record.observed_time = Timestamp(time),
                (12, Content::Bytes(text)) => {
                    record.event_name = ground
                        .text_like(text, like.event_name)
                        .map_err(|fault| fault.within("event_name"))?;
                }
                (1..=3 | 5..=12, _) => return Err(wire.wrong_type()),
                _ => {}
            }
        }
        record.attributes = ground.close(list)?;
        if has_body {
            record.body = read_body(ground, bytes).map_err(|fault| fault.within("body"))?;
        }
        self.like = record;
        self.rows.push(record);
        Ok(())
    }
}

fn read_body<'a>(ground: &mut Ground<'a>, record: &'a [u8]) -> Result<Value, Fault> {
    each_message(record, 5, |_, bytes| ground.loose(bytes, 4))?;
    ground.close_loose()
}
