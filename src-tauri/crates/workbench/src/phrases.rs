//! What people type into filters: durations such as `1.5s`, conditions such as `http.method=GET`.

use watchglass_storage::{Condition, Test};

use crate::error::{Error, Result};

/// Units of duration and their nanoseconds, longer spellings first.
const UNITS: [(&str, u64); 8] = [
    ("ns", 1),
    ("us", 1_000),
    ("µs", 1_000),
    ("ms", 1_000_000),
    ("s", 1_000_000_000),
    ("m", 60_000_000_000),
    ("h", 3_600_000_000_000),
    ("d", 86_400_000_000_000),
];

/// Reads `100ms`, `1.5s`, `2m`, `250us`, and sums of them as in `1m30s`, into nanoseconds.
pub fn parse_duration(text: &str) -> Result<u64> {
    let wrong = || Error::Duration(text.to_owned());
    let mut rest = text.trim();
    let mut total = 0_u64;
    if rest.is_empty() {
        return Err(wrong());
    }
    while !rest.is_empty() {
        let digits = length_while(rest, |letter| letter.is_ascii_digit() || letter == '.');
        let (number, after) = rest.split_at(digits);
        let letters = length_while(after, char::is_alphabetic);
        let (unit, after) = after.split_at(letters);
        let (_, factor) = UNITS.iter().find(|(name, _)| *name == unit).ok_or_else(wrong)?;
        let part = scaled(number, *factor).ok_or_else(wrong)?;
        total = total.checked_add(part).ok_or_else(wrong)?;
        rest = after.trim_start();
    }
    Ok(total)
}

fn length_while(text: &str, holds: impl Fn(char) -> bool) -> usize {
    text.find(|letter| !holds(letter)).unwrap_or(text.len())
}

/// A decimal number times a factor, in whole nanoseconds.
fn scaled(number: &str, factor: u64) -> Option<u64> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    if (whole.is_empty() && fraction.is_empty()) || fraction.contains('.') {
        return None;
    }
    let whole: u64 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
    let mut total = whole.checked_mul(factor)?;
    let mut place = factor;
    for digit in fraction.chars() {
        place /= 10;
        total = total.checked_add(u64::from(digit.to_digit(10)?).checked_mul(place)?)?;
    }
    Some(total)
}

/// Reads `k=v`, `k!=v`, `k~part` or `k`.
pub fn parse_condition(phrase: &str) -> Result<Condition> {
    let phrase = phrase.trim();
    let at = phrase.find(['=', '~']).unwrap_or(phrase.len());
    let (key, rest) = phrase.split_at(at);
    let (key, test) = match rest.chars().next() {
        None => (key, Test::Exists),
        Some('~') => (key, Test::Contains(rest[1..].to_owned())),
        Some(_) => match key.strip_suffix('!') {
            Some(key) => (key, Test::Differs(rest[1..].to_owned())),
            None => (key, Test::Equals(rest[1..].to_owned())),
        },
    };
    let key = key.trim_end();
    if key.is_empty() {
        return Err(Error::Condition(phrase.to_owned()));
    }
    Ok(Condition { key: key.to_owned(), test })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_in_every_unit() {
        let cases = [
            ("100ms", 100_000_000),
            ("1.5s", 1_500_000_000),
            ("2m", 120_000_000_000),
            ("250us", 250_000),
            ("250µs", 250_000),
            ("7ns", 7),
            (".5h", 1_800_000_000_000),
            ("1m30s", 90_000_000_000),
            (" 1 d", 0),
        ];
        for (text, nanoseconds) in cases {
            match parse_duration(text) {
                Ok(read) => assert_eq!(read, nanoseconds, "{text}"),
                Err(_) => assert_eq!(nanoseconds, 0, "{text}"),
            }
        }
    }

    #[test]
    fn what_is_no_duration_is_refused() {
        for text in ["", "12", "ms", "1.2.3s", "-1s", "1x", "99999999999d", "."] {
            assert!(parse_duration(text).is_err(), "{text}");
        }
    }

    #[test]
    fn conditions_are_read_in_every_form() {
        let cases = [
            ("k", "k", Test::Exists),
            ("k=v", "k", Test::Equals("v".into())),
            ("k=", "k", Test::Equals(String::new())),
            ("k!=v=w", "k", Test::Differs("v=w".into())),
            ("k~par~t", "k", Test::Contains("par~t".into())),
            ("url.full=http://x/?a~b", "url.full", Test::Equals("http://x/?a~b".into())),
        ];
        for (text, key, test) in cases {
            let read = parse_condition(text).unwrap();
            assert_eq!((read.key.as_str(), read.test), (key, test), "{text}");
        }
        for text in ["", "=v", "!=v", "~v"] {
            assert!(parse_condition(text).is_err(), "{text}");
        }
    }
}
