//! Times written and read by Go's layouts: `2006-01-02T15:04:05.000Z07:00`.

mod read;

use std::fmt::Write;

use jiff::Zoned;
use jiff::tz::TimeZone;

pub use read::parse;

/// An instant in a time zone.
#[derive(Debug, Clone, PartialEq)]
pub struct Time(pub Zoned);

impl Time {
    /// Nanoseconds since the Unix epoch, in UTC. Times that no calendar here tells are the nearest that it does.
    pub fn utc(nanos: i64) -> Self {
        let timestamp = jiff::Timestamp::from_nanosecond(i128::from(nanos)).unwrap_or_default();
        Self(timestamp.to_zoned(TimeZone::UTC))
    }

    /// Nanoseconds since the Unix epoch; the nearest that 64 bits hold.
    pub fn nanos(&self) -> i64 {
        let nanos = self.0.timestamp().as_nanosecond();
        i64::try_from(nanos).unwrap_or(if nanos < 0 { i64::MIN } else { i64::MAX })
    }

    /// The same instant in a zone of the IANA database, `UTC` or `Local`; none where there is no such zone.
    pub fn in_zone(&self, name: &str) -> Option<Self> {
        Some(Self(self.0.with_time_zone(zone(name)?)))
    }

    /// By a layout.
    pub fn format(&self, layout: &str) -> String {
        let mut out = String::new();
        for piece in pieces(layout) {
            write_piece(&mut out, &self.0, piece);
        }
        out
    }

    /// As `{{ . }}` shows it: Go's `time.Time.String`.
    pub fn text(&self) -> String {
        self.format("2006-01-02 15:04:05.999999999 -0700 MST")
    }
}

/// A zone by its name; the empty name and `Local` are UTC, for an answer must not depend on where it is worked out.
pub fn zone(name: &str) -> Option<TimeZone> {
    match name {
        "" | "UTC" | "Local" => Some(TimeZone::UTC),
        _ => TimeZone::get(name).ok(),
    }
}

/// A part of a layout.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Piece<'a> {
    /// Stands for itself.
    Text(&'a str),
    /// One of [`NAMES`].
    Named(&'a str),
    /// `.000`: a separator and so many digits.
    Fraction(char, usize),
    /// `.999`: the same without zeros at the end.
    Trimmed(char, usize),
}

/// What stands for a part of the time; longer ones before those with which they begin.
const NAMES: [&str; 33] = [
    "January",
    "Jan",
    "Monday",
    "Mon",
    "MST",
    "2006",
    "01",
    "02",
    "03",
    "04",
    "05",
    "06",
    "002",
    "15",
    "PM",
    "pm",
    "-07:00:00",
    "-07:00",
    "-070000",
    "-0700",
    "-07",
    "Z07:00:00",
    "Z07:00",
    "Z070000",
    "Z0700",
    "Z07",
    "__2",
    "_2",
    "1",
    "2",
    "3",
    "4",
    "5",
];

/// The parts of a layout.
pub(crate) fn pieces(layout: &str) -> Vec<Piece<'_>> {
    let mut found = Vec::new();
    let mut start = 0;
    let mut place = 0;
    while place < layout.len() {
        let rest = layout.get(place..).unwrap_or("");
        let Some((piece, length)) = piece(rest) else {
            place += rest.chars().next().map_or(1, char::len_utf8);
            continue;
        };
        if start < place {
            found.push(Piece::Text(layout.get(start..place).unwrap_or("")));
        }
        found.push(piece);
        place += length;
        start = place;
    }
    if start < layout.len() {
        found.push(Piece::Text(layout.get(start..).unwrap_or("")));
    }
    found
}

