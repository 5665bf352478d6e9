//! Lengths of time: as Go reads and writes them, and as Prometheus reads and writes them. All in nanoseconds.

use std::fmt::Write;

use crate::text::quoted;

const SECOND: i64 = 1_000_000_000;

/// Units of Go's `time.ParseDuration`.
const GO_UNITS: [(&str, i64); 8] = [
    ("ns", 1),
    ("us", 1_000),
    ("µs", 1_000),
    ("μs", 1_000),
    ("ms", 1_000_000),
    ("s", SECOND),
    ("m", 60 * SECOND),
    ("h", 3_600 * SECOND),
];

/// Units of Prometheus, from long to short.
const PROMETHEUS_UNITS: [(&str, i64); 7] = [
    ("y", 365 * 86_400 * SECOND),
    ("w", 7 * 86_400 * SECOND),
    ("d", 86_400 * SECOND),
    ("h", 3_600 * SECOND),
    ("m", 60 * SECOND),
    ("s", SECOND),
    ("ms", 1_000_000),
];

/// Go's `time.ParseDuration`: `1h15m30.918s`, `-1.5h`, `300ms`. The error is Go's.
pub fn parse_go(text: &str) -> Result<i64, String> {
    let invalid = || format!("time: invalid duration {}", quoted(text));
    let (negative, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest == "0" {
        return Ok(0);
    }
    if rest.is_empty() {
        return Err(invalid());
    }
    let mut total: i128 = 0;
    while !rest.is_empty() {
        let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
        let (whole, behind) = rest.split_at(digits(rest));
        let (fraction, behind) = match behind.strip_prefix('.') {
            Some(behind) => behind.split_at(digits(behind)),
            None => ("", behind),
        };
        if whole.is_empty() && fraction.is_empty() {
            return Err(invalid());
        }
        let end =
            behind.find(|one: char| one == '.' || one.is_ascii_digit()).unwrap_or(behind.len());
        let (unit, behind) = behind.split_at(end);
        if unit.is_empty() {
            return Err(format!("time: missing unit in duration {}", quoted(text)));
        }
        let scale = GO_UNITS.iter().find(|(own, _)| *own == unit).map(|(_, scale)| *scale);
        let scale = scale.ok_or_else(|| {
            format!("time: unknown unit {} in duration {}", quoted(unit), quoted(text))
        })?;
        total += part(whole, fraction, scale).ok_or_else(invalid)?;
        if total > i128::from(i64::MAX) {
            return Err(invalid());
        }
        rest = behind;
    }
    let total = i64::try_from(total).map_err(|_| invalid())?;
    Ok(if negative { -total } else { total })
}

fn part(whole: &str, fraction: &str, scale: i64) -> Option<i128> {
    let whole: i128 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
    let mut part = whole.checked_mul(scale.into())?;
    let mut place = i128::from(scale);
    for digit in fraction.bytes() {
        place *= 10;
        part = part.checked_mul(10)? + i128::from(digit - b'0') * i128::from(scale);
        if place > i128::from(scale) * 1_000_000_000_000_000 {
            break;
        }
    }
    Some(part * i128::from(scale) / place)
}

/// Go's `time.Duration.String`: `1h15m30.918s`, `1.5ms`, `0s`.
pub fn go_text(nanos: i64) -> String {
    let size = nanos.unsigned_abs();
    let sign = if nanos < 0 { "-" } else { "" };
    let small = |unit: u64, name: &str| format!("{sign}{}{name}", decimal(size, unit));
    match size {
        0 => "0s".to_owned(),
        1..1_000 => small(1, "ns"),
        1_000..1_000_000 => small(1_000, "µs"),
        1_000_000..1_000_000_000 => small(1_000_000, "ms"),
        _ => {
            let (minutes, rest) = (size / 60_000_000_000, size % 60_000_000_000);
            let seconds = decimal(rest, 1_000_000_000);
            match (minutes / 60, minutes % 60) {
                (0, 0) => format!("{sign}{seconds}s"),
                (0, minutes) => format!("{sign}{minutes}m{seconds}s"),
                (hours, minutes) => format!("{sign}{hours}h{minutes}m{seconds}s"),
            }
        }
    }
}

/// `size / unit` with as many decimals as it takes.
fn decimal(size: u64, unit: u64) -> String {
    let (whole, rest) = (size / unit, size % unit);
    if rest == 0 {
        return whole.to_string();
    }
    let places = unit.ilog10() as usize;
    let decimals = format!("{rest:0places$}");
    format!("{whole}.{}", decimals.trim_end_matches('0'))
}

/// Prometheus's durations: `1h30m`, units in falling order, each once, whole numbers; `0` needs no unit.
pub fn parse_prometheus(text: &str) -> Result<i64, String> {
    let invalid = || format!("not a valid duration string: {}", quoted(text));
    match text {
        "" => return Err("empty duration string".to_owned()),
        "0" => return Ok(0),
        _ => {}
    }
    let mut rest = text;
    let mut next_unit = 0;
    let mut total: i64 = 0;
    while !rest.is_empty() {
        let digits = rest.find(|one: char| !one.is_ascii_digit()).ok_or_else(invalid)?;
        let (count, behind) = rest.split_at(digits);
        let unit = behind.find(|one: char| one.is_ascii_digit()).unwrap_or(behind.len());
        let (unit, behind) = behind.split_at(unit);
        let place =
            PROMETHEUS_UNITS.iter().position(|(name, _)| *name == unit).ok_or_else(invalid)?;
        if place < next_unit {
            return Err(invalid());
        }
        next_unit = place + 1;
        let scale = PROMETHEUS_UNITS.get(place).map_or(1, |(_, scale)| *scale);
        let count: i64 = count.parse().map_err(|_| invalid())?;
        total = count
            .checked_mul(scale)
            .and_then(|part| total.checked_add(part))
            .ok_or_else(|| "duration out of range".to_owned())?;
        rest = behind;
    }
    Ok(total)
}

/// As Prometheus writes it: `1h30m`; years, weeks and days only where they come out even. Parts of a millisecond are
/// written as Go writes them.
pub fn prometheus_text(nanos: i64) -> String {
    if nanos % 1_000_000 != 0 {
        return go_text(nanos);
    }
    if nanos == 0 {
        return "0s".to_owned();
    }
    let mut out = String::from(if nanos < 0 { "-" } else { "" });
    let mut rest = nanos.unsigned_abs();
    for (unit, scale) in PROMETHEUS_UNITS {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn go_durations_are_read_and_written() {
        for (text, nanos, written) in [
            ("1h15m30.918s", 4_530_918_000_000, "1h15m30.918s"),
            ("-1.5h", -5_400_000_000_000, "-1h30m0s"),
            ("300ms", 300_000_000, "300ms"),
            ("1.5us", 1_500, "1.5µs"),
            ("7ns", 7, "7ns"),
            ("0", 0, "0s"),
            (".5s", 500_000_000, "500ms"),
        ] {
            assert_eq!(parse_go(text), Ok(nanos), "{text}");
            assert_eq!(go_text(nanos), written);
        }
    }

    #[test]
    fn faults_of_durations_are_gos() {
        for (text, fault) in [
            ("5d", "time: unknown unit \"d\" in duration \"5d\""),
            ("5", "time: missing unit in duration \"5\""),
            ("x", "time: invalid duration \"x\""),
            ("", "time: invalid duration \"\""),
        ] {
            assert_eq!(parse_go(text).unwrap_err(), fault);
        }
    }

    #[test]
    fn prometheus_durations_have_days_and_falling_units() {
        assert_eq!(parse_prometheus("1d12h"), Ok(129_600 * SECOND));
        assert_eq!(prometheus_text(90 * 60 * SECOND), "1h30m");
        assert_eq!(prometheus_text(7 * 86_400 * SECOND), "1w");
        for text in ["", "1.5h", "5m1h", "1m1m", "-5m", "5"] {
            assert!(parse_prometheus(text).is_err(), "{text}");
        }
    }
}
