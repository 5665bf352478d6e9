//! Series descriptions of unit tests (`promtool test rules`, promqltest): `metric{a="b"} 1+2x3 _ stale {{schema:0 sum:1}}x3`.
//!
//! Sequences stay what was written (a first value, a step, a count), so that no short text can fill the memory.

mod histograms;
mod scanner;

use watchglass_model::{FloatHistogram, Labels, LabelsBuilder, METRIC_NAME, Millis, STALE};

use super::faults::ParseFaults;
use super::lexer;
use super::strings::unquoted;
use super::tokens::{Token, TokenKind};
use crate::tree::Sign;
use scanner::{Scanned, Scanner};

/// Part of a sequence of values.
#[derive(Debug, Clone, PartialEq)]
pub enum SequenceValue {
    /// `_x3`: so many steps without a sample.
    Gaps(u64),
    /// `1+2x3`: the first value, then `more` values, each by `step` above the one before; without a step all are the same bits.
    Floats {
        /// The first.
        first: f64,
        /// What is added each time.
        step: Option<f64>,
        /// How many come behind the first.
        more: u64,
    },
    /// `{{…}}+{{…}}x3`, in the same way.
    Histograms {
        /// The first.
        first: FloatHistogram,
        /// What is added or taken away each time.
        step: Option<(Sign, FloatHistogram)>,
        /// How many come behind the first.
        more: u64,
    },
}

/// Part of a sequence of start timestamps, each an offset to the time of its own sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StartOffset {
    /// So many samples whose start is not known.
    Gaps(u64),
    /// The first offset, then `more`, each by `step` above the one before.
    Offsets {
        /// The first, in milliseconds; mostly negative.
        first: Millis,
        /// What is added each time.
        step: Millis,
        /// How many come behind the first.
        more: u64,
    },
}

/// One line: a series, and its values or start timestamps.
#[derive(Debug, Clone, PartialEq)]
pub struct SeriesDescription<V> {
    /// Which series.
    pub labels: Labels,
    /// What it holds, step after step.
    pub values: Vec<V>,
}

/// Whether a line is one of start timestamps: `metric{…}@st …`.
pub fn describes_starts(text: &str) -> bool {
    metric(text).is_ok_and(|(_, end)| text.get(end..).is_some_and(|rest| rest.starts_with("@st")))
}

/// Reads `metric{…} 1+2x3 _ …`.
pub fn parse_series(text: &str) -> Result<SeriesDescription<SequenceValue>, ParseFaults> {
    let (labels, end) = metric(text).map_err(|fault| fault.told(text))?;
    let mut scanner = Scanner::new(text, end);
    let values = scanner.items(value).map_err(|fault| fault.told(text))?;
    Ok(SeriesDescription { labels, values })
}

/// Reads `metric{…}@st _ -1m -30s-1mx2`.
pub fn parse_starts(text: &str) -> Result<SeriesDescription<StartOffset>, ParseFaults> {
    let (labels, end) = metric(text).map_err(|fault| fault.told(text))?;
    let mut scanner = Scanner::new(text, end);
    if !scanner.take("@st") {
        return Err(scanner.fault("expected \"@st\" behind the series").told(text));
    }
    let values = scanner.items(start).map_err(|fault| fault.told(text))?;
    Ok(SeriesDescription { labels, values })
}

fn value(scanner: &mut Scanner<'_>) -> Scanned<SequenceValue> {
    if let Some(gaps) = scanner.gaps()? {
        return Ok(SequenceValue::Gaps(gaps));
    }
    if scanner.take("{{") {
        return histogram_values(scanner);
    }
    let sign = scanner.sign();
    let first =
        if sign.is_none() && scanner.take("stale") { STALE } else { scanner.number(sign)? };
    let step = match scanner.sign() {
        None => None,
        sign => Some(scanner.number(sign)?),
    };
    Ok(SequenceValue::Floats { first, step, more: scanner.more(step.is_some())? })
}

fn histogram_values(scanner: &mut Scanner<'_>) -> Scanned<SequenceValue> {
    let first = histograms::histogram(scanner)?;
    let step = match scanner.sign() {
        None => None,
        Some(sign) if scanner.take("{{") => Some((sign, histograms::histogram(scanner)?)),
        Some(_) => return Err(scanner.fault("expected a histogram")),
    };
    let more = scanner.more(step.is_some())?;
    Ok(SequenceValue::Histograms { first, step, more })
}

fn start(scanner: &mut Scanner<'_>) -> Scanned<StartOffset> {
    if let Some(gaps) = scanner.gaps()? {
        return Ok(StartOffset::Gaps(gaps));
    }
    let sign = scanner.sign();
    let first = scanner.duration(sign)?;
    let step = match scanner.sign() {
        None => None,
        sign => Some(scanner.duration(sign)?),
    };
    let more = scanner.more(step.is_some())?;
    Ok(StartOffset::Offsets { first, step: step.unwrap_or(0), more })
}

/// The labels at the start of a line, and where they end.
fn metric(text: &str) -> Scanned<(Labels, usize)> {
    let is_part = |c: char| c == '_' || c == ':' || c.is_ascii_alphanumeric();
    let name_end = text.find(|c: char| !is_part(c)).unwrap_or(text.len());
    let mut labels = LabelsBuilder::default();
    let rest = text.get(name_end..).unwrap_or("");
    let mut end = name_end;
    if rest.starts_with('{') {
        let tokens = lexer::tokens(rest);
        end += braces(tokens.get(1..).unwrap_or(&[]), &mut labels)
            .map_err(|fault| fault.moved(name_end))?;
    }
    if let Some(name) = text.get(..name_end).filter(|name| !name.is_empty()) {
        labels.set(METRIC_NAME, name);
    }
    Ok((labels.build(), end))
}

/// Labels up to the closing brace; gives where that ends.
fn braces(tokens: &[Token<'_>], labels: &mut LabelsBuilder) -> Scanned<usize> {
    let mut rest = tokens;
    loop {
        rest = match rest {
            [close, ..] if close.is_symbol("}") => return Ok(close.span.end),
            [name, equal, value, rest @ ..]
                if equal.is_symbol("=") && value.kind == TokenKind::Text =>
            {
                labels.set(label_name(name)?, text_of(value)?);
                rest
            }
            [name, rest @ ..] if name.kind == TokenKind::Text => {
                labels.set(METRIC_NAME, text_of(name)?);
                rest
            }
            [other, ..] => return Err(unexpected(other)),
            [] => return Err(scanner::Fault::new(0, "unexpected end of input in label set")),
        };
        match rest {
            [comma, behind @ ..] if comma.is_symbol(",") => rest = behind,
            [close, ..] if close.is_symbol("}") => {}
            [other, ..] => return Err(unexpected(other)),
            [] => {}
        }
    }
}

fn label_name(token: &Token<'_>) -> Scanned<String> {
    match token.kind {
        TokenKind::Label => Ok(token.text.to_owned()),
        TokenKind::Text => text_of(token),
        _ => Err(unexpected(token)),
    }
}

fn text_of(token: &Token<'_>) -> Scanned<String> {
    unquoted(token.text).map_err(|cause| scanner::Fault::new(token.span.start, cause))
}

fn unexpected(token: &Token<'_>) -> scanner::Fault {
    let message = match &token.kind {
        TokenKind::Fault(message) => message.clone(),
        _ => format!("unexpected {} in label set", token.description()),
    };
    scanner::Fault::new(token.span.start, message)
}

#[cfg(test)]
mod tests;
