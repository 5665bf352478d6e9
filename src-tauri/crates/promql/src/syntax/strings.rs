//! Texts in quotes, with the escapes of Go.

use std::fmt::Write;

/// A text in double quotes as Go's `%q` writes it.
pub fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for character in text.chars() {
        push_escaped(&mut out, character);
    }
    out.push('"');
    out
}

/// A character in single quotes as Go's `%q` writes it.
pub(super) fn quoted_character(character: char) -> String {
    let mut out = String::from("'");
    match character {
        '\'' => out.push_str("\\'"),
        '"' => out.push('"'),
        other => push_escaped(&mut out, other),
    }
    out.push('\'');
    out
}

fn push_escaped(out: &mut String, character: char) {
    match character {
        '"' => out.push_str("\\\""),
        '\\' => out.push_str("\\\\"),
        '\u{7}' => out.push_str("\\a"),
        '\u{8}' => out.push_str("\\b"),
        '\u{c}' => out.push_str("\\f"),
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        '\u{b}' => out.push_str("\\v"),
        raw if u32::from(raw) >= RAW_BYTES => {
            let _ = write!(out, "\\x{:02x}", u32::from(raw) - RAW_BYTES);
        }
        other if u32::from(other) < 0x20 || other == '\u{7f}' => {
            let _ = write!(out, "\\x{:02x}", u32::from(other));
        }
        other if other.is_control() || (other.is_whitespace() && other != ' ') => {
            let _ = write!(out, "\\u{:04x}", u32::from(other));
        }
        other => out.push(other),
    }
}

/// Bytes that are no UTF-8 (from `\xff`) are kept as the last 256 characters of all, which no text uses.
const RAW_BYTES: u32 = 0x0010_ff00;

/// Whether a text came from UTF-8 only.
pub(crate) fn is_utf8(text: &str) -> bool {
    text.chars().all(|character| u32::from(character) < RAW_BYTES)
}

/// The text inside quotes.
pub(super) fn unquoted(source: &str) -> Result<String, &'static str> {
    const INVALID: &str = "invalid syntax";
    let mut characters = source.chars();
    let (Some(quote), Some(last)) = (characters.next(), characters.next_back()) else {
        return Err(INVALID);
    };
    if quote != last {
        return Err(INVALID);
    }
    let inner = characters.as_str();
    if quote == '`' {
        return Ok(inner.to_owned());
    }
    let mut bytes = Vec::with_capacity(inner.len());
    let mut rest = inner.chars();
    while let Some(character) = rest.next() {
        if character == '\\' {
            unescape(&mut rest, &mut bytes).ok_or(INVALID)?;
        } else {
            push_character(&mut bytes, character);
        }
    }
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(
            chunk.invalid().iter().filter_map(|byte| char::from_u32(RAW_BYTES + u32::from(*byte))),
        );
    }
    Ok(text)
}

fn push_character(bytes: &mut Vec<u8>, character: char) {
    bytes.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
}

fn unescape(rest: &mut std::str::Chars<'_>, bytes: &mut Vec<u8>) -> Option<()> {
    let escape = rest.next()?;
    let simple = match escape {
        'a' => Some(7),
        'b' => Some(8),
        'f' => Some(12),
        'n' => Some(b'\n'),
        'r' => Some(b'\r'),
        't' => Some(b'\t'),
        'v' => Some(11),
        '\\' => Some(b'\\'),
        '\'' => Some(b'\''),
        '"' => Some(b'"'),
        _ => None,
    };
    if let Some(byte) = simple {
        bytes.push(byte);
        return Some(());
    }
    match escape {
        'x' => bytes.push(u8::try_from(digits(rest, 2, 16, 0)?).ok()?),
        'u' => push_character(bytes, char::from_u32(digits(rest, 4, 16, 0)?)?),
        'U' => push_character(bytes, char::from_u32(digits(rest, 8, 16, 0)?)?),
        first => {
            let first = first.to_digit(8)?;
            bytes.push(u8::try_from(digits(rest, 2, 8, first)?).ok()?);
        }
    }
    Some(())
}

fn digits(rest: &mut std::str::Chars<'_>, count: usize, base: u32, start: u32) -> Option<u32> {
    (0..count).try_fold(start, |value, _| {
        let digit = rest.next()?.to_digit(base)?;
        value.checked_mul(base)?.checked_add(digit)
    })
}
