//! Aggregations: the series of a group become one, or some of them are picked.

mod fold;
mod pick;
mod values;

use std::collections::HashMap;

use watchglass_model::{Labels, METRIC_NAME};

use super::Result;
use super::column::{Column, Grid, Series};
use super::evaluate::Evaluator;
use crate::tree::{Aggregation, Aggregator, Span};

/// The series of one group, by their places in the input.
pub(crate) struct Group {
    labels: Labels,
    members: Vec<usize>,
}

impl Evaluator<'_> {
    /// Evaluates an aggregation.
    pub(crate) fn aggregation(
        &mut self,
        aggregation: &Aggregation,
        span: Span,
        grid: Grid,
    ) -> Result<Vec<Series>> {
        match aggregation.aggregator {
            Aggregator::CountValues => self.count_values(aggregation, grid),
            Aggregator::Topk
            | Aggregator::Bottomk
            | Aggregator::Limitk
            | Aggregator::LimitRatio => self.picked(aggregation, span, grid),
            _ => self.folded(aggregation, grid),
        }
    }

    fn folded(&mut self, aggregation: &Aggregation, grid: Grid) -> Result<Vec<Series>> {
        let parameter = match &aggregation.parameter {
            Some(parameter) => Some(self.scalar(parameter, grid)?),
            None => None,
        };
        let series = self.vector(&aggregation.inner, grid)?;
        if let (Some(quantile), Some(expr)) = (&parameter, &aggregation.parameter) {
            fold::note_quantile(&mut self.notes, quantile, expr.unwrapped().span, grid);
        }
        let mut result = Vec::new();
        for group in groups(aggregation, &series) {
            self.check_interrupt()?;
            let members: Vec<&Series> =
                group.members.iter().filter_map(|place| series.get(*place)).collect();
            let span = aggregation.inner.unwrapped().span;
            let mut fold = fold::Fold { notes: &mut self.notes, span, steps: grid.steps };
            let column = fold.column(aggregation.aggregator, parameter.as_ref(), &members);
            if !column.is_empty() {
                let drop_name = members.iter().any(|one| one.drop_name);
                result.push(Series { labels: group.labels, drop_name, column });
            }
        }
        Ok(result)
    }
}

/// The labels of a group: those that `by` names, or those that `without` does not.
pub(crate) fn group_labels(aggregation: &Aggregation, labels: &Labels) -> Labels {
    let named = |name: &str| aggregation.grouping.iter().any(|own| own == name);
    if aggregation.without {
        labels.filtered(|name| name != METRIC_NAME && !named(name))
    } else if aggregation.grouping.is_empty() {
        Labels::EMPTY
    } else {
        labels.filtered(named)
    }
}

/// The groups of a vector, in the order in which their first series come.
fn groups(aggregation: &Aggregation, series: &[Series]) -> Vec<Group> {
    let mut places: HashMap<Labels, usize> = HashMap::new();
    let mut groups: Vec<Group> = Vec::new();
    for (member, one) in series.iter().enumerate() {
        let labels = group_labels(aggregation, &one.labels);
        let place = *places.entry(labels.clone()).or_insert(groups.len());
        match groups.get_mut(place) {
            Some(group) => group.members.push(member),
            None => groups.push(Group { labels, members: vec![member] }),
        }
    }
    groups
}

/// An input series with only some of its values.
pub(crate) fn thinned(series: &Series, wanted: &[bool]) -> Option<Series> {
    let mut column: Column = series.column.clone();
    column.retain(|step| wanted.get(step).copied().unwrap_or(false));
    (!column.is_empty()).then(|| Series { column, ..series.clone() })
}
