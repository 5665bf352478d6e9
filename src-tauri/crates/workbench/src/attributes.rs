//! Attribute names and values that occur in spans or log records, for completion. The newest rows stand for all.

use std::collections::HashMap;
use std::ops::ControlFlow;

use watchglass_model::{Attributes, EventRef, TimeRange};
use watchglass_storage::{
    Condition, Detail, Flow, LogFilter, LogScan, Reader, SpanFilter, SpanScan, Test, text_of,
};

use crate::error::Result;

/// So many rows are looked at.
const MOST_ROWS: usize = 50_000;
/// So many answers are given.
const MOST_ANSWERS: usize = 200;
/// Longer values are no use for completion.
const LONGEST_VALUE: usize = 256;

/// Whose attributes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// Spans, their events, resources and scopes.
    Traces,
    /// Log records, their resources and scopes.
    Logs,
}

/// A name or value and how often it occurs in the rows that were looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Occurrence {
    /// The name or value.
    pub text: String,
    /// How many rows have it.
    pub count: u64,
}

/// The attribute names that begin with `prefix`, the most frequent first.
pub fn attribute_keys(
    reader: &dyn Reader,
    origin: Origin,
    range: TimeRange,
    prefix: &str,
) -> Result<Vec<Occurrence>> {
    let mut tally = Tally::of(prefix);
    each_set(reader, origin, range, None, &mut |set| {
        for (key, _) in set.iter() {
            tally.add(key);
        }
    })?;
    Ok(tally.occurrences())
}

/// The values of an attribute that begin with `prefix`, the most frequent first.
pub fn attribute_values(
    reader: &dyn Reader,
    origin: Origin,
    range: TimeRange,
    key: &str,
    prefix: &str,
) -> Result<Vec<Occurrence>> {
    let mut tally = Tally::of(prefix);
    each_set(reader, origin, range, Some(key), &mut |set| {
        if let Some(value) = set.get(key) {
            tally.add(&text_of(value));
        }
    })?;
    Ok(tally.occurrences())
}

/// Shows the attributes of the newest rows, of the row itself and of all it hangs from.
fn each_set(
    reader: &dyn Reader,
    origin: Origin,
    range: TimeRange,
    key: Option<&str>,
    look_at: &mut dyn FnMut(Attributes<'_>),
) -> Result<()> {
    let exists = key.map(|key| Condition { key: key.to_owned(), test: Test::Exists });
    let attributes: Vec<_> = exists.into_iter().collect();
    let mut rows_left = MOST_ROWS;
    match origin {
        Origin::Traces => {
            let scan = SpanScan {
                range,
                filter: SpanFilter { attributes, ..SpanFilter::default() },
                detail: Detail::Whole,
            };
            reader.scan_spans(&scan, &mut |batch, rows| {
                let spans = rows.iter().rev().take(rows_left);
                for span in spans.filter_map(|row| batch.get(*row as usize)) {
                    look_at(span.attributes());
                    look_at(span.resource().attributes());
                    look_at(span.scope().attributes());
                    span.events().map(EventRef::attributes).for_each(&mut *look_at);
                }
                go_on(&mut rows_left, rows.len())
            })?;
        }
        Origin::Logs => {
            let scan = LogScan {
                range,
                filter: LogFilter { attributes, ..LogFilter::default() },
                detail: Detail::Whole,
            };
            reader.scan_logs(&scan, &mut |batch, rows| {
                let records = rows.iter().rev().take(rows_left);
                for record in records.filter_map(|row| batch.get(*row as usize)) {
                    look_at(record.attributes());
                    look_at(record.resource().attributes());
                    look_at(record.scope().attributes());
                }
                go_on(&mut rows_left, rows.len())
            })?;
        }
    }
    Ok(())
}

fn go_on(rows_left: &mut usize, rows: usize) -> Flow {
    *rows_left = rows_left.saturating_sub(rows);
    if *rows_left == 0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
}

#[derive(Debug)]
struct Tally {
    prefix: String,
    counts: HashMap<String, u64>,
}

impl Tally {
    fn of(prefix: &str) -> Self {
        Self { prefix: prefix.to_lowercase(), counts: HashMap::new() }
    }

    fn add(&mut self, text: &str) {
        if let Some(count) = self.counts.get_mut(text) {
            *count += 1;
        } else if text.len() <= LONGEST_VALUE && text.to_lowercase().starts_with(&self.prefix) {
            self.counts.insert(text.to_owned(), 1);
        }
    }

    fn occurrences(self) -> Vec<Occurrence> {
        let all = self.counts.into_iter();
        let mut all: Vec<_> = all.map(|(text, count)| Occurrence { text, count }).collect();
        all.sort_by(|one, other| other.count.cmp(&one.count).then(one.text.cmp(&other.text)));
        all.truncate(MOST_ANSWERS);
        all
    }
}
