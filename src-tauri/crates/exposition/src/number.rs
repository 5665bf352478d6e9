//! Numbers as Go reads and writes them.

use std::borrow::Cow;

use watchglass_model::general_notation;

use crate::quoted::Quoted;

/// Reads a float as upstream's parsers do: decimals, `Inf` and `NaN` in any case; no underscores, no hexadecimals.
/// The error is upstream's text.
pub(crate) fn float(text: &[u8]) -> Result<f64, String> {
    if text.iter().any(|byte| matches!(byte, b'p' | b'P' | b'_')) {
        return Err("unsupported character in float".to_owned());
    }
    let fault = |what: &str| format!("strconv.ParseFloat: parsing {}: {what}", Quoted(text));
    let value: Option<f64> = str::from_utf8(text).ok().and_then(|text| text.parse().ok());
    match value {
        Some(value) if value.is_nan() && !matches!(text.first(), Some(b'n' | b'N')) => {
            Err(fault("invalid syntax"))
        }
        Some(value) if value.is_infinite() && text.iter().any(u8::is_ascii_digit) => {
            Err(fault("value out of range"))
        }
        Some(value) => Ok(value),
        None => Err(fault("invalid syntax")),
    }
}

/// Reads a whole number of decimal digits.
pub(crate) fn integer(digits: &[u8]) -> Result<i64, String> {
    let value = str::from_utf8(digits).ok().and_then(|text| text.parse().ok());
    value.ok_or_else(|| format!("strconv.ParseInt: parsing {}: value out of range", Quoted(digits)))
}

/// A float as `OpenMetrics` wants it in `le` and `quantile`: `1.0`, `0.25`, `1e+06`, `+Inf`.
pub fn canonical(value: f64) -> String {
    let mut text = general_notation(value);
    if value.is_finite() && !text.contains(['e', '.']) {
        text.push_str(".0");
    }
    text
}

/// The canonical form of a bound that is a number, and any other text as it is.
pub(crate) fn canonical_text(text: Cow<'_, str>) -> Cow<'_, str> {
    match float(text.as_bytes()).map(canonical) {
        Ok(canonical) if canonical != *text => Cow::Owned(canonical),
        _ => text,
    }
}

/// Seconds as milliseconds, cut as upstream cuts them.
#[expect(clippy::cast_possible_truncation, reason = "a time out of range becomes the nearest")]
pub(crate) fn millis(seconds: f64) -> i64 {
    (seconds * 1000.0) as i64
}
