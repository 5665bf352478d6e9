//! Aggregations that make one value of all values of a group: sums, means, extremes, counts, deviations, quantiles.

use watchglass_model::{FloatHistogram, SampleValue};

use crate::engine::column::{Column, Grid, Scalar, Series, is_absent};
use crate::engine::histograms::{self, Met};
use crate::engine::notes::{Note, Notes};
use crate::engine::numbers::{Mean, Sum};
use crate::quantile;
use crate::tree::{Aggregator, Span};

/// Says so where a quantile lies outside 0 to 1 at any step.
pub(super) fn note_quantile(notes: &mut Notes, quantile: &Scalar, span: Span, grid: Grid) {
    let values = || quantile.values(grid.steps);
    let highest = values().filter(|value| !value.is_nan()).fold(f64::NEG_INFINITY, f64::max);
    let lowest = values().filter(|value| !value.is_nan()).fold(f64::INFINITY, f64::min);
    let wrong = [
        values().any(f64::is_nan).then_some(f64::NAN),
        (highest > 1.0).then_some(highest),
        (lowest < 0.0).then_some(lowest),
    ];
    wrong.into_iter().flatten().for_each(|value| notes.add(Note::InvalidQuantile(value), span));
}

/// The work on one group.
pub(super) struct Fold<'a> {
    pub(super) notes: &'a mut Notes,
    /// Where the aggregated expression stands.
    pub(super) span: Span,
    pub(super) steps: usize,
}

impl Fold<'_> {
    /// The values of a group.
    pub(super) fn column(
        &mut self,
        aggregator: Aggregator,
        parameter: Option<&Scalar>,
        members: &[&Series],
    ) -> Column {
        if members.iter().any(|one| !one.column.histograms.is_empty()) {
            match aggregator {
                Aggregator::Sum | Aggregator::Avg => return self.merged(aggregator, members),
                Aggregator::Count | Aggregator::Group => {}
                ignoring => {
                    self.notes.add(Note::HistogramIgnoredInAggregation(ignoring.name()), self.span);
                }
            }
        }
        match aggregator {
            Aggregator::Sum => self.floats(members, Sum::of, Sum::add, Sum::total),
            Aggregator::Avg => self.floats(members, Mean::of, Mean::add, Mean::total),
            Aggregator::Min => self.floats(
                members,
                |value| value,
                |best, value| extreme(best, value, value < *best),
                |best| best,
            ),
            Aggregator::Max => self.floats(
                members,
                |value| value,
                |best, value| extreme(best, value, value > *best),
                |best| best,
            ),
            Aggregator::Stdvar => self.floats(members, Spread::of, Spread::add, Spread::variance),
            Aggregator::Stddev => {
                self.floats(members, Spread::of, Spread::add, |one| one.variance().sqrt())
            }
            Aggregator::Quantile => self.quantiles(members, parameter),
            Aggregator::Count => self.counted(members, |count| count),
            _ => self.counted(members, |_| 1.0),
        }
    }

    /// Folds the floats of each step.
    fn floats<A: Copy>(
        &self,
        members: &[&Series],
        start: impl Fn(f64) -> A,
        add: impl Fn(&mut A, f64),
        total: impl Fn(A) -> f64,
    ) -> Column {
        let mut states: Vec<Option<A>> = vec![None; self.steps];
        for member in members {
            for (state, value) in states.iter_mut().zip(&member.column.floats) {
                if is_absent(*value) {
                    continue;
                }
                match state {
                    Some(state) => add(state, *value),
                    None => *state = Some(start(*value)),
                }
            }
        }
        let absent = crate::engine::column::ABSENT;
        Column::of(states.into_iter().map(|state| state.map_or(absent, &total)).collect())
    }

    /// Makes a value of the number of values at each step.
    fn counted(&self, members: &[&Series], value: impl Fn(f64) -> f64) -> Column {
        let mut counts = vec![0.0; self.steps];
        for member in members {
            for (count, float) in counts.iter_mut().zip(&member.column.floats) {
                *count += f64::from(u8::from(!is_absent(*float)));
            }
            for (step, _) in &member.column.histograms {
                if let Some(count) = counts.get_mut(*step) {
                    *count += 1.0;
                }
            }
        }
        let absent = crate::engine::column::ABSENT;
        Column::of(
            counts
                .into_iter()
                .map(|count| if count > 0.0 { value(count) } else { absent })
                .collect(),
        )
    }

    fn quantiles(&self, members: &[&Series], parameter: Option<&Scalar>) -> Column {
        let mut column = Column::empty(self.steps);
        let mut values = Vec::with_capacity(members.len());
        for step in 0..self.steps {
            values.clear();
            values.extend(members.iter().filter_map(|one| one.column.float(step)));
            if !values.is_empty() {
                let wanted = parameter.map_or(f64::NAN, |one| one.get(step));
                column.set_float(step, quantile::quantile(wanted, &mut values));
            }
        }
        column
    }

    /// Sums or means where there are histograms: they do not mix with floats, nor exponential with custom buckets.
    fn merged(&mut self, aggregator: Aggregator, members: &[&Series]) -> Column {
        let mut column = Column::empty(self.steps);
        for step in 0..self.steps {
            let values: Vec<_> = members
                .iter()
                .filter_map(|one| Some((one.labels.name(), one.column.get(step)?)))
                .collect();
            let histograms = values
                .iter()
                .filter(|(_, value)| matches!(value, SampleValue::Histogram(_)))
                .count();
            if histograms > 0 && histograms < values.len() {
                self.notes.add(Note::MixedFloatsHistogramsAggregation, self.span);
                continue;
            }
            let value = match (aggregator, histograms) {
                (Aggregator::Sum, 0) => {
                    fold_floats(&values, Sum::of, Sum::add).map(Sum::total).map(SampleValue::Float)
                }
                (_, 0) => fold_floats(&values, Mean::of, Mean::add)
                    .map(Mean::total)
                    .map(SampleValue::Float),
                (Aggregator::Sum, _) => {
                    self.told(merge(&values, |first, others| histograms::sum(first, others)))
                }
                _ => self.told(merge(&values, |first, others| histograms::mean(first, others))),
            };
            if let Some(value) = value {
                column.set(step, value);
            }
        }
        column
    }

    /// The merged histogram, with what must be said about it.
    fn told(&mut self, merged: Merged) -> Option<SampleValue> {
        match merged {
            Ok((value, met)) => {
                met.notes().for_each(|note| self.notes.add(note, self.span));
                Some(value)
            }
            Err(metric) => {
                self.notes.add(Note::MixedExponentialCustom(metric), self.span);
                None
            }
        }
    }
}

