//! PromQL queries and questions about series: a few at a time, each with an end.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use tokio::task::spawn_blocking;
use watchglass_promql::{
    Answer, Engine, EngineOptions, Interrupt, Interruption, QueryError, SampleCounts, When,
};
use watchglass_storage::{ReadError, SeriesReader};

use crate::workbench::{WithdrawOnDrop, Workbench};

/// How many queries run at once (Prometheus `--query.max-concurrency`).
pub const CONCURRENT_QUERIES: usize = 20;

/// How long a query may take at most (Prometheus `--query.timeout`).
pub const QUERY_TIMEOUT: Duration = Duration::from_mins(2);

/// How many values a query may look at to be small: some hundred microseconds.
const SMALL: usize = 20_000;

/// A PromQL query as a client asks it.
#[derive(Debug, Clone)]
pub struct PromQuery {
    /// Its text.
    pub text: String,
    /// When it is evaluated.
    pub when: When,
    /// How long it may take; at most [`QUERY_TIMEOUT`].
    pub timeout: Option<Duration>,
    /// How far back selectors look, in milliseconds, where not as usual.
    pub lookback: Option<i64>,
    /// Whether the samples that it looks at are to be counted.
    pub counts: bool,
}

/// What a query gave, and what it took.
#[derive(Debug, Clone)]
pub struct PromAnswer {
    /// What it gave.
    pub answer: Answer,
    /// The samples that it looked at, where they were to be counted.
    pub counts: SampleCounts,
    /// How long it waited for its turn.
    pub queued: Duration,
    /// How long its evaluation took.
    pub evaluated: Duration,
}

impl Workbench {
    /// The features of Prometheus that are on, as it names them.
    pub fn promql_features(&self) -> Vec<&'static str> {
        let options = self.promql_options();
        let features = [
            (options.parser.experimental_functions, "promql-experimental-functions"),
            (options.parser.extended_range_selectors, "promql-extended-range-selectors"),
            (options.parser.binop_fill_modifiers, "promql-binop-fill-modifiers"),
            (options.delayed_name_removal, "promql-delayed-name-removal"),
            (options.use_start_timestamps, "use-start-timestamps"),
        ];
        features.into_iter().filter_map(|(is_on, name)| is_on.then_some(name)).collect()
    }

    /// Answers a query and hands the answer to `finish`. The query ends when nobody waits for it any more.
    ///
    /// A small one is answered where it is asked: going to another thread and back would take longer than the answer.
    /// One that turns out not to be small starts over on a thread that may block.
    pub async fn promql<T: Send + 'static>(
        &self,
        query: PromQuery,
        finish: impl FnOnce(PromAnswer) -> T + Send + 'static,
    ) -> Result<T, QueryError> {
        let asked = Instant::now();
        let place = Arc::clone(&self.queries).acquire_owned().await;
        let place = place.map_err(|_| QueryError::Cancelled)?;
        let mut options = self.promql_options();
        if let Some(lookback) = query.lookback {
            options.lookback = lookback;
        }
        let reader = Arc::clone(self.series_reader());
        let timeout = query.timeout.unwrap_or(QUERY_TIMEOUT).min(QUERY_TIMEOUT);
        let started = Instant::now();
        let queued = started.duration_since(asked);
        let is_late = move || (started.elapsed() > timeout).then_some(Interruption::Timeout);
        options.most_work = Some(SMALL);
        match evaluated(&options, reader.as_ref(), &query, queued, &is_late) {
            Err(QueryError::TooMuchWork) => options.most_work = None,
            answered => return answered.map(finish),
        }
        let withdrawn = Arc::new(AtomicBool::new(false));
        let _guard = WithdrawOnDrop(Arc::clone(&withdrawn));
        let answer = spawn_blocking(move || {
            let _place = place;
            let interrupt = || {
                let is_withdrawn = withdrawn.load(Ordering::Relaxed);
                if is_withdrawn { Some(Interruption::Cancelled) } else { is_late() }
            };
            evaluated(&options, reader.as_ref(), &query, queued, &interrupt).map(finish)
        });
        answer.await.unwrap_or_else(|_| Err(broken()))
    }

    /// Asks the store for series on a thread that may block.
    pub async fn ask_series<T: Send + 'static>(
        &self,
        question: impl FnOnce(&dyn SeriesReader) -> Result<T, ReadError> + Send + 'static,
    ) -> Result<T, ReadError> {
        let reader = Arc::clone(self.series_reader());
        let answer = spawn_blocking(move || question(reader.as_ref()));
        answer
            .await
            .unwrap_or_else(|_| Err(ReadError::Disk("the question ended with a panic".to_owned())))
    }
}

/// The answer to a query that waited for its turn for `queued`. A panic is a fault of ours that must not take the
/// connection with it.
fn evaluated(
    options: &EngineOptions,
    reader: &dyn SeriesReader,
    query: &PromQuery,
    queued: Duration,
    interrupt: Interrupt<'_>,
) -> Result<PromAnswer, QueryError> {
    let (engine, started) = (Engine::new(options.clone()), Instant::now());
    let (text, when) = (query.text.as_str(), query.when);
    let evaluate = || {
        if query.counts {
            engine.query_counted(reader, text, when, interrupt)
        } else {
            let answer = engine.query(reader, text, when, interrupt)?;
            Ok((answer, SampleCounts::default()))
        }
    };
    let answered = catch_unwind(AssertUnwindSafe(evaluate)).unwrap_or_else(|_| Err(broken()));
    let (answer, counts) = answered?;
    Ok(PromAnswer { answer, counts, queued, evaluated: started.elapsed() })
}

fn broken() -> QueryError {
    QueryError::Execution("unexpected error: the query ended with a panic".to_owned())
}
