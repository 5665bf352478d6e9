//! `info`: series get the labels of the info metrics of their target (Prometheus `promql/info.go`).

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use watchglass_model::{Labels, LabelsBuilder, METRIC_NAME, Millis};
use watchglass_storage::{MatchOperator, Matcher};

use super::call::argument;
use super::column::{Column, Grid, Series};
use super::evaluate::Evaluator;
use super::select::Clock;
use super::series::merged;
use super::{QueryError, Result};
use crate::text::braced;
use crate::tree::{At, Call, Edges, Expr, Length, Node, VectorSelector};

/// The info metric that is asked where none is named.
const TARGET_INFO: &str = "target_info";
/// The labels that tell a target from others.
const IDENTIFYING: [&str; 2] = ["instance", "job"];

/// Evaluates a call.
pub(crate) fn info(evaluator: &mut Evaluator<'_>, call: &Call, grid: Grid) -> Result<Vec<Series>> {
    let base_expr = argument(call, 0)?;
    let base = evaluator.vector(base_expr, grid)?;
    let given: &[Matcher] = match call.arguments.get(1).map(|one| &one.unwrapped().node) {
        Some(Node::Vector(selector)) => &selector.matchers,
        _ => &[],
    };
    let names = name_matchers(given, call.arguments.len() > 1)?;
    let wanted = Wanted {
        names,
        data: given.iter().filter(|one| one.name != METRIC_NAME).cloned().collect(),
    };
    let infos = wanted.select(evaluator, &base, base_expr, grid)?;
    let mut enriched = Vec::new();
    for one in base {
        evaluator.check_interrupt()?;
        if wanted.is_info(&one.labels) {
            enriched.push(one);
        } else {
            wanted.enrich(&one, &infos, grid, &mut enriched)?;
        }
    }
    merged(enriched)
}

/// Matchers of the names of info metrics. Where a query only says what they are not called, their names end as those
/// of info metrics do.
fn name_matchers(given: &[Matcher], selector: bool) -> Result<Vec<Matcher>> {
    if !selector {
        return Ok(vec![Matcher::metric(TARGET_INFO)]);
    }
    let mut names: Vec<Matcher> =
        given.iter().filter(|one| one.name == METRIC_NAME).cloned().collect();
    let denies =
        |one: &Matcher| matches!(one.operator, MatchOperator::NotEqual | MatchOperator::NotMatches);
    if !names.is_empty() && names.iter().all(denies) {
        let ending = Matcher::new(METRIC_NAME, MatchOperator::Matches, ".+_info");
        names.push(ending.map_err(|fault| QueryError::Execution(fault.to_string()))?);
    }
    Ok(names)
}

/// Which info metrics, and which of their labels.
struct Wanted {
    names: Vec<Matcher>,
    data: Vec<Matcher>,
}

/// Info series with the instants of their samples, by name and identifying labels.
type Infos = BTreeMap<String, HashMap<Labels, Vec<(Labels, Column)>>>;

impl Wanted {
    /// Whether a series is itself one that would be asked.
    fn is_info(&self, labels: &Labels) -> bool {
        !self.names.is_empty() && self.names.iter().all(|matcher| matcher.matches(labels.name()))
    }

    /// Selects the info series of the targets that `base` comes from.
    fn select(
        &self,
        evaluator: &mut Evaluator<'_>,
        base: &[Series],
        base_expr: &Expr,
        grid: Grid,
    ) -> Result<Infos> {
        let mut infos = Infos::new();
        let Some(mut matchers) = self.target_matchers(base)? else { return Ok(infos) };
        if self.names.is_empty() {
            matchers.push(Matcher::metric(TARGET_INFO));
        }
        matchers.extend(self.names.iter().chain(&self.data).cloned());
        let (at, offset) = reference(evaluator, base_expr)?;
        let selector = VectorSelector {
            name: String::new(),
            matchers: Arc::from(matchers),
            offset: Some(Length::Fixed(offset)),
            at: at.map(At::Time),
            edges: Edges::Plain,
        };
        let values = evaluator.selected(&selector, base_expr.span, grid)?;
        if let Some(one) = values.iter().find(|one| !one.column.histograms.is_empty()) {
            return Err(QueryError::Execution(format!(
                "this should be an info metric, with float samples: {}",
                braced(&one.labels)
            )));
        }
        for one in evaluator.selected_clock(&selector, Clock::Time, grid)? {
            let target = identity(&one.labels);
            let of_name = infos.entry(one.labels.name().to_owned()).or_default();
            of_name.entry(target).or_default().push((one.labels, one.column));
        }
        Ok(infos)
    }

