//! Durations and sizes as people write them on a command line: `7d`, `2GiB`.

use std::time::Duration;

const SECONDS: [(&str, u64); 5] =
    [("s", 1), ("m", 60), ("h", 3600), ("d", 86_400), ("w", 7 * 86_400)];

const BYTES: [(&str, u64); 10] = [
    ("b", 1),
    ("kb", 1000),
    ("mb", 1_000_000),
    ("gb", 1_000_000_000),
    ("tb", 1_000_000_000_000),
    ("kib", 1 << 10),
    ("mib", 1 << 20),
    ("gib", 1 << 30),
    ("tib", 1 << 40),
    ("", 1),
];

/// Reads a duration: a number above zero and one of s, m, h, d, w.
pub(crate) fn parse_duration(text: &str) -> Result<Duration, String> {
    let wrong = || format!("`{text}` is no duration: write a number and s, m, h, d or w, as in 7d");
    let seconds = scaled(text, &SECONDS).ok_or_else(wrong)?;
    if seconds == 0 { Err(wrong()) } else { Ok(Duration::from_secs(seconds)) }
}

/// Reads a size: a number above zero and a unit, decimal (MB) or binary (MiB); bytes without one.
pub(crate) fn parse_size(text: &str) -> Result<u64, String> {
    let wrong =
        || format!("`{text}` is no size: write a number and MB, MiB, GB or GiB, as in 2GiB");
    let bytes = scaled(text, &BYTES).ok_or_else(wrong)?;
    if bytes == 0 { Err(wrong()) } else { Ok(bytes) }
}

/// Writes a size the way it is read, with the largest binary unit that keeps it above one.
pub(crate) fn show_size(bytes: u64) -> String {
    let units = [("TiB", 1_u64 << 40), ("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)];
    for (unit, scale) in units {
        if bytes >= scale {
            let tenths = bytes / (scale / 10);
            return format!("{}.{} {unit}", tenths / 10, tenths % 10);
        }
    }
    format!("{bytes} B")
}

/// Writes a duration in its two largest units: `3 d 4 h`, `12 s`.
pub(crate) fn show_duration(duration: Duration) -> String {
    let seconds = duration.as_secs();
    let parts = [
        (seconds / 86_400, "d"),
        (seconds / 3600 % 24, "h"),
        (seconds / 60 % 60, "min"),
        (seconds % 60, "s"),
    ];
    let first = parts.iter().position(|(count, _)| *count > 0).unwrap_or(3);
    let shown = parts.iter().skip(first).take(2).filter(|(count, _)| *count > 0);
    let shown: Vec<_> = shown.map(|(count, unit)| format!("{count} {unit}")).collect();
    if shown.is_empty() { "0 s".to_owned() } else { shown.join(" ") }
}

/// A number with an optional fraction and a unit, without floating point: `1.5GiB` is exact.
fn scaled(text: &str, units: &[(&str, u64)]) -> Option<u64> {
    let text = text.trim();
    let end = text.find(|c: char| c != '.' && !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let unit = unit.trim().to_ascii_lowercase();
    let (_, scale) = units.iter().find(|(name, _)| *name == unit)?;
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    if whole.is_empty() || fraction.len() > 6 || fraction.contains('.') {
        return None;
    }
    let digits: u64 = format!("{whole}{fraction}").parse().ok()?;
    let divisor = 10_u64.pow(u32::try_from(fraction.len()).ok()?);
    let value = u128::from(digits) * u128::from(*scale) / u128::from(divisor);
    u64::try_from(value).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_a_number_and_a_unit() {
        for (text, seconds) in [("7d", 604_800), ("90s", 90), ("1.5h", 5400), ("2w", 1_209_600)] {
            assert_eq!(parse_duration(text), Ok(Duration::from_secs(seconds)), "{text}");
        }
        for text in ["", "7", "d", "0s", "-1d", "7 days", "1.2.3h", "999999999999999999999w"] {
            assert!(parse_duration(text).is_err(), "{text}");
        }
    }

    #[test]
    fn sizes_are_decimal_or_binary() {
        for (text, bytes) in
            [("2GiB", 2 << 30), ("500MB", 500_000_000), ("1.5KiB", 1536), ("4096", 4096)]
        {
            assert_eq!(parse_size(text), Ok(bytes), "{text}");
        }
        for text in ["", "GiB", "2 gigs", "0", "1..5MB", ".5GB", "99999999TiB"] {
            assert!(parse_size(text).is_err(), "{text}");
        }
    }

    #[test]
    fn sizes_and_durations_are_shown_short() {
        assert_eq!(show_size(2 << 30), "2.0 GiB");
        assert_eq!(show_size(1000), "1000 B");
        assert_eq!(show_duration(Duration::from_hours(76)), "3 d 4 h");
        assert_eq!(show_duration(Duration::ZERO), "0 s");
    }
}
