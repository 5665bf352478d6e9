//! Conversions between numbers, each with what happens at its edges.

/// The nearest double: exact up to 2^53, rounded beyond.
#[expect(
    clippy::cast_precision_loss,
    reason = "rates, ratios and charts are drawn with fewer digits than a double has"
)]
pub(crate) const fn float(number: u64) -> f64 {
    number as f64
}

/// The nearest double of a signed integer.
#[expect(
    clippy::cast_precision_loss,
    reason = "charts are drawn with fewer digits than a double has"
)]
pub(crate) const fn signed_float(number: i64) -> f64 {
    number as f64
}

/// A count or an index in 32 bits; what is larger stays at the limit.
pub(crate) fn small(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// `part` of `whole`; zero where there is no whole.
pub(crate) fn ratio(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { float(part) / float(whole) }
}

/// Whether `text` holds `part`, in any case of ASCII letters.
pub(crate) fn contains(text: &str, part: &str) -> bool {
    let (text, part) = (text.as_bytes(), part.as_bytes());
    part.is_empty() || text.windows(part.len()).any(|window| window.eq_ignore_ascii_case(part))
}
