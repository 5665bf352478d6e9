//! The bounds of buckets: exponential by schema and index, custom by list.

use std::sync::{Arc, LazyLock};

use super::FloatHistogram;

/// `2^(i/256) / 2`: the fractions of all bounds of the finest schema; coarser schemas take every 2^n-th.
static FRACTIONS: LazyLock<[f64; 256]> = LazyLock::new(|| {
    std::array::from_fn(|place| (f64::from(u8::try_from(place).unwrap_or(0)) / 256.0).exp2() / 2.0)
});

/// The finest schema with a place in [`FRACTIONS`].
const FINEST: i32 = 8;

/// The upper bound of an exponential bucket in absolute terms; the bucket of infinite observations lies above
/// `f64::MAX`. A schema out of range is taken as the nearest that is not.
pub(super) fn exponential(index: i32, schema: i32) -> f64 {
    let (fraction, exponent) = if schema < 0 {
        (0.5, (i64::from(index) << -schema.max(-16)) + 1)
    } else {
        let schema = schema.min(FINEST);
        let place = (index & ((1 << schema) - 1)) << (FINEST - schema);
        let fraction = usize::try_from(place).ok().and_then(|place| FRACTIONS.get(place).copied());
        (fraction.unwrap_or(0.5), i64::from(index >> schema) + 1)
    };
    #[expect(clippy::float_cmp, reason = "exact power of two: the bound that would be 2^1024")]
    if fraction == 0.5 && exponent == 1025 {
        return f64::MAX;
    }
    scaled(fraction, exponent)
}

/// `value * 2^exponent` without an intermediate that overflows or vanishes.
fn scaled(value: f64, exponent: i64) -> f64 {
    const STEP: i64 = 1000;
    let (mut value, mut exponent) = (value, exponent.clamp(-2 * STEP, 2 * STEP));
    while exponent.abs() > STEP {
        value *= power_of_two(STEP * exponent.signum());
        exponent -= STEP * exponent.signum();
    }
    value * power_of_two(exponent)
}

/// `2^exponent` for exponents of normal numbers.
fn power_of_two(exponent: i64) -> f64 {
    f64::from_bits(u64::try_from(exponent + 1023).unwrap_or(0) << 52)
}

/// The bound at a place of custom bounds: `-Inf` before the first, `+Inf` after the last.
pub(super) fn custom(place: i32, bounds: &[f64]) -> f64 {
    if place < 0 {
        return f64::NEG_INFINITY;
    }
    let place = usize::try_from(place).unwrap_or(usize::MAX);
    bounds.get(place).copied().unwrap_or(f64::INFINITY)
}

/// Whether two histograms share their custom bounds.
pub(super) fn same(one: &FloatHistogram, other: &FloatHistogram) -> bool {
    match (&one.custom_values, &other.custom_values) {
        (Some(one), Some(other)) if Arc::ptr_eq(one, other) => true,
        _ => one.custom_bounds() == other.custom_bounds(),
    }
}

/// The bounds that two sorted lists have in common.
pub(super) fn shared(one: &[f64], other: &[f64]) -> Arc<[f64]> {
    let mut rest = other.iter().peekable();
    one.iter()
        .copied()
        .filter(|bound| {
            while rest.next_if(|next| *next < bound).is_some() {}
            rest.next_if_eq(&bound).is_some()
        })
        .collect()
}
