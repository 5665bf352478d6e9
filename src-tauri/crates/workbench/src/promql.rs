//! PromQL queries and questions about series: a few at a time, each with an end.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use tokio::task::spawn_blocking;
use watchglass_promql::{Answer, Engine, EngineOptions, Interrupt, Interruption, QueryError, When};
use watchglass_storage::{ReadError, SeriesReader};

use crate::workbench::{WithdrawOnDrop, Workbench};

/// How many queries run at once (Prometheus `--query.max-concurrency`).
pub(crate) const CONCURRENT_QUERIES: usize = 20;

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
}

impl Workbench {
    /// Answers a query and hands the answer to `finish`. The query ends when nobody waits for it any more.
    ///
    /// A small one is answered where it is asked: going to another thread and back would take longer than the answer.
    /// One that turns out not to be small starts over on a thread that may block.
    pub async fn promql<T: Send + 'static>(
        &self,
        query: PromQuery,
        finish: impl FnOnce(Answer) -> T + Send + 'static,
    ) -> Result<T, QueryError> {
        let place = Arc::clone(&self.queries).acquire_owned().await;
        let place = place.map_err(|_| QueryError::Cancelled)?;
        let mut options = self.promql.options().clone();
        if let Some(lookback) = query.lookback {
            options.lookback = lookback;
        }
        let reader = Arc::clone(self.series_reader());
        let timeout = query.timeout.unwrap_or(QUERY_TIMEOUT).min(QUERY_TIMEOUT);
        let started = Instant::now();
        let is_late = move || (started.elapsed() > timeout).then_some(Interruption::Timeout);
        options.most_work = Some(SMALL);
        match evaluated(&options, reader.as_ref(), &query, &is_late) {
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
            evaluated(&options, reader.as_ref(), &query, &interrupt).map(finish)
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

/// The answer to a query. A panic is a fault of ours that must not take the connection with it.
fn evaluated(
    options: &EngineOptions,
    reader: &dyn SeriesReader,
    query: &PromQuery,
    interrupt: Interrupt<'_>,
) -> Result<Answer, QueryError> {
    let engine = Engine::new(options.clone());
    let evaluate = || engine.query(reader, &query.text, query.when, interrupt);
    catch_unwind(AssertUnwindSafe(evaluate)).unwrap_or_else(|_| Err(broken()))
}

fn broken() -> QueryError {
    QueryError::Execution("unexpected error: the query ended with a panic".to_owned())
}
