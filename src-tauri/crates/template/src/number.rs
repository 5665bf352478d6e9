//! Numbers as Go's `strconv` reads them.

use watchglass_model::general_notation;

use crate::text::quoted;

/// Go's `strconv.ParseFloat`: decimal, hexadecimal with a binary exponent, `Inf`, `NaN`; no spaces. The error is Go's.
pub fn parse_float(text: &str) -> Result<f64, String> {
    let invalid = || format!("strconv.ParseFloat: parsing {}: invalid syntax", quoted(text));
    let bare = text.strip_prefix(['+', '-']).unwrap_or(text);
    let lower = bare.to_ascii_lowercase();
    let size = match lower.as_str() {
        "inf" | "infinity" => f64::INFINITY,
        "nan" => f64::NAN,
        _ if lower.starts_with("0x") => hexadecimal(&lower).ok_or_else(invalid)?,
        _ => {
            let plain =
                |byte: u8| byte.is_ascii_digit() || matches!(byte, b'.' | b'e' | b'+' | b'-');
            let digits = lower.bytes().any(|byte| byte.is_ascii_digit());
            if !digits || !lower.bytes().all(plain) || lower.starts_with(['+', '-']) {
                return Err(invalid());
            }
            let value: f64 = lower.parse().map_err(|_| invalid())?;
            if value.is_infinite() {
                return Err(format!(
                    "strconv.ParseFloat: parsing {}: value out of range",
                    quoted(text)
                ));
            }
            value
        }
    };
    Ok(if text.starts_with('-') { -size } else { size })
}

/// `0x1.8p3`; the exponent must be there.
fn hexadecimal(lower: &str) -> Option<f64> {
    let (mantissa, exponent) = lower.strip_prefix("0x")?.split_once('p')?;
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    let exponent: i32 = exponent.parse().ok()?;
    let mut value = 0.0_f64;
    for digit in whole.chars().chain(fraction.chars()) {
        value = value * 16.0 + f64::from(digit.to_digit(16)?);
    }
    let places = i32::try_from(fraction.len()).ok()?.checked_mul(4)?;
    Some(value * 2.0_f64.powi(exponent.checked_sub(places)?))
}

/// Go's `strconv.ParseInt` with base 0: decimal, `0x`, `0o`, `0b`, a leading zero for octal, underscores between digits.
pub fn parse_integer(text: &str) -> Option<i64> {
    let (negative, unsigned) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let lower = unsigned.to_ascii_lowercase();
    let (base, digits) = match lower.get(..2) {
        Some("0x") => (16, lower.get(2..)?),
        Some("0b") => (2, lower.get(2..)?),
        Some("0o") => (8, lower.get(2..)?),
        _ if lower.len() > 1 && lower.starts_with('0') => (8, lower.get(1..)?),
        _ => (10, lower.as_str()),
    };
    let digits = digits.strip_prefix('_').filter(|_| base != 10).unwrap_or(digits);
    if digits.is_empty()
        || digits.starts_with(['_', '+', '-'])
        || digits.ends_with('_')
        || digits.contains("__")
    {
        return None;
    }
    let sign = if negative { "-" } else { "" };
    i64::from_str_radix(&format!("{sign}{}", digits.replace('_', "")), base).ok()
}

/// A float as Go's `%v` writes it.
pub fn float_text(value: f64) -> String {
    general_notation(value)
}

/// The whole part of a float; the nearest that an integer can hold where it is beyond.
#[expect(clippy::cast_possible_truncation, reason = "that is what it is for; it saturates")]
pub const fn truncated(value: f64) -> i64 {
    value as i64
}

/// A whole number as a float, which may round.
#[expect(clippy::cast_precision_loss, reason = "Go converts in the same way")]
pub const fn widened(value: i64) -> f64 {
    value as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_read_as_go_reads_them() {
        for (text, value) in
            [("1.5", 1.5), ("-.5", -0.5), ("1e3", 1000.0), ("0x1.8p3", 12.0), ("5.", 5.0)]
        {
            assert_eq!(parse_float(text), Ok(value), "{text}");
        }
        for text in ["", " 1", "1 ", "0x10", "1_0", "e", "--1", ".", "nan0"] {
            assert!(parse_float(text).is_err(), "{text}");
        }
        assert!(parse_float("+Inf").is_ok_and(f64::is_infinite));
        assert_eq!(
            parse_float("x").unwrap_err(),
            "strconv.ParseFloat: parsing \"x\": invalid syntax"
        );
    }

    #[test]
    fn integers_may_have_a_base_and_underscores() {
        for (text, value) in [
            ("0x1F", 31),
            ("0b101", 5),
            ("017", 15),
            ("0o17", 15),
            ("1_000", 1000),
            ("-3", -3),
            ("0", 0),
        ] {
            assert_eq!(parse_integer(text), Some(value), "{text}");
        }
        for text in ["", "_1", "1_", "1__0", "1.5", "0x", "9223372036854775808"] {
            assert_eq!(parse_integer(text), None, "{text}");
        }
    }
}
