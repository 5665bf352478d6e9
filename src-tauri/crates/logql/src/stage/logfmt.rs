//! `logfmt`: `key=value key="quoted value" key`.

use std::borrow::Cow;

use super::failure;
use super::json::text;
use super::needed::Needed;
use super::pattern::sanitised;
use super::row::{Row, Sink};
use crate::tree::Logfmt;

/// The parser.
#[derive(Debug, Clone)]
pub(super) struct LogfmtParser {
    strict: bool,
    keep_empty: bool,
    /// Labels and the keys whose values they get; all keys where there are none.
    keys: Vec<(String, String)>,
}

impl LogfmtParser {
    pub(super) fn new(own: &Logfmt) -> Result<Self, String> {
        let keys = own.extractions.iter().map(|one| {
            let wrong =
                one.path.is_empty() || one.path.bytes().any(|byte| byte <= b' ' || byte == b'=');
            if wrong {
                return Err(format!("cannot parse expression [{}]: expected a key", one.path));
            }
            Ok((one.label.clone(), one.path.clone()))
        });
        Ok(Self {
            strict: own.strict,
            keep_empty: own.keep_empty,
            keys: keys.collect::<Result<_, _>>()?,
        })
    }

    pub(super) fn run(&self, row: &mut Row<'_>, needed: &Needed) -> bool {
        if row.line.is_empty() || needed.is_done(row) {
            return true;
        }
        let result = row.parse(|line, sink| {
            if self.keys.is_empty() {
                self.all_keys(line, needed, sink)
            } else {
                self.some_keys(line, sink)
            }
        });
        if let Err(fault) = result {
            row.fail(failure::LOGFMT, fault);
        }
        true
    }

    fn all_keys(
        &self,
        line: &[u8],
        needed: &Needed,
        sink: &mut Sink<'_, '_>,
    ) -> Result<(), String> {
        for pair in (Pairs { line, place: 0 }) {
            let (key, value) = match pair {
                Ok(pair) => pair,
                Err(fault) if self.strict => return Err(fault),
                Err(_) => continue,
            };
            if value.is_empty() && !self.keep_empty {
                continue;
            }
            let key = String::from_utf8_lossy(key);
            let name = match &key {
                Cow::Borrowed(key) => sanitised(key, true),
                Cow::Owned(key) => Cow::Owned(sanitised(key, true).into_owned()),
            };
            if needed.wants(&name) && sink.extract(name, value, needed) {
                break;
            }
        }
        Ok(())
    }

    fn some_keys(&self, line: &[u8], sink: &mut Sink<'_, '_>) -> Result<(), String> {
        let mut found: Vec<Option<Cow<'_, str>>> = vec![None; self.keys.len()];
        for pair in (Pairs { line, place: 0 }) {
            let (key, value) = match pair {
                Ok(pair) => pair,
                Err(fault) if self.strict => return Err(fault),
                Err(_) => continue,
            };
            for ((_, wanted), own) in self.keys.iter().zip(&mut found) {
                if own.is_none() && wanted.as_bytes() == key {
                    *own = Some(value.clone());
                }
            }
        }
        for ((label, _), value) in self.keys.iter().zip(found) {
            sink.extract(Cow::Owned(label.clone()), value.unwrap_or_default(), &Needed::All);
        }
        Ok(())
    }
}

/// The pairs of a line. Behind a fault reading goes on at the next space.
struct Pairs<'l> {
    line: &'l [u8],
    place: usize,
}

impl<'l> Pairs<'l> {
    fn until(&self, ends: impl Fn(u8) -> bool) -> usize {
        let rest = self.line.get(self.place..).unwrap_or_default();
        self.place + rest.iter().position(|byte| ends(*byte)).unwrap_or(rest.len())
    }

    fn fault<T>(&mut self, what: &str) -> Result<T, String> {
        let place = self.place + 1;
        self.place = self.until(|byte| byte <= b' ');
        Err(format!("logfmt syntax error at pos {place} on line 1: {what}"))
    }

    fn pair(&mut self) -> Result<(&'l [u8], Cow<'l, str>), String> {
        let start = self.place;
        self.place = self.until(|byte| byte <= b' ' || matches!(byte, b'=' | b'"'));
        let key = self.line.get(start..self.place).unwrap_or_default();
        match self.line.get(self.place) {
            Some(b'"') => return self.fault("unexpected '\"'"),
            Some(b'=') if key.is_empty() => return self.fault("unexpected '='"),
            Some(b'=') => self.place += 1,
            _ => return Ok((key, Cow::Borrowed(""))),
        }
        if self.line.get(self.place) == Some(&b'"') {
            return self.quoted(key);
        }
        let start = self.place;
        self.place = self.until(|byte| byte <= b' ' || matches!(byte, b'=' | b'"'));
        match self.line.get(self.place) {
            Some(b'"') => self.fault("unexpected '\"'"),
            Some(b'=') => self.fault("unexpected '='"),
            _ => {
                let value = self.line.get(start..self.place).unwrap_or_default();
                Ok((key, String::from_utf8_lossy(value)))
            }
        }
    }

    fn quoted(&mut self, key: &'l [u8]) -> Result<(&'l [u8], Cow<'l, str>), String> {
        let start = self.place + 1;
        let mut end = start;
        loop {
            match self.line.get(end) {
                Some(b'"') => break,
                Some(b'\\') => end += 2,
                Some(_) => end += 1,
                None => {
                    self.place = self.line.len();
                    return self.fault("unterminated quoted value");
                }
            }
        }
        let value = text(self.line.get(start..end).unwrap_or_default());
        self.place = end + 1;
        match self.line.get(self.place) {
            Some(byte) if *byte > b' ' => {
                self.fault(&format!("unexpected '{}'", char::from(*byte)))
            }
            _ => Ok((key, value)),
        }
    }
}

impl<'l> Iterator for Pairs<'l> {
    type Item = Result<(&'l [u8], Cow<'l, str>), String>;

    fn next(&mut self) -> Option<Self::Item> {
        self.place = self.until(|byte| byte > b' ');
        (self.place < self.line.len()).then(|| self.pair())
    }
}
