//! Entries from the lines of a text.

use crate::entry::{Entry, ParseError, ReadOptions, Sample, Value, Visit, unescaped};

use super::created::{Created, SUFFIX};
use super::lexer::Dialect;
use super::line::{Item, Lines};

/// Hands out what a text says, in its order, until `visit` breaks off.
pub(crate) fn read(
    bytes: &[u8],
    dialect: Dialect,
    options: ReadOptions,
    visit: &mut impl Visit,
) -> Result<(), ParseError> {
    let has_created = options.created_as_start && dialect == Dialect::OpenMetrics;
    let mut lines = Lines::new(bytes, dialect);
    let mut created = Created::default();
    while let Some(item) = lines.next()? {
        let flow = match item {
            Item::Help(metric, text) => visit(Entry::Help {
                metric: unescaped(metric, true),
                text: unescaped(text, dialect == Dialect::OpenMetrics),
            }),
            Item::Type(metric, kind) => {
                if has_created {
                    created.look_ahead(bytes, &lines, metric);
                }
                visit(Entry::Type { metric: unescaped(metric, true), kind })
            }
            Item::Unit(metric, unit) => {
                visit(Entry::Unit { metric: unescaped(metric, true), unit })
            }
            Item::Sample if has_created && lines.kind.has_start() && is_created(&lines) => continue,
            Item::Sample => visit(Entry::Sample(Sample {
                series: lines.series(),
                value: Value::Float(lines.value),
                time: lines.time(),
                start: created.start(&lines),
                exemplars: lines.exemplar().as_slice(),
            })),
        };
        if flow.is_break() {
            break;
        }
    }
    Ok(())
}

fn is_created(lines: &Lines<'_>) -> bool {
    lines.name().ends_with(SUFFIX)
}
