//! `label_replace`.

use std::collections::HashSet;

use watchglass_pattern::Pattern;

use super::column::Series;
use super::{QueryError, Result};
use crate::tree::LabelReplace;

pub(super) fn label_replace(replace: &LabelReplace, series: Vec<Series>) -> Result<Vec<Series>> {
    let pattern = Pattern::within("^(?:", &replace.pattern, ")$")
        .map_err(|fault| QueryError::Invalid(format!("invalid regex in label_replace: {fault}")))?;
    let mut seen = HashSet::new();
    let mut replaced = Vec::with_capacity(series.len());
    for one in series {
        let labels = match pattern.expand(one.labels.get(&replace.source), &replace.replacement) {
            Some(value) => one.labels.with(&replace.destination, &value),
            None => one.labels,
        };
        if !seen.insert(labels.clone()) {
            return Err(QueryError::Execution(format!(
                "duplicate labels in vector after label_replace: {}",
                crate::text::braced(&labels)
            )));
        }
        replaced.push(Series { labels, values: one.values });
    }
    Ok(replaced)
}
