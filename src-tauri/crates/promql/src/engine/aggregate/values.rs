//! `count_values`: how many series of a group have which value.

use std::collections::HashMap;

use watchglass_model::{Labels, SampleValue};

use super::group_labels;
use crate::engine::column::{Column, Grid, Series};
use crate::engine::evaluate::Evaluator;
use crate::engine::{QueryError, Result};
use crate::syntax::{is_utf8, quoted};
use crate::text::plain;
use crate::tree::{Aggregation, Node};

impl Evaluator<'_> {
    pub(super) fn count_values(
        &mut self,
        aggregation: &Aggregation,
        grid: Grid,
    ) -> Result<Vec<Series>> {
        let parameter = aggregation.parameter.as_ref().map(|parameter| &parameter.unwrapped().node);
        let Some(Node::Text(label)) = parameter else {
            return Err(QueryError::Execution("count_values needs the name of a label".to_owned()));
        };
        if label.is_empty() || !is_utf8(label) {
            return Err(QueryError::Execution(format!("invalid label name {}", quoted(label))));
        }
        let mut grouped = aggregation.clone();
        if !grouped.without {
            grouped.grouping.push(label.clone());
        }
        // A label that `without` takes away is taken away with the value that it would have had.
        let shows = !(grouped.without && grouped.grouping.contains(label));
        let series = self.vector(&aggregation.inner, grid)?;
        let mut tally = Tally::new(label, shows, grid);
        for one in &series {
            self.check_interrupt()?;
            tally.count(&group_labels(&grouped, &one.labels.without(label)), &one.column);
        }
        Ok(tally.result)
    }
}

/// What was counted so far.
struct Tally<'a> {
    label: &'a str,
    /// Whether the label of the value is in the answer.
    shows: bool,
    grid: Grid,
    groups: HashMap<Labels, usize>,
    /// Where the series of a group's float is, by the number of the group and the float's bits: a float's text is made
    /// once.
    floats: HashMap<(usize, u64), usize>,
    places: HashMap<Labels, usize>,
    result: Vec<Series>,
}

impl<'a> Tally<'a> {
    fn new(label: &'a str, shows: bool, grid: Grid) -> Self {
        Self {
            label,
            shows,
            grid,
            groups: HashMap::new(),
            floats: HashMap::new(),
            places: HashMap::new(),
            result: Vec::new(),
        }
    }

    /// Counts the values of a series of the group with these labels.
    fn count(&mut self, group: &Labels, column: &Column) {
        let next = self.groups.len();
        let number = *self.groups.entry(group.clone()).or_insert(next);
        for step in 0..self.grid.steps {
            let Some(value) = column.get(step) else { continue };
            let key = match &value {
                SampleValue::Float(value) => Some((number, value.to_bits())),
                SampleValue::Histogram(_) => None,
            };
            let known = key.and_then(|key| self.floats.get(&key).copied());
            let place = known.unwrap_or_else(|| self.place(group, &value));
            if let Some(key) = key.filter(|_| known.is_none()) {
                self.floats.insert(key, place);
            }
            if let Some(counted) = self.result.get_mut(place) {
                let before = counted.column.float(step).unwrap_or(0.0);
                counted.column.set_float(step, before + 1.0);
            }
        }
    }

    /// Where the series of a group's value is in the answer.
    fn place(&mut self, group: &Labels, value: &SampleValue) -> usize {
        let labels =
            if self.shows { group.with(self.label, &text_of(value)) } else { group.clone() };
        let (result, steps) = (&mut self.result, self.grid.steps);
        *self.places.entry(labels.clone()).or_insert_with(|| {
            result.push(Series { labels, drop_name: false, column: Column::empty(steps) });
            result.len() - 1
        })
    }
}

/// A value as the text of a label.
fn text_of(value: &SampleValue) -> String {
    match value {
        SampleValue::Float(value) => plain(*value),
        SampleValue::Histogram(histogram) => histogram.to_string(),
    }
}
