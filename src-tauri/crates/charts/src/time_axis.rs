//! The axis of time: marks on round times of a wall clock, from microseconds to centuries.

use chrono::{DateTime, Datelike, Days, DurationRound, FixedOffset, Months, NaiveTime, TimeDelta};
use watchglass_model::{TimeRange, Timestamp};

use crate::numbers::{count, float, whole};

/// Between two marks.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Step {
    /// A part of a day, or days.
    Clock(TimeDelta),
    /// From Monday to Monday.
    Week,
    /// Months of which a year has a whole number, or whole years.
    Months(u32),
}

/// Round parts of a second, a minute, an hour and a day.
const CLOCK: [(i64, &[i64]); 6] = [
    (1_000, &[1, 2, 5, 10, 20, 50, 100, 200, 500]),
    (1_000_000, &[1, 2, 5, 10, 20, 50, 100, 200, 500]),
    (1_000_000_000, &[1, 2, 5, 10, 15, 30]),
    (60_000_000_000, &[1, 2, 5, 10, 15, 30]),
    (3_600_000_000_000, &[1, 2, 3, 6, 12]),
    (86_400_000_000_000, &[1, 2]),
];

const MONTHS: [u32; 9] = [1, 3, 6, 12, 24, 60, 120, 240, 600];

/// Marks with what is written at them, and at most about so many.
pub(crate) fn ticks(
    range: TimeRange,
    offset: FixedOffset,
    wanted: usize,
) -> Vec<(Timestamp, String)> {
    let step = Step::for_length(float(range.length()) / count(wanted.max(1)));
    let (start, end) = (local(range.start, offset), local(range.end, offset));
    let all = std::iter::successors(step.before(start), |at| step.after(*at));
    let inside = all.skip_while(|at| *at < start).take_while(|at| *at <= end);
    // One more than wanted where both ends are marks; steps are never shorter than asked for.
    inside.take(wanted + 2).filter_map(|at| Some((instant(at)?, step.label(at)))).collect()
}

/// The range in words: `21 Nov 2026, 13:03:07 – 14:03:07 UTC+01:00`.
pub(crate) fn words(range: TimeRange, offset: FixedOffset) -> String {
    let (start, end) = (local(range.start, offset), local(range.end, offset));
    let zone =
        if offset.local_minus_utc() == 0 { "UTC".to_owned() } else { format!("UTC{offset}") };
    let last =
        if start.date_naive() == end.date_naive() { "%H:%M:%S" } else { "%-d %b %Y, %H:%M:%S" };
    format!("{} – {} {zone}", start.format("%-d %b %Y, %H:%M:%S"), end.format(last))
}

/// The wall clock at an instant; after the year 2262 it stands still.
fn local(time: Timestamp, offset: FixedOffset) -> DateTime<FixedOffset> {
    let nanoseconds = i64::try_from(time.0).unwrap_or(i64::MAX);
    DateTime::from_timestamp_nanos(nanoseconds).with_timezone(&offset)
}

fn instant(at: DateTime<FixedOffset>) -> Option<Timestamp> {
    u64::try_from(at.timestamp_nanos_opt()?).ok().map(Timestamp)
}

impl Step {
    /// The shortest step that is not shorter than so many nanoseconds.
    fn for_length(nanoseconds: f64) -> Self {
        let clock = CLOCK.iter().flat_map(|(unit, all)| all.iter().map(move |one| unit * one));
        let clock = clock.map(TimeDelta::nanoseconds).map(Self::Clock);
        let months = MONTHS.into_iter().map(Self::Months);
        let mut all = clock.chain([Self::Week]).chain(months);
        all.find(|step| step.least_nanoseconds() >= nanoseconds).unwrap_or(Self::Months(1_200))
    }

    fn least_nanoseconds(self) -> f64 {
        let days = |days: i32| f64::from(days) * 86_400e9;
        match self {
            Self::Clock(delta) => {
                delta.num_nanoseconds().map_or(days(1), |all| float(all.unsigned_abs()))
            }
            Self::Week => days(7),
            Self::Months(months) => f64::from(months) * days(28),
        }
    }

