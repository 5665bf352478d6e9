//! Attribute names and values for completion.

use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;
use watchglass_workbench::{Origin, attribute_keys, attribute_values};

use super::Held;
use crate::answer::answer;
use crate::fault::{Answer, Failures, Fault};
use crate::parameters::{Path, Query, given, range, read};
use crate::wire::attributes::{AttributeKeys, AttributeValues};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct AttributeParameters {
    /// `traces` or `logs`.
    #[param(required = true)]
    signal: Option<String>,
    /// Unix nanoseconds; an hour before `end` where absent.
    start: Option<String>,
    /// Unix nanoseconds; now where absent.
    end: Option<String>,
    /// How the name or value begins, in any case.
    prefix: Option<String>,
}

/// Attribute names that occur in the newest rows, the most frequent first.
#[utoipa::path(get, path = "/api/attributes", operation_id = "attribute_keys", tag = "attributes", params(AttributeParameters),
    responses((status = 200, body = AttributeKeys), Failures))]
pub(super) async fn keys(
    State(workbench): Held,
    Query(asked): Query<AttributeParameters>,
) -> Answer {
    let range = range(asked.start, asked.end, workbench.now())?;
    let origin = origin(asked.signal)?;
    let prefix = given(asked.prefix).unwrap_or_default();
    answer(&workbench, move |reader| {
        attribute_keys(reader, origin, range, &prefix).map(AttributeKeys::from)
    })
    .await
}

/// Values of an attribute that occur in the newest rows, the most frequent first.
#[utoipa::path(get, path = "/api/attributes/{key}/values", operation_id = "attribute_values", tag = "attributes",
    params(("key" = String, Path, description = "The attribute's name"), AttributeParameters),
    responses((status = 200, body = AttributeValues), Failures))]
pub(super) async fn values(
    State(workbench): Held,
    Path(key): Path<String>,
    Query(asked): Query<AttributeParameters>,
) -> Answer {
    let range = range(asked.start, asked.end, workbench.now())?;
    let origin = origin(asked.signal)?;
    let prefix = given(asked.prefix).unwrap_or_default();
    answer(&workbench, move |reader| {
        attribute_values(reader, origin, range, &key, &prefix).map(AttributeValues::from)
    })
    .await
}

fn origin(signal: Option<String>) -> Answer<Origin> {
    const WANTED: &str = "traces or logs is wanted";
    let origin = read("signal", signal, |text| match text {
        "traces" => Ok(Origin::Traces),
        "logs" => Ok(Origin::Logs),
        _ => Err(WANTED),
    })?;
    origin.ok_or_else(|| Fault::parameter("signal", WANTED))
}
