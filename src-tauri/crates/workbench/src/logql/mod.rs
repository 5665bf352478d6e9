//! LogQL queries and questions about streams: a few at a time, each with an end.

mod fields;
mod patterns;
mod tail;
mod volume;

pub use fields::{DetectedField, FieldQuery, FieldType, detected_fields};
pub use patterns::{LinePattern, PatternQuery, line_patterns};
pub use tail::{LineTail, TailQuery, TailedLines};
pub use volume::{VolumeGroups, VolumeQuery, volume_over_time, volumes};

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use tokio::task::spawn_blocking;
use watchglass_logql::{
    Answer, Direction, Engine, Interrupt, Interruption, Query, QueryError, When,
};
use watchglass_storage::{Nanos, StreamReader};

use crate::promql::QUERY_TIMEOUT;
use crate::workbench::{WithdrawOnDrop, Workbench};

/// A LogQL query as a client asks it.
#[derive(Debug, Clone)]
pub struct LogqlQuery {
    /// Its text.
    pub text: String,
    /// When it is evaluated.
    pub when: When,
    /// Which lines come first.
    pub direction: Direction,
    /// How many lines it gives at most.
    pub limit: usize,
}

impl Workbench {
    /// Answers a query. It ends when nobody waits for the answer any more.
    pub async fn logql(&self, query: LogqlQuery) -> Result<Answer, QueryError> {
        let now = nanos_of(self.now());
        self.ask_streams(move |reader, interrupt| {
            let LogqlQuery { text, when, direction, limit } = query;
            let query = Query { text: &text, when, direction, limit, now };
            Engine::default().query(reader, &query, interrupt)
        })
        .await
    }

    /// Asks the store for streams and their lines on a thread that may block. A question that goes on asks its second
    /// argument now and then whether to end.
    pub async fn ask_streams<T: Send + 'static>(
        &self,
        question: impl FnOnce(&dyn StreamReader, Interrupt<'_>) -> Result<T, QueryError>
        + Send
        + 'static,
    ) -> Result<T, QueryError> {
        let place = Arc::clone(&self.queries).acquire_owned().await;
        let place = place.map_err(|_| QueryError::Cancelled)?;
        let withdrawn = Arc::new(AtomicBool::new(false));
        let _guard = WithdrawOnDrop(Arc::clone(&withdrawn));
        let reader = Arc::clone(self.stream_reader());
        let answer = spawn_blocking(move || {
            let _place = place;
            let started = Instant::now();
            let interrupt = || {
                if withdrawn.load(Ordering::Relaxed) {
                    Some(Interruption::Cancelled)
                } else {
                    (started.elapsed() > QUERY_TIMEOUT).then_some(Interruption::Timeout)
                }
            };
            question(reader.as_ref(), &interrupt)
        });
        answer.await.unwrap_or_else(|_| {
            Err(QueryError::Execution("unexpected error: the query ended with a panic".to_owned()))
        })
    }
}

/// A time as lines have it.
pub(crate) fn nanos_of(time: watchglass_model::Timestamp) -> Nanos {
    Nanos::try_from(time.0).unwrap_or(Nanos::MAX)
}
