//! `unwrap`: the number that a line gives.

use watchglass_template::duration::parse_go;
use watchglass_template::number::{parse_float, widened};

use super::failure;
use super::label_filter::Condition;
use super::row::Row;
use crate::syntax::parse_size;
use crate::tree::{Conversion, Unwrap};

/// Reads a label as a number, and tries the conditions behind it.
#[derive(Debug, Clone)]
pub(crate) struct Unwrapper {
    label: String,
    conversion: Option<Conversion>,
    filters: Vec<Condition>,
}

impl Unwrapper {
    pub(crate) fn new(unwrap: &Unwrap) -> Result<Self, String> {
        let filters = unwrap.filters.iter().map(Condition::new);
        Ok(Self {
            label: unwrap.label.clone(),
            conversion: unwrap.conversion,
            filters: filters.collect::<Result<_, _>>()?,
        })
    }

    /// The label with the number, which tells no series apart.
    pub(crate) fn label(&self) -> &str {
        &self.label
    }

    /// The number of a row; none where the row lacks the label or a condition does not hold. A label that is no number
    /// is a failure, and stands as zero.
    pub(crate) fn value(&self, row: &mut Row<'_>) -> Option<f64> {
        let text = row.get(&self.label).filter(|text| !text.is_empty())?;
        let value = match self.conversion {
            None => parse_float(text),
            Some(Conversion::Bytes) =>
            {
                #[expect(clippy::cast_precision_loss, reason = "sizes are rounded to floats")]
                parse_size(text).map(|bytes| bytes as f64)
            }
            Some(Conversion::Duration | Conversion::DurationSeconds) => {
                parse_go(text).map(|nanos| widened(nanos) / 1e9)
            }
        };
        let value = value.unwrap_or_else(|fault| {
            row.fail(failure::SAMPLE, fault);
            0.0
        });
        self.filters.iter().all(|filter| filter.holds(row)).then_some(value)
    }
}
