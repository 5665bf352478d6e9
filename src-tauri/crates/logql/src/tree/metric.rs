//! Expressions that give numbers.

use watchglass_storage::Nanos;

use super::{Comparison, LabelFilter, LogExpr, Span};

/// An expression that gives numbers.
#[derive(Debug, Clone, PartialEq)]
pub enum MetricExpr {
    /// `rate({app="api"}[5m])`
    Range(Box<RangeAggregation>),
    /// `sum by (app) (…)`
    Vector(Box<VectorAggregation>),
    /// `… / …`
    Binary(Box<Binary>),
    /// `1.5`
    Literal(f64),
    /// `vector(1.5)`
    VectorLiteral(f64),
    /// `label_replace(…, "dst", "$1", "src", "(.*)")`
    LabelReplace(Box<LabelReplace>),
}

/// The functions over a range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "named as in the language")]
pub enum RangeOperation {
    Rate,
    RateCounter,
    CountOverTime,
    BytesOverTime,
    BytesRate,
    AvgOverTime,
    SumOverTime,
    MinOverTime,
    MaxOverTime,
    StdvarOverTime,
    StddevOverTime,
    QuantileOverTime,
    FirstOverTime,
    LastOverTime,
    AbsentOverTime,
}

impl RangeOperation {
    /// All of them.
    pub const ALL: [Self; 15] = [
        Self::Rate,
        Self::RateCounter,
        Self::CountOverTime,
        Self::BytesOverTime,
        Self::BytesRate,
        Self::AvgOverTime,
        Self::SumOverTime,
        Self::MinOverTime,
        Self::MaxOverTime,
        Self::StdvarOverTime,
        Self::StddevOverTime,
        Self::QuantileOverTime,
        Self::FirstOverTime,
        Self::LastOverTime,
        Self::AbsentOverTime,
    ];

    /// As it is written.
    pub const fn text(self) -> &'static str {
        match self {
            Self::Rate => "rate",
            Self::RateCounter => "rate_counter",
            Self::CountOverTime => "count_over_time",
            Self::BytesOverTime => "bytes_over_time",
            Self::BytesRate => "bytes_rate",
            Self::AvgOverTime => "avg_over_time",
            Self::SumOverTime => "sum_over_time",
            Self::MinOverTime => "min_over_time",
            Self::MaxOverTime => "max_over_time",
            Self::StdvarOverTime => "stdvar_over_time",
            Self::StddevOverTime => "stddev_over_time",
            Self::QuantileOverTime => "quantile_over_time",
            Self::FirstOverTime => "first_over_time",
            Self::LastOverTime => "last_over_time",
            Self::AbsentOverTime => "absent_over_time",
        }
    }
}

/// A function over a range of lines.
#[derive(Debug, Clone, PartialEq)]
pub struct RangeAggregation {
    /// The function.
    pub operation: RangeOperation,
    /// The quantile of `quantile_over_time`.
    pub parameter: Option<f64>,
    /// The lines.
    pub log: LogExpr,
    /// The number that each line gives; lines are counted without.
    pub unwrap: Option<Unwrap>,
    /// How far a window reaches back, in nanoseconds; above zero.
    pub range: Nanos,
    /// How far back all of it is moved, in nanoseconds.
    pub offset: Nanos,
    /// What tells series apart.
    pub grouping: Option<Grouping>,
    /// Where it stands.
    pub span: Span,
}

/// `| unwrap duration(label) | __error__=""`
#[derive(Debug, Clone, PartialEq)]
pub struct Unwrap {
    /// The label with the number.
    pub label: String,
    /// How the number is written.
    pub conversion: Option<Conversion>,
    /// Conditions behind it.
    pub filters: Vec<LabelFilter>,
}

/// How a number is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Conversion {
    /// `5KB` as 5000
    Bytes,
    /// `1m30s` as 90
    Duration,
    /// The same under its other name.
    DurationSeconds,
}

impl Conversion {
    /// As it is written.
    pub const fn text(self) -> &'static str {
        match self {
            Self::Bytes => "bytes",
            Self::Duration => "duration",
            Self::DurationSeconds => "duration_seconds",
        }
    }
}

/// `by (a, b)` or `without (a, b)`
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Grouping {
    /// Whether the labels are those that go.
    pub without: bool,
    /// The labels.
    pub labels: Vec<String>,
}

/// The functions over a vector.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "named as in the language")]
pub enum VectorOperation {
    Sum,
    Avg,
    Count,
    Max,
    Min,
    Stddev,
    Stdvar,
    Bottomk,
    Topk,
    ApproxTopk,
    Sort,
    SortDesc,
}

impl VectorOperation {
    /// All of them.
    pub const ALL: [Self; 12] = [
        Self::Sum,
        Self::Avg,
        Self::Count,
        Self::Max,
        Self::Min,
        Self::Stddev,
        Self::Stdvar,
        Self::Bottomk,
        Self::Topk,
        Self::ApproxTopk,
        Self::Sort,
        Self::SortDesc,
    ];

