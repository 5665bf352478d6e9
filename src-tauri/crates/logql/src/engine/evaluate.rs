//! Walking the tree.

use watchglass_model::Labels;
use watchglass_storage::StreamReader;

use super::column::{Grid, Series};
use super::{EngineOptions, Interrupt, Query, Result, Statistics};
use crate::tree::{Grouping, MetricExpr, VectorAggregation, VectorOperation};

/// What an expression gives.
#[derive(Debug, Clone)]
pub(super) enum Computed {
    /// The same number at every step.
    Scalar(f64),
    /// Series; `sorted` where their order means something.
    Vector { series: Vec<Series>, sorted: bool },
}

impl Computed {
    pub(super) const fn vector(series: Vec<Series>) -> Self {
        Self::Vector { series, sorted: false }
    }
}

/// A query that is being evaluated.
pub(super) struct Evaluator<'q> {
    pub(super) reader: &'q dyn StreamReader,
    pub(super) options: &'q EngineOptions,
    pub(super) query: &'q Query<'q>,
    pub(super) grid: Grid,
    pub(super) interrupt: Interrupt<'q>,
    pub(super) statistics: Statistics,
    pub(super) warnings: Vec<String>,
}

impl<'q> Evaluator<'q> {
    pub(super) const fn new(
        reader: &'q dyn StreamReader,
        options: &'q EngineOptions,
        query: &'q Query<'q>,
        grid: Grid,
        interrupt: Interrupt<'q>,
    ) -> Self {
        let statistics = Statistics { lines: 0, bytes: 0, parts: 0, passed: 0, entries: 0 };
        Self { reader, options, query, grid, interrupt, statistics, warnings: Vec::new() }
    }

    pub(super) fn check_interrupt(&self) -> Result<()> {
        match (self.interrupt)() {
            Some(interruption) => Err(interruption.into()),
            None => Ok(()),
        }
    }

    pub(super) const fn add(&mut self, more: Statistics) {
        self.statistics.lines += more.lines;
        self.statistics.bytes += more.bytes;
        self.statistics.parts += more.parts;
        self.statistics.passed += more.passed;
    }

    /// A range has no order to sort.
    pub(super) fn warn_of_order(&mut self, expr: &MetricExpr) {
        if let MetricExpr::Vector(vector) = expr
            && matches!(vector.operation, VectorOperation::Sort | VectorOperation::SortDesc)
        {
            let name = vector.operation.text();
            self.warnings.push(format!(
                "{name} does nothing in a range query: its series are sorted by labels"
            ));
        }
    }

    pub(super) fn evaluate(&mut self, expr: &MetricExpr) -> Result<Computed> {
        self.check_interrupt()?;
        let steps = self.grid.steps;
        match expr {
            MetricExpr::Literal(value) => Ok(Computed::Scalar(*value)),
            MetricExpr::VectorLiteral(value) => {
                Ok(Computed::vector(vec![Series::constant(Labels::EMPTY, *value, steps)]))
            }
            MetricExpr::Range(range) => self.range_aggregation(range, None).map(Computed::vector),
            MetricExpr::Vector(vector) => self.vector_aggregation(vector),
            MetricExpr::Binary(binary) => {
                let left = self.evaluate(&binary.left)?;
                let right = self.evaluate(&binary.right)?;
                super::binary::evaluate(binary, left, right, steps)
            }
            MetricExpr::LabelReplace(replace) => {
                let series = self.series(&replace.inner)?;
                super::relabel::label_replace(replace, series).map(Computed::vector)
            }
        }
    }

    /// The series of an expression; a number is a series without labels.
    fn series(&mut self, expr: &MetricExpr) -> Result<Vec<Series>> {
        Ok(match self.evaluate(expr)? {
            Computed::Vector { series, .. } => series,
            Computed::Scalar(value) => {
                vec![Series::constant(Labels::EMPTY, value, self.grid.steps)]
            }
        })
    }

    fn vector_aggregation(&mut self, vector: &VectorAggregation) -> Result<Computed> {
        let series = match &vector.inner {
            MetricExpr::Range(range) if vector.operation == VectorOperation::Sum => {
                let all = Grouping::default();
                self.range_aggregation(range, Some(vector.grouping.as_ref().unwrap_or(&all)))?
            }
            inner => self.series(inner)?,
        };
        self.check_interrupt()?;
        Ok(super::aggregate::aggregate(vector, series, self.grid.steps))
    }
}
