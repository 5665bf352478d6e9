//! Metrics: which there are, and the raw series of one.

use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;
use watchglass_storage::PointFilter;
use watchglass_workbench::{SeriesQuery, metric_series};

use super::Held;
use crate::answer::answer;
use crate::fault::{Answer, Failures};
use crate::parameters::{Path, Query, conditions, given, limit, range};
use crate::wire::metrics::{Metric, MetricSeries, Metrics};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct MetricParameters {
    /// Unix nanoseconds; an hour before `end` where absent.
    start: Option<String>,
    /// Unix nanoseconds; now where absent.
    end: Option<String>,
    /// Part of the name or description, in any case.
    text: Option<String>,
}

/// The metrics with points in the range.
#[utoipa::path(get, path = "/api/metrics", operation_id = "metrics", tag = "metrics", params(MetricParameters),
    responses((status = 200, body = Metrics), Failures))]
pub(super) async fn list(State(workbench): Held, Query(asked): Query<MetricParameters>) -> Answer {
    let range = range(asked.start, asked.end, workbench.now())?;
    let text = given(asked.text).unwrap_or_default();
    answer(&workbench, move |reader| {
        let all = watchglass_workbench::metrics(reader, range, &text)?.into_iter();
        Ok(Metrics { metrics: all.map(Metric::from).collect() })
    })
    .await
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct SeriesParameters {
    /// Unix nanoseconds; an hour before `end` where absent.
    start: Option<String>,
    /// Unix nanoseconds; now where absent.
    end: Option<String>,
    service: Option<String>,
    /// `k=v`, `k!=v`, `k~part` or `k`, on labels or resource; may repeat.
    #[serde(default)]
    attribute: Vec<String>,
    /// 1 to 1000; 50 where absent.
    limit: Option<String>,
}

/// The raw series of a metric.
#[utoipa::path(get, path = "/api/metrics/{name}/series", operation_id = "metric_series", tag = "metrics",
    params(("name" = String, Path, description = "The metric's name"), SeriesParameters),
    responses((status = 200, body = MetricSeries), Failures))]
pub(super) async fn series(
    State(workbench): Held,
    Path(name): Path<String>,
    Query(asked): Query<SeriesParameters>,
) -> Answer {
    let query = SeriesQuery {
        range: range(asked.start, asked.end, workbench.now())?,
        filter: PointFilter {
            metric: Some(name.clone()),
            service: given(asked.service),
            attributes: conditions(asked.attribute)?,
        },
        limit: limit("limit", asked.limit, 50, 1_000)?,
    };
    answer(&workbench, move |reader| Ok(MetricSeries::of(name, metric_series(reader, &query)?)))
        .await
}
