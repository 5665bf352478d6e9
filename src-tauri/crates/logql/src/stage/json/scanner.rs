//! Reading JSON byte by byte, leniently: commas may trail, and what follows the value is not looked at.

use std::borrow::Cow;

use memchr::memchr2;

use super::fault_at;

/// What kind of value begins here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::stage) enum Kind {
    /// The brace has been taken.
    Object,
    /// The bracket has been taken.
    Array,
    /// All of it has been taken.
    Text,
    /// A number or truth value; all of it has been taken.
    Plain,
    /// All of it has been taken.
    Null,
}

#[derive(Debug, Clone)]
pub(in crate::stage) struct Scanner<'l> {
    line: &'l [u8],
    place: usize,
}

impl<'l> Scanner<'l> {
    pub(in crate::stage) const fn new(line: &'l [u8]) -> Self {
        Self { line, place: 0 }
    }

    pub(in crate::stage) const fn place(&self) -> usize {
        self.place
    }

    fn peek(&mut self) -> Option<u8> {
        while let Some(byte) = self.line.get(self.place) {
            if !matches!(byte, b' ' | b'\t' | b'\n' | b'\r') {
                return Some(*byte);
            }
            self.place += 1;
        }
        None
    }

    pub(in crate::stage) fn expect(&mut self, wanted: u8) -> Result<(), String> {
        let found = self.peek();
        if found == Some(wanted) {
            self.place += 1;
            return Ok(());
        }
        Err(fault_at(self.place, &format!("'{}'", char::from(wanted)), found))
    }

    /// The next key of an object, its colon taken; none behind the last, the brace taken.
    pub(in crate::stage) fn next_key(&mut self) -> Result<Option<&'l [u8]>, String> {
        while self.peek() == Some(b',') {
            self.place += 1;
        }
        match self.peek() {
            Some(b'}') => {
                self.place += 1;
                Ok(None)
            }
            Some(b'"') => {
                let key = self.quoted()?;
                self.expect(b':')?;
                Ok(Some(key))
            }
            found => Err(fault_at(self.place, "a key in quotes or '}'", found)),
        }
    }

    /// Whether another element of an array follows; the bracket is taken where none does.
    pub(in crate::stage) fn next_element(&mut self) -> Result<bool, String> {
        while self.peek() == Some(b',') {
            self.place += 1;
        }
        match self.peek() {
            Some(b']') => {
                self.place += 1;
                Ok(false)
            }
            Some(_) => Ok(true),
            None => Err(fault_at(self.place, "']'", None)),
        }
    }

    /// What stands between quotes, escapes as they are.
    fn quoted(&mut self) -> Result<&'l [u8], String> {
        let start = self.place + 1;
        let mut place = start;
        loop {
            let rest = self.line.get(place..).unwrap_or_default();
            let Some(found) = memchr2(b'"', b'\\', rest) else {
                return Err(fault_at(self.line.len(), "the end of a text", None));
            };
            place += found;
            if self.line.get(place) == Some(&b'"') {
                self.place = place + 1;
                return Ok(self.line.get(start..place).unwrap_or_default());
            }
            place += 2;
        }
    }

    /// The kind of the value that begins here, and its bytes where it is no object or array.
    pub(in crate::stage) fn value_start(&mut self) -> Result<(Kind, &'l [u8]), String> {
        match self.peek() {
            Some(b'{') => {
                self.place += 1;
                Ok((Kind::Object, &[]))
            }
            Some(b'[') => {
                self.place += 1;
                Ok((Kind::Array, &[]))
            }
            Some(b'"') => Ok((Kind::Text, self.quoted()?)),
            found => {
                let rest = self.line.get(self.place..).unwrap_or_default();
                let ends =
                    |byte: &u8| matches!(byte, b',' | b'}' | b']' | b' ' | b'\t' | b'\n' | b'\r');
                let length = rest.iter().position(ends).unwrap_or(rest.len());
                let raw = rest.get(..length).unwrap_or_default();
                let kind = match raw {
                    b"null" => Kind::Null,
                    b"true" | b"false" => Kind::Plain,
                    number if is_number(number) => Kind::Plain,
                    _ => return Err(fault_at(self.place, "a value", found)),
                };
                self.place += length;
                Ok((kind, raw))
            }
        }
    }

    /// Passes over the rest of an object or array whose first bracket has been taken.
    pub(in crate::stage) fn skip_container(&mut self) -> Result<(), String> {
        let mut depth = 1_usize;
        while depth > 0 {
            match self.peek() {
                Some(b'{' | b'[') => {
                    depth += 1;
                    self.place += 1;
                }
                Some(b'}' | b']') => {
                    depth -= 1;
                    self.place += 1;
                }
                Some(b'"') => drop(self.quoted()?),
                Some(_) => self.place += 1,
                None => return Err(fault_at(self.place, "'}' or ']'", None)),
            }
        }
        Ok(())
    }
}

fn is_number(raw: &[u8]) -> bool {
    raw.first().is_some_and(|first| first.is_ascii_digit() || *first == b'-')
        && raw
            .iter()
            .all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'e' | b'E' | b'+' | b'-'))
}

/// What a text says: escapes are read where there are any, and bytes that are no UTF-8 replaced.
pub(in crate::stage) fn text(raw: &[u8]) -> Cow<'_, str> {
    let text = String::from_utf8_lossy(raw);
    if !raw.contains(&b'\\') {
        return text;
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(character) = rest.next() {
        if character != '\\' {
            out.push(character);
            continue;
        }
        match rest.next() {
            Some('n') => out.push('\n'),
            Some('t') => out.push('\t'),
            Some('r') => out.push('\r'),
            Some('b') => out.push('\u{8}'),
            Some('f') => out.push('\u{c}'),
            Some('u') => out.push(unicode(&mut rest)),
            Some(other) => out.push(other),
            None => {}
        }
    }
    Cow::Owned(out)
}

/// The character of `\u0041`, or of two such in UTF-16.
fn unicode(rest: &mut std::str::Chars<'_>) -> char {
    let Some(first) = four_digits(rest) else { return char::REPLACEMENT_CHARACTER };
    if !(0xd800..0xdc00).contains(&first) {
        return char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER);
    }
    let mut behind = rest.clone();
    if behind.next() == Some('\\')
        && behind.next() == Some('u')
        && let Some(second) = four_digits(&mut behind)
        && (0xdc00..0xe000).contains(&second)
    {
        *rest = behind;
        let code = 0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00);
        return char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER);
    }
    char::REPLACEMENT_CHARACTER
}

fn four_digits(rest: &mut std::str::Chars<'_>) -> Option<u32> {
    let mut ahead = rest.clone();
    let value = (0..4).try_fold(0, |value, _| Some(value * 16 + ahead.next()?.to_digit(16)?))?;
    *rest = ahead;
    Some(value)
}
