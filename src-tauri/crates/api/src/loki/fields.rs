//! `detected_fields`, `detected_field/{name}/values`, `patterns`: what lines turn out to have.

use axum::extract::{Path, State};
use serde_json::json;
use watchglass_workbench::{
    DetectedField, FieldQuery, PatternQuery, Workbench, detected_fields, line_patterns,
};

use super::encode::{plain, success};
use super::fault::Answer;
use super::parameters::Parameters;
use super::query::now;
use crate::routes::Held;

/// How many fields or values, and how many lines are looked at, where the client does not say.
const FIELDS: usize = 1000;
const LINES: usize = 100;
/// How many patterns.
const PATTERNS: usize = 300;

/// Fields of lines with their types.
pub(super) async fn detected(State(workbench): Held, parameters: Parameters) -> Answer {
    let limit = parameters.limit("limit", FIELDS)?;
    let found = fields(&workbench, &parameters).await?;
    let fields: Vec<_> = found
        .iter()
        .take(limit)
        .map(|field| {
            // No parser is told by null.
            let parsers = (!field.parsers.is_empty()).then_some(&field.parsers);
            json!({
                "label": field.label,
                "type": field.kind.name(),
                "cardinality": field.values.len(),
                "parsers": parsers,
            })
        })
        .collect();
    Ok(plain(&json!({ "fields": fields, "limit": limit })))
}

/// The values of a field.
pub(super) async fn values(
    State(workbench): Held,
    Path(name): Path<String>,
    parameters: Parameters,
) -> Answer {
    let limit = parameters.limit("limit", FIELDS)?;
    let found = fields(&workbench, &parameters).await?;
    let field = found.into_iter().find(|field| field.label == name);
    let values: Vec<_> = field.into_iter().flat_map(|field| field.values).take(limit).collect();
    Ok(plain(&json!({ "values": values, "limit": limit })))
}

async fn fields(workbench: &Workbench, parameters: &Parameters) -> Answer<Vec<DetectedField>> {
    let now = now(workbench);
    let query = FieldQuery {
        text: parameters.query(),
        range: parameters.range(now)?,
        lines: parameters.limit("line_limit", LINES)?,
        now,
    };
    let found =
        workbench.ask_streams(move |reader, interrupt| detected_fields(reader, &query, interrupt));
    Ok(found.await?)
}

/// Groups of lines that are alike, with counts over time.
pub(super) async fn patterns(State(workbench): Held, parameters: Parameters) -> Answer {
    let now = now(&workbench);
    let range = parameters.range(now)?;
    let query = PatternQuery {
        text: parameters.query(),
        range,
        step: parameters.step(range)?,
        limit: parameters.limit("limit", PATTERNS)?,
        now,
    };
    let found =
        workbench.ask_streams(move |reader, interrupt| line_patterns(reader, &query, interrupt));
    let patterns: Vec<_> = found
        .await?
        .into_iter()
        .map(|one| {
            let samples: Vec<_> = one
                .counts
                .iter()
                .map(|(time, count)| json!([time.div_euclid(1_000_000_000), count]))
                .collect();
            json!({ "pattern": one.pattern, "level": one.level, "samples": samples })
        })
        .collect();
    Ok(success(&json!(patterns)))
}
