//! What a receiver has taken in: totals since the start, and rates over the last seconds.

use std::collections::VecDeque;

use parking_lot::Mutex;
use watchglass_model::Timestamp;
use watchglass_storage::Batch;

/// Seconds over which rates are told.
pub const RATE_SECONDS: u64 = 10;

const SECOND: u64 = 1_000_000_000;

/// The counters of one receiver.
#[derive(Debug, Default)]
pub struct Counters {
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    total: Totals,
    last_received: Option<Timestamp>,
    /// The last seconds in which something came, oldest first.
    seconds: VecDeque<(u64, Totals)>,
}

/// Numbers that only grow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Totals {
    /// Requests that were answered, refused ones included.
    pub requests: u64,
    /// Spans taken.
    pub spans: u64,
    /// Log records taken.
    pub log_records: u64,
    /// Metric points taken.
    pub points: u64,
    /// Bytes of the requests taken, as protobuf.
    pub bytes: u64,
    /// Rows that were left out of requests that were taken.
    pub rejected: u64,
    /// Requests that were refused as a whole.
    pub refused: u64,
}

/// Numbers per second.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Rates {
    /// Requests.
    pub requests: f64,
    /// Spans.
    pub spans: f64,
    /// Log records.
    pub log_records: f64,
    /// Metric points.
    pub points: f64,
    /// Bytes.
    pub bytes: f64,
}

/// What the counters say at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Count {
    /// Since the start.
    pub total: Totals,
    /// Over the last [`RATE_SECONDS`].
    pub rates: Rates,
    /// When something was taken last.
    pub last_received: Option<Timestamp>,
}

impl Totals {
    fn add(&mut self, other: &Self) {
        self.requests += other.requests;
        self.spans += other.spans;
        self.log_records += other.log_records;
        self.points += other.points;
        self.bytes += other.bytes;
        self.rejected += other.rejected;
        self.refused += other.refused;
    }
}

impl Counters {
    /// Counts a request that was taken.
    pub fn taken(&self, received: Timestamp, batch: &Batch, bytes: usize, rejected: u64) {
        let mut one = Totals { requests: 1, bytes: bytes as u64, rejected, ..Totals::default() };
        let rows = batch.len() as u64;
        match batch {
            Batch::Spans(_) => one.spans = rows,
            Batch::Logs(_) => one.log_records = rows,
            Batch::Points(_) => one.points = rows,
        }
        self.count(received, &one);
    }

    /// Counts a request of series that was taken; its samples count as points.
    pub(crate) fn took_samples(&self, received: Timestamp, samples: usize, bytes: usize) {
        let (points, bytes) = (samples as u64, bytes as u64);
        self.count(received, &Totals { requests: 1, points, bytes, ..Totals::default() });
    }

    /// Counts a datagram or a line of events; those taken count as points.
    pub(crate) fn took_events(
        &self,
        received: Timestamp,
        points: u64,
        rejected: u64,
        bytes: usize,
    ) {
        let bytes = bytes as u64;
        self.count(received, &Totals { requests: 1, points, rejected, bytes, ..Totals::default() });
    }

    fn count(&self, received: Timestamp, one: &Totals) {
        let mut kept = self.kept.lock();
        kept.last_received = kept.last_received.max(Some(received));
        kept.count(received, one);
    }

    /// Counts a request that was refused.
    pub fn refused(&self, received: Timestamp) {
        let one = Totals { requests: 1, refused: 1, ..Totals::default() };
        self.kept.lock().count(received, &one);
    }

    /// What they say at this moment.
    pub fn read(&self, now: Timestamp) -> Count {
        let kept = self.kept.lock();
        let this = now.0 / SECOND;
        let mut recent = Totals::default();
        for (second, count) in &kept.seconds {
            if second + RATE_SECONDS > this && *second <= this {
                recent.add(count);
            }
        }
        Count { total: kept.total, rates: Rates::over(&recent), last_received: kept.last_received }
    }
}

impl Kept {
    fn count(&mut self, received: Timestamp, one: &Totals) {
        self.total.add(one);
        let second = received.0 / SECOND;
        match self.seconds.iter_mut().find(|(known, _)| *known == second) {
            Some((_, count)) => count.add(one),
            None => self.seconds.push_back((second, *one)),
        }
        while self.seconds.len() as u64 > RATE_SECONDS + 1 {
            self.seconds.pop_front();
        }
    }
}

impl Rates {
    fn over(recent: &Totals) -> Self {
        Self {
            requests: per_second(recent.requests),
            spans: per_second(recent.spans),
            log_records: per_second(recent.log_records),
            points: per_second(recent.points),
            bytes: per_second(recent.bytes),
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of ten seconds are small")]
fn per_second(count: u64) -> f64 {
    count as f64 / RATE_SECONDS as f64
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use watchglass_model::{Span, Spans};

    use super::*;

    #[test]
    fn rates_forget_what_is_older_than_ten_seconds() {
        let counters = Counters::default();
        let batch =
            Batch::Spans(Arc::new(Spans { rows: vec![Span::default(); 20], ..Spans::default() }));
        for second in 100..130 {
            counters.taken(Timestamp(second * SECOND), &batch, 50, 1);
        }
        counters.refused(Timestamp(129 * SECOND));
        let now = counters.read(Timestamp(129 * SECOND + 5));
        assert_eq!((now.total.requests, now.total.spans, now.total.rejected), (31, 600, 30));
        assert!((now.rates.spans - 20.0).abs() < 1e-9 && (now.rates.requests - 1.1).abs() < 1e-9);
        assert_eq!(now.last_received, Some(Timestamp(129 * SECOND)));
        let later = counters.read(Timestamp(135 * SECOND));
        assert!((later.rates.spans - 8.0).abs() < 1e-9);
        assert!(counters.read(Timestamp(200 * SECOND)).rates.spans.abs() < 1e-9);
    }
}
