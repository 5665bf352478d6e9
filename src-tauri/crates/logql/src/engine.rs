//! Evaluation: a tree and a store become an answer.
//!
//! A log query reads parts in the order of time and stops at its limit. A metric query reads all parts on several
//! threads, each with series of its own that are joined at the end, and then works on columns: one value a step and series.

mod aggregate;
mod binary;
mod collect;
mod column;
mod evaluate;
mod keys;
mod logs;
mod ranges;
mod relabel;
mod scan;
mod steps;
mod windows;

use std::thread;

use watchglass_model::Labels;
use watchglass_storage::{Nanos, ReadError, StreamReader};

use crate::syntax::{ParseFault, parse};
use crate::tree::Expr;
use column::Grid;
use evaluate::{Computed, Evaluator};

/// How many steps a range query may have.
const MOST_STEPS: usize = 11_000;

/// Settings of an engine; the defaults are those of Loki.
#[derive(Debug, Clone)]
pub struct EngineOptions {
    /// How many lines a query may give.
    pub max_entries: usize,
    /// How many series a query may give.
    pub max_series: usize,
    /// How many series and numbers a query may hold on its way.
    pub max_samples: usize,
    /// How many threads a metric query may use.
    pub threads: usize,
}

impl Default for EngineOptions {
    fn default() -> Self {
        Self {
            max_entries: 5_000,
            max_series: 500,
            max_samples: 20_000_000,
            threads: thread::available_parallelism().map_or(1, usize::from).min(8),
        }
    }
}

/// Which lines come first, and which are left out where the limit is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Direction {
    /// The oldest.
    Forward,
    /// The newest.
    #[default]
    Backward,
}

/// When a query is evaluated. Instants are nanoseconds since the Unix epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// At one instant; metric queries only.
    Instant(Nanos),
    /// Lines from `start` (inclusive) to `end` (exclusive), or numbers at `start` and every `step` until `end`.
    Range {
        /// The first instant.
        start: Nanos,
        /// The last instant at most, or the first behind it.
        end: Nanos,
        /// From one instant to the next; above zero.
        step: Nanos,
    },
}

/// A query and how it is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Query<'a> {
    /// The text.
    pub text: &'a str,
    /// When it is evaluated.
    pub when: When,
    /// Which lines come first.
    pub direction: Direction,
    /// How many lines it gives at most.
    pub limit: usize,
    /// What templates take for the present.
    pub now: Nanos,
}

/// Why a query must end now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Interruption {
    /// Its time is over.
    Timeout,
    /// Nobody waits for it any more.
    Cancelled,
}

/// A function that says whether a query must end; asked often, from several threads.
pub type Interrupt<'a> = &'a (dyn Fn() -> Option<Interruption> + Sync);

/// Why a query gave no answer.
#[derive(Debug, Clone, thiserror::Error)]
pub enum QueryError {
    /// It could not be read, or makes no sense.
    #[error("{0}")]
    Parse(#[from] ParseFault),
    /// It cannot be asked in this way, or asks for more than it may.
    #[error("{0}")]
    Invalid(String),
    /// A line failed on its way, and nothing says that such lines do not matter.
    #[error(
        "pipeline error: '{error}' for series: '{series}'.\nUse a label filter to intentionally skip this error. (e.g | __error__!=\"{error}\").\nTo skip all potential errors you can match empty errors.(e.g __error__=\"\")\nThe label filter can also be specified after unwrap. (e.g | unwrap latency | __error__=\"\" )\n"
    )]
    Pipeline {
        /// What `__error__` says.
        error: String,
        /// The labels of the line.
        series: String,
    },
    /// It cannot be evaluated as asked.
    #[error("{0}")]
    Execution(String),
    /// Its time is over.
    #[error("query timed out; narrow its time range or its selector")]
    Timeout,
    /// Nobody waits for it any more.
    #[error("query was canceled")]
    Cancelled,
    /// The store failed.
    #[error("{0}")]
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

/// One line of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// When it happened.
    pub time: Nanos,
    /// The line as the pipeline left it.
    pub line: Vec<u8>,
}

/// Lines that left the pipeline with the same labels. Labels may be empty: a parser says so.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ResultStream {
    /// Labels of the stream, by name.
    pub stream: Vec<(String, String)>,
    /// Structured metadata, by name.
    pub metadata: Vec<(String, String)>,
    /// What the pipeline found or set, by name; failures are among them.
    pub parsed: Vec<(String, String)>,
    /// The lines, in the direction of the query.
    pub entries: Vec<Entry>,
}

impl ResultStream {
    /// All labels, by name.
    pub fn labels(&self) -> Vec<(&str, &str)> {
        let all = self.stream.iter().chain(&self.metadata).chain(&self.parsed);
        let mut labels: Vec<_> = all.map(|(name, value)| (name.as_str(), value.as_str())).collect();
        labels.sort_unstable();
        labels
    }
}

