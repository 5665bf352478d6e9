//! Characters and escapes of Go's `regexp/syntax`, and how they are written for the `regex` crate.

use std::fmt::Write;

use crate::PatternFault;

/// The characters of `\d`, `\s` and `\w` in Go: ASCII only.
const PERL_CLASSES: [(char, &str); 3] =
    [('d', "0-9"), ('s', r"\x09\x0A\x0C\x0D\x20"), ('w', "0-9A-Za-z_")];

/// The class that nothing is in.
pub(super) const NOTHING: &str = r"[^\x{0}-\x{10FFFF}]";

/// A character as the `regex` crate takes it anywhere; a surrogate, which no text holds, as nothing at all.
pub(super) fn literal(rune: u32) -> String {
    match char::from_u32(rune) {
        Some(plain) if plain.is_ascii_alphanumeric() => plain.to_string(),
        Some(_) => format!(r"\x{{{rune:X}}}"),
        None => NOTHING.to_owned(),
    }
}

/// The text before `rest`, which is an end of `text`.
pub(super) fn before<'a>(text: &'a str, rest: &str) -> &'a str {
    text.get(..text.len() - rest.len()).unwrap_or(text)
}

/// The first character and the text behind it.
pub(super) fn split(text: &str) -> Option<(char, &str)> {
    let mut characters = text.chars();
    characters.next().map(|first| (first, characters.as_str()))
}

/// `\d`, `\S` and the like at the start of `text`, as a class, and the text behind it.
pub(super) fn perl_class(text: &str) -> Option<(String, &str)> {
    let (kind, rest) = split(text.strip_prefix('\\')?)?;
    let lower = kind.to_ascii_lowercase();
    let (_, members) = PERL_CLASSES.iter().find(|(own, _)| *own == lower)?;
    let negation = if kind == lower { "" } else { "^" };
    Some((format!("[{negation}{members}]"), rest))
}

/// `\pN`, `\P{Greek}` and the like at the start of `text`, as a class, and the text behind it.
pub(super) fn unicode_class(text: &str) -> Result<Option<(String, &str)>, PatternFault> {
    let Some(behind) = text.strip_prefix(r"\p").or_else(|| text.strip_prefix(r"\P")) else {
        return Ok(None);
    };
    let fault = |part| PatternFault::new("invalid character class range", part);
    let (name, rest) = if let Some(braced) = behind.strip_prefix('{') {
        braced.split_once('}').ok_or_else(|| fault(text))?
    } else {
        let rest = split(behind).map_or("", |(_, rest)| rest);
        (before(behind, rest), rest)
    };
    let (name, inverted) = name.strip_prefix('^').map_or((name, false), |name| (name, true));
    let members = unicode_members(name).ok_or_else(|| fault(before(text, rest)))?;
    let negation = if text.starts_with(r"\P") == inverted { "" } else { "^" };
    Ok(Some((format!("[{negation}{members}]"), rest)))
}

/// The members of a category or script of Unicode, by the names that Go knows.
fn unicode_members(name: &str) -> Option<String> {
    let known = |character: char| character.is_ascii_alphanumeric() || "_- ".contains(character);
    if name.is_empty() || !name.chars().all(known) {
        return None;
    }
    let plain = name.replace(['_', '-', ' '], "").to_ascii_lowercase();
    match plain.as_str() {
        "any" => return Some(r"\x{0}-\x{10FFFF}".to_owned()),
        "assigned" => return Some(r"\P{Cn}".to_owned()),
        "ascii" => return Some(r"\x{0}-\x{7F}".to_owned()),
        "cs" | "surrogate" => return Some(NOTHING.to_owned()),
        _ => {}
    }
    let properties = ["gc", "sc"].map(|property| format!(r"\p{{{property}={plain}}}"));
    properties.into_iter().find(|property| regex_syntax::parse(property).is_ok())
}

/// An escaped character at the start of `text`, which begins with a backslash, and the text behind it.
pub(super) fn escape(text: &str) -> Result<(u32, &str), PatternFault> {
    let Some((kind, rest)) = text.get(1..).and_then(split) else {
        return Err(PatternFault::new("trailing backslash at end of expression", ""));
    };
    let fault = |rest| PatternFault::new("invalid escape sequence", before(text, rest));
    let plain = |character: char| Ok((u32::from(character), rest));
    match kind {
        '1'..='7' if !rest.starts_with(|next| matches!(next, '0'..='7')) => Err(fault(rest)),
        '0'..='7' => Ok(octal(text.get(1..).unwrap_or_default())),
        'x' => hexadecimal(rest).map_err(fault),
        'a' => plain('\x07'),
        'f' => plain('\x0C'),
        'n' => plain('\n'),
        'r' => plain('\r'),
        't' => plain('\t'),
        'v' => plain('\x0B'),
        _ if kind.is_ascii() && !kind.is_ascii_alphanumeric() => plain(kind),
        _ => Err(fault(rest)),
    }
}

/// Up to three octal digits.
fn octal(text: &str) -> (u32, &str) {
    let digits = text.chars().take(3).take_while(|one| matches!(one, '0'..='7'));
    let (length, value) =
        digits.fold((0, 0), |(length, value), one| (length + 1, value * 8 + (u32::from(one) - 48)));
    (value, text.get(length..).unwrap_or_default())
}

/// What stands behind `\x`: two digits, or any number in braces. A fault is the text behind what was read.
fn hexadecimal(text: &str) -> Result<(u32, &str), &str> {
    let Some(mut rest) = text.strip_prefix('{') else {
        let (high, rest) = split(text).ok_or(text)?;
        let (low, rest) = split(rest).ok_or(rest)?;
        let digits = (high.to_digit(16), low.to_digit(16));
        return if let (Some(high), Some(low)) = digits {
            Ok((high * 16 + low, rest))
        } else {
            Err(rest)
        };
    };
    let mut value = None;
    while let Some((digit, behind)) = split(rest) {
        rest = behind;
        if digit == '}' {
            return value.map(|value| (value, rest)).ok_or(rest);
        }
        let digit = digit.to_digit(16).ok_or(rest)?;
        let longer = value.unwrap_or(0) * 16 + digit;
        if longer > u32::from(char::MAX) {
            return Err(rest);
        }
        value = Some(longer);
    }
    Err(rest)
}

/// Writes the members from `low` to `high` of a class; surrogates are left out.
pub(super) fn write_range(low: u32, high: u32, into: &mut String) {
    let low = if char::from_u32(low).is_none() { 0xE000 } else { low };
    let high = if char::from_u32(high).is_none() { 0xD7FF } else { high };
    if low <= high {
        let _ = write!(into, r"\x{{{low:X}}}-\x{{{high:X}}}");
    }
}
