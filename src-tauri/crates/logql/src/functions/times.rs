//! Times: read, shown in a zone, and told in seconds, milliseconds and nanoseconds.

use watchglass_template::layout::{parse, zone};
use watchglass_template::{Call, Time, Value};

use super::arguments::{Given, expect, text};

pub(super) const ALL: &[(&str, Call)] = &[
    ("date", date),
    ("toDate", |own| read(own, "UTC")),
    ("toDateInZone", in_zone),
    ("unixEpoch", |own| epoch(own, 1_000_000_000)),
    ("unixEpochMillis", |own| epoch(own, 1_000_000)),
    ("unixEpochNanos", |own| epoch(own, 1)),
    ("unixToTime", unix_to_time),
];

fn time<'v>(arguments: &'v [Value<'_>], place: usize) -> Result<&'v Time, String> {
    match arguments.get(place) {
        Some(Value::Time(time)) => Ok(time),
        Some(other) => {
            Err(format!("wrong type for value; expected time.Time; got {}", other.type_name()))
        }
        None => Err("wrong number of args: expected another time.Time".to_owned()),
    }
}

/// `date "2006-01-02" time`
fn date<'a>(arguments: &[Value<'a>]) -> Given<'a> {
    expect(arguments, 2)?;
    Ok(Value::text(time(arguments, 1)?.format(text(arguments, 0)?)))
}

/// What cannot be read is Go's zero time, as with sprig.
fn reading<'a>(layout: &str, text: &str, name: &str) -> Given<'a> {
    let zone = zone(name).ok_or_else(|| format!("unknown time zone {name}"))?;
    let zero = || parse("2006", "0001", &zone).unwrap_or_else(|_| Time::utc(0));
    Ok(Value::Time(Box::new(parse(layout, text, &zone).unwrap_or_else(|_| zero()))))
}

fn read<'a>(arguments: &[Value<'a>], zone: &str) -> Given<'a> {
    expect(arguments, 2)?;
    reading(text(arguments, 0)?, text(arguments, 1)?, zone)
}

/// `toDateInZone layout zone text`
fn in_zone<'a>(arguments: &[Value<'a>]) -> Given<'a> {
    expect(arguments, 3)?;
    reading(text(arguments, 0)?, text(arguments, 2)?, text(arguments, 1)?)
}

fn epoch<'a>(arguments: &[Value<'a>], unit: i64) -> Given<'a> {
    expect(arguments, 1)?;
    Ok(Value::text(time(arguments, 0)?.nanos().div_euclid(unit).to_string()))
}

/// A number of days, seconds, milliseconds, microseconds or nanoseconds, as the number of digits tells.
fn unix_to_time<'a>(arguments: &[Value<'a>]) -> Given<'a> {
    expect(arguments, 1)?;
    let own = text(arguments, 0)?;
    let number: i64 =
        own.parse().map_err(|_| format!("unable to parse time '{own}': it is no number"))?;
    let unit: i64 = match own.len() {
        5 => 86_400_000_000_000,
        10 => 1_000_000_000,
        13 => 1_000_000,
        16 => 1_000,
        19 => 1,
        _ => {
            return Err(format!(
                "unable to parse time '{own}': it has neither 5, 10, 13, 16 nor 19 digits"
            ));
        }
    };
    let nanos = number.checked_mul(unit).ok_or_else(|| format!("time '{own}' is too late"))?;
    Ok(Value::Time(Box::new(Time::utc(nanos))))
}
