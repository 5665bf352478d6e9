//! `index/stats`, `index/volume`, `index/volume_range`: how much streams hold.

use axum::body::Body;
use axum::extract::State;
use axum::http::Response;
use serde_json::{Value as Json, json};
use watchglass_logql::Statistics;
use watchglass_model::Labels;
use watchglass_workbench::{VolumeGroups, VolumeQuery, Workbench, volume_over_time, volumes};

use super::encode::{Time, object, plain, statistics as no_statistics, success, text_of};
use super::fault::{Answer, Fault};
use super::parameters::Parameters;
use super::query::now;
use crate::routes::Held;

/// How many groups where the client does not say.
const GROUPS: usize = 100;

/// How many streams, parts, lines and bytes a selector means.
pub(super) async fn statistics(State(workbench): Held, parameters: Parameters) -> Answer {
    let (matchers, range) = (parameters.selector("query")?, parameters.range(now(&workbench))?);
    let all = workbench.ask_streams(move |reader, _| Ok(reader.volumes(&matchers, range)?)).await?;
    Ok(plain(&json!({
        "streams": all.len(),
        "chunks": all.iter().map(|one| one.parts).sum::<u64>(),
        "entries": all.iter().map(|one| one.entries).sum::<u64>(),
        "bytes": all.iter().map(|one| one.bytes).sum::<u64>(),
    })))
}

/// Bytes by label or by the values of labels.
pub(super) async fn volume(State(workbench): Held, parameters: Parameters) -> Answer {
    let query = volume_query(&workbench, &parameters)?;
    let (groups, end) = (query.groups, query.range.end);
    let found = workbench.ask_streams(move |reader, _| volumes(reader, &query)).await?;
    let one = |(labels, bytes): &(Labels, u64)| json!({ "metric": metric(labels, groups), "value": [Time(end).json(), bytes.to_string()] });
    Ok(answer("vector", &found.iter().map(one).collect::<Vec<_>>()))
}

/// The same over time.
pub(super) async fn volume_range(State(workbench): Held, parameters: Parameters) -> Answer {
    let query = volume_query(&workbench, &parameters)?;
    let step = parameters.step(query.range)?;
    if query.range.end.saturating_sub(query.range.start) / step > 11_000 {
        return Err(Fault::bad(
            "exceeded maximum resolution of 11,000 points per time series. Try increasing the value of the step parameter",
        ));
    }
    let groups = query.groups;
    let found = workbench
        .ask_streams(move |reader, interrupt| volume_over_time(reader, &query, step, interrupt))
        .await?;
    let all = found.iter().map(|series| {
        let values: Vec<_> = series
            .samples
            .iter()
            .map(|(time, bytes)| json!([Time(*time).json(), text_of(*bytes)]))
            .collect();
        json!({ "metric": metric(&series.labels, groups), "values": values })
    });
    Ok(answer("matrix", &all.collect::<Vec<_>>()))
}

/// A group of labels is told as a label without a value.
fn metric(labels: &Labels, groups: VolumeGroups) -> Json {
    match groups {
        VolumeGroups::Series => object(labels.iter()),
        VolumeGroups::Labels => object(labels.iter().map(|(name, _)| (name, ""))),
    }
}

fn answer(kind: &str, result: &[Json]) -> Response<Body> {
    success(&json!({
        "resultType": kind,
        "result": result,
        "stats": no_statistics(&Statistics::default(), 0.0),
    }))
}

fn volume_query(workbench: &Workbench, parameters: &Parameters) -> Answer<VolumeQuery> {
    let targets = parameters.get("targetLabels").split(',').map(str::trim);
    Ok(VolumeQuery {
        matchers: parameters.selector("query")?,
        range: parameters.range(now(workbench))?,
        targets: targets.filter(|name| !name.is_empty()).map(str::to_owned).collect(),
        groups: match parameters.get("aggregateBy") {
            "" | "series" => VolumeGroups::Series,
            "labels" => VolumeGroups::Labels,
            _ => return Err(Fault::bad("invalid aggregation option")),
        },
        limit: parameters.limit("limit", GROUPS)?,
    })
}
