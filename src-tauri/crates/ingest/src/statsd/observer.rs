//! What observations add up to: a histogram of buckets, or a summary of quantiles over the last minutes.

use std::time::Duration;

use watchglass_configuration::SummaryOptions;

/// Values that one step of a summary holds at most; of more, an even choice.
const MOST_VALUES: usize = 512;

/// A histogram. The last bucket is `+Inf`.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Buckets {
    pub(super) bounds: Vec<f64>,
    /// Observations in each bucket alone.
    pub(super) counts: Vec<f64>,
    pub(super) sum: f64,
}

impl Buckets {
    pub(super) fn new(bounds: &[f64]) -> Self {
        Self { bounds: bounds.to_vec(), counts: vec![0.0; bounds.len() + 1], sum: 0.0 }
    }

    pub(super) fn observe(&mut self, value: f64, weight: u32) {
        let place = self.bounds.partition_point(|bound| *bound < value);
        let place = if value.is_nan() { self.bounds.len() } else { place };
        if let Some(count) = self.counts.get_mut(place) {
            *count += f64::from(weight);
        }
        self.sum += value * f64::from(weight);
    }

    /// Each bound with the observations up to it, `+Inf` last.
    pub(super) fn cumulative(&self) -> impl Iterator<Item = (f64, f64)> + '_ {
        let bounds = self.bounds.iter().copied().chain([f64::INFINITY]);
        let mut total = 0.0;
        bounds.zip(&self.counts).map(move |(bound, count)| {
            total += count;
            (bound, total)
        })
    }
}

/// A summary: count and sum of all, and the values of the last minutes in steps that grow old one by one.
#[derive(Debug, Clone)]
pub(super) struct Quantiles {
    options: SummaryOptions,
    pub(super) count: f64,
    pub(super) sum: f64,
    steps: Vec<Step>,
    /// Chooses which values stay where there are too many.
    chance: u64,
}

#[derive(Debug, Clone, Default)]
struct Step {
    /// Which step of time it is.
    number: u64,
    /// How many values it stands for.
    seen: u64,
    values: Vec<f64>,
}

impl Quantiles {
    pub(super) fn new(options: &SummaryOptions) -> Self {
        let steps = vec![Step::default(); options.age_buckets.max(1)];
        Self { options: options.clone(), count: 0.0, sum: 0.0, steps, chance: 1 }
    }

    /// Takes an observation. `room` says how many more values may be held, here and elsewhere.
    pub(super) fn observe(&mut self, value: f64, weight: u32, now: Duration, room: &mut usize) {
        self.count += f64::from(weight);
        self.sum += value * f64::from(weight);
        let number = self.step(now);
        let length = self.steps.len() as u64;
        let place = usize::try_from(number % length.max(1)).unwrap_or(0);
        let Some(step) = self.steps.get_mut(place) else { return };
        if step.number != number {
            *room += step.values.len();
            *step = Step { number, seen: 0, values: std::mem::take(&mut step.values) };
            step.values.clear();
        }
        // Of one that stands for many, as many as there is room for say the same.
        for _ in 0..weight.min(64) {
            step.seen += 1;
            if step.values.len() < MOST_VALUES && *room > 0 {
                *room -= 1;
                step.values.push(value);
                continue;
            }
            self.chance = self.chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let place = usize::try_from((self.chance >> 16) % step.seen).unwrap_or(usize::MAX);
            if let Some(kept) = step.values.get_mut(place) {
                *kept = value;
            }
        }
    }

    /// The quantiles now; `NaN` where nothing was observed lately.
    pub(super) fn quantiles(&self, now: Duration) -> Vec<(f64, f64)> {
        let (newest, length) = (self.step(now), self.steps.len() as u64);
        let recent = self.steps.iter().filter(|step| step.number + length > newest);
        let mut values: Vec<_> = recent.flat_map(|step| step.values.iter().copied()).collect();
        values.sort_by(f64::total_cmp);
        let wanted = self.options.quantiles.iter().map(|one| one.quantile);
        wanted.map(|quantile| (quantile, at(&values, quantile))).collect()
    }

    /// How many values it holds.
    pub(super) fn held(&self) -> usize {
        self.steps.iter().map(|step| step.values.len()).sum()
    }

    fn step(&self, now: Duration) -> u64 {
        let length = self.options.max_age.as_millis() / self.steps.len().max(1) as u128;
        u64::try_from(now.as_millis() / length.max(1)).unwrap_or(u64::MAX)
    }
}

/// The value at a rank, the lower of two.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "ranks of a few thousand values"
)]
fn at(values: &[f64], quantile: f64) -> f64 {
    let rank = (quantile * values.len() as f64).ceil() as usize;
    values.get(rank.max(1) - 1).copied().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_on_a_bound_belongs_below_it() {
        let mut buckets = Buckets::new(&[0.1, 1.0]);
        for (value, weight) in [(0.1, 1), (0.5, 2), (1.0, 1), (7.0, 1), (f64::NAN, 1)] {
            buckets.observe(value, weight);
        }
        let found: Vec<_> = buckets.cumulative().collect();
        assert_eq!(found, [(0.1, 1.0), (1.0, 4.0), (f64::INFINITY, 6.0)]);
    }

    #[test]
    fn quantiles_forget_what_is_old_and_the_count_does_not() {
        let (mut summary, mut room) = (Quantiles::new(&SummaryOptions::default()), 10_000);
        let minute = |minutes: u64| Duration::from_secs(60 * minutes);
        for value in 1..=100 {
            summary.observe(f64::from(value), 1, minute(100), &mut room);
        }
        assert_eq!(summary.quantiles(minute(101)), [(0.5, 50.0), (0.9, 90.0), (0.99, 99.0)]);
        assert_eq!((room, summary.held()), (9_900, 100));
        assert!(summary.quantiles(minute(111)).iter().all(|(_, value)| value.is_nan()));
        summary.observe(7.0, 1, minute(110), &mut room);
        assert_eq!((room, summary.held()), (9_999, 1));
        assert_eq!(summary.quantiles(minute(111))[0], (0.5, 7.0));
        assert!((summary.count - 101.0).abs() < 1e-9 && (summary.sum - 5057.0).abs() < 1e-9);
    }

    #[test]
    fn a_flood_is_held_by_an_even_choice() {
        let (mut summary, mut room) = (Quantiles::new(&SummaryOptions::default()), 10_000);
        for value in 0..100_000 {
            summary.observe(f64::from(value), 1, Duration::ZERO, &mut room);
        }
        assert_eq!(summary.held(), MOST_VALUES);
        let (_, median) = summary.quantiles(Duration::ZERO)[0];
        assert!((40_000.0..60_000.0).contains(&median), "{median}");
    }

    #[test]
    fn without_room_only_count_and_sum_grow() {
        let (mut summary, mut room) = (Quantiles::new(&SummaryOptions::default()), 0);
        summary.observe(1.0, 3, Duration::ZERO, &mut room);
        assert_eq!(summary.held(), 0);
        assert!((summary.count - 3.0).abs() < 1e-9);
    }
}
