//! Texts in quotes, with the escapes of Go (`strconv.Quote`, `strconv.Unquote`).

use std::fmt::Write;

/// A text in double quotes as Go's `%q` writes it.
pub fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for character in text.chars() {
        push_escaped(&mut out, character, '"');
    }
    out.push('"');
    out
}

/// A character in single quotes as Go's `%q` writes it.
pub fn quoted_character(character: char) -> String {
    let mut out = String::from("'");
    push_escaped(&mut out, character, '\'');
    out.push('\'');
    out
}

fn push_escaped(out: &mut String, character: char, quote: char) {
    match character {
        own if own == quote => {
            out.push('\\');
            out.push(own);
        }
        '\\' => out.push_str("\\\\"),
        '\u{7}' => out.push_str("\\a"),
        '\u{8}' => out.push_str("\\b"),
        '\u{c}' => out.push_str("\\f"),
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        '\u{b}' => out.push_str("\\v"),
        other if u32::from(other) < 0x20 || other == '\u{7f}' => {
            let _ = write!(out, "\\x{:02x}", u32::from(other));
        }
        other if other.is_control() || (other.is_whitespace() && other != ' ') => {
            let _ = write!(out, "\\u{:04x}", u32::from(other));
        }
        other => out.push(other),
    }
}

/// What a text in double quotes or backquotes says; none where it is no such text. Bytes that are escaped and make no
/// UTF-8 become the replacement character.
pub fn unquoted(source: &str) -> Option<String> {
    let mut characters = source.chars();
    let (quote, last) = (characters.next()?, characters.next_back()?);
    let inner = characters.as_str();
    match (quote, last) {
        ('`', '`') => Some(inner.replace('\r', "")),
        ('"', '"') => unescaped(inner, '"'),
        _ => None,
    }
}

/// The character between single quotes.
pub fn unquoted_character(source: &str) -> Option<char> {
    let inner = source.strip_prefix('\'')?.strip_suffix('\'')?;
    let text = unescaped(inner, '\'')?;
    let mut characters = text.chars();
    characters.next().filter(|_| characters.next().is_none())
}

fn unescaped(inner: &str, quote: char) -> Option<String> {
    let mut bytes = Vec::with_capacity(inner.len());
    let mut rest = inner.chars();
    while let Some(character) = rest.next() {
        match character {
            '\\' => unescape(&mut rest, &mut bytes, quote)?,
            '\n' => return None,
            own if own == quote => return None,
            other => push(&mut bytes, other),
        }
    }
    Some(
        String::from_utf8(bytes)
            .unwrap_or_else(|fault| String::from_utf8_lossy(fault.as_bytes()).into_owned()),
    )
}

fn push(bytes: &mut Vec<u8>, character: char) {
    bytes.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
}

fn unescape(rest: &mut std::str::Chars<'_>, bytes: &mut Vec<u8>, quote: char) -> Option<()> {
    let escape = rest.next()?;
    let simple = match escape {
        'a' => 7,
        'b' => 8,
        'f' => 12,
        'n' => b'\n',
        'r' => b'\r',
        't' => b'\t',
        'v' => 11,
        '\\' => b'\\',
        '\'' if quote == '\'' => b'\'',
        '"' if quote == '"' => b'"',
        'x' => u8::try_from(digits(rest, 2, 16, 0)?).ok()?,
        'u' => return digits(rest, 4, 16, 0).and_then(char::from_u32).map(|own| push(bytes, own)),
        'U' => return digits(rest, 8, 16, 0).and_then(char::from_u32).map(|own| push(bytes, own)),
        first => u8::try_from(digits(rest, 2, 8, first.to_digit(8)?)?).ok()?,
    };
    bytes.push(simple);
    Some(())
}

fn digits(rest: &mut std::str::Chars<'_>, count: usize, base: u32, start: u32) -> Option<u32> {
    (0..count).try_fold(start, |value, _| {
        let digit = rest.next()?.to_digit(base)?;
        value.checked_mul(base)?.checked_add(digit)
    })
}