/// One number of a vector.
#[derive(Debug, Clone, PartialEq)]
pub struct VectorSample {
    /// What names its series.
    pub labels: Labels,
    /// The number.
    pub value: f64,
}

/// One series of a matrix.
#[derive(Debug, Clone, PartialEq)]
pub struct MatrixSeries {
    /// What names it.
    pub labels: Labels,
    /// Instants and numbers, by time.
    pub samples: Vec<(Nanos, f64)>,
}

/// What a query gave.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Lines, grouped by their labels, which sort the groups.
    Streams(Vec<ResultStream>),
    /// A number at one instant.
    Scalar(f64),
    /// One number a series, at one instant; sorted by labels unless the query sorts.
    Vector(Vec<VectorSample>),
    /// Many numbers a series, by labels.
    Matrix(Vec<MatrixSeries>),
}

/// What a query cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Statistics {
    /// Lines that the store showed.
    pub lines: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Parts that were read.
    pub parts: u64,
    /// Lines that came through the pipeline.
    pub passed: u64,
    /// Lines of the answer.
    pub entries: u64,
}

/// What a query gave, what it cost, and what its author should know.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The value.
    pub value: Value,
    /// The costs.
    pub statistics: Statistics,
    /// Sentences.
    pub warnings: Vec<String>,
}

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

    /// Reads and evaluates a query, until it is interrupted.
    pub fn query(
        &self,
        reader: &dyn StreamReader,
        query: &Query<'_>,
        interrupt: Interrupt<'_>,
    ) -> Result<Answer> {
        self.evaluate(reader, &parse(query.text)?, query, interrupt)
    }

    /// Evaluates what [`parse`] made of the text of `query`.
    pub fn evaluate(
        &self,
        reader: &dyn StreamReader,
        expr: &Expr,
        query: &Query<'_>,
        interrupt: Interrupt<'_>,
    ) -> Result<Answer> {
        let metric = match expr {
            Expr::Log(log) => {
                let When::Range { start, end, .. } = query.when else {
                    return Err(QueryError::Invalid(
                        "log queries are not supported as an instant query type, please change your query to a range query type".to_owned(),
                    ));
                };
                if query.limit > self.options.max_entries {
                    return Err(QueryError::Invalid(format!(
                        "max entries limit per query exceeded, limit > max_entries_limit_per_query ({} > {})",
                        query.limit, self.options.max_entries
                    )));
                }
                return logs::answer(reader, log, query, start, end, interrupt);
            }
            Expr::Metric(metric) => metric,
        };
        let grid = match query.when {
            When::Instant(at) => Grid::instant(at),
            When::Range { start, end, step } => Grid::range(start, end, step.max(1)),
        };
        if grid.steps > MOST_STEPS {
            return Err(QueryError::Invalid(
                "exceeded maximum resolution of 11,000 points per time series. Try increasing the value of the step parameter".to_owned(),
            ));
        }
        let mut evaluator = Evaluator::new(reader, &self.options, query, grid, interrupt);
        let computed = evaluator.evaluate(metric)?;
        let value = match query.when {
            When::Instant(_) => at_instant(computed),
            When::Range { .. } => {
                evaluator.warn_of_order(metric);
                Value::Matrix(over_range(computed, grid))
            }
        };
        let series = match &value {
            Value::Vector(vector) => vector.len(),
            Value::Matrix(matrix) => matrix.len(),
            _ => 0,
        };
        if series > self.options.max_series {
            return Err(QueryError::Invalid(format!(
                "maximum number of series ({}) reached for a single query; consider reducing query cardinality by adding more specific stream selectors, reducing the time range, or aggregating results with functions like sum, count or topk",
                self.options.max_series
            )));
        }
        Ok(Answer { value, statistics: evaluator.statistics, warnings: evaluator.warnings })
    }
}

fn at_instant(computed: Computed) -> Value {
    match computed {
        Computed::Scalar(value) => Value::Scalar(value),
        Computed::Vector { series, sorted } => {
            let mut vector: Vec<_> = series
                .into_iter()
                .filter_map(|one| Some(VectorSample { value: one.get(0)?, labels: one.labels }))
                .collect();
            if !sorted {
                vector.sort_by(|one, other| one.labels.cmp(&other.labels));
            }
            Value::Vector(vector)
        }
    }
}

fn over_range(computed: Computed, grid: Grid) -> Vec<MatrixSeries> {
    let series = match computed {
        Computed::Scalar(value) => vec![column::Series::constant(Labels::EMPTY, value, grid.steps)],
        Computed::Vector { series, .. } => series,
    };
    let mut matrix: Vec<_> = series
        .into_iter()
        .map(|one| {
            let samples = (0..grid.steps)
                .filter_map(|step| one.get(step).map(|value| (grid.time(step), value)))
                .collect();
            MatrixSeries { labels: one.labels, samples }
        })
        .filter(|one| !one.samples.is_empty())
        .collect();
    matrix.sort_by(|one, other| one.labels.cmp(&other.labels));
    matrix
}
