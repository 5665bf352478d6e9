//! `query`, `query_range`, `format_query`, and the first API's `query`.

use std::time::Instant;

use axum::extract::State;
use axum::http::HeaderMap;
use serde_json::json;
use watchglass_logql::printer::pretty;
use watchglass_logql::syntax::parse;
use watchglass_logql::{Entry, Value, When};
use watchglass_storage::Nanos;
use watchglass_workbench::{LogqlQuery, Workbench};

use super::encode::{self, Encoding, Form, success};
use super::fault::{Answer, Fault};
use super::parameters::Parameters;
use crate::routes::Held;

/// How many lines where the client does not say.
const LINES: usize = 100;
/// How many steps a range query may have.
const MOST_STEPS: Nanos = 11_000;

/// Evaluates a query at one instant.
pub(super) async fn instant(
    State(workbench): Held,
    headers: HeaderMap,
    parameters: Parameters,
) -> Answer {
    let at = parameters.time_or("time", now(&workbench))?;
    answer(&workbench, &headers, &parameters, When::Instant(at), at).await
}

/// Finds lines in a range, or evaluates at every step of it.
pub(super) async fn range(
    State(workbench): Held,
    headers: HeaderMap,
    parameters: Parameters,
) -> Answer {
    let range = parameters.range(now(&workbench))?;
    let step = parameters.step(range)?;
    if range.end.saturating_sub(range.start) / step > MOST_STEPS {
        return Err(Fault::bad(
            "exceeded maximum resolution of 11,000 points per time series. Try increasing the value of the step parameter",
        ));
    }
    let when = When::Range { start: range.start, end: range.end, step };
    answer(&workbench, &headers, &parameters, when, range.end).await
}

async fn answer(
    workbench: &Workbench,
    headers: &HeaderMap,
    parameters: &Parameters,
    when: When,
    at: Nanos,
) -> Answer {
    let interval = parameters.length("interval")?.unwrap_or_default();
    let direction = parameters.direction()?;
    let query = LogqlQuery {
        text: parameters.query(),
        when,
        direction,
        limit: parameters.limit("limit", LINES)?,
    };
    let started = Instant::now();
    let mut answer = workbench.logql(query).await?;
    if let (Value::Streams(streams), true) = (&mut answer.value, interval > 0) {
        for stream in streams {
            thin(&mut stream.entries, interval);
        }
    }
    let seconds = started.elapsed().as_secs_f64();
    let form = Form { at, direction, encoding: Encoding::of(headers), seconds };
    Ok(encode::answer(&answer, form))
}

/// Leaves lines that lie at least so far apart.
fn thin(entries: &mut Vec<Entry>, interval: Nanos) {
    let mut last: Option<Nanos> = None;
    entries.retain(|entry| {
        let is_far = last.is_none_or(|last| entry.time.abs_diff(last) >= interval.unsigned_abs());
        if is_far {
            last = Some(entry.time);
        }
        is_far
    });
}

/// Lines as Loki's first API gave them: streams with labels as text and entries with dates.
pub(super) async fn legacy(State(workbench): Held, parameters: Parameters) -> Answer {
    let range = parameters.range(now(&workbench))?;
    let query = LogqlQuery {
        text: parameters.query(),
        when: When::Range { start: range.start, end: range.end, step: 1_000_000_000 },
        direction: parameters.direction()?,
        limit: parameters.limit("limit", LINES)?,
    };
    let answer = workbench.logql(query).await?;
    let Value::Streams(streams) = &answer.value else {
        return Err(Fault::bad(
            "legacy endpoints only support streams result type, current type is another",
        ));
    };
    let streams: Vec<_> = streams
        .iter()
        .map(|stream| {
            let labels: Vec<_> = stream
                .labels()
                .into_iter()
                .map(|(name, value)| format!("{name}={value:?}"))
                .collect();
            let entries: Vec<_> = stream
                .entries
                .iter()
                .map(|entry| {
                    let time = chrono::DateTime::from_timestamp_nanos(entry.time);
                    let time = time.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true);
                    json!({ "ts": time, "line": String::from_utf8_lossy(&entry.line) })
                })
                .collect();
            json!({ "labels": format!("{{{}}}", labels.join(", ")), "entries": entries })
        })
        .collect();
    Ok(encode::plain(&json!({ "streams": streams })))
}

/// A query in its usual layout.
pub(super) async fn format(parameters: Parameters) -> Answer {
    let expr = parse(parameters.get("query"))?;
    Ok(success(&pretty(&expr).into()))
}

/// The time, as lines have it.
pub(super) fn now(workbench: &Workbench) -> Nanos {
    Nanos::try_from(workbench.now().0).unwrap_or(Nanos::MAX)
}
