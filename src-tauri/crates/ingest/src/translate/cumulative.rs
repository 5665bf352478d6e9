//! Deltas become sums: what a series has counted since its first delta.

use std::collections::HashMap;

use watchglass_model::{FloatHistogram, Labels, Millis};

/// How many series are remembered; of more, the half not heard of for longest is forgotten.
const MOST_SERIES: usize = 100_000;

/// Sums of series that send deltas.
#[derive(Debug, Default)]
pub(super) struct Deltas {
    floats: HashMap<Labels, Running<f64>>,
    histograms: HashMap<Labels, Running<FloatHistogram>>,
}

/// A sum so far.
#[derive(Debug)]
struct Running<T> {
    sum: T,
    until: Millis,
}

impl<T: Clone> Running<T> {
    /// The sum after a delta that ends at `time`; none where the delta is not newer than the last one.
    fn add(&mut self, time: Millis, add: impl FnOnce(&mut T)) -> Option<T> {
        if time <= self.until {
            return None;
        }
        add(&mut self.sum);
        self.until = time;
        Some(self.sum.clone())
    }
}

impl Deltas {
    /// The sum of a series after a delta; none where the delta is not newer than the last one.
    pub(super) fn add(&mut self, series: &Labels, time: Millis, delta: f64) -> Option<f64> {
        if let Some(running) = self.floats.get_mut(series) {
            return running.add(time, |sum| *sum += delta);
        }
        insert(&mut self.floats, series, Running { sum: delta, until: time });
        Some(delta)
    }

    /// The same for a histogram; where its buckets do not fit those before, the sum begins anew.
    pub(super) fn add_histogram(
        &mut self,
        series: &Labels,
        time: Millis,
        delta: &FloatHistogram,
    ) -> Option<FloatHistogram> {
        if let Some(running) = self.histograms.get_mut(series) {
            return running.add(time, |sum| {
                if sum.add(delta).is_err() {
                    sum.clone_from(delta);
                }
            });
        }
        insert(&mut self.histograms, series, Running { sum: delta.clone(), until: time });
        Some(delta.clone())
    }
}

/// Remembers a series, and forgets others when there are too many.
fn insert<T>(all: &mut HashMap<Labels, Running<T>>, series: &Labels, running: Running<T>) {
    if all.len() >= MOST_SERIES {
        let mut times: Vec<_> = all.values().map(|one| one.until).collect();
        let middle = times.len() / 2;
        let (_, median, _) = times.select_nth_unstable(middle);
        let median = *median;
        all.retain(|_, one| one.until > median);
    }
    all.insert(series.clone(), running);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deltas_add_up_and_an_old_one_is_left_out() {
        let (mut deltas, series) = (Deltas::default(), Labels::from_pairs([("a", "b")]));
        assert_eq!(deltas.add(&series, 10, 1.0), Some(1.0));
        assert_eq!(deltas.add(&series, 20, 2.0), Some(3.0));
        assert_eq!(deltas.add(&series, 20, 2.0), None);
    }
}
