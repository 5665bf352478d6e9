//! Parameters as Loki reads them: times in seconds or nanoseconds, steps, limits, directions.

use axum::extract::{FromRequest, Request};
use chrono::DateTime;
use watchglass_logql::Direction;
use watchglass_logql::syntax::parse_selector;
use watchglass_promql::syntax::parse_duration;
use watchglass_storage::{Matcher, Nanos, NanosRange};

use super::fault::{Answer, Fault};
use crate::prometheus;

const SECOND: Nanos = 1_000_000_000;
const HOUR: Nanos = 3_600 * SECOND;

/// Names and values, of the address and of a form.
#[derive(Debug)]
pub(super) struct Parameters(prometheus::Parameters);

impl<S: Send + Sync> FromRequest<S> for Parameters {
    type Rejection = Fault;

    async fn from_request(request: Request, state: &S) -> Answer<Self> {
        let read = prometheus::Parameters::from_request(request, state).await;
        read.map(Self).map_err(|fault| Fault::bad(fault.into_message()))
    }
}

impl Parameters {
    /// The first value of a name; empty where there is none.
    pub(super) fn get(&self, name: &str) -> &str {
        self.0.get(name)
    }

    /// All values of a name.
    pub(super) fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0.all(name)
    }

    /// The query, with the line filter of the first API's `regexp` behind it.
    pub(super) fn query(&self) -> String {
        let query = self.get("query");
        match self.get("regexp") {
            "" => query.to_owned(),
            expression => format!("{query} |~ {expression:?}"),
        }
    }

    /// A time, or another where none is given.
    pub(super) fn time_or(&self, name: &str, default: Nanos) -> Answer<Nanos> {
        let text = self.get(name);
        if text.is_empty() {
            return Ok(default);
        }
        parse_time(text).ok_or_else(|| {
            Fault::bad(format!(
                "could not parse '{name}' parameter: cannot parse \"{text}\" to a valid timestamp"
            ))
        })
    }

    /// From `start` to `end`; the last hour where they are not given, or as much as `since` says.
    pub(super) fn range(&self, now: Nanos) -> Answer<NanosRange> {
        self.range_of(now, HOUR)
    }

    /// The same with another length where nothing is given.
    pub(super) fn range_of(&self, now: Nanos, length: Nanos) -> Answer<NanosRange> {
        let end = self.time_or("end", now)?;
        let since = match self.get("since") {
            "" => length,
            text => parse_length(text).ok_or_else(|| {
                Fault::bad(format!("could not parse 'since' parameter: \"{text}\" is no duration"))
            })?,
        };
        let start = self.time_or("start", end.min(now).saturating_sub(since))?;
        if end < start {
            return Err(Fault::bad("end timestamp must not be before or equal to start time"));
        }
        Ok(NanosRange { start, end })
    }

    /// The step; a 250th of the range, a second at least, where none is given.
    pub(super) fn step(&self, range: NanosRange) -> Answer<Nanos> {
        let step = match self.get("step") {
            "" => (range.end.saturating_sub(range.start) / 250 / SECOND).max(1) * SECOND,
            text => parse_length(text).ok_or_else(|| {
                Fault::bad(format!("cannot parse \"{text}\" to a valid duration"))
            })?,
        };
        if step <= 0 {
            return Err(Fault::bad(
                "zero or negative query resolution step widths are not accepted. Try a positive integer",
            ));
        }
        Ok(step)
    }

    /// A length of time that must not be negative; none where it is not given.
    pub(super) fn length(&self, name: &str) -> Answer<Option<Nanos>> {
        let text = self.get(name);
        if text.is_empty() {
            return Ok(None);
        }
        let length = parse_length(text).filter(|length| *length >= 0);
        length
            .map(Some)
            .ok_or_else(|| Fault::bad(format!("cannot parse \"{text}\" to a valid duration")))
    }

    /// How many of something at most.
    pub(super) fn limit(&self, name: &str, default: usize) -> Answer<usize> {
        let text = self.get(name);
        if text.is_empty() {
            return Ok(default);
        }
        match text.parse::<i64>() {
            Ok(limit) if limit > 0 => Ok(usize::try_from(limit).unwrap_or(usize::MAX)),
            Ok(_) => Err(Fault::bad("limit must be a positive value")),
            Err(_) => Err(Fault::bad(format!("strconv.Atoi: parsing \"{text}\": invalid syntax"))),
        }
    }

    /// Which lines come first.
    pub(super) fn direction(&self) -> Answer<Direction> {
        let text = self.get("direction");
        if text.is_empty() || text.eq_ignore_ascii_case("backward") {
            return Ok(Direction::Backward);
        }
        if text.eq_ignore_ascii_case("forward") {
            return Ok(Direction::Forward);
        }
        Err(Fault::bad(format!("invalid direction '{text}'")))
    }

    /// The matchers of a selector; none where there is no selector or an empty one.
    pub(super) fn selector(&self, name: &str) -> Answer<Vec<Matcher>> {
        let text = self.get(name).trim();
        if text.is_empty() || text == "{}" { Ok(Vec::new()) } else { Ok(parse_selector(text)?) }
    }

    /// The selectors of `match[]`, as `series` has them.
    pub(super) fn selectors(&self) -> Answer<Vec<Vec<Matcher>>> {
        let given = self.all("match[]").chain(self.all("match"));
        given.filter(|text| !text.is_empty()).map(|text| Ok(parse_selector(text)?)).collect()
    }
}

/// Seconds with a point, nanoseconds or, up to ten digits, seconds without one, or a date as RFC 3339 writes it.
fn parse_time(text: &str) -> Option<Nanos> {
    if text.contains('.')
        && let Ok(seconds) = text.parse::<f64>()
    {
        let millis = (seconds * 1000.0).round();
        #[expect(clippy::cast_possible_truncation, reason = "the range is checked")]
        return (-9.2e12..9.2e12).contains(&millis).then_some(millis as i64 * 1_000_000);
    }
    if let Ok(number) = text.parse::<i64>() {
        let is_seconds = text.trim_start_matches('-').len() <= 10;
        return if is_seconds { number.checked_mul(SECOND) } else { Some(number) };
    }
    DateTime::parse_from_rfc3339(text).ok()?.timestamp_nanos_opt()
}

/// Seconds, or a duration such as `1h30m`.
fn parse_length(text: &str) -> Option<Nanos> {
    if let Ok(seconds) = text.parse::<f64>() {
        let nanos = seconds * 1e9;
        #[expect(clippy::cast_possible_truncation, reason = "the range is checked")]
        return (-9.2e18..9.2e18).contains(&nanos).then_some(nanos as i64);
    }
    parse_duration(text).ok()?.checked_mul(1_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_seconds_nanoseconds_or_dates() {
        let cases = [
            ("1700000000", Some(1_700_000_000_000_000_000)),
            ("1700000000123456789", Some(1_700_000_000_123_456_789)),
            ("1700000000.5", Some(1_700_000_000_500_000_000)),
            ("1970-01-01T00:00:01.000000002Z", Some(1_000_000_002)),
            ("1970-01-01T01:00:00+01:00", Some(0)),
            ("yesterday", None),
            ("1e400.0", None),
        ];
        for (text, time) in cases {
            assert_eq!(parse_time(text), time, "{text}");
        }
        let lengths = [
            ("5", 5 * SECOND),
            ("0.5", SECOND / 2),
            ("1h30m", 5_400 * SECOND),
            ("250ms", SECOND / 4),
        ];
        for (text, length) in lengths {
            assert_eq!(parse_length(text), Some(length), "{text}");
        }
    }
}