    /// As it is written.
    pub const fn text(self) -> &'static str {
        match self {
            Self::Sum => "sum",
            Self::Avg => "avg",
            Self::Count => "count",
            Self::Max => "max",
            Self::Min => "min",
            Self::Stddev => "stddev",
            Self::Stdvar => "stdvar",
            Self::Bottomk => "bottomk",
            Self::Topk => "topk",
            Self::ApproxTopk => "approx_topk",
            Self::Sort => "sort",
            Self::SortDesc => "sort_desc",
        }
    }

    /// Whether it takes a number of series.
    pub const fn takes_parameter(self) -> bool {
        matches!(self, Self::Bottomk | Self::Topk | Self::ApproxTopk)
    }
}

/// A function over a vector.
#[derive(Debug, Clone, PartialEq)]
pub struct VectorAggregation {
    /// The function.
    pub operation: VectorOperation,
    /// How many series `topk` and its like choose.
    pub parameter: Option<usize>,
    /// What it aggregates.
    pub inner: MetricExpr,
    /// What tells groups apart.
    pub grouping: Option<Grouping>,
    /// Where it stands.
    pub span: Span,
}

/// Operators between two expressions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "named as in the language")]
pub enum Operator {
    Or,
    And,
    Unless,
    Equal,
    NotEqual,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
    Power,
}

impl Operator {
    /// All of them.
    pub const ALL: [Self; 15] = [
        Self::Or,
        Self::And,
        Self::Unless,
        Self::Equal,
        Self::NotEqual,
        Self::Greater,
        Self::GreaterOrEqual,
        Self::Less,
        Self::LessOrEqual,
        Self::Add,
        Self::Subtract,
        Self::Multiply,
        Self::Divide,
        Self::Modulo,
        Self::Power,
    ];

    /// As it is written.
    pub const fn text(self) -> &'static str {
        match self {
            Self::Or => "or",
            Self::And => "and",
            Self::Unless => "unless",
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Modulo => "%",
            Self::Power => "^",
        }
    }

    /// How tightly it binds.
    pub const fn precedence(self) -> u8 {
        match self {
            Self::Or => 1,
            Self::And | Self::Unless => 2,
            Self::Equal
            | Self::NotEqual
            | Self::Greater
            | Self::GreaterOrEqual
            | Self::Less
            | Self::LessOrEqual => 3,
            Self::Add | Self::Subtract => 4,
            Self::Multiply | Self::Divide | Self::Modulo => 5,
            Self::Power => 6,
        }
    }

    /// Whether it works on sets of series.
    pub const fn is_set(self) -> bool {
        matches!(self, Self::Or | Self::And | Self::Unless)
    }

    /// The comparison that it is.
    pub const fn comparison(self) -> Option<Comparison> {
        match self {
            Self::Equal => Some(Comparison::Equal),
            Self::NotEqual => Some(Comparison::NotEqual),
            Self::Greater => Some(Comparison::Greater),
            Self::GreaterOrEqual => Some(Comparison::GreaterOrEqual),
            Self::Less => Some(Comparison::Less),
            Self::LessOrEqual => Some(Comparison::LessOrEqual),
            _ => None,
        }
    }
}

/// Two expressions and an operator.
#[derive(Debug, Clone, PartialEq)]
pub struct Binary {
    /// The operator.
    pub operator: Operator,
    /// Whether a comparison gives 1 and 0 instead of keeping or dropping.
    pub as_bool: bool,
    /// Which series belong together; those with the same labels where nothing is said.
    pub matching: Matching,
    /// What stands before it.
    pub left: MetricExpr,
    /// What stands behind it.
    pub right: MetricExpr,
    /// Where the operator stands.
    pub span: Span,
}

/// Which side may have several series for one of the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Cardinality {
    /// None.
    #[default]
    OneToOne,
    /// The left one: `group_left`.
    ManyToOne,
    /// The right one: `group_right`.
    OneToMany,
}

/// Which series belong together.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Matching {
    /// Whether `labels` are those that must agree (`on`), or those that need not (`ignoring`).
    pub on: bool,
    /// The labels.
    pub labels: Vec<String>,
    /// Which side may have several.
    pub cardinality: Cardinality,
    /// Labels that results get from the side that has one.
    pub include: Vec<String>,
}

/// A label made of another.
#[derive(Debug, Clone, PartialEq)]
pub struct LabelReplace {
    /// The series.
    pub inner: MetricExpr,
    /// The label that is set.
    pub destination: String,
    /// What it is set to, with `$1` and `${name}`.
    pub replacement: String,
    /// The label that is looked at.
    pub source: String,
    /// What all of it must match.
    pub pattern: String,
    /// Where it stands.
    pub span: Span,
}
