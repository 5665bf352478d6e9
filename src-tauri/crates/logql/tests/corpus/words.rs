//! The words of a script: texts, labels, times, numbers.

use watchglass_template::{duration, text};

/// What is read, and what is left.
type Read<'t, T> = Result<(T, &'t str), String>;

/// A text in quotes, or a word up to a space, comma or brace.
pub(crate) fn word(source: &str) -> Read<'_, String> {
    let Some(quote) = source.chars().next().filter(|one| matches!(one, '"' | '`')) else {
        let end = source.find([' ', ',', '}']).unwrap_or(source.len());
        return Ok((source[..end].to_owned(), &source[end..]));
    };
    let mut characters = source.char_indices().skip(1);
    while let Some((place, one)) = characters.next() {
        if one == '\\' && quote == '"' {
            characters.next();
        } else if one == quote {
            let quoted = &source[..=place];
            let inner = text::unquoted(quoted).ok_or_else(|| format!("no text: {quoted}"))?;
            return Ok((inner, &source[place + 1..]));
        }
    }
    Err(format!("a text does not end: {source}"))
}

/// A line: bytes that are no UTF-8 are written `\xff` in double quotes.
pub(crate) fn line(source: &str) -> Read<'_, Vec<u8>> {
    let (text, rest) = word(source)?;
    let written = &source[..source.len() - rest.len()];
    if !written.starts_with('"') || !written.contains("\\x") {
        return Ok((text.into_bytes(), rest));
    }
    let unescaped = |part: &str| {
        text::unquoted(&format!("\"{part}\"")).ok_or_else(|| format!("no text: {part}"))
    };
    let mut bytes = Vec::new();
    let mut inner = &written[1..written.len() - 1];
    while let Some((before, behind)) = inner.split_once("\\x") {
        bytes.extend_from_slice(unescaped(before)?.as_bytes());
        bytes.push(u8::from_str_radix(&behind[..2], 16).map_err(|fault| fault.to_string())?);
        inner = &behind[2..];
    }
    bytes.extend_from_slice(unescaped(inner)?.as_bytes());
    Ok((bytes, rest))
}

/// `name=value name="value"` to the end of the line.
pub(crate) fn pairs(source: &str) -> Result<Vec<(String, String)>, String> {
    let mut found = Vec::new();
    let mut rest = source.trim();
    while !rest.is_empty() {
        let (name, behind) = rest.split_once('=').ok_or_else(|| format!("no pair: {rest}"))?;
        let (value, behind) = word(behind)?;
        found.push((name.trim().to_owned(), value));
        rest = behind.trim_start_matches([' ', ',']);
    }
    found.sort();
    Ok(found)
}

/// `{name="value", …}` at the start, and what is behind.
pub(crate) fn labels(source: &str) -> Read<'_, Vec<(String, String)>> {
    let mut rest = source.strip_prefix('{').ok_or_else(|| format!("no labels: {source}"))?;
    let mut found = Vec::new();
    loop {
        rest = rest.trim_start_matches([' ', ',']);
        if let Some(behind) = rest.strip_prefix('}') {
            found.sort();
            return Ok((found, behind.trim_start()));
        }
        let (name, behind) = rest.split_once('=').ok_or_else(|| format!("no label: {rest}"))?;
        let (value, behind) = word(behind)?;
        found.push((name.trim().to_owned(), value));
        rest = behind;
    }
}

/// A time in nanoseconds: `0`, `90s`, `1m30s`, `-5m`, `10ns`.
pub(crate) fn time(source: &str) -> Result<i64, String> {
    let (sign, size) = match source.strip_prefix('-') {
        Some(size) => (-1, size),
        None => (1, source),
    };
    duration::parse_prometheus(size).or_else(|_| duration::parse_go(size)).map(|nanos| sign * nanos)
}

/// A number; none for `_`.
pub(crate) fn number(source: &str) -> Result<Option<f64>, String> {
    match source {
        "_" => Ok(None),
        "NaN" => Ok(Some(f64::NAN)),
        "+Inf" | "Inf" => Ok(Some(f64::INFINITY)),
        "-Inf" => Ok(Some(f64::NEG_INFINITY)),
        other => other.parse().map(Some).map_err(|_| format!("no number: {other}")),
    }
}