/// A merged histogram and what was met on the way, or the metric whose histogram does not fit the others.
type Merged = Result<(SampleValue, Met), String>;

/// Merges the histograms among values of the given metrics.
fn merge(
    values: &[(&str, SampleValue)],
    merge: impl for<'a> Fn(
        &FloatHistogram,
        &mut dyn Iterator<Item = &'a FloatHistogram>,
    ) -> histograms::Outcome,
) -> Merged {
    let mut metric = "";
    let mut all = values.iter().filter_map(|(name, value)| match value {
        SampleValue::Histogram(histogram) => {
            metric = name;
            Some(&**histogram)
        }
        SampleValue::Float(_) => None,
    });
    let Some(first) = all.next() else { return Err(String::new()) };
    let merged = merge(first, &mut all);
    merged.map_err(|_| metric.to_owned())
}

fn fold_floats<A>(
    values: &[(&str, SampleValue)],
    start: impl Fn(f64) -> A,
    add: impl Fn(&mut A, f64),
) -> Option<A> {
    let mut floats = values.iter().filter_map(|(_, value)| match value {
        SampleValue::Float(value) => Some(*value),
        SampleValue::Histogram(_) => None,
    });
    let mut state = start(floats.next()?);
    floats.for_each(|value| add(&mut state, value));
    Some(state)
}

/// Replaces an extreme by a value that goes beyond it; anything goes beyond NaN.
fn extreme(best: &mut f64, value: f64, beyond: bool) {
    if beyond || best.is_nan() {
        *best = value;
    }
}

/// How far values lie apart (Welford's way).
#[derive(Debug, Clone, Copy)]
struct Spread {
    mean: f64,
    squares: f64,
    count: f64,
}

impl Spread {
    const fn of(value: f64) -> Self {
        let squares = if value.is_finite() { 0.0 } else { f64::NAN };
        Self { mean: value, squares, count: 1.0 }
    }

    fn add(&mut self, value: f64) {
        self.count += 1.0;
        let delta = value - self.mean;
        self.mean += delta / self.count;
        self.squares += delta * (value - self.mean);
    }

    fn variance(self) -> f64 {
        self.squares / self.count
    }
}
