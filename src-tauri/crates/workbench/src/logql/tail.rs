//! Lines as they arrive, through the pipeline of a query: first the last ones of the past, then what comes.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::task::spawn_blocking;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use watchglass_ingest::Live;
use watchglass_logql::syntax::parse_log;
use watchglass_logql::tree::Expr;
use watchglass_logql::{
    Direction, Engine, EngineOptions, Query, QueryError, ResultStream, Value, When,
};
use watchglass_model::Timestamp;
use watchglass_storage::{Batch, MemoryStore, Nanos};

use super::{LogqlQuery, nanos_of};
use crate::workbench::Workbench;

/// Which lines are followed.
#[derive(Debug, Clone)]
pub struct TailQuery {
    /// A log query.
    pub text: String,
    /// From when on lines of the past are shown first.
    pub start: Nanos,
    /// How many of them at most.
    pub limit: usize,
    /// How long a line waits before it is shown.
    pub delay: Duration,
}

/// Lines that came together.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TailedLines {
    /// In the order of time.
    pub streams: Vec<ResultStream>,
    /// Batches that were lost because the client reads too slowly.
    pub lost_batches: u64,
}

/// Lines as they arrive.
#[derive(Debug)]
pub struct LineTail {
    closing: CancellationToken,
    live: Receiver<Live>,
    query: Arc<TailQuery>,
    expr: Arc<Expr>,
    past: Option<TailedLines>,
    /// Lines of the past that may arrive again, until when.
    shown: HashSet<u64>,
    shown_until: Timestamp,
}

impl Workbench {
    /// Follows the lines of a query.
    pub async fn line_tail(&self, query: TailQuery) -> Result<LineTail, QueryError> {
        let expr = Expr::Log(parse_log(&query.text)?);
        // From here on nothing is missed; what is both past and live is shown once.
        let live = self.pipeline().subscribe();
        let end = nanos_of(self.now()).saturating_add(1);
        let past = self
            .logql(LogqlQuery {
                text: query.text.clone(),
                when: When::Range { start: query.start.min(end), end, step: 1 },
                direction: Direction::Backward,
                limit: query.limit,
            })
            .await?;
        let mut streams = match past.value {
            Value::Streams(streams) => streams,
            _ => Vec::new(),
        };
        for stream in &mut streams {
            stream.entries.reverse();
        }
        let shown = fingerprints(&streams);
        let past = TailedLines { streams, lost_batches: 0 };
        Ok(LineTail {
            closing: self.closing(),
            live,
            query: Arc::new(query),
            expr: Arc::new(expr),
            past: Some(past),
            shown,
            shown_until: self.now(),
        })
    }
}

impl LineTail {
    /// Waits for lines; none when nothing will ever arrive again.
    pub async fn next(&mut self) -> Option<TailedLines> {
        if let Some(past) = self.past.take().filter(|past| !past.streams.is_empty()) {
            return Some(past);
        }
        loop {
            let live = tokio::select! {
                biased;
                () = self.closing.cancelled() => return None,
                live = self.live.recv() => live,
            };
            match live {
                Ok(live) => {
                    if !self.query.delay.is_zero() {
                        sleep(self.query.delay).await;
                    }
                    let streams = self.lines_of(live).await;
                    if !streams.is_empty() {
                        return Some(TailedLines { streams, lost_batches: 0 });
                    }
                }
                Err(RecvError::Lagged(lost_batches)) => {
                    return Some(TailedLines { streams: Vec::new(), lost_batches });
                }
                Err(RecvError::Closed) => return None,
            }
        }
    }

    /// The lines of a batch that the query gives: a store of its own, asked as any other.
    async fn lines_of(&mut self, live: Live) -> Vec<ResultStream> {
        let Live { received, batch } = live;
        if !matches!(batch, Batch::Logs(_)) {
            return Vec::new();
        }
        let (query, expr) = (Arc::clone(&self.query), Arc::clone(&self.expr));
        let found = spawn_blocking(move || {
            let store = MemoryStore::new();
            store.keep(&batch);
            let options = EngineOptions { max_entries: usize::MAX, ..EngineOptions::default() };
            let query = Query {
                text: &query.text,
                when: When::Range { start: Nanos::MIN, end: Nanos::MAX, step: 1 },
                direction: Direction::Forward,
                limit: batch.len(),
                now: nanos_of(received),
            };
            Engine::new(options).evaluate(&store, &expr, &query, &|| None)
        });
        let mut streams = match found.await {
            Ok(Ok(answer)) => match answer.value {
                Value::Streams(streams) => streams,
                _ => Vec::new(),
            },
            _ => Vec::new(),
        };
        if received <= self.shown_until {
            for stream in &mut streams {
                let mut entries = std::mem::take(&mut stream.entries);
                entries.retain(|entry| {
                    !self.shown.remove(&fingerprint(stream, entry.time, &entry.line))
                });
                stream.entries = entries;
            }
            streams.retain(|stream| !stream.entries.is_empty());
        }
        streams
    }
}

fn fingerprints(streams: &[ResultStream]) -> HashSet<u64> {
    let entries = streams.iter().flat_map(|stream| {
        stream.entries.iter().map(move |entry| fingerprint(stream, entry.time, &entry.line))
    });
    entries.collect()
}

fn fingerprint(stream: &ResultStream, time: Nanos, line: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    (&stream.stream, &stream.metadata, time, line).hash(&mut hasher);
    hasher.finish()
}
