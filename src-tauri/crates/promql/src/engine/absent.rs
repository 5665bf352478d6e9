//! `absent` and `absent_over_time`: a series where there is none.

use std::collections::HashSet;

use watchglass_model::{Labels, LabelsBuilder, METRIC_NAME};
use watchglass_storage::{MatchOperator, Matcher};

use super::Result;
use super::column::{ABSENT, Column, Grid, Series};
use super::evaluate::Evaluator;
use crate::tree::{Expr, Node};

/// `absent`
pub(crate) fn of_vector(
    evaluator: &mut Evaluator<'_>,
    argument: &Expr,
    grid: Grid,
) -> Result<Vec<Series>> {
    let series = evaluator.vector(argument, grid)?;
    Ok(absent(argument, &series, grid))
}

/// A series of ones at the steps where no other has a value, with the labels that the argument pins down.
pub(crate) fn absent(argument: &Expr, series: &[Series], grid: Grid) -> Vec<Series> {
    let mut column = Column::of(vec![1.0; grid.steps]);
    for one in series {
        for (step, value) in column.floats.iter_mut().enumerate() {
            if one.column.has(step) {
                *value = ABSENT;
            }
        }
    }
    if column.is_empty() {
        return Vec::new();
    }
    vec![Series { labels: pinned_labels(argument), drop_name: false, column }]
}

/// The labels that a selector compares with `=` and with nothing else.
fn pinned_labels(argument: &Expr) -> Labels {
    let matchers: &[Matcher] = match &argument.unwrapped().node {
        Node::Vector(selector) => &selector.matchers,
        Node::Matrix(matrix) => &matrix.selector.matchers,
        _ => return Labels::EMPTY,
    };
    let mut labels = LabelsBuilder::default();
    let mut seen = HashSet::new();
    for matcher in matchers.iter().filter(|matcher| matcher.name != METRIC_NAME) {
        if matcher.operator == MatchOperator::Equal && seen.insert(matcher.name.as_str()) {
            labels.set(&*matcher.name, &*matcher.value);
        } else {
            labels.remove(&matcher.name);
        }
    }
    labels.build()
}
