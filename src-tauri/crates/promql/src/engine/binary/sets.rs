//! `and`, `or`, `unless`: which series are there, whatever their values are.

use std::collections::HashMap;

use watchglass_model::Labels;

use crate::engine::Result;
use crate::engine::column::{Grid, Series};
use crate::engine::series::{matching_labels, merged};
use crate::tree::{Matching, Operator};

/// At which steps a vector has a series with the same matching labels.
struct Presence(HashMap<Labels, Vec<bool>>);

impl Presence {
    fn of(series: &[Series], matching: &Matching, grid: Grid) -> Self {
        let mut groups: HashMap<Labels, Vec<bool>> = HashMap::new();
        for one in series {
            let labels = matching_labels(&one.labels, matching.on, &matching.labels);
            let steps = groups.entry(labels).or_insert_with(|| vec![false; grid.steps]);
            for (step, present) in steps.iter_mut().enumerate() {
                *present |= one.column.has(step);
            }
        }
        Self(groups)
    }

    /// Keeps the values of `series` at the steps where the other vector is, or is not.
    fn filter(&self, series: Vec<Series>, matching: &Matching, where_present: bool) -> Vec<Series> {
        let mut kept = Vec::with_capacity(series.len());
        for mut one in series {
            let steps = self.0.get(&matching_labels(&one.labels, matching.on, &matching.labels));
            let present =
                |step: usize| steps.and_then(|steps| steps.get(step)).copied().unwrap_or(false);
            one.column.retain(|step| present(step) == where_present);
            if !one.column.is_empty() {
                kept.push(one);
            }
        }
        kept
    }
}

/// Evaluates a set operator.
pub(super) fn set_operation(
    operator: Operator,
    mut left: Vec<Series>,
    right: Vec<Series>,
    matching: &Matching,
    grid: Grid,
) -> Result<Vec<Series>> {
    match operator {
        Operator::And => Ok(Presence::of(&right, matching, grid).filter(left, matching, true)),
        Operator::Unless => Ok(Presence::of(&right, matching, grid).filter(left, matching, false)),
        _ => {
            let more = Presence::of(&left, matching, grid).filter(right, matching, false);
            left.extend(more);
            merged(left)
        }
    }
}
