//! Evaluation: a tree and a store become an answer.
//!
//! Every expression is evaluated over the whole grid of steps at once and gives columns: one value a step and series.
//! Series are selected, matched and grouped once a query, not once a step; what cannot change from step to step is
//! evaluated at one step and repeated. The meaning of every operation is still that of one step, as Prometheus has it.

mod absent;
mod aggregate;
mod binary;
mod buckets;
mod calendar;
mod call;
mod column;
mod edges;
mod evaluate;
mod histograms;
mod info;
mod instant;
mod length;
mod notes;
mod numbers;
mod order;
mod over_time;
mod ranged;
mod rate;
mod regression;
mod relabel;
mod select;
mod series;
mod smoothed;
mod spread;
mod statistics;
mod window;

use std::fmt;

use watchglass_model::{Labels, Millis, SampleValue, Samples};
use watchglass_storage::{ReadError, SeriesReader};

pub use statistics::SampleCounts;

use crate::syntax::{ParseFaults, ParserOptions, parse};
use crate::tree::{Expr, ValueType};
use column::{Computed, Grid, Scalar};
use evaluate::Evaluator;

/// Settings of an engine; the defaults are those of a Prometheus server.
#[derive(Debug, Clone)]
pub struct EngineOptions {
    /// How far back a selector looks for the latest sample, in milliseconds.
    pub lookback: Millis,
    /// How many samples a query may hold at once.
    pub max_samples: usize,
    /// The step of a subquery that names none, in milliseconds.
    pub default_subquery_step: Millis,
    /// Whether names of metrics go when the query is done, instead of at the operation that changes their meaning.
    pub delayed_name_removal: bool,
    /// Whether the times at which counters began tell resets.
    pub use_start_timestamps: bool,
    /// Whether `__type__` tells counters from others, instead of the name.
    pub type_and_unit_labels: bool,
    /// How many values a query may look at, by a guess made before it looks; none for no limit. More than that end it
    /// with [`QueryError::TooMuchWork`], so that who cannot wait long learns so at once.
    pub most_work: Option<usize>,
    /// What the parser takes.
    pub parser: ParserOptions,
}

impl Default for EngineOptions {
    fn default() -> Self {
        Self {
            lookback: 300_000,
            max_samples: 50_000_000,
            default_subquery_step: 60_000,
            delayed_name_removal: false,
            use_start_timestamps: false,
            type_and_unit_labels: false,
            most_work: None,
            parser: ParserOptions::default(),
        }
    }
}

/// Why a query must end now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Interruption {
    /// Its time is over.
    Timeout,
    /// Nobody waits for it any more.
    Cancelled,
}

/// Why a query gave no answer.
#[derive(Debug, Clone, thiserror::Error)]
pub enum QueryError {
    /// It could not be parsed, or makes no sense.
    #[error("{0}")]
    Parse(#[from] ParseFaults),
    /// It cannot be asked in this way.
    #[error("{0}")]
    Invalid(String),
    /// It cannot be evaluated as asked.
    #[error("{0}")]
    Execution(String),
    /// Its time is over.
    #[error("query timed out in expression evaluation")]
    Timeout,
    /// Nobody waits for it any more.
    #[error("query was canceled in expression evaluation")]
    Cancelled,
    /// It would hold more samples than it may.
    #[error("query processing would load too many samples into memory in query execution")]
    TooManySamples,
    /// It would look at more values than it may.
    #[error("query would take too long here")]
    TooMuchWork,
    /// The store failed.
    #[error("expanding series: {0}")]
    Storage(#[from] ReadError),
}

impl From<Interruption> for QueryError {
    fn from(interruption: Interruption) -> Self {
        match interruption {
            Interruption::Timeout => Self::Timeout,
            Interruption::Cancelled => Self::Cancelled,
        }
    }
}

pub(crate) type Result<T, E = QueryError> = std::result::Result<T, E>;

/// One sample of an instant vector.
#[derive(Debug, Clone, PartialEq)]
pub struct VectorSample {
    /// What names its series.
    pub labels: Labels,
    /// When the query was evaluated.
    pub time: Millis,
    /// Its value.
    pub value: SampleValue,
}

/// One series of a matrix.
#[derive(Debug, Clone, PartialEq)]
pub struct MatrixSeries {
    /// What names it.
    pub labels: Labels,
    /// Its samples.
    pub samples: Samples,
}

/// What a query gave.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// A number.
    Scalar(Millis, f64),
    /// A text.
    Text(Millis, String),
    /// One sample a series, in the order of the expression.
    Vector(Vec<VectorSample>),
    /// Many samples a series, by labels.
    Matrix(Vec<MatrixSeries>),
}

impl Value {
    /// Its type.
    pub const fn value_type(&self) -> ValueType {
        match self {
            Self::Scalar(..) => ValueType::Scalar,
            Self::Text(..) => ValueType::String,
            Self::Vector(_) => ValueType::Vector,
            Self::Matrix(_) => ValueType::Matrix,
        }
    }
}

/// What a query gave, and what its author should know.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The value.
    pub value: Value,
    /// `PromQL warning: … (line:column)`
    pub warnings: Vec<String>,
    /// `PromQL info: … (line:column)`
    pub infos: Vec<String>,
}

/// When a query is evaluated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// At one instant.
    Instant(Millis),
    /// At `start` and every `step` milliseconds until `end`.
    Range {
        /// The first instant.
        start: Millis,
        /// The last instant at most.
        end: Millis,
        /// Milliseconds from one to the next; above zero.
        step: Millis,
    },
}

