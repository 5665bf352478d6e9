//! Numbers, durations and sizes in a query.

use watchglass_template::duration::{parse_go, parse_prometheus};
use watchglass_template::number::parse_float;

/// Sizes that a query may name. Values of lines know more ([`parse_size`]).
const SIZES: [&str; 13] =
    ["KiB", "MiB", "GiB", "TiB", "PiB", "kB", "KB", "MB", "GB", "TB", "PB", "B", "b"];

/// A number with a unit at the start of a text: how long it is. A letter of the unit may follow a letter or digit.
fn with_units(text: &str) -> usize {
    text.find(|one: char| !(one.is_ascii_alphanumeric() || matches!(one, '.' | 'µ' | 'μ')))
        .unwrap_or(text.len())
}

/// A duration at the start of a text, in nanoseconds, and its length. Without a letter it is a number.
pub(super) fn duration_at(text: &str) -> Option<(i64, usize)> {
    let whole = text.get(..with_units(text))?;
    if whole.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
        return None;
    }
    // `1mb` reads as one minute and a name, as in Loki.
    let mut end = whole.len();
    while end > 0 {
        let part = whole.get(..end);
        if let Some(part) = part
            && !part.ends_with(|last: char| last.is_ascii_digit() || last == '.')
            && let Ok(nanos) = parse_prometheus(part).or_else(|_| parse_go(part))
        {
            let behind = whole.get(end..).unwrap_or("");
            let sized = bytes_at(whole).is_some_and(|(_, length)| length > end);
            let cut = behind.starts_with(|next: char| next.is_ascii_alphanumeric());
            return (!cut || (!sized && is_minute_and_b(part, behind))).then_some((nanos, end));
        }
        end -= 1;
    }
    None
}

/// Whether this is the one place where Loki's lexer stops within a word.
fn is_minute_and_b(part: &str, behind: &str) -> bool {
    part.ends_with('m') && behind.eq_ignore_ascii_case("b")
}

/// A size at the start of a text, in bytes, and its length.
pub(super) fn bytes_at(text: &str) -> Option<(u64, usize)> {
    let whole = text.get(..with_units(text))?;
    let digits =
        whole.find(|one: char| !(one.is_ascii_digit() || one == '.')).unwrap_or(whole.len());
    let (_, unit) = whole.split_at_checked(digits)?;
    SIZES.contains(&unit).then(|| parse_size(whole).ok().map(|bytes| (bytes, whole.len())))?
}

/// How long the number at the start of a text is: decimal, or hexadecimal with an exponent.
pub(super) fn number_length(text: &str) -> usize {
    let hexadecimal = text.starts_with("0x") || text.starts_with("0X");
    let mut before = ' ';
    let end = text.find(|one: char| {
        let exponent =
            if hexadecimal { matches!(before, 'p' | 'P') } else { matches!(before, 'e' | 'E') };
        before = one;
        let part = one.is_ascii_alphanumeric()
            || matches!(one, '.' | '_')
            || (matches!(one, '+' | '-') && exponent);
        !part
    });
    end.unwrap_or(text.len())
}

/// The value of a number: Go's floats, so that `0x1p3` is one, but `0x10` and `0b1` are not; no underscores.
pub(super) fn number(text: &str) -> Option<f64> {
    parse_float(text).ok().filter(|value| value.is_finite())
}

/// Units of sizes in lines, in lower case, with the bytes that each stands for.
const UNITS: [(&str, f64); 26] = [
    ("", 1.0),
    ("b", 1.0),
    ("kb", 1e3),
    ("k", 1e3),
    ("mb", 1e6),
    ("m", 1e6),
    ("gb", 1e9),
    ("g", 1e9),
    ("tb", 1e12),
    ("t", 1e12),
    ("pb", 1e15),
    ("p", 1e15),
    ("eb", 1e18),
    ("e", 1e18),
    ("kib", 1024.0),
    ("ki", 1024.0),
    ("mib", 1_048_576.0),
    ("mi", 1_048_576.0),
    ("gib", 1_073_741_824.0),
    ("gi", 1_073_741_824.0),
    ("tib", 1_099_511_627_776.0),
    ("ti", 1_099_511_627_776.0),
    ("pib", 1_125_899_906_842_624.0),
    ("pi", 1_125_899_906_842_624.0),
    ("eib", 1_152_921_504_606_846_976.0),
    ("ei", 1_152_921_504_606_846_976.0),
];

/// A size as lines have it: `2,048`, `1.5 MiB`, `5kb`. The faults are those of Go's `humanize.ParseBytes`.
pub(crate) fn parse_size(text: &str) -> Result<u64, String> {
    let is_digit = |one: char| one.is_ascii_digit() || one == '.' || one == ',';
    let end = text.find(|one| !is_digit(one)).unwrap_or(text.len());
    let (digits, unit) = text.split_at(end);
    let number = parse_float(&digits.replace(',', ""))?;
    let unit = unit.trim().to_lowercase();
    let scale = UNITS.iter().find(|(own, _)| *own == unit);
    let (_, scale) = scale.ok_or_else(|| format!("unhandled size name: {unit}"))?;
    let bytes = number * scale;
    if bytes >= 18_446_744_073_709_551_615.0 {
        return Err(format!("too large: {text}"));
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "it is not negative and fits; parts of a byte are cut off, as Go cuts them"
    )]
    Ok(bytes as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_come_before_sizes() {
        assert_eq!(duration_at("5m]"), Some((300_000_000_000, 2)));
        assert_eq!(duration_at("1h30m "), Some((5_400_000_000_000, 5)));
        assert_eq!(duration_at("1.5s"), Some((1_500_000_000, 4)));
        assert_eq!(duration_at("2d"), Some((172_800_000_000_000, 2)));
        assert_eq!(duration_at("1mb"), Some((60_000_000_000, 2)));
        assert_eq!(duration_at("5KB"), None);
        assert_eq!(duration_at("5"), None);
    }

    #[test]
    fn sizes_in_queries_have_few_units_and_in_lines_many() {
        assert_eq!(bytes_at("5KB "), Some((5_000, 3)));
        assert_eq!(bytes_at("1.5MiB"), Some((1_572_864, 6)));
        assert_eq!(bytes_at("1EB"), None);
        assert_eq!(parse_size("2,048"), Ok(2_048));
        assert_eq!(parse_size("1 mb"), Ok(1_000_000));
        assert_eq!(parse_size("1EiB"), Ok(1_152_921_504_606_846_976));
        assert_eq!(parse_size("5 foo").unwrap_err(), "unhandled size name: foo");
        assert!(parse_size("x").is_err());
    }
}
