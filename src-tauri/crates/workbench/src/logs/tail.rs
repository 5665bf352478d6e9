//! Log records as they arrive, as far as a filter wants them.

use std::time::Duration;

use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;
use watchglass_ingest::Live;
use watchglass_storage::{Batch, LogFilter};

use super::page::identified;
use super::record::LogRecord;

/// At least so long between two answers; the first comes at once.
const PACE: Duration = Duration::from_millis(100);
/// More records than this at a time are more than anyone reads: the newest are given, the others counted.
const MOST: usize = 500;

/// What arrived since the answer before.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TailRecords {
    /// In the order of their arrival.
    pub records: Vec<LogRecord>,
    /// How many were left out because more came than is shown; batches that were lost count as one each.
    pub missed: u64,
}

/// Log records as they arrive.
#[derive(Debug)]
pub struct LogTail {
    closing: CancellationToken,
    live: Receiver<Live>,
    filter: LogFilter,
    waiting: TailRecords,
    due: Instant,
}

impl LogTail {
    pub(crate) fn new(live: Receiver<Live>, filter: LogFilter, closing: CancellationToken) -> Self {
        Self { closing, live, filter, waiting: TailRecords::default(), due: Instant::now() }
    }

    /// Waits for records; none when nothing will ever arrive again.
    pub async fn next(&mut self) -> Option<TailRecords> {
        loop {
            let is_empty = self.waiting.records.is_empty() && self.waiting.missed == 0;
            tokio::select! {
                biased;
                () = self.closing.cancelled() => return None,
                () = sleep_until(self.due), if !is_empty => {
                    self.due = Instant::now() + PACE;
                    return Some(std::mem::take(&mut self.waiting));
                }
                live = self.live.recv() => match live {
                    Ok(Live { batch: Batch::Logs(logs), .. }) => {
                        let wanted = logs.iter().filter(|record| self.filter.matches(*record));
                        self.add(identified(wanted));
                    }
                    Ok(_) => (),
                    Err(RecvError::Lagged(batches)) => self.waiting.missed += batches,
                    Err(RecvError::Closed) if is_empty => return None,
                    Err(RecvError::Closed) => return Some(std::mem::take(&mut self.waiting)),
                },
            }
        }
    }

    fn add(&mut self, records: Vec<LogRecord>) {
        let held = &mut self.waiting.records;
        held.extend(records);
        let too_many = held.len().saturating_sub(MOST);
        held.drain(..too_many);
        self.waiting.missed += too_many as u64;
    }
}
