//! The tree of an expression, with the place of every node in the text. The parser makes it, the printer writes it
//! back, the engine walks it.

use std::sync::Arc;

use watchglass_model::Millis;
use watchglass_storage::Matcher;

use crate::functions::Function;

/// Bytes of the text from `start` up to and without `end`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct Span {
    /// The first byte.
    pub start: usize,
    /// One behind the last byte.
    pub end: usize,
}

impl Span {
    /// From the start of one to the end of the other.
    pub const fn to(self, last: Self) -> Self {
        Self { start: self.start, end: last.end }
    }
}

/// What an expression gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ValueType {
    /// One number at each step.
    Scalar,
    /// One sample of each series at each step.
    Vector,
    /// Many samples of each series at each step.
    Matrix,
    /// A text.
    String,
}

impl ValueType {
    /// As it stands in answers.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Scalar => "scalar",
            Self::Vector => "vector",
            Self::Matrix => "matrix",
            Self::String => "string",
        }
    }

    /// As it stands in error texts.
    pub const fn documented(self) -> &'static str {
        match self {
            Self::Scalar => "scalar",
            Self::Vector => "instant vector",
            Self::Matrix => "range vector",
            Self::String => "string",
        }
    }
}

/// An expression and its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Expr {
    /// What it is.
    pub node: Node,
    /// Where it stands.
    pub span: Span,
}

/// What an expression is.
#[derive(Debug, Clone, PartialEq)]
pub enum Node {
    /// A number.
    Number(Number),
    /// A text in quotes, without them.
    Text(String),
    /// `(inner)`
    Paren(Box<Expr>),
    /// `-inner` or `+inner`
    Unary(Sign, Box<Expr>),
    /// `left operator right`
    Binary(Box<Binary>),
    /// `sum by (job) (inner)`
    Aggregation(Box<Aggregation>),
    /// `rate(inner)`
    Call(Call),
    /// `up{job="api"}`
    Vector(VectorSelector),
    /// `up[5m]`
    Matrix(MatrixSelector),
    /// `inner[1h:1m]`
    Subquery(Box<Subquery>),
}

/// A number as it was written.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Number {
    /// Its value; of a duration its seconds.
    pub value: f64,
    /// Whether it was written as a duration (`5m`).
    pub duration: bool,
}

/// The sign before an expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sign {
    /// `+`
    Plus,
    /// `-`
    Minus,
}

/// An operator between two expressions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Operator {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `%`
    Modulo,
    /// `^`
    Power,
    /// `atan2`
    Atan2,
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterEqual,
    /// `</`, keeps the observations of a histogram below a bound
    TrimUpper,
    /// `>/`, keeps the observations of a histogram above a bound
    TrimLower,
    /// `and`
    And,
    /// `or`
    Or,
    /// `unless`
    Unless,
}

impl Operator {
    /// As it is written.
    pub const fn text(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Modulo => "%",
            Self::Power => "^",
            Self::Atan2 => "atan2",
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessEqual => "<=",
            Self::Greater => ">",
            Self::GreaterEqual => ">=",
            Self::TrimUpper => "</",
            Self::TrimLower => ">/",
            Self::And => "and",
            Self::Or => "or",
            Self::Unless => "unless",
        }
    }

    /// Whether it compares: `== != < <= > >=`.
    pub const fn is_comparison(self) -> bool {
        matches!(
            self,
            Self::Equal
                | Self::NotEqual
                | Self::Less
                | Self::LessEqual
                | Self::Greater
                | Self::GreaterEqual
        )
    }

    /// Whether it works on sets of series: `and or unless`.
    pub const fn is_set(self) -> bool {
        matches!(self, Self::And | Self::Or | Self::Unless)
    }
}

/// `left operator right`
#[derive(Debug, Clone, PartialEq)]
pub struct Binary {
    /// Which operator.
    pub operator: Operator,
    /// Its left side.
    pub left: Expr,
    /// Its right side.
    pub right: Expr,
    /// Whether a comparison gives 0 or 1 instead of filtering.
    pub bool_modifier: bool,
    /// How series of two vectors find each other; `Some` only where both sides are vectors.
    pub matching: Option<Matching>,
}

