//! Durations, numbers and quoted texts as they stand in scripts.

use watchglass_model::Millis;

/// The units of a duration in milliseconds; `ms` before `m` and `s`.
const UNITS: [(&str, Millis); 7] = [
    ("ms", 1),
    ("y", 365 * 86_400_000),
    ("w", 7 * 86_400_000),
    ("d", 86_400_000),
    ("h", 3_600_000),
    ("m", 60_000),
    ("s", 1_000),
];

/// `1h30m`, or `0`.
pub(crate) fn duration(text: &str) -> Result<Millis, String> {
    match duration_before(text) {
        Some((value, "")) => Ok(value),
        _ => Err(format!("not a duration: {text:?}")),
    }
}

/// A duration at the start of `text`, and what is behind it.
pub(crate) fn duration_before(text: &str) -> Option<(Millis, &str)> {
    let (mut sum, mut rest) = (0, text);
    while let Some((part, behind)) = part(rest) {
        (sum, rest) = (sum + part, behind);
    }
    if rest.len() < text.len() {
        return Some((sum, rest));
    }
    text.strip_prefix('0').map(|rest| (0, rest))
}

fn part(text: &str) -> Option<(Millis, &str)> {
    let digits = text.find(|one: char| !one.is_ascii_digit())?;
    let (number, rest) = text.split_at(digits);
    let (unit, size) = UNITS.iter().find(|(unit, _)| rest.starts_with(unit))?;
    Some((number.parse::<Millis>().ok()? * size, &rest[unit.len()..]))
}

/// A number as Go reads it; hexadecimal ones without a fraction.
pub(crate) fn number(text: &str) -> Option<f64> {
    let (negative, plain) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let hexadecimal = plain.strip_prefix("0x").or_else(|| plain.strip_prefix("0X"));
    let value = match hexadecimal {
        Some(digits) => u32::from_str_radix(digits, 16).ok().map(f64::from),
        None if plain.starts_with(['+', '-']) => None,
        None => plain.parse().ok(),
    }?;
    Some(if negative { -value } else { value })
}

/// A text in quotes, without them; there are no escapes in the scripts.
pub(crate) fn unquoted(text: &str) -> Result<String, String> {
    let inner = ['"', '`'].iter().find_map(|quote| text.strip_prefix(*quote)?.strip_suffix(*quote));
    match inner {
        Some(inner) if !inner.contains('\\') => Ok(inner.to_owned()),
        _ => Err(format!("not a text in quotes: {text}")),
    }
}
