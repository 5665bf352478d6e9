//! What operations do to labels: names that go, and series that become one.

use std::collections::HashMap;

use watchglass_model::{Labels, METRIC_NAME};

use super::column::Series;
use super::{QueryError, Result};

/// The labels that tell what a metric is, and go when an operation makes it another (Prometheus `schema/labels.go`).
const METADATA: [&str; 3] = [METRIC_NAME, "__type__", "__unit__"];

/// Whether a label tells what a metric is.
pub(crate) fn is_metadata(name: &str) -> bool {
    METADATA.contains(&name)
}

/// The labels without those that tell what the metric is.
pub(crate) fn without_metadata(labels: &Labels) -> Labels {
    labels.filtered(|name| !is_metadata(name))
}

/// The labels that two series are matched by.
pub(crate) fn matching_labels(labels: &Labels, on: bool, names: &[String]) -> Labels {
    let listed = |name: &str| names.iter().any(|own| own == name);
    if on {
        labels.filtered(listed)
    } else {
        labels.filtered(|name| name != METRIC_NAME && !listed(name))
    }
}

/// Series with the same labels become one; a step where two of them have a value is an error.
pub(crate) fn merged(series: Vec<Series>) -> Result<Vec<Series>> {
    let mut places: HashMap<Labels, usize> = HashMap::with_capacity(series.len());
    if series
        .iter()
        .enumerate()
        .all(|(place, one)| places.insert(one.labels.clone(), place).is_none())
    {
        return Ok(series);
    }
    places.clear();
    let mut merged: Vec<Series> = Vec::with_capacity(series.len());
    for one in series {
        let place = *places.entry(one.labels.clone()).or_insert(merged.len());
        match merged.get_mut(place) {
            None => merged.push(one),
            Some(known) => {
                if !known.column.absorb(one.column) {
                    return Err(QueryError::Execution(
                        "vector cannot contain metrics with the same labelset".to_owned(),
                    ));
                }
            }
        }
    }
    Ok(merged)
}
