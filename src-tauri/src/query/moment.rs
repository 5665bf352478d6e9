//! Times and steps as people write them in a shell: `now`, `-1h`, `now-90s`, RFC 3339, seconds since 1970.

use chrono::DateTime;
use watchglass_model::{Millis, Timestamp};
use watchglass_promql::syntax::parse_duration;

/// A time on a command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Moment {
    /// Milliseconds since 1970.
    At(Millis),
    /// So many milliseconds before now.
    Ago(Millis),
}

impl Moment {
    /// Now.
    pub(crate) const NOW: Self = Self::Ago(0);

    /// Milliseconds since 1970, where it is `now`.
    pub(crate) fn millis(self, now: Timestamp) -> Millis {
        match self {
            Self::At(millis) => millis,
            Self::Ago(millis) => now_millis(now).saturating_sub(millis),
        }
    }
}

fn now_millis(now: Timestamp) -> Millis {
    Millis::try_from(now.0 / 1_000_000).unwrap_or(Millis::MAX)
}

/// Reads a time.
pub(crate) fn parse_moment(text: &str) -> Result<Moment, String> {
    let wrong = || {
        format!(
            "`{text}` is no time: write now, -1h, seconds since 1970 or a date as in 2026-11-30T14:00:00Z"
        )
    };
    if let Some(millis) = text.parse().ok().and_then(millis_of) {
        return Ok(Moment::At(millis));
    }
    let relative = text.strip_prefix("now").unwrap_or(text);
    if relative.is_empty() && !text.is_empty() {
        return Ok(Moment::NOW);
    }
    if let Some(length) = relative.strip_prefix('-').filter(|length| !length.is_empty()) {
        return parse_duration(length).map(Moment::Ago).map_err(|_| wrong());
    }
    let date = DateTime::parse_from_rfc3339(text).map_err(|_| wrong())?;
    Ok(Moment::At(date.timestamp_millis()))
}

/// Reads a length of time in milliseconds: seconds, or a duration.
pub(crate) fn parse_step(text: &str) -> Result<Millis, String> {
    let read = text.parse().ok().and_then(millis_of).or_else(|| parse_duration(text).ok());
    read.filter(|millis| *millis > 0)
        .ok_or_else(|| format!("`{text}` is no step: write seconds or a duration, as in 15s"))
}

/// Milliseconds of seconds, where they fit.
fn millis_of(seconds: f64) -> Option<Millis> {
    let millis = (seconds * 1000.0).round();
    #[expect(clippy::cast_possible_truncation, reason = "the range is checked")]
    (-9.2e15..9.2e15).contains(&millis).then_some(millis as Millis)
}

/// Milliseconds as the seconds that the APIs read.
pub(crate) fn seconds_text(millis: Millis) -> String {
    let sign = if millis < 0 { "-" } else { "" };
    let size = millis.unsigned_abs();
    format!("{sign}{}.{:03}", size / 1000, size % 1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_in_every_form() {
        let now = Timestamp(1_700_000_000_000_000_000);
        let cases = [
            ("now", 1_700_000_000_000),
            ("-1h", 1_699_996_400_000),
            ("now-1m30s", 1_699_999_910_000),
            ("1700000000.5", 1_700_000_000_500),
            ("-5", -5000),
            ("2023-11-14T22:13:20+00:00", 1_700_000_000_000),
        ];
        for (text, millis) in cases {
            assert_eq!(parse_moment(text).map(|moment| moment.millis(now)), Ok(millis), "{text}");
        }
        for text in ["", "soon", "1h", "now+1h", "nowadays", "-", "2023-11-14", "NaN", "1e300"] {
            assert!(parse_moment(text).is_err(), "{text}");
        }
    }

    #[test]
    fn steps_are_seconds_or_durations() {
        assert_eq!(["15", "0.5", "1m"].map(parse_step), [Ok(15_000), Ok(500), Ok(60_000)]);
        for text in ["", "0", "-1", "0s", "often"] {
            assert!(parse_step(text).is_err(), "{text}");
        }
    }

    #[test]
    fn seconds_keep_their_milliseconds() {
        assert_eq!(seconds_text(1_700_000_000_050), "1700000000.050");
        assert_eq!(seconds_text(-1500), "-1.500");
    }
}