    /// Matchers of the identifying labels; none where no series has any.
    fn target_matchers(&self, base: &[Series]) -> Result<Option<Vec<Matcher>>> {
        let mut matchers = Vec::new();
        for name in IDENTIFYING {
            let plain = base.iter().filter(|one| !self.is_info(&one.labels));
            let values: BTreeSet<_> =
                plain.map(|one| one.labels.get(name)).filter(|value| !value.is_empty()).collect();
            if values.is_empty() {
                continue;
            }
            let pattern: Vec<_> =
                values.into_iter().map(watchglass_storage::quote_pattern).collect();
            let matcher = Matcher::new(name, MatchOperator::Matches, pattern.join("|"))
                .map_err(|fault| QueryError::Execution(fault.to_string()))?;
            matchers.push(matcher);
        }
        Ok((!matchers.is_empty()).then_some(matchers))
    }

    /// Adds a series with the labels that its target's info series have at each step.
    fn enrich(
        &self,
        base: &Series,
        infos: &Infos,
        grid: Grid,
        enriched: &mut Vec<Series>,
    ) -> Result<()> {
        let target = identity(&base.labels);
        let candidates: Vec<&Vec<(Labels, Column)>> =
            infos.values().filter_map(|of_name| of_name.get(&target)).collect();
        let mut results: Vec<Series> = Vec::new();
        for step in 0..grid.steps {
            let Some(value) = base.column.get(step) else { continue };
            let mut found = Vec::new();
            for of_name in &candidates {
                found.extend(newest(of_name, step)?);
            }
            if found.is_empty() && !self.data.iter().all(Matcher::matches_absence) {
                continue;
            }
            let labels = self.combined(&base.labels, &found)?;
            let place = results.iter().position(|one| one.labels == labels).unwrap_or_else(|| {
                let column = Column::empty(grid.steps);
                results.push(Series { labels, drop_name: base.drop_name, column });
                results.len() - 1
            });
            if let Some(result) = results.get_mut(place) {
                result.column.set(step, value);
            }
        }
        enriched.extend(results);
        Ok(())
    }

    /// The labels of a series and of its info series; what the series has already stays.
    fn combined(&self, base: &Labels, infos: &[&Labels]) -> Result<Labels> {
        let mut added = LabelsBuilder::default();
        for (name, value) in infos.iter().flat_map(|labels| labels.iter()) {
            let chosen = self.data.is_empty() || self.data.iter().any(|one| one.name == name);
            if name == METRIC_NAME || !chosen {
                continue;
            }
            let known = added.get(name);
            if !known.is_empty() && known != value {
                return Err(QueryError::Execution(format!("conflicting label: {name}")));
            }
            if base.get(name).is_empty() {
                added.set(name, value);
            }
        }
        let mut labels = LabelsBuilder::from(base);
        for (name, value) in added.iter() {
            labels.set(name, value);
        }
        Ok(labels.build())
    }
}

/// The labels that tell a target from others.
fn identity(labels: &Labels) -> Labels {
    labels.filtered(|name| IDENTIFYING.contains(&name))
}

/// The info series with the newest sample at a step.
fn newest(series: &[(Labels, Column)], step: usize) -> Result<Option<&Labels>> {
    let mut newest: Option<(&Labels, f64)> = None;
    for (labels, times) in series {
        let Some(time) = times.float(step) else { continue };
        match newest {
            Some((known, same)) if same.to_bits() == time.to_bits() => {
                return Err(QueryError::Execution(format!(
                    "found duplicate series for info metric: existing {} @ {:.0}, new {} @ {:.0}",
                    braced(known),
                    time * 1000.0,
                    braced(labels),
                    time * 1000.0
                )));
            }
            Some((_, newer)) if newer > time => {}
            _ => newest = Some((labels, time)),
        }
    }
    Ok(newest.map(|(labels, _)| labels))
}

/// The instant to which the first selector of an expression is pinned, and how far back it looks.
fn reference(evaluator: &Evaluator<'_>, expr: &Expr) -> Result<(Option<Millis>, Millis)> {
    let (mut pinned, mut offset) = (None, 0);
    let mut next = Some(expr);
    while let Some(expr) = next {
        let (at, length) = match &expr.node {
            Node::Vector(selector) => (selector.at, selector.offset.as_ref()),
            Node::Matrix(matrix) => (matrix.selector.at, matrix.selector.offset.as_ref()),
            Node::Subquery(subquery) => (subquery.at, subquery.offset.as_ref()),
            _ => (None, None),
        };
        if at.is_some() {
            (pinned, offset) = (evaluator.pinned(at), 0);
        }
        offset += evaluator.shape.offset(length)?;
        next = expr.children().into_iter().find(|child| has_selector(child));
    }
    Ok((pinned, offset))
}

fn has_selector(expr: &Expr) -> bool {
    matches!(expr.node, Node::Vector(_) | Node::Matrix(_))
        || expr.children().into_iter().any(has_selector)
}