impl When {
    /// How many steps there are.
    pub fn steps(self) -> usize {
        match self {
            Self::Instant(_) => 1,
            Self::Range { start, end, step } => Grid::range(start, end, step).steps,
        }
    }

    /// The instant of each step.
    pub fn times(self) -> impl Iterator<Item = Millis> {
        match self {
            Self::Instant(at) => Grid::instant(at).times(),
            Self::Range { start, end, step } => Grid::range(start, end, step).times(),
        }
    }
}

/// A function that says whether a query must end; asked often.
pub type Interrupt<'a> = &'a (dyn Fn() -> Option<Interruption> + Sync);

/// Evaluates queries. It holds settings and nothing else.
#[derive(Debug, Clone, Default)]
pub struct Engine {
    options: EngineOptions,
}

impl Engine {
    /// An engine.
    pub const fn new(options: EngineOptions) -> Self {
        Self { options }
    }

    /// Its settings.
    pub const fn options(&self) -> &EngineOptions {
        &self.options
    }

    /// Evaluates a query at one instant.
    pub fn instant(&self, reader: &dyn SeriesReader, query: &str, at: Millis) -> Result<Answer> {
        self.query(reader, query, When::Instant(at), &|| None)
    }

    /// Evaluates a query at `start` and every `step` milliseconds until `end`.
    pub fn range(
        &self,
        reader: &dyn SeriesReader,
        query: &str,
        start: Millis,
        end: Millis,
        step: Millis,
    ) -> Result<Answer> {
        self.query(reader, query, When::Range { start, end, step }, &|| None)
    }

    /// Parses and evaluates a query, until it is interrupted.
    pub fn query(
        &self,
        reader: &dyn SeriesReader,
        query: &str,
        when: When,
        interrupt: Interrupt<'_>,
    ) -> Result<Answer> {
        let expr = parse(query, &self.options.parser)?;
        self.evaluate(reader, query, &expr, when, interrupt)
    }

    /// The same, and counts the samples that it looks at.
    pub fn query_counted(
        &self,
        reader: &dyn SeriesReader,
        query: &str,
        when: When,
        interrupt: Interrupt<'_>,
    ) -> Result<(Answer, SampleCounts)> {
        let expr = parse(query, &self.options.parser)?;
        let mut evaluator = Evaluator::new(reader, &self.options, when, interrupt);
        evaluator.counting.begin(when.steps());
        let answer = Self::run(&mut evaluator, query, &expr, when)?;
        Ok((answer, evaluator.counting.finish()))
    }

    /// Evaluates what [`parse`] made of `query`.
    pub fn evaluate(
        &self,
        reader: &dyn SeriesReader,
        query: &str,
        expr: &Expr,
        when: When,
        interrupt: Interrupt<'_>,
    ) -> Result<Answer> {
        let mut evaluator = Evaluator::new(reader, &self.options, when, interrupt);
        Self::run(&mut evaluator, query, expr, when)
    }

    fn run(evaluator: &mut Evaluator<'_>, query: &str, expr: &Expr, when: When) -> Result<Answer> {
        let value = match when {
            When::Instant(at) if expr.value_type() == ValueType::Matrix => {
                Value::Matrix(sorted(evaluator.raw(expr, Grid::instant(at))?))
            }
            When::Instant(at) => at_instant(evaluator.answer(expr, Grid::instant(at))?, at),
            When::Range { start, end, step } => {
                check_range_type(expr)?;
                let grid = Grid::range(start, end, step);
                Value::Matrix(over_range(evaluator.answer(expr, grid)?, grid))
            }
        };
        let (warnings, infos) = evaluator.notes.texts(query);
        Ok(Answer { value, warnings, infos })
    }
}

fn check_range_type(expr: &Expr) -> Result<()> {
    match expr.value_type() {
        ValueType::Scalar | ValueType::Vector => Ok(()),
        other => Err(QueryError::Invalid(format!(
            "invalid expression type {} for range query, must be Scalar or instant Vector",
            crate::syntax::quoted(other.documented())
        ))),
    }
}

fn at_instant(computed: Computed, at: Millis) -> Value {
    match computed {
        Computed::Scalar(scalar) => Value::Scalar(at, scalar.get(0)),
        Computed::Text(text) => Value::Text(at, text),
        Computed::Vector(series) => Value::Vector(
            series
                .into_iter()
                .filter_map(|one| {
                    let value = one.column.get(0)?;
                    Some(VectorSample { labels: one.labels, time: at, value })
                })
                .collect(),
        ),
    }
}

fn over_range(computed: Computed, grid: Grid) -> Vec<MatrixSeries> {
    match computed {
        Computed::Scalar(scalar) => {
            let column = column::Column::of(scalar.values(grid.steps).collect());
            vec![MatrixSeries { labels: Labels::EMPTY, samples: column.samples(grid) }]
        }
        Computed::Vector(series) => sorted(
            series
                .into_iter()
                .map(|one| MatrixSeries { labels: one.labels, samples: one.column.samples(grid) })
                .collect(),
        ),
        Computed::Text(_) => Vec::new(),
    }
}

fn sorted(mut series: Vec<MatrixSeries>) -> Vec<MatrixSeries> {
    series.retain(|one| !one.samples.is_empty());
    series.sort_by(|one, other| one.labels.cmp(&other.labels));
    series
}

impl fmt::Display for Scalar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&crate::text::general(self.get(0)))
    }
}
