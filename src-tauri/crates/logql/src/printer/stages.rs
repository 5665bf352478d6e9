//! The text of stages and conditions.

use std::fmt;

use watchglass_template::duration::{go_text, prometheus_text};
use watchglass_template::text::quoted;

use super::{matcher_text, number_text};
use crate::tree::{
    Extraction, LabelChoice, LabelFilter, LabelFormat, LabelSource, LineFilter, LineOperand,
    Logfmt, StageKind,
};

impl fmt::Display for StageKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line(filter) => filter.fmt(f),
            Self::Json(extractions) => write!(f, "| json{}", extractions_text(extractions)),
            Self::Logfmt(logfmt) => f.write_str(&logfmt_text(logfmt)),
            Self::Regexp(pattern) => write!(f, "| regexp {}", quoted(pattern)),
            Self::Pattern(pattern) => write!(f, "| pattern {}", quoted(pattern)),
            Self::Unpack => f.write_str("| unpack"),
            Self::Label(filter) => write!(f, "| {filter}"),
            Self::LineFormat(template) => write!(f, "| line_format {}", quoted(template)),
            Self::LabelFormat(formats) => {
                write!(f, "| label_format {}", joined(formats, label_format_text))
            }
            Self::Decolorize => f.write_str("| decolorize"),
            Self::Drop(choices) => write!(f, "| drop {}", joined(choices, choice_text)),
            Self::Keep(choices) => write!(f, "| keep {}", joined(choices, choice_text)),
        }
    }
}

impl fmt::Display for LineFilter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let operands: Vec<_> = self
            .operands
            .iter()
            .map(|operand| match operand {
                LineOperand::Text(text) => quoted(text),
                LineOperand::Ip(addresses) => format!("ip({})", quoted(addresses)),
            })
            .collect();
        write!(f, "{} {}", self.operator.text(), operands.join(" or "))
    }
}

impl fmt::Display for LabelFilter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(matcher) => f.write_str(&matcher_text(matcher)),
            Self::Number(name, comparison, value) => {
                write!(f, "{name}{}{}", comparison.text(), number_text(*value))
            }
            Self::Duration(name, comparison, nanos) => {
                write!(f, "{name}{}{}", comparison.text(), duration_text(*nanos))
            }
            Self::Bytes(name, comparison, bytes) => {
                write!(f, "{name}{}{}", comparison.text(), size_text(*bytes))
            }
            Self::Ip { name, negated, addresses } => {
                let operator = if *negated { "!=" } else { "=" };
                write!(f, "{name}{operator}ip({})", quoted(addresses))
            }
            Self::And(left, right) => {
                // A chain reads from left to right, so only what stands on the right keeps its parentheses.
                let inner = |side: &Self, right: bool| match side {
                    Self::Or(..) => format!("({side})"),
                    Self::And(..) if right => format!("({side})"),
                    _ => side.to_string(),
                };
                write!(f, "{} and {}", inner(left, false), inner(right, true))
            }
            Self::Or(left, right) => match right.as_ref() {
                Self::Or(..) => write!(f, "{left} or ({right})"),
                _ => write!(f, "{left} or {right}"),
            },
        }
    }
}

fn joined<T>(list: &[T], text: impl Fn(&T) -> String) -> String {
    list.iter().map(text).collect::<Vec<_>>().join(", ")
}

/// With a space before, or nothing.
fn extractions_text(extractions: &[Extraction]) -> String {
    if extractions.is_empty() {
        return String::new();
    }
    let text = |one: &Extraction| format!("{}={}", one.label, quoted(&one.path));
    format!(" {}", joined(extractions, text))
}

fn logfmt_text(logfmt: &Logfmt) -> String {
    let strict = if logfmt.strict { " --strict" } else { "" };
    let keep_empty = if logfmt.keep_empty { " --keep-empty" } else { "" };
    format!("| logfmt{strict}{keep_empty}{}", extractions_text(&logfmt.extractions))
}

fn label_format_text(format: &LabelFormat) -> String {
    match &format.source {
        LabelSource::Label(source) => format!("{}={source}", format.label),
        LabelSource::Template(template) => format!("{}={}", format.label, quoted(template)),
    }
}

fn choice_text(choice: &LabelChoice) -> String {
    match choice {
        LabelChoice::Name(name) => name.clone(),
        LabelChoice::Matcher(matcher) => matcher_text(matcher),
    }
}

/// A duration that the lexer reads again: Prometheus's form, or Go's below a millisecond.
fn duration_text(nanos: i64) -> String {
    if nanos % 1_000_000 == 0 { prometheus_text(nanos) } else { go_text(nanos) }
}

/// A size in the largest unit that tells it whole.
fn size_text(bytes: u64) -> String {
    const UNITS: [(&str, u64); 10] = [
        ("PiB", 1 << 50),
        ("PB", 1_000_000_000_000_000),
        ("TiB", 1 << 40),
        ("TB", 1_000_000_000_000),
        ("GiB", 1 << 30),
        ("GB", 1_000_000_000),
        ("MiB", 1 << 20),
        ("MB", 1_000_000),
        ("KiB", 1 << 10),
        ("kB", 1_000),
    ];
    let whole = UNITS.iter().find(|(_, scale)| bytes >= *scale && bytes.is_multiple_of(*scale));
    match whole {
        Some((unit, scale)) => format!("{}{unit}", bytes / scale),
        None => format!("{bytes}B"),
    }
}
