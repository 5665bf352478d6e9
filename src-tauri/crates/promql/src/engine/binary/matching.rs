//! Operators between two vectors: which series of one side belong to which of the other.
//!
//! Series are matched once for the whole query. The rules are still those of one step: whether a match is ambiguous
//! depends on which series have a value there.

use std::collections::{HashMap, HashSet};

use watchglass_model::{Labels, LabelsBuilder, SampleValue};

use super::changes_meaning;
use super::values::{Operation, Side, float_result, keeps};
use crate::engine::column::{ABSENT, Column, Grid, Series, is_absent};
use crate::engine::evaluate::Evaluator;
use crate::engine::series::{is_metadata, matching_labels, merged, without_metadata};
use crate::engine::{QueryError, Result};
use crate::text::braced;
use crate::tree::{Cardinality, Matching};

/// Series of both sides with the same matching labels, by their places. `many` is the side of which several may
/// match one of the other.
#[derive(Default)]
struct Group {
    many: Vec<usize>,
    one: Vec<usize>,
}

/// The matching of two vectors.
struct Match<'a> {
    many: &'a [Series],
    one: &'a [Series],
    matching: &'a Matching,
    operation: Operation,
    grid: Grid,
}

impl Evaluator<'_> {
    /// Evaluates an operator between two vectors.
    pub(super) fn matched(
        &mut self,
        left: &[Series],
        right: &[Series],
        matching: &Matching,
        operation: Operation,
        grid: Grid,
    ) -> Result<Vec<Series>> {
        let swapped = matching.cardinality == Cardinality::OneToMany;
        let (many, one) = if swapped { (right, left) } else { (left, right) };
        let matched = Match { many, one, matching, operation, grid };
        let mut result = Vec::new();
        for group in matched.groups() {
            self.check_interrupt()?;
            matched.check_one_side(&group)?;
            matched.check_many_side(&group)?;
            matched.pairs(self, &group, &mut result);
        }
        merged(result)
    }
}

