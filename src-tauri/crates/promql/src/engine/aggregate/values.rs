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
        let series = self.vector(&aggregation.inner, grid)?;
        let mut places: HashMap<Labels, usize> = HashMap::new();
        let mut result: Vec<Series> = Vec::new();
        for one in &series {
            self.check_interrupt()?;
            let mut known: Option<(SampleValue, usize)> = None;
            for step in 0..grid.steps {
                let Some(value) = one.column.get(step) else { continue };
                let place = match &known {
                    Some((same, place)) if *same == value => *place,
                    _ => {
                        let labels =
                            group_labels(&grouped, &one.labels.with(label, &text_of(&value)));
                        *places.entry(labels.clone()).or_insert_with(|| {
                            let column = Column::empty(grid.steps);
                            result.push(Series { labels, drop_name: false, column });
                            result.len() - 1
                        })
                    }
                };
                known = Some((value, place));
                if let Some(counted) = result.get_mut(place) {
                    let before = counted.column.float(step).unwrap_or(0.0);
                    counted.column.set_float(step, before + 1.0);
                }
            }
        }
        Ok(result)
    }
}

/// A value as the text of a label.
fn text_of(value: &SampleValue) -> String {
    match value {
        SampleValue::Float(value) => plain(*value),
        SampleValue::Histogram(histogram) => histogram.to_string(),
    }
}
