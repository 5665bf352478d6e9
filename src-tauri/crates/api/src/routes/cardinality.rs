//! How many series there are of what, and which label to drop.

use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;
use watchglass_model::Timestamp;
use watchglass_storage::MillisRange;
use watchglass_workbench::{cardinality, label_costs};

use super::Held;
use crate::answer::write;
use crate::fault::{Answer, Failures, Fault};
use crate::parameters::{Path, Query, limit, range};
use crate::wire::cardinality::{Cardinality, LabelCosts};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct RangeParameters {
    /// Unix nanoseconds; an hour before `end` where absent.
    start: Option<String>,
    /// Unix nanoseconds; now where absent.
    end: Option<String>,
    /// Rows of each list, 1 to 1000; 30 where absent.
    limit: Option<String>,
}

/// The series within a range: by metric, label and value, how they grew, and what labels cost.
#[utoipa::path(get, path = "/api/cardinality", tag = "metrics", params(RangeParameters),
    responses((status = 200, body = Cardinality), Failures))]
pub(super) async fn overview(
    State(workbench): Held,
    Query(asked): Query<RangeParameters>,
) -> Answer {
    let range = millis(asked.start, asked.end, workbench.now())?;
    let limit = limit("limit", asked.limit, 30, 1_000)?;
    let found = workbench.ask_series(move |reader| cardinality(reader, range, limit)).await;
    write(&Cardinality::from(found.map_err(Fault::internal)?))
}

/// What each label of a metric costs within a range.
#[utoipa::path(get, path = "/api/cardinality/{metric}", tag = "metrics",
    params(("metric" = String, Path, description = "The metric's name in PromQL"), RangeParameters),
    responses((status = 200, body = LabelCosts), Failures))]
pub(super) async fn metric(
    State(workbench): Held,
    Path(metric): Path<String>,
    Query(asked): Query<RangeParameters>,
) -> Answer {
    let range = millis(asked.start, asked.end, workbench.now())?;
    let found = workbench.ask_series(move |reader| label_costs(reader, &metric, range)).await;
    let labels = found.map_err(Fault::internal)?.into_iter().map(Into::into);
    write(&LabelCosts { labels: labels.collect() })
}

fn millis(start: Option<String>, end: Option<String>, now: Timestamp) -> Answer<MillisRange> {
    let range = range(start, end, now)?;
    let [start, end] =
        [range.start, range.end].map(|time| i64::try_from(time.0 / 1_000_000).unwrap_or(i64::MAX));
    Ok(MillisRange { start, end })
}
