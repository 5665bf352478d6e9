//! What receivers take in a second, from their counts of the last ten seconds.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use parking_lot::Mutex;

use crate::intake::{Receiver, ReceiverName};
use crate::numbers::float;
use crate::status::PerSecond;

/// Rates are means over so long.
const SPAN: Duration = Duration::from_secs(10);

/// The receivers' counts of the last ten seconds.
#[derive(Debug, Default)]
pub(crate) struct Rates {
    samples: Mutex<VecDeque<Sample>>,
}

#[derive(Debug)]
struct Sample {
    taken: Instant,
    /// Receivers' names with their spans, log records and points.
    counts: Vec<(ReceiverName, [u64; 3])>,
}

impl Rates {
    /// Notes the counts of now.
    pub(crate) fn note(&self, receivers: &[Receiver]) {
        self.note_at(Instant::now(), receivers);
    }

    fn note_at(&self, taken: Instant, receivers: &[Receiver]) {
        let named = |one: &Receiver| (one.name, counts_of(one));
        let counts = receivers.iter().map(named).collect();
        let mut samples = self.samples.lock();
        samples.push_back(Sample { taken, counts });
        while samples.get(1).is_some_and(|second| taken.duration_since(second.taken) >= SPAN) {
            samples.pop_front();
        }
    }

    /// Puts its rate beside each receiver.
    pub(crate) fn beside(&self, receivers: Vec<Receiver>) -> Vec<(Receiver, PerSecond)> {
        self.beside_at(Instant::now(), receivers)
    }

    fn beside_at(&self, at: Instant, receivers: Vec<Receiver>) -> Vec<(Receiver, PerSecond)> {
        let samples = self.samples.lock();
        let first = samples.front();
        let rated = receivers.into_iter().map(|receiver| {
            let rate = first.map_or_else(PerSecond::default, |first| first.rate(at, &receiver));
            (receiver, rate)
        });
        rated.collect()
    }
}

impl Sample {
    fn rate(&self, at: Instant, receiver: &Receiver) -> PerSecond {
        let before = self.counts.iter().find(|(name, _)| *name == receiver.name);
        let before = before.map_or([0; 3], |(_, counts)| *counts);
        let seconds = at.duration_since(self.taken).as_secs_f64().max(1.0);
        let grown = |(now, then): (u64, u64)| float(now.saturating_sub(then)) / seconds;
        let [spans, log_records, points] = counts_of(receiver);
        PerSecond {
            spans: grown((spans, before[0])),
            log_records: grown((log_records, before[1])),
            points: grown((points, before[2])),
        }
    }
}

fn counts_of(receiver: &Receiver) -> [u64; 3] {
    [receiver.spans, receiver.log_records, receiver.points]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_the_growth_of_the_last_ten_seconds() {
        let rates = Rates::default();
        let began = Instant::now();
        let receiver = |spans| Receiver { spans, ..Receiver::default() };
        for second in 0..30 {
            let spans = if second < 15 { 0 } else { (second - 15) * 100 };
            rates.note_at(began + Duration::from_secs(second), &[receiver(spans)]);
        }
        let at = began + Duration::from_secs(29);
        let answer = rates.beside_at(at, vec![receiver(1_400)]);
        assert!((answer[0].1.spans - 100.0).abs() < 1e-9);
    }
}
