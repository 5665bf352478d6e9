//! What scalars mean, as Prometheus reads them: booleans, numbers, durations, sizes.

use std::time::Duration;

const MILLIS: [(&str, u64); 7] = [
    ("y", 365 * 86_400_000),
    ("w", 7 * 86_400_000),
    ("d", 86_400_000),
    ("h", 3_600_000),
    ("m", 60_000),
    ("s", 1000),
    ("ms", 1),
];

/// A duration such as `1h30m` (`model.ParseDuration`): units from the longest to the shortest, each once; `0` needs none.
pub fn duration(text: &str) -> Result<Duration, String> {
    match text {
        "" => return Err("empty duration string".to_owned()),
        "0" => return Ok(Duration::ZERO),
        _ => {}
    }
    let invalid = || format!("not a valid duration string: {text:?}");
    let (mut rest, mut units, mut total) = (text, MILLIS.iter(), 0_u64);
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let (number, behind) = rest.split_at(digits);
        let letters = behind.bytes().take_while(u8::is_ascii_alphabetic).count();
        let (unit, behind) = behind.split_at(letters);
        let (_, millis) = units.find(|(name, _)| *name == unit).ok_or_else(invalid)?;
        if number.is_empty() {
            return Err(invalid());
        }
        let part = number.parse::<u64>().ok().and_then(|number| number.checked_mul(*millis));
        total = part.and_then(|part| total.checked_add(part)).ok_or("duration out of range")?;
        rest = behind;
    }
    // The longest that upstream's nanoseconds hold.
    if total > i64::MAX as u64 / 1_000_000 {
        return Err("duration out of range".to_owned());
    }
    Ok(Duration::from_millis(total))
}

/// A size such as `512MB` in bytes (`units.ParseBase2Bytes`): powers of 1024, with or without an `i`.
pub(crate) fn size(text: &str) -> Result<u64, String> {
    if text == "0" {
        return Ok(0);
    }
    let invalid = || format!("units: invalid {text}");
    let digits = text.bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b'.').count();
    let (number, unit) = text.split_at(digits);
    let number: f64 = number.parse().map_err(|_| invalid())?;
    let power = match unit.to_ascii_uppercase().replace('I', "").as_str() {
        "B" => 0,
        "KB" => 1,
        "MB" => 2,
        "GB" => 3,
        "TB" => 4,
        "PB" => 5,
        "EB" => 6,
        _ => return Err(format!("units: unknown unit {unit} in {text}")),
    };
    let bytes = number * 1024_f64.powi(power);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the range is checked"
    )]
    (0.0..9.2e18).contains(&bytes).then_some(bytes as u64).ok_or_else(invalid)
}

/// A boolean of YAML 1.1.
pub(super) fn boolean(text: &str) -> Option<bool> {
    match text {
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => {
            Some(true)
        }
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => {
            Some(false)
        }
        _ => None,
    }
}

/// An integer of YAML 1.1.
pub(super) fn integer(text: &str) -> Option<i64> {
    let text = text.replace('_', "");
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, text.strip_prefix('+').unwrap_or(&text)),
    };
    let radix = [("0x", 16), ("0b", 2), ("0o", 8)];
    let number = match radix
        .iter()
        .find_map(|(mark, radix)| Some((digits.strip_prefix(mark)?, *radix)))
    {
        Some((digits, radix)) => i64::from_str_radix(digits, radix).ok()?,
        None if digits.len() > 1 && digits.starts_with('0') => {
            i64::from_str_radix(digits, 8).ok()?
        }
        None if digits.starts_with(|first: char| first.is_ascii_digit()) => digits.parse().ok()?,
        None => return None,
    };
    Some(sign * number)
}

/// A duration as Prometheus writes it: the largest units that leave no rest (`model.Duration.String`).
pub fn duration_text(duration: Duration) -> String {
    let mut rest = duration.as_millis();
    if rest == 0 {
        return "0s".to_owned();
    }
    let mut text = String::new();
    // Years, weeks and days only where nothing remains.
    let units: [(u128, &str, bool); 7] = [
        (365 * 86_400_000, "y", true),
        (7 * 86_400_000, "w", true),
        (86_400_000, "d", false),
        (3_600_000, "h", false),
        (60_000, "m", false),
        (1000, "s", false),
        (1, "ms", false),
    ];
    for (length, unit, is_exact) in units {
        if rest >= length && (!is_exact || rest.is_multiple_of(length)) {
            text += &(rest / length).to_string();
            text += unit;
            rest %= length;
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_ordered_units() {
        assert_eq!(duration("1d12h"), Ok(Duration::from_hours(36)));
        assert_eq!(duration("0"), Ok(Duration::ZERO));
        assert_eq!(duration("1y2w3d4h5m6s7ms").map(|one| one.as_millis()), Ok(33_019_506_007));
        for wrong in ["", "1", "5m1h", "1m1m", "1.5h", "-1h", "h", "1 h", "300000y"] {
            assert!(duration(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn sizes_are_powers_of_1024_and_need_a_unit() {
        assert_eq!(size("1KB"), Ok(1024));
        assert_eq!(size("1.5MiB"), Ok(1_572_864));
        assert_eq!(size("100"), Err("units: unknown unit  in 100".to_owned()));
        assert!(size("-1GB").is_err());
    }

    #[test]
    fn integers_and_booleans_are_those_of_yaml_1_1() {
        assert_eq!(
            [integer("0x1F"), integer("010"), integer("-1_000")],
            [Some(31), Some(8), Some(-1000)]
        );
        assert_eq!([integer("a"), integer(""), integer("1.0")], [None, None, None]);
        assert_eq!([boolean("on"), boolean("No"), boolean("1")], [Some(true), Some(false), None]);
    }
}