    /// The last mark that is not after an instant.
    fn before(self, at: DateTime<FixedOffset>) -> Option<DateTime<FixedOffset>> {
        let midnight = || at.with_time(NaiveTime::MIN).single();
        match self {
            Self::Clock(delta) => at.duration_trunc(delta).ok(),
            Self::Week => {
                midnight()?.checked_sub_days(Days::new(at.weekday().num_days_from_monday().into()))
            }
            Self::Months(months) => {
                let first = midnight()?.with_day(1)?;
                let since_zero = u32::try_from(at.year()).ok()? * 12 + at.month0();
                first.checked_sub_months(Months::new(since_zero % months))
            }
        }
    }

    fn after(self, at: DateTime<FixedOffset>) -> Option<DateTime<FixedOffset>> {
        match self {
            Self::Clock(delta) => at.checked_add_signed(delta),
            Self::Week => at.checked_add_days(Days::new(7)),
            Self::Months(months) => at.checked_add_months(Months::new(months)),
        }
    }

    /// As much of a time as tells marks apart; a day's beginning is written as its date.
    fn label(self, at: DateTime<FixedOffset>) -> String {
        let form = match self {
            Self::Clock(delta) if delta < TimeDelta::milliseconds(1) => "%H:%M:%S%.6f",
            Self::Clock(delta) if delta < TimeDelta::seconds(1) => "%H:%M:%S%.3f",
            Self::Clock(_) | Self::Week if at.time() == NaiveTime::MIN => "%-d %b",
            Self::Clock(delta) if delta < TimeDelta::minutes(1) => "%H:%M:%S",
            Self::Clock(_) | Self::Week => "%H:%M",
            Self::Months(months) if months >= 12 || at.month0() == 0 => "%Y",
            Self::Months(_) => "%b",
        };
        at.format(form).to_string()
    }
}

/// How many marks have room side by side.
pub(crate) fn wanted(width: f64) -> usize {
    usize::try_from(whole(width / 110.0)).unwrap_or_default().max(2)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: u64 = 1_000_000_000;
    const DAY: u64 = 86_400 * SECOND;
    /// 2023-11-14 22:13:20 UTC, a Tuesday.
    const START: u64 = 1_700_000_000 * SECOND;

    fn labels(length: u64, hours: i32) -> Vec<String> {
        let range = TimeRange { start: Timestamp(START), end: Timestamp(START + length) };
        let offset = FixedOffset::east_opt(hours * 3600).unwrap();
        ticks(range, offset, 5).into_iter().map(|(_, label)| label).collect()
    }

    #[test]
    fn marks_stand_on_round_times_of_the_wall_clock() {
        for (length, hours, expected) in [
            (
                5 * SECOND,
                0,
                &["22:13:20", "22:13:21", "22:13:22", "22:13:23", "22:13:24", "22:13:25"][..],
            ),
            (3_600 * SECOND, 0, &["22:15", "22:30", "22:45", "23:00"]),
            (3_600 * SECOND, 1, &["23:15", "23:30", "23:45", "15 Nov"]),
            (DAY, 1, &["15 Nov", "06:00", "12:00", "18:00"]),
            (5 * DAY, 0, &["15 Nov", "16 Nov", "17 Nov", "18 Nov", "19 Nov"]),
            (30 * DAY, 0, &["20 Nov", "27 Nov", "4 Dec", "11 Dec"]),
            (120 * DAY, 0, &["Dec", "2024", "Feb", "Mar"]),
            (4 * 365 * DAY, 0, &["2024", "2025", "2026", "2027"]),
            (
                500_000,
                0,
                &[
                    "22:13:20.000000",
                    "22:13:20.000100",
                    "22:13:20.000200",
                    "22:13:20.000300",
                    "22:13:20.000400",
                    "22:13:20.000500",
                ],
            ),
        ] {
            assert_eq!(labels(length, hours), expected, "{length} {hours}");
        }
    }

    #[test]
    fn a_range_is_written_by_the_wall_clock() {
        let range = |length| TimeRange { start: Timestamp(START), end: Timestamp(START + length) };
        let offset = FixedOffset::east_opt(3_600).unwrap();
        assert_eq!(words(range(60 * SECOND), offset), "14 Nov 2023, 23:13:20 – 23:14:20 UTC+01:00");
        let utc = FixedOffset::east_opt(0).unwrap();
        let over_midnight = words(range(2 * 3_600 * SECOND), utc);
        assert_eq!(over_midnight, "14 Nov 2023, 22:13:20 – 15 Nov 2023, 00:13:20 UTC");
    }
}
