//! Log records: pages of them, how many there are, and those that arrive now.

use std::time::Duration;

use axum::extract::State;
use axum::response::sse::Sse;
use axum::response::{IntoResponse, Response};
use futures::stream::unfold;
use serde::Deserialize;
use utoipa::IntoParams;
use watchglass_model::TimeRange;
use watchglass_storage::LogFilter;
use watchglass_workbench::{Cursor, LogQuery, log_page, log_volume};

use super::Held;
use crate::answer::answer;
use crate::fault::{Answer, Failures};
use crate::parameters::{
    Query, conditions, given, limit, range, read, severity, span_id, trace_id,
};
use crate::streams::{keep_alive, message};
use crate::wire::logs::{LogVolume, Logs, TailRecords};

/// How long a page may take before it ends where it has got to.
const PATIENCE: Duration = Duration::from_secs(5);

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct LogParameters {
    /// Unix nanoseconds; an hour before `end` where absent. A page of one trace's records goes over all time
    /// where `start` and `end` are absent.
    start: Option<String>,
    /// Unix nanoseconds; now where absent.
    end: Option<String>,
    service: Option<String>,
    /// At least `trace`, `debug`, `info`, `warn`, `error` or `fatal`.
    severity: Option<String>,
    /// Part of the body, in any case.
    text: Option<String>,
    /// `k=v`, `k!=v`, `k~part` or `k`; may repeat.
    #[serde(default)]
    attribute: Vec<String>,
    /// 32 hexadecimal digits.
    trace_id: Option<String>,
    /// 16 hexadecimal digits.
    span_id: Option<String>,
    /// 1 to 5000; 200 where absent. Not for volume and tail.
    limit: Option<String>,
    /// What an earlier page gave. Not for volume and tail.
    cursor: Option<String>,
    /// 1 to 2000; 60 where absent. Only for volume.
    buckets: Option<String>,
}

impl LogParameters {
    fn filter(&mut self) -> Answer<LogFilter> {
        let trace = given(self.trace_id.take());
        let span = given(self.span_id.take());
        Ok(LogFilter {
            service: given(self.service.take()),
            severity: severity(self.severity.take())?,
            text: given(self.text.take()),
            trace: trace.as_deref().map(trace_id).transpose()?,
            span: span.as_deref().map(span_id).transpose()?,
            attributes: conditions(std::mem::take(&mut self.attribute))?,
        })
    }
}

/// Log records, newest first.
#[utoipa::path(get, path = "/api/logs", operation_id = "logs", tag = "logs", params(LogParameters),
    responses((status = 200, body = Logs), Failures))]
pub(super) async fn page(State(workbench): Held, Query(mut asked): Query<LogParameters>) -> Answer {
    let filter = asked.filter()?;
    // The records of one trace are wanted whenever it was.
    let is_any_time = filter.trace.is_some() && asked.start.is_none() && asked.end.is_none();
    let query = LogQuery {
        range: if is_any_time {
            TimeRange::ALL
        } else {
            range(asked.start, asked.end, workbench.now())?
        },
        filter,
        limit: limit("limit", asked.limit, 200, 5_000)?,
        cursor: read("cursor", asked.cursor, str::parse::<Cursor>)?,
        patience: PATIENCE,
    };
    answer(&workbench, move |reader| log_page(reader, &query).map(Logs::from)).await
}

/// How many log records of each severity, over time.
#[utoipa::path(get, path = "/api/logs/volume", operation_id = "log_volume", tag = "logs", params(LogParameters),
    responses((status = 200, body = LogVolume), Failures))]
pub(super) async fn volume(
    State(workbench): Held,
    Query(mut asked): Query<LogParameters>,
) -> Answer {
    let filter = asked.filter()?;
    let range = range(asked.start, asked.end, workbench.now())?;
    let buckets = limit("buckets", asked.buckets, 60, 2_000)?;
    answer(&workbench, move |reader| {
        log_volume(reader, range, &filter, buckets).map(LogVolume::from)
    })
    .await
}

/// Log records as they arrive: events named `records`.
#[utoipa::path(get, path = "/api/logs/tail", operation_id = "log_tail", tag = "logs", params(LogParameters),
    responses((status = 200, body = TailRecords, content_type = "text/event-stream"), Failures))]
pub(super) async fn tail(
    State(workbench): Held,
    Query(mut asked): Query<LogParameters>,
) -> Answer<Response> {
    let tail = workbench.log_tail(asked.filter()?);
    let records = unfold(tail, |mut tail| async {
        let records = TailRecords::from(tail.next().await?);
        Some((message("records", &records), tail))
    });
    Ok(Sse::new(records).keep_alive(keep_alive()).into_response())
}
