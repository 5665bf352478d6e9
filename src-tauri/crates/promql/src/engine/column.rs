//! The values of one series on a grid of steps: what every expression but a text is made of while it is evaluated.

use std::sync::Arc;

use watchglass_model::{FloatHistogram, Labels, Millis, SampleValue, Samples};

/// The NaN that stands where a step has no float. It never leaves the engine: whoever reads a sample with these very
/// bits from a store gets an ordinary NaN.
pub(crate) const ABSENT: f64 = f64::from_bits(ABSENT_BITS);
const ABSENT_BITS: u64 = 0x7ff8_6e6f_7468_696e;

/// Whether nothing stands here.
#[inline]
pub(crate) const fn is_absent(value: f64) -> bool {
    value.to_bits() == ABSENT_BITS
}

/// The instants at which an expression is evaluated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Grid {
    /// The first.
    pub(crate) start: Millis,
    /// Milliseconds from one to the next.
    pub(crate) step: Millis,
    /// How many there are.
    pub(crate) steps: usize,
}

impl Grid {
    /// One instant.
    pub(crate) const fn instant(at: Millis) -> Self {
        Self { start: at, step: 1, steps: 1 }
    }

    /// From `start` to at most `end`; no instants where `end` lies before `start`.
    pub(crate) fn range(start: Millis, end: Millis, step: Millis) -> Self {
        let steps = if end < start { 0 } else { end.saturating_sub(start) / step + 1 };
        Self { start, step, steps: usize::try_from(steps).unwrap_or(0) }
    }

    /// The instant of a step.
    pub(crate) fn time(&self, step: usize) -> Millis {
        let step = Millis::try_from(step).unwrap_or(Millis::MAX);
        self.start.saturating_add(self.step.saturating_mul(step))
    }

    /// The last instant.
    pub(crate) fn end(&self) -> Millis {
        self.time(self.steps.saturating_sub(1))
    }

    /// All instants.
    pub(crate) fn times(self) -> impl Iterator<Item = Millis> {
        (0..self.steps).map(move |step| self.time(step))
    }
}

/// The values of one series, one a step.
#[derive(Debug, Clone, Default)]
pub(crate) struct Column {
    /// Floats; [`ABSENT`] where there is nothing or a histogram.
    pub(crate) floats: Vec<f64>,
    /// Histograms with their steps, in order.
    pub(crate) histograms: Vec<(usize, Arc<FloatHistogram>)>,
}

impl Column {
    /// Nothing anywhere.
    pub(crate) fn empty(steps: usize) -> Self {
        Self::of(vec![ABSENT; steps])
    }

    /// Floats.
    pub(crate) const fn of(floats: Vec<f64>) -> Self {
        Self { floats, histograms: Vec::new() }
    }

    /// The histogram at a step.
    pub(crate) fn histogram(&self, step: usize) -> Option<&Arc<FloatHistogram>> {
        if self.histograms.is_empty() {
            return None;
        }
        let place = self.histograms.binary_search_by_key(&step, |(own, _)| *own).ok()?;
        self.histograms.get(place).map(|(_, histogram)| histogram)
    }

    /// The float at a step.
    pub(crate) fn float(&self, step: usize) -> Option<f64> {
        self.floats.get(step).copied().filter(|value| !is_absent(*value))
    }

    /// The value at a step.
    pub(crate) fn get(&self, step: usize) -> Option<SampleValue> {
        match self.float(step) {
            Some(value) => Some(SampleValue::Float(value)),
            None => self.histogram(step).map(|one| SampleValue::Histogram(Arc::clone(one))),
        }
    }

    /// Whether there is a value at a step.
    pub(crate) fn has(&self, step: usize) -> bool {
        self.float(step).is_some() || self.histogram(step).is_some()
    }

    /// Puts a value at a step that has none. Cheapest in the order of steps.
    pub(crate) fn set(&mut self, step: usize, value: SampleValue) {
        match value {
            SampleValue::Float(value) => self.set_float(step, value),
            SampleValue::Histogram(histogram) => {
                let place = self.histograms.partition_point(|(own, _)| *own < step);
                self.histograms.insert(place, (step, histogram));
            }
        }
    }

    /// Puts a float at a step that has none.
    #[inline]
    pub(crate) fn set_float(&mut self, step: usize, value: f64) {
        if let Some(place) = self.floats.get_mut(step) {
            *place = value;
        }
    }

    /// Keeps the values of the steps for which `wanted` holds.
    pub(crate) fn retain(&mut self, mut wanted: impl FnMut(usize) -> bool) {
        for (step, value) in self.floats.iter_mut().enumerate() {
            if !is_absent(*value) && !wanted(step) {
                *value = ABSENT;
            }
        }
        self.histograms.retain(|(step, _)| wanted(*step));
    }