fn piece(rest: &str) -> Option<(Piece<'_>, usize)> {
    if rest.starts_with(['.', ',']) {
        return fraction(rest);
    }
    // `Jan` is a month, `Janet` a name; `_2006` is an underscore and a year.
    if rest.starts_with("_2006") {
        return None;
    }
    let name = NAMES.iter().find(|name| rest.starts_with(**name))?;
    let behind = rest.as_bytes().get(name.len());
    if matches!(*name, "Jan" | "Mon") && behind.is_some_and(u8::is_ascii_lowercase) {
        return None;
    }
    Some((Piece::Named(rest.get(..name.len())?), name.len()))
}

/// `.000` or `.999` behind a digit's place, with no digit behind.
fn fraction(rest: &str) -> Option<(Piece<'_>, usize)> {
    let separator = rest.chars().next()?;
    let digits = rest.get(1..)?;
    let kind = digits.chars().next().filter(|digit| matches!(digit, '0' | '9'))?;
    let count = digits.chars().take_while(|digit| *digit == kind).count();
    let behind = digits.as_bytes().get(count);
    if behind.is_some_and(u8::is_ascii_digit) {
        return None;
    }
    let piece = if kind == '0' {
        Piece::Fraction(separator, count)
    } else {
        Piece::Trimmed(separator, count)
    };
    Some((piece, count + 1))
}

pub(crate) const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

