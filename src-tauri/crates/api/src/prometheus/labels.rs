//! `series`, `labels`, `label/{name}/values`, `metadata`: what there is.

use std::collections::{BTreeMap, BTreeSet};

use axum::extract::{Path, State};
use serde::Serialize;
use watchglass_storage::{Matcher, ReadError, SeriesReader};

use super::answer::{Notes, success, written};
use super::encode::Json;
use super::fault::{Answer, Fault};
use super::names::unescaped;
use super::parameters::Parameters;
use crate::routes::Held;

/// The series that pass any of the selectors.
pub(super) async fn series(State(workbench): Held, parameters: Parameters) -> Answer {
    let selectors = parameters.selectors()?;
    if selectors.is_empty() {
        return Err(Fault::bad_data("no match[] parameter provided"));
    }
    let (range, limit) = (parameters.range()?, parameters.limit("limit")?);
    let found = workbench
        .ask_series(move |reader| {
            let mut found = BTreeSet::new();
            for matchers in &selectors {
                found
                    .extend(reader.select(matchers, range)?.iter().map(|one| one.labels().clone()));
            }
            Ok(found)
        })
        .await?;
    let (found, notes) = limited(found, limit);
    let write = |json: &mut Json| {
        json.list(&found, |json, labels| {
            json.labels(labels);
        });
    };
    Ok(success(write, &notes))
}

/// The names of all labels.
pub(super) async fn names(State(workbench): Held, parameters: Parameters) -> Answer {
    let (selectors, range) = (parameters.selectors()?, parameters.range()?);
    let limit = parameters.limit("limit")?;
    let found = workbench
        .ask_series(move |reader| {
            any(&selectors, reader, |reader, matchers| reader.label_names(matchers, range))
        })
        .await?;
    texts(found, limit)
}

/// The values of a label, whose name may be escaped: `U__a_2e_b` is `a.b`.
pub(super) async fn values(
    State(workbench): Held,
    Path(name): Path<String>,
    parameters: Parameters,
) -> Answer {
    let name = unescaped(&name);
    if name.is_empty() {
        return Err(Fault::bad_data(format!("invalid label name: \"{name}\"")));
    }
    let (selectors, range) = (parameters.selectors()?, parameters.range()?);
    let limit = parameters.limit("limit")?;
    let found = workbench
        .ask_series(move |reader| {
            any(&selectors, reader, |reader, matchers| reader.label_values(&name, matchers, range))
        })
        .await?;
    texts(found, limit)
}

/// The union of what each selector finds; without selectors, of all series.
fn any(
    selectors: &[Vec<Matcher>],
    reader: &dyn SeriesReader,
    find: impl Fn(&dyn SeriesReader, &[Matcher]) -> Result<Vec<String>, ReadError>,
) -> Result<BTreeSet<String>, ReadError> {
    if selectors.is_empty() {
        return Ok(find(reader, &[])?.into_iter().collect());
    }
    let mut found = BTreeSet::new();
    for matchers in selectors {
        found.extend(find(reader, matchers)?);
    }
    Ok(found)
}

#[expect(clippy::unnecessary_wraps, reason = "handlers end with it")]
fn texts(found: BTreeSet<String>, limit: Option<usize>) -> Answer {
    let (found, notes) = limited(found, limit);
    let write = |json: &mut Json| {
        json.list(&found, |json, text| {
            json.text(text);
        });
    };
    Ok(success(write, &notes))
}

/// The first `limit`, and a warning where there are more.
fn limited<T>(found: BTreeSet<T>, limit: Option<usize>) -> (Vec<T>, Notes) {
    let mut notes = Notes::default();
    let limit = limit.unwrap_or(usize::MAX);
    if found.len() > limit {
        notes.warnings.push("results truncated due to limit".to_owned());
    }
    (found.into_iter().take(limit).collect(), notes)
}

/// What a metric is.
#[derive(Debug, Serialize)]
struct Metadata {
    #[serde(rename = "type")]
    kind: String,
    help: String,
    unit: String,
}

/// What metrics are.
pub(super) async fn metadata(State(workbench): Held, parameters: Parameters) -> Answer {
    let [limit, per_metric] = ["limit", "limit_per_metric"].map(|name| parameters.most(name));
    let (limit, per_metric) = (limit?, per_metric?);
    let metric = Some(parameters.get("metric").to_owned()).filter(|name| !name.is_empty());
    let found = workbench.ask_series(move |reader| reader.metadata(metric.as_deref())).await?;
    let found = found.into_iter().take(limit.unwrap_or(usize::MAX));
    let described: BTreeMap<String, Vec<Metadata>> = found
        .map(|(name, all)| {
            let all = all.into_iter().take(per_metric.unwrap_or(usize::MAX));
            let all = all.map(|one| Metadata { kind: one.kind, help: one.help, unit: one.unit });
            (name, all.collect())
        })
        .collect();
    written(&described)
}
