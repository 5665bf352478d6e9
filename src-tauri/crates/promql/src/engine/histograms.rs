//! Sums and means of native histograms, with what must be told about them.

use std::sync::Arc;

use watchglass_model::{
    CompensatedSum, FloatHistogram, HistogramError, ResetHint, SampleValue, Samples, is_stale,
};

use super::notes::Note;
use super::numbers::count;

/// What a sum or mean of histograms met on its way.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Met {
    reset: bool,
    no_reset: bool,
    reconciled: bool,
}

impl Met {
    fn hint(&mut self, hint: ResetHint) {
        self.reset |= hint == ResetHint::Reset;
        self.no_reset |= hint == ResetHint::NotReset;
    }

    /// What is to be said about it.
    pub(crate) fn notes(self) -> impl Iterator<Item = Note> {
        let collision = self.reset && self.no_reset;
        let collision = collision.then_some(Note::CounterResetCollision("aggregation"));
        let reconciled = self.reconciled.then_some(Note::BoundsReconciled("aggregation"));
        collision.into_iter().chain(reconciled)
    }
}

/// What a sum or mean came to.
pub(crate) type Outcome = Result<(SampleValue, Met), HistogramError>;

/// The sum of a histogram and others.
pub(crate) fn sum<'a>(
    first: &FloatHistogram,
    others: impl Iterator<Item = &'a FloatHistogram>,
) -> Outcome {
    let mut running = Running::of(first);
    for histogram in others {
        running.add(histogram)?;
    }
    Ok(running.finish())
}

/// The mean of a histogram and others: the sum by the count, or, where the sum would overflow, a mean that moves with
/// each.
pub(crate) fn mean<'a>(
    first: &FloatHistogram,
    others: impl Iterator<Item = &'a FloatHistogram>,
) -> Outcome {
    let (mut running, mut seen, mut moving) = (Running::of(first), 1, false);
    for histogram in others {
        seen += 1;
        if !moving {
            let mut next = running.clone();
            next.add(histogram)?;
            if !next.sum.sum().has_overflow() {
                running = next;
                continue;
            }
            moving = true;
            running.sum.div(count(seen - 1));
        }
        let share = count(seen);
        running.sum.mul((share - 1.0) / share);
        let mut part = histogram.clone();
        part.div(share);
        running.add(&part)?;
    }
    if !moving {
        running.sum.div(count(seen));
    }
    Ok(running.finish())
}

#[derive(Clone)]
struct Running {
    sum: CompensatedSum,
    met: Met,
}

impl Running {
    fn of(first: &FloatHistogram) -> Self {
        let mut met = Met::default();
        met.hint(first.reset_hint);
        Self { sum: CompensatedSum::new(first.clone()), met }
    }

    fn add(&mut self, histogram: &FloatHistogram) -> Result<(), HistogramError> {
        self.met.hint(histogram.reset_hint);
        self.met.reconciled |= self.sum.add(histogram)?.bounds_reconciled;
        Ok(())
    }

    fn finish(self) -> (SampleValue, Met) {
        (SampleValue::Histogram(Arc::new(self.sum.finish())), self.met)
    }
}

/// Leaves only the count, the sum and the kind of buckets of each histogram, and what is known about resets: where nothing was known, the
/// buckets tell before they go (Prometheus `promql/histogram_stats_iterator.go`).
pub(crate) fn reduce_to_statistics(samples: &mut Samples) {
    let mut before: Option<Arc<FloatHistogram>> = None;
    for (_, histogram) in &mut samples.histograms {
        let reset_hint = match (histogram.reset_hint, &before) {
            (ResetHint::Unknown, Some(before)) if histogram.detect_reset(before) => {
                ResetHint::Reset
            }
            (ResetHint::Unknown, Some(_)) => ResetHint::NotReset,
            (known, _) => known,
        };
        let reduced = FloatHistogram {
            schema: histogram.schema,
            custom_values: histogram.custom_values.clone(),
            count: histogram.count,
            sum: histogram.sum,
            reset_hint,
            ..FloatHistogram::default()
        };
        if !is_stale(histogram.sum) {
            before = Some(Arc::clone(histogram));
        }
        *histogram = Arc::new(reduced);
    }
}
