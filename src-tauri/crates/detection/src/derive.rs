//! Fills in what the records of a batch lack: severities, and ids of traces and spans.

use watchglass_model::{Attributes, LogRef, Logs, SpanId, Text, TraceId, ValueRef};

use crate::fields::{each_json_field, each_pair};
use crate::ids::{Ids, may_name_a_trace};
use crate::level::{self, Level};

/// Sets the severity of records that have neither number nor text, and the trace and span of records without a trace,
/// where attributes, the sender's attributes or the body tell them. What was sent stays as it is.
pub fn derive(logs: &mut Logs) {
    let mut names = [Text::EMPTY; Level::ALL.len()];
    for place in 0..logs.rows.len() {
        let Some(found) = logs.get(place).and_then(Found::of) else { continue };
        let text = found.level.map(|level| {
            let kept = &mut names[level as usize];
            if kept.is_empty() {
                *kept = logs.arena.push_text(level.name());
            }
            *kept
        });
        let Some(row) = logs.rows.get_mut(place) else { continue };
        if let (Some(level), Some(text)) = (found.level, text) {
            row.severity_number = level.severity_number();
            row.severity_text = text;
        }
        if let Some(trace) = found.trace {
            row.trace_id = trace;
            row.span_id = found.span;
        }
    }
}

/// What was found of one record.
#[derive(Debug)]
struct Found {
    level: Option<Level>,
    trace: Option<TraceId>,
    span: SpanId,
}

impl Found {
    fn of(record: LogRef<'_>) -> Option<Self> {
        let row = record.row;
        let mut search = Search {
            wants_level: row.severity_number == 0 && row.severity_text.is_empty(),
            wants_ids: row.trace_id.is_none(),
            level: None,
            ids: Ids::default(),
        };
        if !search.wants_level && !search.wants_ids {
            return None;
        }
        search.attributes(record.attributes());
        search.level_of(record.resource().attributes());
        match record.body() {
            ValueRef::Text(line) => search.line(line),
            ValueRef::Map(entries) => search.attributes(entries),
            _ => {}
        }
        let (trace, span) = search.ids.finish();
        Some(Self { level: search.level, trace, span })
    }
}

/// A search while it goes on. What is found first stays.
#[derive(Debug)]
struct Search {
    wants_level: bool,
    wants_ids: bool,
    level: Option<Level>,
    ids: Ids,
}

impl Search {
    fn attributes(&mut self, attributes: Attributes<'_>) {
        self.level_of(attributes);
        if !self.wants_ids {
            return;
        }
        for (key, value) in attributes.iter() {
            if let ValueRef::Text(text) = value {
                self.ids.note(key, text);
            }
        }
    }

    fn level_of(&mut self, attributes: Attributes<'_>) {
        if !self.wants_level || self.level.is_some() {
            return;
        }
        self.level = attributes.iter().find_map(|(key, value)| match value {
            ValueRef::Text(text) => level::of_field(key, text),
            ValueRef::Int(number) => level::of_field(key, &number.to_string()),
            _ => None,
        });
    }

    fn line(&mut self, line: &str) {
        let wants_level = self.wants_level && self.level.is_none();
        let wants_ids = self.wants_ids && may_name_a_trace(line);
        if !wants_level && !wants_ids {
            return;
        }
        let mut level = None;
        let mut visit = |key: &str, value: &str| {
            if wants_level && level.is_none() {
                level = level::of_field(key, value);
            }
            if wants_ids {
                self.ids.note(key, value);
            }
        };
        if line.trim_start().starts_with('{') {
            each_json_field(line, &mut visit);
        } else {
            each_pair(line, &mut visit);
        }
        if wants_level {
            self.level = level.or_else(|| level::of_line(line));
        }
    }
}
