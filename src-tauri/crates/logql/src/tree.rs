//! What a query is made of. Places do not take part in comparisons, so that a text and its canonical form give equal trees.

mod log;
mod metric;

pub use log::{
    Comparison, Extraction, LabelChoice, LabelFilter, LabelFormat, LabelSource, LineFilter,
    LineOperand, LineOperator, LogExpr, Logfmt, Stage, StageKind,
};
pub use metric::{
    Binary, Cardinality, Conversion, Grouping, LabelReplace, Matching, MetricExpr, Operator,
    RangeAggregation, RangeOperation, Unwrap, VectorAggregation, VectorOperation,
};

/// Bytes of the query.
#[derive(Debug, Clone, Copy, Default, Eq)]
pub struct Span {
    /// The first.
    pub start: usize,
    /// The first behind.
    pub end: usize,
}

/// Always equal: see the module.
impl PartialEq for Span {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

/// A query.
#[derive(Debug, Clone, PartialEq)]
pub enum Expr {
    /// Gives lines.
    Log(LogExpr),
    /// Gives numbers.
    Metric(MetricExpr),
}
