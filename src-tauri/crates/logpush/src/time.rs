//! Times of lines: texts of nanoseconds, as Loki has them, and RFC 3339 as its first API had them.

use chrono::DateTime;

/// Nanoseconds since 1970; none where it is neither form.
pub(crate) fn parse(text: &str) -> Option<i64> {
    text.trim()
        .parse()
        .ok()
        .or_else(|| DateTime::parse_from_rfc3339(text).ok()?.timestamp_nanos_opt())
}

/// Nanoseconds of a protobuf `Timestamp`; none where they do not fit or are not given.
pub(crate) fn of_parts(seconds: i64, nanos: i64) -> Option<i64> {
    let time = seconds.checked_mul(1_000_000_000)?.checked_add(nanos)?;
    (time != 0).then_some(time)
}
