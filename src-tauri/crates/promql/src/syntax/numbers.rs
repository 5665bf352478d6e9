//! Numbers and durations: read as Prometheus reads them, written as Go writes them.

use std::fmt::Write;

/// The value of a number: decimal, hexadecimal, octal (a leading 0), with underscores, with an exponent, `Inf`, `NaN`.
pub(super) fn number(text: &str) -> Option<f64> {
    if let Some(whole) = whole_number(text) {
        return Some(whole);
    }
    let lower = text.to_ascii_lowercase();
    match lower.as_str() {
        "inf" => return Some(f64::INFINITY),
        "nan" => return Some(f64::NAN),
        _ => {}
    }
    if lower.contains('_') || lower.starts_with("0x") {
        return None;
    }
    lower.parse().ok().filter(|value: &f64| value.is_finite())
}

/// As Go's `ParseInt` with base 0.
fn whole_number(text: &str) -> Option<f64> {
    let lower = text.to_ascii_lowercase();
    let (digits, base) = if let Some(hex) = lower.strip_prefix("0x") {
        (hex, 16)
    } else if let Some(octal) = lower.strip_prefix('0').filter(|rest| !rest.is_empty()) {
        (octal, 8)
    } else {
        (lower.as_str(), 10)
    };
    let digits = digits.replace('_', "");
    #[expect(clippy::cast_precision_loss, reason = "Go converts in the same way")]
    i64::from_str_radix(&digits, base).ok().map(|whole| whole as f64)
}

const UNITS: [(&str, i64); 7] = [
    ("y", 31_536_000_000),
    ("w", 604_800_000),
    ("d", 86_400_000),
    ("h", 3_600_000),
    ("m", 60_000),
    ("s", 1_000),
    ("ms", 1),
];

/// Milliseconds of a duration: `1h30m`, units in falling order, each once.
pub fn duration(text: &str) -> Result<i64, String> {
    let invalid = || format!("not a valid duration string: {}", super::quoted(text));
    let mut rest = text;
    let mut next_unit = 0;
    let mut total: i64 = 0;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit()).ok_or_else(invalid)?;
        let (count, behind) = rest.split_at(digits);
        let unit = behind.find(|c: char| c.is_ascii_digit()).unwrap_or(behind.len());
        let (unit, behind) = behind.split_at(unit);
        let place = UNITS.iter().position(|(name, _)| *name == unit).ok_or_else(invalid)?;
        if place < next_unit {
            return Err(invalid());
        }
        next_unit = place + 1;
        let scale = UNITS.get(place).map_or(1, |(_, scale)| *scale);
        let count: i64 = count.parse().map_err(|_| invalid())?;
        total = count
            .checked_mul(scale)
            .and_then(|part| total.checked_add(part))
            .filter(|sum| *sum < i64::MAX / 1_000_000)
            .ok_or_else(|| "duration out of range".to_owned())?;
        rest = behind;
    }
    Ok(total)
}

/// A duration as Prometheus writes it: `1h30m`; years, weeks and days only where they come out even.
pub(crate) fn duration_text(millis: i64) -> String {
    if millis == 0 {
        return "0s".to_owned();
    }
    let mut out = String::new();
    if millis < 0 {
        out.push('-');
    }
    let mut rest = millis.unsigned_abs();
    for (unit, scale) in UNITS {
        let scale = scale.unsigned_abs();
        let only_even = matches!(unit, "y" | "w" | "d");
        if rest < scale || (only_even && !rest.is_multiple_of(scale)) {
            continue;
        }
        let _ = write!(out, "{}{unit}", rest / scale);
        rest %= scale;
    }
    out
}

/// A float as Go's `%v`: the shortest form, with an exponent below 1e-4 and from 1e21.
pub(crate) fn float_text(value: f64) -> String {
    if value.is_nan() {
        return "NaN".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "+Inf" } else { "-Inf" }.to_owned();
    }
    let size = value.abs();
    if size != 0.0 && !(1e-4..1e21).contains(&size) {
        let text = format!("{value:e}");
        let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        let (sign, exponent) = match exponent.strip_prefix('-') {
            Some(rest) => ('-', rest),
            None => ('+', exponent),
        };
        return format!("{digits}e{sign}{exponent:0>2}");
    }
    format!("{value}")
}
