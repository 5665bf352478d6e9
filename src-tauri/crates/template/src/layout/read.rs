//! Reading a time by a layout (Go's `time.ParseInLocation`).

use jiff::civil::{Date, DateTime};
use jiff::tz::{Offset, TimeZone};

use super::{DAYS, MONTHS, Piece, Time, pieces};
use crate::text::quoted;

/// What has been read so far. Go begins at the first of January of the year 0.
#[derive(Default)]
struct Fields {
    year: Option<i16>,
    month: Option<i8>,
    day: Option<i8>,
    day_of_year: Option<i16>,
    hour: i8,
    minute: i8,
    second: i8,
    nanos: i32,
    afternoon: Option<bool>,
    offset: Option<i32>,
}

/// Reads `text` as `layout` says; a time without an offset is one of `zone`.
pub fn parse(layout: &str, text: &str, zone: &TimeZone) -> Result<Time, String> {
    let fault = |rest: &str| {
        format!(
            "parsing time {} as {}: cannot parse {} as {}",
            quoted(text),
            quoted(layout),
            quoted(rest),
            quoted(layout)
        )
    };
    let mut fields = Fields::default();
    let mut rest = text;
    let pieces = pieces(layout);
    for (place, piece) in pieces.iter().enumerate() {
        let next = pieces.get(place + 1);
        rest = read_piece(&mut fields, *piece, rest, next).ok_or_else(|| fault(rest))?;
    }
    if !rest.is_empty() {
        return Err(format!("parsing time {}: extra text: {}", quoted(text), quoted(rest)));
    }
    fields.time(zone).ok_or_else(|| format!("parsing time {}: day out of range", quoted(text)))
}

fn read_piece<'t>(
    fields: &mut Fields,
    piece: Piece<'_>,
    text: &'t str,
    next: Option<&Piece<'_>>,
) -> Option<&'t str> {
    match piece {
        Piece::Text(own) => text.strip_prefix(own),
        Piece::Fraction(_, count) => {
            let digits = text.strip_prefix(['.', ','])?;
            let (digits, rest) = digits.split_at_checked(count)?;
            fields.nanos = nanos(digits)?;
            Some(rest)
        }
        Piece::Trimmed(..) => Some(optional_fraction(fields, text)),
        Piece::Named(name) => {
            let rest = read_named(fields, name, text)?;
            // Go takes a fraction behind the seconds even where the layout has none.
            let has_own = matches!(next, Some(Piece::Fraction(..) | Piece::Trimmed(..)));
            let seconds = matches!(name, "05" | "5");
            Some(if seconds && !has_own { optional_fraction(fields, rest) } else { rest })
        }
    }
}

fn optional_fraction<'t>(fields: &mut Fields, text: &'t str) -> &'t str {
    let Some(behind) = text.strip_prefix(['.', ',']) else { return text };
    let count = behind.bytes().take_while(u8::is_ascii_digit).count();
    let (digits, rest) = behind.split_at(count);
    match nanos(digits) {
        Some(nanos) => {
            fields.nanos = nanos;
            rest
        }
        None => text,
    }
}

fn nanos(digits: &str) -> Option<i32> {
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    format!("{digits:0<9}").get(..9)?.parse().ok()
}

/// A number of `least` to `most` digits.
fn number(text: &str, least: usize, most: usize) -> Option<(i16, &str)> {
    let count = text.bytes().take(most).take_while(u8::is_ascii_digit).count();
    let (digits, rest) = text.split_at_checked(count)?;
    (count >= least).then(|| digits.parse().ok().map(|value| (value, rest)))?
}

/// A number of two digits within bounds.
fn small(text: &str, least: usize, bounds: std::ops::RangeInclusive<i8>) -> Option<(i8, &str)> {
    let (value, rest) = number(text, least, 2)?;
    let value = i8::try_from(value).ok().filter(|value| bounds.contains(value))?;
    Some((value, rest))
}

/// The place, from 1, of the name at the start of a text; names may be cut to `length` letters.
fn name_at_start<'t>(text: &'t str, names: &[&str], length: usize) -> Option<(i8, &'t str)> {
    names.iter().zip(1_i8..).find_map(|(name, place)| {
        let name = name.get(..length.min(name.len()))?;
        let start = text.get(..name.len())?;
        start
            .eq_ignore_ascii_case(name)
            .then(|| text.get(name.len()..).map(|rest| (place, rest)))?
    })
}