/// How many series of one side may match one of the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Cardinality {
    /// One with one.
    #[default]
    OneToOne,
    /// `group_left`: many of the left with one of the right.
    ManyToOne,
    /// `group_right`: one of the left with many of the right.
    OneToMany,
    /// Set operators.
    ManyToMany,
}

impl Cardinality {
    /// As it stands in error texts.
    pub const fn text(self) -> &'static str {
        match self {
            Self::OneToOne => "one-to-one",
            Self::ManyToOne => "many-to-one",
            Self::OneToMany => "one-to-many",
            Self::ManyToMany => "many-to-many",
        }
    }
}

/// How series of two vectors find each other.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Matching {
    /// How many with how many.
    pub cardinality: Cardinality,
    /// Whether `labels` are those that must agree (`on`), or those that need not (`ignoring`).
    pub on: bool,
    /// Labels of `on` or `ignoring`.
    pub labels: Vec<String>,
    /// Labels of `group_left` or `group_right`, taken over from the "one" side.
    pub include: Vec<String>,
    /// `fill` or `fill_left`: the value of series that are missing on the left.
    pub fill_left: Option<f64>,
    /// `fill` or `fill_right`: the value of series that are missing on the right.
    pub fill_right: Option<f64>,
}

/// An aggregation operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Aggregator {
    /// `sum`
    Sum,
    /// `avg`
    Avg,
    /// `count`
    Count,
    /// `min`
    Min,
    /// `max`
    Max,
    /// `group`
    Group,
    /// `stddev`
    Stddev,
    /// `stdvar`
    Stdvar,
    /// `topk`
    Topk,
    /// `bottomk`
    Bottomk,
    /// `count_values`
    CountValues,
    /// `quantile`
    Quantile,
    /// `limitk`, experimental
    Limitk,
    /// `limit_ratio`, experimental
    LimitRatio,
}

impl Aggregator {
    /// As it is written.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sum => "sum",
            Self::Avg => "avg",
            Self::Count => "count",
            Self::Min => "min",
            Self::Max => "max",
            Self::Group => "group",
            Self::Stddev => "stddev",
            Self::Stdvar => "stdvar",
            Self::Topk => "topk",
            Self::Bottomk => "bottomk",
            Self::CountValues => "count_values",
            Self::Quantile => "quantile",
            Self::Limitk => "limitk",
            Self::LimitRatio => "limit_ratio",
        }
    }

    /// Whether it takes a parameter before its vector.
    pub const fn takes_parameter(self) -> bool {
        matches!(
            self,
            Self::Topk
                | Self::Bottomk
                | Self::CountValues
                | Self::Quantile
                | Self::Limitk
                | Self::LimitRatio
        )
    }
}

/// `sum by (job) (inner)`
#[derive(Debug, Clone, PartialEq)]
pub struct Aggregation {
    /// Which.
    pub aggregator: Aggregator,
    /// What it aggregates.
    pub inner: Expr,
    /// `k`, a quantile, a ratio, or the name of a label.
    pub parameter: Option<Expr>,
    /// Whether `grouping` names the labels that go (`without`), or those that stay (`by`).
    pub without: bool,
    /// Labels of `by` or `without`.
    pub grouping: Vec<String>,
}

/// `rate(inner)`
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// Which function.
    pub function: &'static Function,
    /// Its arguments.
    pub arguments: Vec<Expr>,
}

/// To which time a selector is pinned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum At {
    /// `@ 1609746000`
    Time(Millis),
    /// `@ start()`
    Start,
    /// `@ end()`
    End,
}

/// A length of time, as a range, an offset or a step: known, or an expression that the query's own range and step decide.
#[derive(Debug, Clone, PartialEq)]
pub enum Length {
    /// Milliseconds, from `5m` or `300`.
    Fixed(Millis),
    /// `(step() * 2)`, `5m + 30s`
    Computed(Box<DurationExpr>),
}

/// An expression that gives a length of time in seconds, and its place.
#[derive(Debug, Clone, PartialEq)]
pub struct DurationExpr {
    /// What it is.
    pub node: DurationNode,
    /// Where it stands.
    pub span: Span,
}

