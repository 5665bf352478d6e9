//! Reading rows of batches: the first line filter runs over all lines at once, the rest of the pipeline row by row.

use std::ops::ControlFlow;

use watchglass_storage::LineBatch;

use super::{Interrupt, Result, Statistics};
use crate::stage::{LineTest, Pipeline, Row};

/// Rows from one look at the clock to the next.
const ROWS_BETWEEN_LOOKS: usize = 1_024;

/// A pipeline whose first line filter runs apart.
#[derive(Debug, Clone)]
pub(super) struct Reading {
    first: Option<LineTest>,
    /// The stages behind it.
    pub(super) pipeline: Pipeline,
}

/// What is done with a row; it must be reset to the number given before it is used.
pub(super) type Visit<'v, 'a> = &'v mut dyn FnMut(&mut Row<'a>, usize) -> Result<ControlFlow<()>>;

impl Reading {
    pub(super) fn new(pipeline: Pipeline) -> Self {
        match pipeline.first_filter().cloned() {
            Some(first) => Self { first: Some(first), pipeline: pipeline.without_first() },
            None => Self { first: None, pipeline },
        }
    }

    /// Whether anything looks at the lines, beyond counting them.
    pub(super) fn looks_at_lines(&self) -> bool {
        self.first.is_some() || self.pipeline.reads_line()
    }

    /// Calls `visit` with the rows that pass the first filter, from the first row on or from the last.
    pub(super) fn rows<'a>(
        &self,
        batch: &LineBatch<'a>,
        backward: bool,
        interrupt: Interrupt<'_>,
        visit: Visit<'_, 'a>,
    ) -> Result<()> {
        if let Some(interruption) = interrupt() {
            return Err(interruption.into());
        }
        let mut passing = Vec::new();
        let rows = match &self.first {
            Some(first) => {
                first.rows(batch, &mut passing);
                Some(passing.as_slice())
            }
            None => batch.rows,
        };
        let count = rows.map_or(batch.len(), <[u32]>::len);
        let mut row = Row::of(batch);
        for place in 0..count {
            let place = if backward { count - 1 - place } else { place };
            let number = match rows {
                Some(rows) => rows.get(place).map_or(0, |row| *row as usize),
                None => place,
            };
            if place % ROWS_BETWEEN_LOOKS == ROWS_BETWEEN_LOOKS - 1
                && let Some(interruption) = interrupt()
            {
                return Err(interruption.into());
            }
            if visit(&mut row, number)?.is_break() {
                break;
            }
        }
        Ok(())
    }
}

/// Counts what a batch shows.
pub(super) fn statistics_of(batch: &LineBatch<'_>, statistics: &mut Statistics) {
    let (lines, bytes) = match batch.rows {
        None => (batch.len(), batch.ends.last().map_or(0, |end| *end as usize)),
        Some(rows) => (rows.len(), rows.iter().map(|row| batch.place(*row as usize).len()).sum()),
    };
    statistics.parts += 1;
    statistics.lines += lines as u64;
    statistics.bytes += bytes as u64;
}