fn read_named<'t>(fields: &mut Fields, name: &str, text: &'t str) -> Option<&'t str> {
    let least = if name.starts_with('0') { 2 } else { 1 };
    let (value, rest) = match name {
        "January" => name_at_start(text, &MONTHS, 9)?,
        "Jan" => name_at_start(text, &MONTHS, 3)?,
        "Monday" => return name_at_start(text, &DAYS, 9).map(|(_, rest)| rest),
        "Mon" => return name_at_start(text, &DAYS, 3).map(|(_, rest)| rest),
        "MST" => return zone_name(fields, text),
        "2006" => {
            let (year, rest) = number(text, 4, 4)?;
            fields.year = Some(year);
            return Some(rest);
        }
        "06" => {
            let (year, rest) = number(text, 2, 2)?;
            fields.year = Some(if year >= 69 { 1900 + year } else { 2000 + year });
            return Some(rest);
        }
        "002" | "__2" => {
            let (day, rest) = number(text.trim_start_matches(' '), 1, 3)?;
            fields.day_of_year = Some(day);
            return Some(rest);
        }
        "PM" | "pm" => {
            let (half, rest) = text.split_at_checked(2)?;
            let upper = if name == "PM" { half.to_owned() } else { half.to_ascii_uppercase() };
            fields.afternoon = Some(match upper.as_str() {
                "AM" => false,
                "PM" => true,
                _ => return None,
            });
            return Some(rest);
        }
        "02" | "2" => small(text, least, 1..=31)?,
        "_2" => small(text.strip_prefix(' ').unwrap_or(text), 1, 1..=31)?,
        "15" => small(text, 1, 0..=23)?,
        "01" | "1" | "03" | "3" => small(text, least, 1..=12)?,
        "04" | "4" | "05" | "5" => small(text, least, 0..=59)?,
        offset => return read_offset(fields, offset, text),
    };
    match name {
        "January" | "Jan" | "01" | "1" => fields.month = Some(value),
        "02" | "2" | "_2" => fields.day = Some(value),
        "15" | "03" | "3" => fields.hour = value,
        "04" | "4" => fields.minute = value,
        _ => fields.second = value,
    }
    Some(rest)
}

/// `UTC`, or a name of three to five letters, which says nothing that can be relied on.
fn zone_name<'t>(fields: &mut Fields, text: &'t str) -> Option<&'t str> {
    let count = text.bytes().take(5).take_while(u8::is_ascii_uppercase).count();
    let (name, rest) = text.split_at_checked(count).filter(|_| count >= 3)?;
    if matches!(name, "UTC" | "GMT") {
        fields.offset = Some(0);
    }
    Some(rest)
}

fn read_offset<'t>(fields: &mut Fields, name: &str, text: &'t str) -> Option<&'t str> {
    if name.starts_with('Z') && text.starts_with('Z') {
        fields.offset = Some(0);
        return text.get(1..);
    }
    let sign = match text.chars().next()? {
        '+' => 1,
        '-' => -1,
        _ => return None,
    };
    let mut rest = text.get(1..)?;
    let mut seconds = 0;
    for (place, scale) in [(0, 3600), (1, 60), (2, 1)] {
        let digits = name.bytes().filter(u8::is_ascii_digit).count();
        if place * 2 >= digits {
            break;
        }
        if place > 0 && name.contains(':') {
            rest = rest.strip_prefix(':')?;
        }
        let (value, behind) = number(rest, 2, 2)?;
        seconds += i32::from(value) * scale;
        rest = behind;
    }
    fields.offset = Some(sign * seconds);
    Some(rest)
}

impl Fields {
    fn time(&self, zone: &TimeZone) -> Option<Time> {
        let hour = match self.afternoon {
            Some(true) if self.hour < 12 => self.hour + 12,
            Some(false) if self.hour == 12 => 0,
            _ => self.hour,
        };
        let year = self.year.unwrap_or(0);
        let date = match self.day_of_year {
            Some(day) => Date::new(year, 1, 1).ok()?.with().day_of_year(day).build().ok()?,
            None => Date::new(year, self.month.unwrap_or(1), self.day.unwrap_or(1)).ok()?,
        };
        let time = date.at(hour, self.minute, self.second, self.nanos);
        let zoned = match self.offset {
            Some(seconds) => fixed(time, seconds, zone)?,
            None => time.to_zoned(zone.clone()).ok()?,
        };
        Some(Time(zoned))
    }
}

/// A time with an offset; shown in `zone` where that has the same offset then.
fn fixed(time: DateTime, seconds: i32, zone: &TimeZone) -> Option<jiff::Zoned> {
    let offset = Offset::from_seconds(seconds).ok()?;
    let timestamp = offset.to_timestamp(time).ok()?;
    let zone = if seconds == 0 {
        TimeZone::UTC
    } else if zone.to_offset(timestamp) == offset {
        zone.clone()
    } else {
        TimeZone::fixed(offset)
    };
    Some(timestamp.to_zoned(zone))
}
