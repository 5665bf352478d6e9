//! Traces: finding them, one laid out, one searched, one span.

use std::time::Instant;

use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;
use watchglass_storage::SpanFilter;
use watchglass_workbench::{TraceQuery, TraceSort, find_in_trace, span_detail, whole_trace};

use super::Held;
use crate::answer::answer;
use crate::fault::{Answer, Failures, Fault};
use crate::parameters::{
    Path, Query, conditions, duration, given, limit, range, read, span_id, status, trace_id,
};
use crate::wire::traces::{Found, SpanDetail, Trace, TraceList};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct TraceParameters {
    /// Unix nanoseconds; an hour before `end` where absent.
    start: Option<String>,
    /// Unix nanoseconds; now where absent.
    end: Option<String>,
    service: Option<String>,
    operation: Option<String>,
    /// `ok`, `error` or `unset`.
    status: Option<String>,
    /// Such as `100ms`.
    min_duration: Option<String>,
    /// Such as `1.5s`.
    max_duration: Option<String>,
    /// `k=v`, `k!=v`, `k~part` or `k`; may repeat.
    #[serde(default)]
    attribute: Vec<String>,
    /// `newest`, `oldest`, `longest`, `shortest`, `most_spans` or `most_errors`.
    sort: Option<String>,
    /// 1 to 1000; 100 where absent.
    limit: Option<String>,
}

/// Traces with a span that meets all conditions.
#[utoipa::path(get, path = "/api/traces", operation_id = "search_traces", tag = "traces", params(TraceParameters),
    responses((status = 200, body = TraceList), Failures))]
pub(super) async fn search(State(workbench): Held, Query(asked): Query<TraceParameters>) -> Answer {
    let query = TraceQuery {
        range: range(asked.start, asked.end, workbench.now())?,
        filter: SpanFilter {
            traces: None,
            service: given(asked.service),
            operation: given(asked.operation),
            status: status(asked.status)?,
            min_duration: duration("min_duration", asked.min_duration)?,
            max_duration: duration("max_duration", asked.max_duration)?,
            attributes: conditions(asked.attribute)?,
        },
        sort: read("sort", asked.sort, sort)?.unwrap_or_default(),
        limit: limit("limit", asked.limit, 100, 1_000)?,
    };
    answer(&workbench, move |reader| {
        let began = Instant::now();
        let found = watchglass_workbench::search(reader, &query)?;
        Ok(TraceList::of(found, began.elapsed()))
    })
    .await
}

fn sort(text: &str) -> Result<TraceSort, &'static str> {
    Ok(match text {
        "newest" => TraceSort::Newest,
        "oldest" => TraceSort::Oldest,
        "longest" => TraceSort::Longest,
        "shortest" => TraceSort::Shortest,
        "most_spans" => TraceSort::MostSpans,
        "most_errors" => TraceSort::MostErrors,
        _ => {
            return Err(
                "one of newest, oldest, longest, shortest, most_spans and most_errors is wanted",
            );
        }
    })
}

/// A trace laid out for drawing.
#[utoipa::path(get, path = "/api/traces/{trace_id}", operation_id = "trace", tag = "traces",
    params(("trace_id" = String, Path, description = "32 hexadecimal digits")),
    responses((status = 200, body = Trace), Failures))]
pub(super) async fn whole(State(workbench): Held, Path(trace): Path<String>) -> Answer {
    let trace = trace_id(&trace)?;
    answer(&workbench, move |reader| whole_trace(reader, trace).map(Trace::from)).await
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct FindParameters {
    /// What to look for, in any case.
    #[param(required = true)]
    q: Option<String>,
}

/// The rows of a trace in which a text occurs.
#[utoipa::path(get, path = "/api/traces/{trace_id}/find", operation_id = "find_in_trace", tag = "traces",
    params(("trace_id" = String, Path, description = "32 hexadecimal digits"), FindParameters),
    responses((status = 200, body = Found), Failures))]
pub(super) async fn find(
    State(workbench): Held,
    Path(trace): Path<String>,
    Query(asked): Query<FindParameters>,
) -> Answer {
    let trace = trace_id(&trace)?;
    let text = given(asked.q).ok_or_else(|| Fault::parameter("q", "a text is wanted"))?;
    answer(&workbench, move |reader| find_in_trace(reader, trace, &text).map(|rows| Found { rows }))
        .await
}

/// One span with everything that was sent of it.
#[utoipa::path(get, path = "/api/traces/{trace_id}/spans/{span_id}", operation_id = "span", tag = "traces",
    params(
        ("trace_id" = String, Path, description = "32 hexadecimal digits"),
        ("span_id" = String, Path, description = "16 hexadecimal digits")
    ),
    responses((status = 200, body = SpanDetail), Failures))]
pub(super) async fn span(
    State(workbench): Held,
    Path((trace, span)): Path<(String, String)>,
) -> Answer {
    let (trace, span) = (trace_id(&trace)?, span_id(&span)?);
    answer(&workbench, move |reader| span_detail(reader, trace, span).map(SpanDetail::from)).await
}
