//! `label_replace` and `label_join`: functions of labels, not of values.

use watchglass_model::{LabelsBuilder, METRIC_NAME};
use watchglass_storage::Pattern;

use super::call::{argument, text_argument};
use super::column::{Grid, Series};
use super::evaluate::Evaluator;
use super::series::merged;
use super::{QueryError, Result};
use crate::syntax::is_utf8;
use crate::tree::Call;

/// `label_replace(v, destination, replacement, source, pattern)`
pub(crate) fn label_replace(
    evaluator: &mut Evaluator<'_>,
    call: &Call,
    grid: Grid,
) -> Result<Vec<Series>> {
    let text = |place| text_argument(call, place);
    let (destination, replacement, source, pattern) = (text(1)?, text(2)?, text(3)?, text(4)?);
    let compiled = Pattern::anchored(pattern)
        .map_err(|_| fault(&format!("invalid regular expression in label_replace(): {pattern}")))?;
    check_name("destination", "label_replace", destination)?;
    let mut series = evaluator.vector(argument(call, 0)?, grid)?;
    for one in &mut series {
        if let Some(value) = compiled.expand(one.labels.get(source), replacement) {
            set(one, destination, &value);
        }
    }
    merged(series)
}

/// `label_join(v, destination, separator, source…)`
pub(crate) fn label_join(
    evaluator: &mut Evaluator<'_>,
    call: &Call,
    grid: Grid,
) -> Result<Vec<Series>> {
    let (destination, separator) = (text_argument(call, 1)?, text_argument(call, 2)?);
    let mut sources = Vec::new();
    for place in 3..call.arguments.len() {
        let source = text_argument(call, place)?;
        check_name("source", "label_join", source)?;
        sources.push(source);
    }
    check_name("destination", "label_join", destination)?;
    let mut series = evaluator.vector(argument(call, 0)?, grid)?;
    for one in &mut series {
        let values: Vec<_> = sources.iter().map(|source| one.labels.get(source)).collect();
        let joined = values.join(separator);
        set(one, destination, &joined);
    }
    merged(series)
}

/// Sets a label; a name that was set on purpose stays.
fn set(series: &mut Series, name: &str, value: &str) {
    let mut labels = LabelsBuilder::from(&series.labels);
    labels.set(name, value);
    series.labels = labels.build();
    if name == METRIC_NAME {
        series.drop_name = false;
    }
}

fn check_name(which: &str, function: &str, name: &str) -> Result<()> {
    if name.is_empty() || !is_utf8(name) {
        return Err(fault(&format!("invalid {which} label name in {function}(): {name}")));
    }
    Ok(())
}

fn fault(text: &str) -> QueryError {
    QueryError::Execution(text.to_owned())
}
