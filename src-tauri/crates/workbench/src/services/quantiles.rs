//! Quantiles of durations: exact for some, within one percent for many, in bounded memory.

/// So many durations are kept as they are; beyond that they are counted in buckets.
const EXACT: usize = 100_000;
/// Each power of two is cut into so many buckets: at most 0.8 % between a bucket's bounds.
const PARTS: u64 = 128;
const PART_BITS: u32 = PARTS.trailing_zeros();

/// A collection of durations in nanoseconds.
#[derive(Debug, Clone)]
pub(crate) enum Durations {
    Exact(Vec<u64>),
    Counted { counts: Vec<u64>, total: u64 },
}

impl Default for Durations {
    fn default() -> Self {
        Self::Exact(Vec::new())
    }
}

impl Durations {
    pub(crate) fn add(&mut self, duration: u64) {
        if let Self::Exact(all) = self {
            if all.len() < EXACT {
                all.push(duration);
                return;
            }
            *self = Self::counted(all);
        }
        if let Self::Counted { counts, total } = self {
            count(counts, duration);
            *total += 1;
        }
    }

    fn counted(all: &[u64]) -> Self {
        let mut counts = Vec::new();
        for duration in all {
            count(&mut counts, *duration);
        }
        let total = all.len() as u64;
        Self::Counted { counts, total }
    }

    /// The durations that 50, 95 and 99 of a hundred do not exceed; zeros where there are none.
    pub(crate) fn percentiles(&mut self) -> [u64; 3] {
        [50, 95, 99].map(|percent| self.percentile(percent))
    }

    fn percentile(&mut self, percent: u64) -> u64 {
        match self {
            Self::Exact(all) => {
                let Some(rank) = rank(all.len() as u64, percent) else {
                    return 0;
                };
                let place = usize::try_from(rank).unwrap_or(usize::MAX);
                let last = all.len() - 1;
                *all.select_nth_unstable(place.min(last)).1
            }
            Self::Counted { counts, total } => {
                let rank = rank(*total, percent).unwrap_or_default();
                let mut below = 0;
                let bucket = counts.iter().position(|count| {
                    below += count;
                    below > rank
                });
                middle(bucket.unwrap_or_default() as u64)
            }
        }
    }
}

/// The nearest rank, from zero.
fn rank(total: u64, percent: u64) -> Option<u64> {
    total.saturating_mul(percent).div_ceil(100).max(1).checked_sub(1).filter(|_| total > 0)
}

fn count(counts: &mut Vec<u64>, duration: u64) {
    let bucket = usize::try_from(bucket(duration)).unwrap_or(usize::MAX);
    if bucket >= counts.len() {
        counts.resize(bucket + 1, 0);
    }
    counts[bucket] += 1;
}

/// Small numbers have a bucket each; larger ones share one with what has the same leading bits.
fn bucket(duration: u64) -> u64 {
    let extra = duration.checked_ilog2().unwrap_or_default().saturating_sub(PART_BITS);
    u64::from(extra) * PARTS + (duration >> extra)
}

fn middle(bucket: u64) -> u64 {
    let extra = (bucket / PARTS).saturating_sub(1);
    let leading = bucket - extra * PARTS;
    (leading << extra) + ((1_u64 << extra) >> 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_durations_have_exact_percentiles() {
        let mut durations = Durations::default();
        assert_eq!(durations.percentiles(), [0, 0, 0]);
        for duration in (1..=100).rev() {
            durations.add(duration);
        }
        assert_eq!(durations.percentiles(), [50, 95, 99]);
    }

    #[test]
    fn many_durations_have_percentiles_within_one_percent() {
        let mut durations = Durations::default();
        for duration in 1..=400_000_u64 {
            durations.add(duration * 1_000);
        }
        for (read, exact) in
            durations.percentiles().into_iter().zip([200_000_000_u64, 380_000_000, 396_000_000])
        {
            assert!(read.abs_diff(exact) * 100 < exact, "{read} {exact}");
        }
    }

    #[test]
    fn a_bucket_holds_what_falls_into_it() {
        for shift in 0..64 {
            for duration in [1_u64 << shift, (1 << shift) + (1 << shift >> 1)] {
                let read = middle(bucket(duration));
                assert!(read.abs_diff(duration) <= duration / 100, "{duration} {read}");
            }
        }
        assert_eq!(bucket(0), 0);
        assert!(bucket(u64::MAX) < 8_192);
    }
}
