//! Reading parameters: each is text until it is asked for as what it means, so that a fault can name it.

use std::fmt::Display;
use std::str::FromStr;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;
use watchglass_model::{Severity, SpanId, StatusCode, TimeRange, Timestamp, TraceId};
use watchglass_storage::Condition;
use watchglass_workbench::{parse_condition, parse_duration};

use crate::fault::{Answer, ErrorCode, Fault};

/// The range of a request that names none: the last hour.
const HOUR: u64 = 3_600_000_000_000;

/// The parameters of a query string; those that may repeat are lists.
#[derive(Debug)]
pub(crate) struct Query<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Answer<Self> {
        let text = parts.uri.query().unwrap_or_default();
        let read = serde_html_form::from_str(text);
        read.map(Self).map_err(|reason| Fault::new(ErrorCode::BadRequest, reason.to_string()))
    }
}

/// The parts of a path.
#[derive(Debug, FromRequestParts)]
#[from_request(via(axum::extract::Path), rejection(Fault))]
pub(crate) struct Path<T>(pub(crate) T);

/// A JSON body.
#[derive(Debug, axum::extract::FromRequest)]
#[from_request(via(axum::Json), rejection(Fault))]
pub(crate) struct Body<T>(pub(crate) T);

/// The text of a parameter; none where it is absent or empty.
pub(crate) fn given(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.is_empty())
}

/// Reads a parameter with `read`; the fault names it.
pub(crate) fn read<T, E: Display>(
    field: &str,
    text: Option<String>,
    read: impl FnOnce(&str) -> Result<T, E>,
) -> Answer<Option<T>> {
    given(text)
        .map(|text| read(&text).map_err(|reason| Fault::parameter(field, reason)))
        .transpose()
}

/// The time range between two parameters, the last hour where they are absent.
pub(crate) fn range(
    start: Option<String>,
    end: Option<String>,
    now: Timestamp,
) -> Answer<TimeRange> {
    let end = read("end", end, time)?.unwrap_or(now);
    let hour_before = Timestamp(end.0.saturating_sub(HOUR));
    let start = read("start", start, time)?.unwrap_or(hour_before);
    if start > end {
        return Err(Fault::parameter("start", "it lies after `end`"));
    }
    Ok(TimeRange { start, end })
}

fn time(text: &str) -> Result<Timestamp, &'static str> {
    text.parse()
        .map(Timestamp)
        .map_err(|_| "nanoseconds since 1970 in decimal are wanted, such as 1700000000000000000")
}

/// A count between 1 and `most`.
pub(crate) fn limit(
    field: &str,
    text: Option<String>,
    default: usize,
    most: usize,
) -> Answer<usize> {
    let number = |text: &str| {
        let number = text.parse::<usize>().ok();
        number
            .filter(|number| (1..=most).contains(number))
            .ok_or_else(|| format!("a number from 1 to {most} is wanted"))
    };
    Ok(read(field, text, number)?.unwrap_or(default))
}

/// A duration in nanoseconds.
pub(crate) fn duration(field: &str, text: Option<String>) -> Answer<Option<u64>> {
    read(field, text, parse_duration)
}

/// The least severity.
pub(crate) fn severity(text: Option<String>) -> Answer<Option<Severity>> {
    read("severity", text, |text| {
        Severity::named(text)
            .filter(|severity| *severity != Severity::Unspecified)
            .ok_or("one of trace, debug, info, warn, error and fatal is wanted")
    })
}

/// A span's status.
pub(crate) fn status(text: Option<String>) -> Answer<Option<StatusCode>> {
    read("status", text, |text| match text {
        "ok" => Ok(StatusCode::Ok),
        "error" => Ok(StatusCode::Error),
        "unset" => Ok(StatusCode::Unset),
        _ => Err("one of ok, error and unset is wanted"),
    })
}

/// Conditions on attributes.
pub(crate) fn conditions(all: Vec<String>) -> Answer<Vec<Condition>> {
    let given = all.into_iter().filter(|text| !text.is_empty());
    given
        .map(|text| parse_condition(&text).map_err(|reason| Fault::parameter("attribute", reason)))
        .collect()
}

/// A trace id; the 16 digits of old tracers are the last ones.
pub(crate) fn trace_id(text: &str) -> Answer<TraceId> {
    let padded = if text.len() == 16 { format!("{text:0>32}") } else { text.to_owned() };
    identity("trace_id", &padded)
}

/// A span id.
pub(crate) fn span_id(text: &str) -> Answer<SpanId> {
    identity("span_id", text)
}

fn identity<T: FromStr<Err: Display>>(field: &str, text: &str) -> Answer<T> {
    text.parse().map_err(|reason| Fault::parameter(field, reason))
}
