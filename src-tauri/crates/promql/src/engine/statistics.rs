//! How many samples a query looked at, where its author asks for that (Prometheus `util/stats`): each selected sample
//! once at every step that sees it. Those of subqueries count where their results are looked at.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use super::column::{Column, is_absent, weight};
use super::evaluate::Evaluator;
use super::window::Window;

/// How many samples a query looked at.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SampleCounts {
    /// At each step; a histogram counts as the floats it takes.
    pub per_step: Vec<u64>,
    /// The most that were held at once.
    pub peak: u64,
}

impl SampleCounts {
    /// At all steps together.
    pub fn total(&self) -> u64 {
        self.per_step.iter().sum()
    }
}

/// What was counted so far.
#[derive(Debug, Default)]
pub(crate) struct Counting {
    /// None where nothing is counted.
    per_step: Option<Vec<AtomicU64>>,
    peak: AtomicUsize,
}

impl Counting {
    /// Counts at so many steps from now on.
    pub(crate) fn begin(&mut self, steps: usize) {
        self.per_step = Some((0..steps).map(|_| AtomicU64::new(0)).collect());
    }

    /// Takes note of how many samples are held.
    pub(crate) fn hold(&self, samples: usize) {
        self.peak.fetch_max(samples, Ordering::Relaxed);
    }

    /// What was counted.
    pub(crate) fn finish(self) -> SampleCounts {
        let per_step = self.per_step.unwrap_or_default();
        SampleCounts {
            per_step: per_step.into_iter().map(AtomicU64::into_inner).collect(),
            peak: self.peak.into_inner() as u64,
        }
    }

    fn add(&self, step: usize, samples: usize) {
        if let Some(count) = self.per_step.as_ref().and_then(|counts| counts.get(step)) {
            count.fetch_add(samples as u64, Ordering::Relaxed);
        }
    }

    /// Counts what a selector shows.
    pub(crate) fn column(&self, column: &Column) {
        if self.per_step.is_none() {
            return;
        }
        for (step, value) in column.floats.iter().enumerate() {
            self.add(step, usize::from(!is_absent(*value)));
        }
        for (step, histogram) in &column.histograms {
            self.add(*step, weight(histogram));
        }
    }

    /// Counts what a function of a range sees.
    pub(crate) fn window(&self, step: usize, window: &Window<'_>) {
        if self.per_step.is_some() {
            let histograms = window.histograms.iter().map(|(_, one)| weight(one));
            self.add(step, window.floats.len() + histograms.sum::<usize>());
        }
    }
}

impl Evaluator<'_> {
    /// Evaluates something without counting.
    pub(crate) fn uncounted<T>(&mut self, work: impl FnOnce(&mut Self) -> T) -> T {
        let before = self.counting.per_step.take();
        let result = work(self);
        self.counting.per_step = before;
        result
    }

    /// Evaluates at one step what stands for all steps, and counts it at each of them.
    pub(crate) fn counted_at_each<T>(&mut self, work: impl FnOnce(&mut Self) -> T) -> T {
        let Some(counts) = self.counting.per_step.take() else { return work(self) };
        self.counting.begin(1);
        let result = work(self);
        let counted = self.counting.per_step.iter().flatten();
        let once = counted.map(|count| count.load(Ordering::Relaxed)).sum();
        for count in &counts {
            count.fetch_add(once, Ordering::Relaxed);
        }
        self.counting.per_step = Some(counts);
        result
    }
}
