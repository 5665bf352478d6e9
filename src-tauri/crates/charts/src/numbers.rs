//! Conversions between the numbers of values, times and pixels, each with what happens at its edges.

/// The nearest whole number in 32 bits; what is larger stays at the limit, NaN is zero.
#[expect(
    clippy::cast_possible_truncation,
    reason = "`as` saturates, which is what a picture wants"
)]
pub(crate) fn whole(number: f64) -> i32 {
    number.round() as i32
}

/// The nearest whole number above zero; what is larger stays at the limit, NaN and negatives are zero.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "`as` saturates, which is what a picture wants"
)]
pub(crate) fn index(number: f64) -> usize {
    number.round().max(0.0) as usize
}

/// The nearest double: exact up to 2^53, which is finer than any pixel.
#[expect(clippy::cast_precision_loss, reason = "a pixel is coarser")]
pub(crate) const fn float(number: u64) -> f64 {
    number as f64
}

/// The nearest double of a count.
#[expect(clippy::cast_precision_loss, reason = "counts here are of pixels, ticks and letters")]
pub(crate) const fn count(number: usize) -> f64 {
    number as f64
}

/// A double with the digits that glyph outlines need.
#[expect(
    clippy::cast_possible_truncation,
    reason = "outlines are placed within a few thousand pixels"
)]
pub(crate) const fn single(number: f64) -> f32 {
    number as f32
}