    /// How many values there are; a histogram counts as the floats it takes.
    pub(crate) fn points(&self) -> usize {
        let floats = self.floats.iter().filter(|value| !is_absent(**value)).count();
        floats + self.histograms.iter().map(|(_, one)| weight(one)).sum::<usize>()
    }

    /// Whether there is no value.
    pub(crate) fn is_empty(&self) -> bool {
        self.histograms.is_empty() && self.floats.iter().all(|value| is_absent(*value))
    }

    /// The one value of a single step, at each of `steps` steps.
    pub(crate) fn repeated(self, steps: usize) -> Self {
        let float = self.float(0).unwrap_or(ABSENT);
        let histogram = self.histograms.into_iter().next();
        Self {
            floats: vec![float; steps],
            histograms: histogram.map_or_else(Vec::new, |(_, one)| {
                (0..steps).map(|step| (step, Arc::clone(&one))).collect()
            }),
        }
    }

    /// Takes in the values of another column; `false` where both have one at the same step.
    #[must_use]
    pub(crate) fn absorb(&mut self, other: Self) -> bool {
        for step in 0..other.floats.len() {
            if other.has(step) && self.has(step) {
                return false;
            }
        }
        for (step, value) in other.floats.into_iter().enumerate() {
            if !is_absent(value) {
                self.set_float(step, value);
            }
        }
        for (step, histogram) in other.histograms {
            self.set(step, SampleValue::Histogram(histogram));
        }
        true
    }

    /// The values with their instants.
    pub(crate) fn samples(&self, grid: Grid) -> Samples {
        let mut samples = Samples::default();
        if self.histograms.is_empty() {
            samples.times.reserve(self.floats.len());
            samples.floats.reserve(self.floats.len());
            for (time, value) in grid.times().zip(&self.floats).filter(|(_, one)| !is_absent(**one))
            {
                samples.times.push(time);
                samples.floats.push(*value);
            }
            return samples;
        }
        for (step, time) in grid.times().enumerate() {
            if let Some(value) = self.get(step) {
                samples.push(&watchglass_model::Sample { time, value, start: 0 });
            }
        }
        samples
    }
}

/// How many floats a histogram takes (`promql/value.go`: sixteen bytes a point).
pub(crate) fn weight(histogram: &FloatHistogram) -> usize {
    let buckets = histogram.positive.len() + histogram.negative.len();
    8 + buckets + histogram.custom_values.as_ref().map_or(0, |bounds| bounds.len() / 2)
}

/// A series while it is evaluated.
#[derive(Debug, Clone)]
pub(crate) struct Series {
    /// What names it.
    pub(crate) labels: Labels,
    /// Whether its name goes when the query is done: an operation on it gave it another meaning.
    pub(crate) drop_name: bool,
    /// Its values.
    pub(crate) column: Column,
}

/// A scalar on a grid: the same everywhere, or one a step.
#[derive(Debug, Clone)]
pub(crate) enum Scalar {
    /// The same at each step.
    Same(f64),
    /// One a step.
    Each(Vec<f64>),
}

impl Scalar {
    /// The value at a step.
    #[inline]
    pub(crate) fn get(&self, step: usize) -> f64 {
        match self {
            Self::Same(value) => *value,
            Self::Each(values) => values.get(step).copied().unwrap_or(f64::NAN),
        }
    }

    /// A value for each of `steps` steps.
    pub(crate) fn values(&self, steps: usize) -> impl Iterator<Item = f64> {
        (0..steps).map(|step| self.get(step))
    }

    /// Computes each value from one or two others.
    pub(crate) fn combined(
        &self,
        other: &Self,
        steps: usize,
        compute: impl Fn(f64, f64) -> f64,
    ) -> Self {
        match (self, other) {
            (Self::Same(one), Self::Same(two)) => Self::Same(compute(*one, *two)),
            _ => Self::Each(
                (0..steps).map(|step| compute(self.get(step), other.get(step))).collect(),
            ),
        }
    }
}

/// What an expression gave.
#[derive(Debug, Clone)]
pub(crate) enum Computed {
    /// One number a step.
    Scalar(Scalar),
    /// Series.
    Vector(Vec<Series>),
    /// A text.
    Text(String),
}

impl Computed {
    /// The same at each of `steps` steps, from one step.
    pub(crate) fn repeated(self, steps: usize) -> Self {
        match self {
            Self::Scalar(Scalar::Each(values)) => {
                Self::Scalar(Scalar::Same(values.first().copied().unwrap_or(f64::NAN)))
            }
            Self::Vector(series) => Self::Vector(
                series
                    .into_iter()
                    .map(|one| Series { column: one.column.repeated(steps), ..one })
                    .collect(),
            ),
            other => other,
        }
    }
}
