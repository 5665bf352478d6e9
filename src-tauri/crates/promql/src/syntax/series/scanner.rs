//! A cursor over the values of a series description, byte by byte: here `x` repeats and `_` is a gap.

use watchglass_model::Millis;

use crate::syntax::faults::{ParseFault, ParseFaults};
use crate::syntax::numbers;
use crate::tree::{Sign, Span};

/// What is wrong, and from where.
#[derive(Debug)]
pub(super) struct Fault {
    place: usize,
    message: String,
}

pub(super) type Scanned<T> = Result<T, Fault>;

impl Fault {
    pub(super) fn new(place: usize, message: impl Into<String>) -> Self {
        Self { place, message: message.into() }
    }

    /// The same fault further behind.
    pub(super) fn moved(self, by: usize) -> Self {
        Self { place: self.place + by, ..self }
    }

    /// As faults are told: with the bytes up to the end.
    pub(super) fn told(self, text: &str) -> ParseFaults {
        let span = Span { start: self.place, end: text.len() };
        ParseFaults::new(text, vec![ParseFault { span, message: self.message }])
    }
}

pub(super) struct Scanner<'a> {
    text: &'a str,
    place: usize,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(text: &'a str, place: usize) -> Self {
        Self { text, place }
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.place..).unwrap_or("")
    }

    pub(super) fn fault(&self, message: impl Into<String>) -> Fault {
        Fault::new(self.place, message)
    }

    /// Takes this text if it comes next.
    pub(super) fn take(&mut self, wanted: &str) -> bool {
        let found = self.rest().starts_with(wanted);
        if found {
            self.place += wanted.len();
        }
        found
    }

    /// Takes what comes next as long as it holds.
    pub(super) fn take_while(&mut self, part: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let length = rest.find(|c: char| !part(c)).unwrap_or(rest.len());
        self.place += length;
        rest.get(..length).unwrap_or("")
    }

    /// Skips spaces; whether there were any.
    pub(super) fn spaces(&mut self) -> bool {
        !self.take_while(|c| matches!(c, ' ' | '\t' | '\n' | '\r')).is_empty()
    }

    /// All items up to the end, with spaces before each.
    pub(super) fn items<T>(&mut self, item: impl Fn(&mut Self) -> Scanned<T>) -> Scanned<Vec<T>> {
        let mut items = Vec::new();
        loop {
            let spaces = self.spaces();
            if self.rest().is_empty() {
                return Ok(items);
            }
            if !spaces {
                let next = self.rest().chars().next().unwrap_or(' ');
                return Err(self.fault(format!("unexpected '{next}' in series values")));
            }
            items.push(item(self)?);
        }
    }

    pub(super) fn sign(&mut self) -> Option<Sign> {
        if self.take("-") { Some(Sign::Minus) } else { self.take("+").then_some(Sign::Plus) }
    }

    /// `_` or `_x3`: how many.
    pub(super) fn gaps(&mut self) -> Scanned<Option<u64>> {
        if !self.take("_") {
            return Ok(None);
        }
        Ok(Some(self.repeats()?.unwrap_or(1)))
    }

    /// How many values come behind the first; a step must say it.
    pub(super) fn more(&mut self, stepped: bool) -> Scanned<u64> {
        match self.repeats()? {
            None if stepped => Err(self.fault("expected \"x\" and a number of values")),
            repeats => Ok(repeats.unwrap_or(0)),
        }
    }

    fn repeats(&mut self) -> Scanned<Option<u64>> {
        if !self.take("x") {
            return Ok(None);
        }
        let start = self.place;
        let count = self.take_while(|c| c.is_ascii_digit());
        let count = count.parse().map_err(|cause| {
            Fault::new(start, format!("invalid repetition in series values: {cause}"))
        })?;
        Ok(Some(count))
    }

    /// A number behind its sign.
    pub(super) fn number(&mut self, sign: Option<Sign>) -> Scanned<f64> {
        let start = self.place;
        let mut end = start;
        for word in ["inf", "nan"] {
            if self.rest().get(..3).is_some_and(|next| next.eq_ignore_ascii_case(word)) {
                end = start + 3;
            }
        }
        if end == start {
            self.take_while(|c| c.is_ascii_digit() || matches!(c, '.' | '_'));
            if self.place > start && (self.take("e") || self.take("E")) {
                self.sign();
                self.take_while(|c| c.is_ascii_digit());
            }
            end = self.place;
        }
        self.place = end;
        let text = self.text.get(start..end).unwrap_or("");
        let value = numbers::number(text)
            .ok_or_else(|| Fault::new(start, "expected number or \"stale\" in series values"))?;
        Ok(if sign == Some(Sign::Minus) { -value } else { value })
    }

    /// A duration behind its sign, in milliseconds; `0` needs no unit.
    pub(super) fn duration(&mut self, sign: Option<Sign>) -> Scanned<Millis> {
        let start = self.place;
        let text = self.take_while(|c| c.is_ascii_alphanumeric() && c != 'x');
        let millis = match text {
            "" => Err("expected a duration".to_owned()),
            "0" => Ok(0),
            _ => numbers::duration(text),
        };
        let millis = millis.map_err(|message| Fault::new(start, message))?;
        Ok(if sign == Some(Sign::Minus) { -millis } else { millis })
    }
}
