//! Services and the operations of one.

use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;

use super::Held;
use crate::answer::answer;
use crate::fault::{Answer, Failures};
use crate::parameters::{Path, Query, range};
use crate::wire::services::{Operation, Operations, Service, Services};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct RangeParameters {
    /// Unix nanoseconds; an hour before `end` where absent.
    start: Option<String>,
    /// Unix nanoseconds; now where absent.
    end: Option<String>,
}

/// The services that sent spans or log records in the range.
#[utoipa::path(get, path = "/api/services", tag = "services", params(RangeParameters),
    responses((status = 200, body = Services), Failures))]
pub(super) async fn services(
    State(workbench): Held,
    Query(asked): Query<RangeParameters>,
) -> Answer {
    let range = range(asked.start, asked.end, workbench.now())?;
    answer(&workbench, move |reader| {
        let all = watchglass_workbench::services(reader, range)?.into_iter();
        Ok(Services { services: all.map(Service::from).collect() })
    })
    .await
}

/// The operations of a service in the range.
#[utoipa::path(get, path = "/api/services/{service}/operations", tag = "services",
    params(("service" = String, Path, description = "Its name"), RangeParameters),
    responses((status = 200, body = Operations), Failures))]
pub(super) async fn operations(
    State(workbench): Held,
    Path(service): Path<String>,
    Query(asked): Query<RangeParameters>,
) -> Answer {
    let range = range(asked.start, asked.end, workbench.now())?;
    answer(&workbench, move |reader| {
        let all = watchglass_workbench::operations(reader, &service, range)?.into_iter();
        Ok(Operations { operations: all.map(Operation::from).collect() })
    })
    .await
}
