//! Functions that read a calendar, in UTC.

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, Timelike, Utc};

use super::Result;
use super::call::argument;
use super::column::{Column, Grid, Series};
use super::evaluate::{Evaluator, unlabelled};
use super::instant::map_floats;
use super::length::seconds;
use crate::tree::Call;

/// Whether a function reads a calendar.
pub(crate) fn is_calendar(name: &str) -> bool {
    reading(name).is_some()
}

fn reading(name: &str) -> Option<fn(DateTime<Utc>) -> u32> {
    Some(match name {
        "minute" => |time| time.minute(),
        "hour" => |time| time.hour(),
        "day_of_month" => |time| time.day(),
        "day_of_week" => |time| time.weekday().num_days_from_sunday(),
        "day_of_year" => |time| time.ordinal(),
        "days_in_month" => |time| days_in_month(time.date_naive()),
        "month" => |time| time.month(),
        "year" => |time| time.year().unsigned_abs(),
        _ => return None,
    })
}

fn days_in_month(date: NaiveDate) -> u32 {
    let last = date
        .with_day(1)
        .and_then(|first| first.checked_add_months(Months::new(1)))
        .and_then(|next| next.checked_sub_days(Days::new(1)));
    last.map_or(31, |last| last.day())
}

/// What the calendar says at so many seconds since the epoch; NaN beyond its pages.
fn read(seconds: f64, reading: fn(DateTime<Utc>) -> u32) -> f64 {
    #[expect(clippy::cast_possible_truncation, reason = "saturates, and chrono knows no such time")]
    let time = DateTime::from_timestamp(seconds as i64, 0);
    time.map_or(f64::NAN, |time| f64::from(reading(time)))
}

/// Evaluates a call: of a vector's floats, or of the instants of evaluation.
pub(crate) fn evaluate(
    evaluator: &mut Evaluator<'_>,
    call: &Call,
    grid: Grid,
) -> Result<Vec<Series>> {
    let Some(reading) = reading(call.function.name) else { return Ok(Vec::new()) };
    if call.arguments.is_empty() {
        let column = Column::of(grid.times().map(|time| read(seconds(time), reading)).collect());
        return Ok(vec![unlabelled(column)]);
    }
    let mut series = evaluator.vector(argument(call, 0)?, grid)?;
    for one in &mut series {
        one.column.histograms.clear();
        map_floats(&mut one.column, |value| read(value, reading));
        evaluator.rename(one);
    }
    series.retain(|one| !one.column.is_empty());
    evaluator.unique(series)
}
