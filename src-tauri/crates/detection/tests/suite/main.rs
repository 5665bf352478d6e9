//! What is derived of records that lack it, as tables.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop here")]

mod ids;
mod levels;

use watchglass_detection::derive;
use watchglass_model::{Attribute, LogRecord, Logs, Range, Resource, Value};

/// One record of a sender.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Sent<'a> {
    pub(crate) body: &'a str,
    pub(crate) attributes: &'a [(&'a str, &'a str)],
    pub(crate) labels: &'a [(&'a str, &'a str)],
    pub(crate) row: LogRecord,
}

/// The batch of that record, with what was derived.
pub(crate) fn derived(sent: Sent<'_>) -> Logs {
    let mut logs = Logs::default();
    let mut row = sent.row;
    row.attributes = texts(&mut logs, sent.attributes);
    row.body = Value::Text(logs.arena.push_text(sent.body));
    let attributes = texts(&mut logs, sent.labels);
    logs.arena.resources.push(Resource { attributes, ..Resource::default() });
    logs.rows.push(row);
    derive(&mut logs);
    logs
}

fn texts(logs: &mut Logs, all: &[(&str, &str)]) -> Range {
    let start = logs.arena.attributes.len();
    for (key, value) in all {
        let key = logs.arena.push_text(key);
        let value = Value::Text(logs.arena.push_text(value));
        logs.arena.attributes.push(Attribute { key, value });
    }
    Range::since(start, logs.arena.attributes.len())
}