impl Match<'_> {
    fn swapped(&self) -> bool {
        self.matching.cardinality == Cardinality::OneToMany
    }

    /// What stands in for a missing series of the "many" side, and of the "one" side. Prometheus 3.14 takes the left
    /// value for the "many" side even where that stands on the right, and its tests hold it to that.
    const fn fills(&self) -> (Option<f64>, Option<f64>) {
        (self.matching.fill_left, self.matching.fill_right)
    }

    /// Groups in the order in which their series come, the "many" side first.
    fn groups(&self) -> Vec<Group> {
        let mut places: HashMap<Labels, usize> = HashMap::new();
        let mut groups: Vec<Group> = Vec::new();
        for (side, series) in [self.many, self.one].into_iter().enumerate() {
            for (member, one) in series.iter().enumerate() {
                let labels = matching_labels(&one.labels, self.matching.on, &self.matching.labels);
                let place = *places.entry(labels).or_insert_with(|| {
                    groups.push(Group::default());
                    groups.len() - 1
                });
                if let Some(group) = groups.get_mut(place) {
                    if side == 0 { group.many.push(member) } else { group.one.push(member) }
                }
            }
        }
        groups
    }

    /// At which steps the query has anything to match.
    fn is_active(&self, step: usize) -> bool {
        let (fill_many, fill_one) = self.fills();
        fill_many.is_some()
            || fill_one.is_some()
            || self.many.iter().any(|one| one.column.has(step))
    }

    /// Of the "one" side only one series of a group may have a value at a step.
    fn check_one_side(&self, group: &Group) -> Result<()> {
        if group.one.len() < 2 {
            return Ok(());
        }
        for step in 0..self.grid.steps {
            let present =
                |member: &&usize| self.one.get(**member).is_some_and(|one| one.column.has(step));
            let mut found =
                group.one.iter().filter(present).filter_map(|member| self.one.get(*member));
            let (Some(first), Some(second)) = (found.next(), found.next()) else { continue };
            if !self.is_active(step) {
                continue;
            }
            let labels = second.labels.filtered(|name| {
                self.matching.labels.iter().any(|own| own == name) == self.matching.on
                    && (self.matching.on || name != watchglass_model::METRIC_NAME)
            });
            return Err(QueryError::Execution(format!(
                "found duplicate series for the match group {} on the {} hand-side of the operation: [{}, {}];many-to-many matching not allowed: matching labels must be unique on one side",
                braced(&labels),
                if self.swapped() { "left" } else { "right" },
                braced(&first.labels),
                braced(&second.labels)
            )));
        }
        Ok(())
    }

    /// Of the "many" side, several may match at a step only where the query says so, and only with different results.
    fn check_many_side(&self, group: &Group) -> Result<()> {
        if group.many.len() < 2 {
            return Ok(());
        }
        let explicit = self.matching.cardinality != Cardinality::OneToOne;
        for step in 0..self.grid.steps {
            let partner = group
                .one
                .iter()
                .filter_map(|member| self.one.get(*member))
                .find(|one| one.column.has(step));
            if partner.is_none() && self.fills().1.is_none() {
                continue;
            }
            let mut results = HashSet::new();
            for many in group.many.iter().filter_map(|member| self.many.get(*member)) {
                if !many.column.has(step) {
                    continue;
                }
                let labels = if explicit {
                    self.result_labels(&many.labels, partner.map(|one| &one.labels))
                } else {
                    Labels::EMPTY
                };
                if !results.insert(labels) {
                    let text = if explicit {
                        "multiple matches for labels: grouping labels must ensure unique matches"
                    } else {
                        "multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)"
                    };
                    return Err(QueryError::Execution(text.to_owned()));
                }
            }
        }
        Ok(())
    }

    /// The labels of a result (`resultMetric` in Prometheus `promql/engine.go`).
    fn result_labels(&self, many: &Labels, one: Option<&Labels>) -> Labels {
        let matching = self.matching;
        let named = |name: &str| matching.labels.iter().any(|own| own == name);
        let renames = changes_meaning(self.operation.operator);
        let kept = many.filtered(|name| {
            let matched =
                matching.cardinality != Cardinality::OneToOne || named(name) == matching.on;
            matched && !(renames && is_metadata(name))
        });
        if matching.include.is_empty() {
            return kept;
        }
        let mut labels = LabelsBuilder::from(&kept);
        for name in &matching.include {
            labels.set(&**name, one.map_or("", |one| one.get(name)));
        }
        labels.build()
    }

    /// Adds the results of a group.
    fn pairs(&self, evaluator: &mut Evaluator<'_>, group: &Group, result: &mut Vec<Series>) {
        let (fill_many, fill_one) = self.fills();
        let ones: Vec<&Series> =
            group.one.iter().filter_map(|member| self.one.get(*member)).collect();
        let manys: Vec<&Series> =
            group.many.iter().filter_map(|member| self.many.get(*member)).collect();
        for many in &manys {
            for one in &ones {
                let column = self.column(evaluator, &many.column, &one.column);
                self.push(evaluator, &many.labels, Some(&one.labels), column, result);
            }
            if let Some(fill) = fill_one {
                let missing = self.missing(fill, &ones);
                let column = self.column(evaluator, &many.column, &missing);
                let one = matching_labels(&many.labels, self.matching.on, &self.matching.labels);
                self.push(evaluator, &many.labels, Some(&one), column, result);
            }
        }
        if let Some(fill) = fill_many {
            let missing = self.missing(fill, &manys);
            for one in &ones {
                let column = self.column(evaluator, &missing, &one.column);
                let many = matching_labels(&one.labels, self.matching.on, &self.matching.labels);
                self.push(evaluator, &many, Some(&one.labels), column, result);
            }
        }
    }

    /// A value at the steps where none of `series` has one.
    fn missing(&self, fill: f64, series: &[&Series]) -> Column {
        let steps = 0..self.grid.steps;
        let value =
            |step| if series.iter().any(|one| one.column.has(step)) { ABSENT } else { fill };
        Column::of(steps.map(value).collect())
    }

    fn push(
        &self,
        evaluator: &Evaluator<'_>,
        many: &Labels,
        one: Option<&Labels>,
        column: Column,
        result: &mut Vec<Series>,
    ) {
        if column.is_empty() {
            return;
        }
        let mut labels = self.result_labels(many, one);
        if self.operation.as_bool && !evaluator.options.delayed_name_removal {
            labels = without_metadata(&labels);
        }
        result.push(Series { labels, drop_name: self.operation.as_bool, column });
    }

    /// The results at the steps where both sides have a value.
    fn column(&self, evaluator: &mut Evaluator<'_>, many: &Column, one: &Column) -> Column {
        let (left, right) = if self.swapped() { (one, many) } else { (many, one) };
        if left.histograms.is_empty()
            && right.histograms.is_empty()
            && !self.operation.operator_trims()
        {
            return self.float_column(left, right);
        }
        let mut column = Column::empty(self.grid.steps);
        for step in 0..self.grid.steps {
            let (Some(left), Some(right)) = (left.get(step), right.get(step)) else { continue };
            let value: Option<SampleValue> =
                self.operation.apply(&left, &right, Side::Left, &mut evaluator.notes);
            if let Some(value) = value {
                column.set(step, value);
            }
        }
        column
    }

    fn float_column(&self, left: &Column, right: &Column) -> Column {
        let Operation { operator, as_bool, .. } = self.operation;
        let result = |(left, right): (&f64, &f64)| {
            if is_absent(*left) || is_absent(*right) {
                ABSENT
            } else if !operator.is_comparison() {
                float_result(operator, *left, *right)
            } else if as_bool {
                f64::from(u8::from(keeps(operator, *left, *right)))
            } else if keeps(operator, *left, *right) {
                *left
            } else {
                ABSENT
            }
        };
        Column::of(left.floats.iter().zip(&right.floats).map(result).collect())
    }
}