pub(crate) const DAYS: [&str; 7] =
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// The name at a place that counts from 1.
fn named<const N: usize>(names: [&'static str; N], place: i8) -> &'static str {
    usize::try_from(place - 1).ok().and_then(|place| names.get(place).copied()).unwrap_or("")
}

fn write_piece(out: &mut String, time: &Zoned, piece: Piece<'_>) {
    let nanos = time.subsec_nanosecond();
    let _ = match piece {
        Piece::Text(text) => write!(out, "{text}"),
        Piece::Named(name) => {
            write_named(out, time, name);
            Ok(())
        }
        Piece::Fraction(separator, count) => {
            let digits = format!("{nanos:09}");
            write!(out, "{separator}{}", digits.get(..count.min(9)).unwrap_or(""))
        }
        Piece::Trimmed(separator, count) => {
            let digits = format!("{nanos:09}");
            let digits = digits.get(..count.min(9)).unwrap_or("").trim_end_matches('0');
            if digits.is_empty() { Ok(()) } else { write!(out, "{separator}{digits}") }
        }
    };
}

fn write_named(out: &mut String, time: &Zoned, name: &str) {
    let hour = time.hour();
    let twelve = if hour % 12 == 0 { 12 } else { hour % 12 };
    let month = named(MONTHS, time.month());
    let day = named(DAYS, time.weekday().to_monday_one_offset());
    let _ = match name {
        "January" => write!(out, "{month}"),
        "Jan" => write!(out, "{}", month.get(..3).unwrap_or("")),
        "Monday" => write!(out, "{day}"),
        "Mon" => write!(out, "{}", day.get(..3).unwrap_or("")),
        "MST" => write!(out, "{}", time.strftime("%Z")),
        "2006" => write!(out, "{:04}", time.year()),
        "06" => write!(out, "{:02}", time.year().rem_euclid(100)),
        "01" => write!(out, "{:02}", time.month()),
        "1" => write!(out, "{}", time.month()),
        "02" => write!(out, "{:02}", time.day()),
        "_2" => write!(out, "{:>2}", time.day()),
        "2" => write!(out, "{}", time.day()),
        "002" => write!(out, "{:03}", time.day_of_year()),
        "__2" => write!(out, "{:>3}", time.day_of_year()),
        "15" => write!(out, "{hour:02}"),
        "03" => write!(out, "{twelve:02}"),
        "3" => write!(out, "{twelve}"),
        "04" => write!(out, "{:02}", time.minute()),
        "4" => write!(out, "{}", time.minute()),
        "05" => write!(out, "{:02}", time.second()),
        "5" => write!(out, "{}", time.second()),
        "PM" => write!(out, "{}", if hour < 12 { "AM" } else { "PM" }),
        "pm" => write!(out, "{}", if hour < 12 { "am" } else { "pm" }),
        zone => {
            write_offset(out, time.offset().seconds(), zone);
            Ok(())
        }
    };
}

fn write_offset(out: &mut String, seconds: i32, name: &str) {
    if name.starts_with('Z') && seconds == 0 {
        out.push('Z');
        return;
    }
    out.push(if seconds < 0 { '-' } else { '+' });
    let size = seconds.unsigned_abs();
    let (hours, minutes, rest) = (size / 3600, size / 60 % 60, size % 60);
    let _ = match name.get(1..).unwrap_or("") {
        "07" => write!(out, "{hours:02}"),
        "07:00" => write!(out, "{hours:02}:{minutes:02}"),
        "0700" => write!(out, "{hours:02}{minutes:02}"),
        "07:00:00" => write!(out, "{hours:02}:{minutes:02}:{rest:02}"),
        _ => write!(out, "{hours:02}{minutes:02}{rest:02}"),
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2024-02-03 04:05:06.789 UTC, a Saturday.
    const INSTANT: i64 = 1_706_933_106_789_000_000;

    #[test]
    fn layouts_write_what_go_writes() {
        let time = Time::utc(INSTANT);
        for (layout, text) in [
            ("2006-01-02T15:04:05Z07:00", "2024-02-03T04:05:06Z"),
            ("2006-01-02T15:04:05.999999999Z07:00", "2024-02-03T04:05:06.789Z"),
            ("Mon, 02 Jan 2006 15:04:05 MST", "Sat, 03 Feb 2024 04:05:06 UTC"),
            ("Monday January _2 3:04PM", "Saturday February  3 4:05AM"),
            ("06/1/2 03:4:5 pm", "24/2/3 04:5:6 am"),
            ("002 __2", "034  34"),
            ("15:04:05.000000", "04:05:06.789000"),
            ("15:04:05,00", "04:05:06,78"),
            ("-0700 -07:00 -07 Z0700", "+0000 +00:00 +00 Z"),
            ("Janet 2006", "Janet 2024"),
        ] {
            assert_eq!(time.format(layout), text, "{layout}");
        }
        assert_eq!(time.text(), "2024-02-03 04:05:06.789 +0000 UTC");
    }

    #[test]
    fn zones_are_those_of_the_database() {
        let tokyo = Time::utc(INSTANT).in_zone("Asia/Tokyo").unwrap();
        assert_eq!(tokyo.format("2006-01-02 15:04:05 -0700 MST"), "2024-02-03 13:05:06 +0900 JST");
        assert_eq!(tokyo.nanos(), INSTANT);
        assert!(Time::utc(0).in_zone("Nowhere/Town").is_none());
    }

    #[test]
    fn what_a_layout_wrote_it_reads() {
        for layout in [
            "2006-01-02T15:04:05.999999999Z07:00",
            "Mon, 02 Jan 2006 15:04:05.000 -0700",
            "02/January/2006 03:04:05.000 PM",
            "2006 002 15:04:05.000",
        ] {
            let text = Time::utc(INSTANT).format(layout);
            let read = parse(layout, &text, &TimeZone::UTC).unwrap();
            assert_eq!(read.nanos(), INSTANT, "{layout}");
        }
    }

    #[test]
    fn a_time_without_an_offset_is_one_of_its_zone() {
        let zone = zone("America/New_York").unwrap();
        let read = parse("2006-01-02 15:04", "2024-07-01 12:00", &zone).unwrap();
        assert_eq!(read.format("2006-01-02T15:04Z07:00"), "2024-07-01T12:00-04:00");
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        for (layout, text) in [
            ("2006-01-02", "2024-13-01"),
            ("2006-01-02", "2024-02-30"),
            ("2006-01-02", "2024-02-03x"),
            ("15:04", "24:00"),
            ("Jan", "Foo"),
            ("2006", ""),
        ] {
            assert!(parse(layout, text, &TimeZone::UTC).is_err(), "{layout} {text}");
        }
    }
}
