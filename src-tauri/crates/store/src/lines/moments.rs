//! Times written out in lines, which mostly repeat the time of their record: such a column is kept as the difference.

use chrono::{Datelike, NaiveDate};

use super::write_out::padded;

/// How a column of times is written. All of its values are written the same way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// `2026-11-21T00:00:00.123Z`: the letter between date and time, that before the fraction, its digits, and whether
    /// there is a `Z` at the end.
    Calendar { between: u8, point: u8, fraction: u8, zulu: bool },
    /// So many decimals of seconds since the Unix epoch, without a point.
    Epoch { decimals: u8 },
}

/// Years whose nanoseconds since 1970 are far from the ends of 64 bits.
const YEARS: std::ops::RangeInclusive<i64> = 1970..=2199;
const NANOS: u64 = 1_000_000_000;

impl Style {
    /// How `text` is written, if it is a time.
    pub(super) fn of(text: &str) -> Option<Self> {
        let style = match *text.as_bytes() {
            [_, _, _, _, b'-', _, _, b'-', _, _, between @ (b'T' | b' '), _, _, b':', ..] => {
                let rest = text.as_bytes().get(19..)?;
                let (rest, zulu) = match rest.split_last() {
                    Some((b'Z', rest)) => (rest, true),
                    _ => (rest, false),
                };
                let point = rest.first().copied().unwrap_or(b'.');
                let fraction = u8::try_from(rest.len().saturating_sub(1)).ok()?;
                Self::Calendar { between, point, fraction, zulu }
            }
            _ => match text.len() {
                10 => Self::Epoch { decimals: 0 },
                13 => Self::Epoch { decimals: 3 },
                16 => Self::Epoch { decimals: 6 },
                19 => Self::Epoch { decimals: 9 },
                _ => return None,
            },
        };
        style.parse(text).map(|_| style)
    }

    /// How many nanoseconds the last digit stands for.
    pub(super) fn unit(self) -> u64 {
        let (Self::Calendar { fraction: decimals, .. } | Self::Epoch { decimals }) = self;
        NANOS / 10_u64.pow(u32::from(decimals.min(9)))
    }

    /// The time in units since the Unix epoch, if [`Self::write`] gives the same text for it.
    pub(super) fn parse(self, text: &str) -> Option<u64> {
        let units = match self {
            Self::Epoch { .. } => {
                let digits = text.bytes().all(|byte| byte.is_ascii_digit());
                if digits { text.parse().ok()? } else { return None }
            }
            Self::Calendar { fraction, .. } => calendar(text, fraction)?,
        };
        // Whatever was not looked at above (separators, the day of a month) shows here.
        let mut again = String::with_capacity(text.len());
        self.write(units, &mut again);
        (again == text).then_some(units)
    }

    /// Writes a time.
    pub(super) fn write(self, units: u64, out: &mut String) {
        let Self::Calendar { between, point, fraction, zulu } = self else {
            return padded(units, 1, out);
        };
        let a_second = NANOS / self.unit();
        let (seconds, rest) = (units / a_second, units % a_second);
        let (days, second) = (seconds / 86_400, seconds % 86_400);
        let date = i32::try_from(days).ok().and_then(NaiveDate::from_epoch_days);
        let date = date.unwrap_or_default();
        let year = u64::try_from(date.year()).unwrap_or_default();
        padded(year, 4, out);
        for (letter, number) in [
            ('-', u64::from(date.month())),
            ('-', u64::from(date.day())),
            (char::from(between), second / 3_600),
            (':', second / 60 % 60),
            (':', second % 60),
        ] {
            out.push(letter);
            padded(number, 2, out);
        }
        if fraction > 0 {
            out.push(char::from(point));
            padded(rest, usize::from(fraction), out);
        }
        if zulu {
            out.push('Z');
        }
    }
}

fn calendar(text: &str, fraction: u8) -> Option<u64> {
    let number = |range: std::ops::Range<usize>| -> Option<i64> {
        let digits = text.get(range)?;
        if digits.bytes().all(|byte| byte.is_ascii_digit()) { digits.parse().ok() } else { None }
    };
    let (year, month, day) = (number(0..4)?, number(5..7)?, number(8..10)?);
    let (hour, minute, second) = (number(11..13)?, number(14..16)?, number(17..19)?);
    let sound = YEARS.contains(&year) && hour < 24 && minute < 60 && second < 60;
    if !sound || fraction > 9 {
        return None;
    }
    let date = NaiveDate::from_ymd_opt(
        i32::try_from(year).ok()?,
        u32::try_from(month).ok()?,
        u32::try_from(day).ok()?,
    )?;
    let days = i64::from(date.to_epoch_days());
    let seconds = days * 86_400 + hour * 3_600 + minute * 60 + second;
    let width = usize::from(fraction);
    let rest = if width > 0 { number(20..20 + width)? } else { 0 };
    u64::try_from(seconds * 10_i64.pow(u32::from(fraction)) + rest).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_written_like_a_time_and_is_none_is_refused() {
        let times = [
            "2026-11-21T10:20:30Z",
            "2026-11-21 10:20:30,123",
            "2026-11-21T10:20:30.123456789Z",
            "1795219200",
            "1795219200123",
            "2024-02-29T00:00:00.0",
        ];
        for text in times {
            assert!(Style::of(text).is_some(), "{text}");
        }
        let others = [
            "2026-02-30T10:20:30Z",
            "2026-11-21T10:20:60Z",
            "2026-11-21T10:20:30.Z",
            "0795219200",
            "2026-11-21T10:20",
            "2026-11-21T10:20:30.1234567890Z",
            "2026-1a-21T10:20:30Z",
            "2026-11-21T10:20:30+00:00",
            "1795219200a",
            "",
            "179521920012345678é",
        ];
        for text in others {
            assert!(Style::of(text).is_none(), "{text}");
        }
        let noon = Style::of("2026-11-21T12:00:00.500Z").unwrap();
        assert_eq!(noon.parse("2026-11-21T12:00:00.500Z"), Some(1_795_262_400_500));
    }

    proptest! {
        #[test]
        fn any_time_is_read_as_written(units in 0_u64..7_000_000_000, fraction in 0_u8..10, zulu: bool) {
            let style = Style::Calendar { between: b'T', point: b'.', fraction, zulu };
            let mut text = String::new();
            style.write(units, &mut text);
            prop_assert_eq!(style.parse(&text), Some(units), "{}", text);
            prop_assert_eq!(Style::of(&text).map(Style::unit), Some(style.unit()));
        }
    }
}
