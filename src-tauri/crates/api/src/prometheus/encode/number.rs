//! Numbers and times as Go writes them, which takes most of the time that a long answer takes.

use watchglass_model::Millis;

/// Integers below this are doubles of their own.
const EXACT: u64 = 1 << 53;
/// Numbers of this size that are no integers look the same everywhere.
const PLAIN: std::ops::Range<f64> = 1e-4..9e15;

/// Go's shortest form of a number, with an exponent below 1e-6 and from 1e21 on.
#[inline]
pub(super) fn write(out: &mut Vec<u8>, value: f64) {
    if let Some(integer) = integer(value) {
        out.extend_from_slice(itoa::Buffer::new().format(integer).as_bytes());
    } else if value.is_finite() {
        write_shortest(out, value);
    } else if value.is_nan() {
        out.extend_from_slice(b"NaN");
    } else {
        out.extend_from_slice(if value > 0.0 { b"+Inf" } else { b"-Inf" });
    }
}

/// The integer that a number is; none for the negative zero.
#[inline]
fn integer(value: f64) -> Option<i64> {
    #[expect(clippy::cast_possible_truncation, reason = "the cast saturates, and is compared")]
    let integer = value as i64;
    #[expect(clippy::cast_precision_loss, reason = "beyond 2^53 the answer is none")]
    let same = (integer as f64).to_bits() == value.to_bits();
    (same && integer.unsigned_abs() < EXACT).then_some(integer)
}

#[inline]
fn write_shortest(out: &mut Vec<u8>, value: f64) {
    let mut buffer = zmij::Buffer::new();
    let text = buffer.format_finite(value);
    if PLAIN.contains(&value.abs()) {
        out.extend_from_slice(text.as_bytes());
    } else {
        write_unusual(out, value, text);
    }
}

/// What is very small or very large; `text` is its shortest form, in another notation than Go's.
#[cold]
fn write_unusual(out: &mut Vec<u8>, value: f64, text: &str) {
    let (digits, exponent) = text.split_once('e').unwrap_or((text, ""));
    let digits = digits.strip_suffix(".0").unwrap_or(digits);
    if exponent.is_empty() {
        return out.extend_from_slice(digits.as_bytes());
    }
    if (1e-6..1e21).contains(&value.abs()) {
        return out.extend_from_slice(value.to_string().as_bytes());
    }
    let exponent: i32 = exponent.parse().unwrap_or_default();
    let sign = if exponent < 0 { '-' } else { '+' };
    out.extend_from_slice(format!("{digits}e{sign}{:02}", exponent.abs()).as_bytes());
}

/// A time in seconds, with three decimals where it is not whole.
#[inline]
pub(super) fn write_seconds(out: &mut Vec<u8>, time: Millis) {
    if time < 0 {
        out.push(b'-');
    }
    let (seconds, millis) = (time.unsigned_abs() / 1000, time.unsigned_abs() % 1000);
    out.extend_from_slice(itoa::Buffer::new().format(seconds).as_bytes());
    if millis > 0 {
        let digit = |place: u64| b'0' + (millis / place % 10).to_le_bytes()[0];
        out.extend_from_slice(&[b'.', digit(100), digit(10), digit(1)]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(write: impl FnOnce(&mut Vec<u8>)) -> String {
        let mut out = Vec::new();
        write(&mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn numbers_read_as_prometheus_writes_them() {
        let cases = [
            (0.0, "0"),
            (-0.0, "-0"),
            (1.0, "1"),
            (-17.0, "-17"),
            (0.1, "0.1"),
            (-1.25, "-1.25"),
            (9_007_199_254_740_993.0, "9007199254740992"),
            (1e16, "10000000000000000"),
            (1.5e17, "150000000000000000"),
            (1e20, "100000000000000000000"),
            (1e21, "1e+21"),
            (-1.5e21, "-1.5e+21"),
            (1e-5, "0.00001"),
            (1e-6, "0.000001"),
            (1.5e-7, "1.5e-07"),
            (5e-324, "5e-324"),
            (f64::MAX, "1.7976931348623157e+308"),
            (f64::NAN, "NaN"),
            (f64::INFINITY, "+Inf"),
            (f64::NEG_INFINITY, "-Inf"),
        ];
        for (value, expected) in cases {
            assert_eq!(text(|out| write(out, value)), expected);
        }
    }

    #[test]
    fn every_number_reads_back() {
        // Numbers of all sizes (SplitMix64); those that are none are not written as digits.
        let mut state = 7_u64;
        for _ in 0..20_000 {
            state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            let value = f64::from_bits(mixed ^ (mixed >> 27));
            let written = text(|out| write(out, value));
            if value.is_finite() {
                assert_eq!(written.parse::<f64>().unwrap().to_bits(), value.to_bits());
            }
        }
    }

    #[test]
    fn times_are_seconds_with_three_decimals_at_most() {
        let time = |millis| text(|out| write_seconds(out, millis));
        assert_eq!(
            [time(1000), time(1001), time(-1500), time(20), time(1_735_689_600_000)],
            ["1", "1.001", "-1.500", "0.020", "1735689600"]
        );
    }
}
