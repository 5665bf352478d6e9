//! Series on a grid of steps: what every metric expression but a number is made of while it is evaluated.

use watchglass_model::Labels;
use watchglass_storage::Nanos;

/// The NaN that stands where a step has no value. It never leaves the engine, and no value of a line has these bits.
pub(super) const ABSENT: f64 = f64::from_bits(ABSENT_BITS);
const ABSENT_BITS: u64 = 0x7ff8_6e6f_7468_696e;

/// Whether nothing stands here.
pub(super) const fn is_absent(value: f64) -> bool {
    value.to_bits() == ABSENT_BITS
}

/// The instants at which an expression is evaluated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Grid {
    /// The first.
    pub(super) start: Nanos,
    /// From one to the next.
    pub(super) step: Nanos,
    /// How many there are.
    pub(super) steps: usize,
}

impl Grid {
    pub(super) const fn instant(at: Nanos) -> Self {
        Self { start: at, step: 1, steps: 1 }
    }

    /// From `start` to at most `end`; no instants where `end` lies before `start`.
    pub(super) fn range(start: Nanos, end: Nanos, step: Nanos) -> Self {
        let steps = if end < start { 0 } else { end.saturating_sub(start) / step + 1 };
        Self { start, step, steps: usize::try_from(steps).unwrap_or(0) }
    }

    /// The instant of a step.
    pub(super) fn time(&self, step: usize) -> Nanos {
        let step = Nanos::try_from(step).unwrap_or(Nanos::MAX);
        self.start.saturating_add(self.step.saturating_mul(step))
    }
}

/// The values of one series, one a step.
#[derive(Debug, Clone)]
pub(super) struct Series {
    /// What names it.
    pub(super) labels: Labels,
    /// Its values; [`ABSENT`] where there is none.
    pub(super) values: Vec<f64>,
}

impl Series {
    /// The same value at every step.
    pub(super) fn constant(labels: Labels, value: f64, steps: usize) -> Self {
        Self { labels, values: vec![value; steps] }
    }

    /// The value at a step.
    pub(super) fn get(&self, step: usize) -> Option<f64> {
        self.values.get(step).copied().filter(|value| !is_absent(*value))
    }

    /// Whether there is a value at a step.
    pub(super) fn has(&self, step: usize) -> bool {
        self.get(step).is_some()
    }

    /// Whether there is none at all.
    pub(super) fn is_empty(&self) -> bool {
        self.values.iter().all(|value| is_absent(*value))
    }
}
