//! `labels`, `label/{name}/values`, `series`, `detected_labels`: which streams there are.

use std::collections::{BTreeMap, BTreeSet};

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::Response;
use serde_json::json;
use watchglass_model::Labels;
use watchglass_storage::{Nanos, NanosRange};
use watchglass_workbench::Workbench;

use super::encode::{object, plain, success};
use super::fault::{Answer, Fault};
use super::parameters::Parameters;
use super::query::now;
use crate::routes::Held;

/// How far back labels are looked for where the client does not say.
const SIX_HOURS: Nanos = 6 * 3_600 * 1_000_000_000;

/// The names of labels.
pub(super) async fn names(State(workbench): Held, parameters: Parameters) -> Answer {
    let names = names_of(&workbench, &parameters).await?;
    Ok(success(&json!(names)))
}

/// The same in the form of the first API.
pub(super) async fn legacy_names(State(workbench): Held, parameters: Parameters) -> Answer {
    let names = names_of(&workbench, &parameters).await?;
    Ok(legacy(&names))
}

/// The values of a label.
pub(super) async fn values(
    State(workbench): Held,
    Path(name): Path<String>,
    parameters: Parameters,
) -> Answer {
    let values = values_of(&workbench, name, &parameters).await?;
    Ok(success(&json!(values)))
}

/// The same in the form of the first API.
pub(super) async fn legacy_values(
    State(workbench): Held,
    Path(name): Path<String>,
    parameters: Parameters,
) -> Answer {
    let values = values_of(&workbench, name, &parameters).await?;
    Ok(legacy(&values))
}

fn legacy(texts: &[String]) -> Response<Body> {
    plain(&json!({ "values": texts }))
}

async fn names_of(workbench: &Workbench, parameters: &Parameters) -> Answer<Vec<String>> {
    let (matchers, range) = (parameters.selector("query")?, range(workbench, parameters)?);
    let names = workbench.ask_streams(move |reader, _| Ok(reader.label_names(&matchers, range)?));
    Ok(names.await?)
}

async fn values_of(
    workbench: &Workbench,
    name: String,
    parameters: &Parameters,
) -> Answer<Vec<String>> {
    let (matchers, range) = (parameters.selector("query")?, range(workbench, parameters)?);
    let values =
        workbench.ask_streams(move |reader, _| Ok(reader.label_values(&name, &matchers, range)?));
    Ok(values.await?)
}

/// The streams that pass any of the selectors.
pub(super) async fn series(State(workbench): Held, parameters: Parameters) -> Answer {
    let (mut selectors, range) = (parameters.selectors()?, range(&workbench, &parameters)?);
    if selectors.is_empty() {
        selectors.push(Vec::new());
    }
    let found = workbench.ask_streams(move |reader, _| {
        let mut found = BTreeSet::new();
        for matchers in &selectors {
            found.extend(reader.streams(matchers, range)?);
        }
        Ok(found)
    });
    let found: Vec<_> = found.await?.iter().map(|labels: &Labels| object(labels.iter())).collect();
    Ok(success(&json!(found)))
}

/// Labels with how many values each has.
pub(super) async fn detected(State(workbench): Held, parameters: Parameters) -> Answer {
    let (matchers, range) = (parameters.selector("query")?, range(&workbench, &parameters)?);
    let streams = workbench.ask_streams(move |reader, _| Ok(reader.streams(&matchers, range)?));
    let streams = streams.await?;
    let mut values: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (name, value) in streams.iter().flatten() {
        values.entry(name).or_default().insert(value);
    }
    let labels: Vec<_> = values
        .iter()
        .map(|(name, values)| json!({ "label": name, "cardinality": values.len() }))
        .collect();
    Ok(plain(&json!({ "detectedLabels": labels })))
}

fn range(workbench: &Workbench, parameters: &Parameters) -> Result<NanosRange, Fault> {
    parameters.range_of(now(workbench), SIX_HOURS)
}
