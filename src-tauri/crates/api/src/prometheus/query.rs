//! `query`, `query_range`, `query_exemplars`, `format_query`.

use std::time::Duration;

use axum::extract::State;
use watchglass_model::{Labels, Millis};
use watchglass_promql::syntax::parse;
use watchglass_promql::tree::{Expr, Node};
use watchglass_promql::{Answer as QueryAnswer, Value, When};
use watchglass_storage::{Matcher, SeriesExemplar};
use watchglass_workbench::{PromAnswer, PromQuery, Workbench};

use super::answer::{Notes, body, nothing, success, written};
use super::encode::{self, Json};
use super::fault::{Answer, Fault};
use super::parameters::Parameters;
use super::statistics::{Statistics, Wants};
use crate::routes::Held;

/// How many steps a range query may have.
const MOST_STEPS: Millis = 11_000;

/// Evaluates a query at one instant.
pub(super) async fn instant(State(workbench): Held, parameters: Parameters) -> Answer {
    let limit = parameters.limit("limit")?;
    let at = parameters.time_or("time", now(&workbench))?;
    answer(&workbench, &parameters, When::Instant(at), limit).await
}

/// Evaluates a query at every step of a range.
pub(super) async fn range(State(workbench): Held, parameters: Parameters) -> Answer {
    let limit = parameters.limit("limit")?;
    let (start, end) = (parameters.time("start")?, parameters.time("end")?);
    if end < start {
        return Err(Fault::parameter("end", "end timestamp must not be before start time"));
    }
    let step = parameters.duration("step")?;
    if step <= 0 {
        return Err(Fault::parameter(
            "step",
            "zero or negative query resolution step widths are not accepted. Try a positive integer",
        ));
    }
    if end.saturating_sub(start) / step > MOST_STEPS {
        return Err(Fault::bad_data(
            "exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)",
        ));
    }
    answer(&workbench, &parameters, When::Range { start, end, step }, limit).await
}

async fn answer(
    workbench: &Workbench,
    parameters: &Parameters,
    when: When,
    limit: Option<usize>,
) -> Answer {
    let timeout = parameters.duration_if_given("timeout")?;
    let wants = Wants::of(parameters.get("stats"));
    let query = PromQuery {
        text: parameters.get("query").to_owned(),
        when,
        timeout: timeout.map(|millis| Duration::from_millis(millis.max(0).unsigned_abs())),
        lookback: lookback(parameters)?,
        counts: wants.is_some(),
    };
    let write = move |answer| encoded(answer, when, limit, wants);
    let body = workbench.promql(query, write).await?;
    Ok(crate::answer::json_of(body))
}

fn encoded(
    answer: PromAnswer,
    when: When,
    limit: Option<usize>,
    wants: Option<Wants>,
) -> Vec<Vec<u8>> {
    let PromAnswer { answer, counts, queued, evaluated } = answer;
    let QueryAnswer { mut value, mut warnings, infos } = answer;
    if truncate(&mut value, limit) {
        warnings.push("results truncated due to limit".to_owned());
    }
    let statistics = Statistics { counts, queued, evaluated, when };
    let beside = |json: &mut Json| {
        if let Some(wants) = wants {
            statistics.add_to(json, wants);
        }
    };
    body(|json| encode::value(json, &value, beside), &Notes { warnings, infos })
}

/// How far back selectors look, where it is not as usual.
fn lookback(parameters: &Parameters) -> Answer<Option<Millis>> {
    let given = parameters.duration_if_given("lookback_delta").map_err(|_| {
        let text = parameters.get("lookback_delta");
        let reason = format!("cannot parse {text:?} to a valid duration");
        Fault::bad_data(format!("error parsing lookback delta duration: {reason}"))
    });
    Ok(given?.filter(|millis| *millis > 0))
}

/// Cuts a result to `limit` series; tells whether there were more.
fn truncate(value: &mut Value, limit: Option<usize>) -> bool {
    let limit = limit.unwrap_or(usize::MAX);
    match value {
        Value::Vector(samples) if samples.len() > limit => samples.truncate(limit),
        Value::Matrix(series) if series.len() > limit => series.truncate(limit),
        _ => return false,
    }
    true
}

/// The exemplars behind the series that a query selects.
pub(super) async fn exemplars(State(workbench): Held, parameters: Parameters) -> Answer {
    let range = parameters.range()?;
    if range.end < range.start {
        return Err(Fault::bad_data("end timestamp must not be before start timestamp"));
    }
    let expr = parse(parameters.get("query"), &workbench.promql_options().parser)
        .map_err(|faults| Fault::bad_data(faults.to_string()))?;
    let mut selectors = Vec::new();
    collect_selectors(&expr, &mut selectors);
    if selectors.is_empty() {
        return Ok(nothing());
    }
    let found = workbench
        .ask_series(move |reader| {
            let mut found = Vec::new();
            for matchers in &selectors {
                found.extend(reader.exemplars(matchers, range)?);
            }
            Ok(found)
        })
        .await?;
    let write = |json: &mut Json| {
        json.list(&found, exemplars_of_series);
    };
    Ok(success(write, &Notes::default()))
}

fn exemplars_of_series(json: &mut Json, (labels, exemplars): &(Labels, Vec<SeriesExemplar>)) {
    json.raw("{\"seriesLabels\":").labels(labels).raw(",\"exemplars\":");
    json.list(exemplars, |json, exemplar| {
        json.raw("{\"labels\":").labels(&exemplar.labels).raw(",\"value\":");
        json.number(exemplar.value).raw(",\"timestamp\":").time(exemplar.time).raw("}");
    });
    json.raw("}");
}

fn collect_selectors(expr: &Expr, selectors: &mut Vec<Vec<Matcher>>) {
    match &expr.node {
        Node::Vector(selector) => selectors.push(selector.matchers.to_vec()),
        Node::Matrix(matrix) => selectors.push(matrix.selector.matchers.to_vec()),
        _ => expr.children().into_iter().for_each(|child| collect_selectors(child, selectors)),
    }
}

/// A query with one argument or operator a line where lines would be long.
pub(super) async fn format(State(workbench): Held, parameters: Parameters) -> Answer {
    let expr = parse(parameters.get("query"), &workbench.promql_options().parser)
        .map_err(|faults| Fault::parameter("query", faults))?;
    written(&watchglass_promql::printer::pretty(&expr))
}

fn now(workbench: &Workbench) -> Millis {
    Millis::try_from(workbench.now().0 / 1_000_000).unwrap_or(Millis::MAX)
}