/// What a duration expression is.
#[derive(Debug, Clone, PartialEq)]
pub enum DurationNode {
    /// `5m` or `300`
    Number(Number),
    /// `step()`
    Step,
    /// `range()`: from the start of the query to its end.
    Range,
    /// `min_of(a, b)`
    MinOf(Box<DurationExpr>, Box<DurationExpr>),
    /// `max_of(a, b)`
    MaxOf(Box<DurationExpr>, Box<DurationExpr>),
    /// `-a`, `+a`
    Unary(Sign, Box<DurationExpr>),
    /// `a + b`; one of `+ - * / % ^`
    Binary(Operator, Box<DurationExpr>, Box<DurationExpr>),
    /// `(a)`
    Paren(Box<DurationExpr>),
}

/// How a selector treats the edges of its window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Edges {
    /// Samples within `(t - range, t]`.
    #[default]
    Plain,
    /// `anchored`: the last sample before the window counts as its first.
    Anchored,
    /// `smoothed`: values at the edges are interpolated.
    Smoothed,
}

/// `up{job="api"} offset 5m @ 1609746000`
#[derive(Debug, Clone, PartialEq)]
pub struct VectorSelector {
    /// The name before the braces, or as a quoted name inside; empty where there is none. `matchers` has it too.
    pub name: String,
    /// What series must pass, the name included.
    pub matchers: Arc<[Matcher]>,
    /// `offset`; none where none is written.
    pub offset: Option<Length>,
    /// `@`
    pub at: Option<At>,
    /// `anchored`, `smoothed`
    pub edges: Edges,
}

/// `up[5m]`
#[derive(Debug, Clone, PartialEq)]
pub struct MatrixSelector {
    /// The selector before the brackets; offset and `@` behind the brackets belong to it.
    pub selector: VectorSelector,
    /// Where the selector stands, without the brackets.
    pub selector_span: Span,
    /// How much of each series.
    pub range: Length,
}

/// `inner[1h:1m] offset 5m @ end()`
#[derive(Debug, Clone, PartialEq)]
pub struct Subquery {
    /// What is evaluated at each of its steps.
    pub inner: Expr,
    /// How far back.
    pub range: Length,
    /// Its own step; none for the default.
    pub step: Option<Length>,
    /// `offset`
    pub offset: Option<Length>,
    /// `@`
    pub at: Option<At>,
}

impl Expr {
    /// What it gives.
    pub fn value_type(&self) -> ValueType {
        match &self.node {
            Node::Number(_) => ValueType::Scalar,
            Node::Text(_) => ValueType::String,
            Node::Paren(inner) | Node::Unary(_, inner) => inner.value_type(),
            Node::Binary(binary) => {
                let scalar = |side: &Self| side.value_type() == ValueType::Scalar;
                if scalar(&binary.left) && scalar(&binary.right) {
                    ValueType::Scalar
                } else {
                    ValueType::Vector
                }
            }
            Node::Aggregation(_) | Node::Vector(_) => ValueType::Vector,
            Node::Call(call) => call.function.returns,
            Node::Matrix(_) | Node::Subquery(_) => ValueType::Matrix,
        }
    }

    /// The expression inside all parentheses around it.
    pub fn unwrapped(&self) -> &Self {
        match &self.node {
            Node::Paren(inner) => inner.unwrapped(),
            _ => self,
        }
    }

    /// The expressions directly inside, in the order in which they are written.
    pub fn children(&self) -> Vec<&Self> {
        match &self.node {
            Node::Number(_) | Node::Text(_) | Node::Vector(_) | Node::Matrix(_) => Vec::new(),
            Node::Paren(inner) | Node::Unary(_, inner) => vec![inner],
            Node::Binary(binary) => vec![&binary.left, &binary.right],
            Node::Aggregation(aggregation) => {
                aggregation.parameter.iter().chain([&aggregation.inner]).collect()
            }
            Node::Call(call) => call.arguments.iter().collect(),
            Node::Subquery(subquery) => vec![&subquery.inner],
        }
    }
}
