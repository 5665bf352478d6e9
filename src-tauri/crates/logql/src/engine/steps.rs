//! Counts over windows: which steps see a line, and sums a step.

use watchglass_storage::Nanos;

use super::column::Grid;

/// The windows `(t - range, t]` of the steps of a grid, moved back by an offset.
#[derive(Debug, Clone, Copy)]
pub(super) struct Windows {
    pub(super) grid: Grid,
    pub(super) range: Nanos,
    pub(super) offset: Nanos,
}

/// Steps from the first to the last, both inclusive, and the times for which they are the same: behind `after`, up to
/// `until`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Seen {
    pub(super) first: usize,
    pub(super) last: usize,
    after: Nanos,
    until: Nanos,
}

impl Seen {
    pub(super) const fn holds_for(&self, time: Nanos) -> bool {
        self.after < time && time <= self.until
    }
}

impl Windows {
    /// The first instant of all windows, and the first behind.
    pub(super) fn bounds(&self) -> (Nanos, Nanos) {
        let (start, end) = self.window(0);
        let last = self.window(self.grid.steps.saturating_sub(1)).1;
        (start.saturating_add(1), last.max(end).saturating_add(1))
    }

    /// Behind which instant the window of a step begins, and its last instant.
    pub(super) fn window(&self, step: usize) -> (Nanos, Nanos) {
        let end = self.grid.time(step).saturating_sub(self.offset);
        (end.saturating_sub(self.range), end)
    }

    /// The steps that see an instant; none where it lies between windows.
    pub(super) fn seen(&self, time: Nanos) -> Option<Seen> {
        let Grid { start, step, steps } = self.grid;
        // Seen from the first step: how long after its end the instant lies.
        let after_start = time.saturating_add(self.offset).saturating_sub(start);
        let first = if after_start <= 0 { 0 } else { (after_start - 1) / step + 1 };
        let reach = after_start.saturating_add(self.range - 1);
        if reach < 0 {
            return None;
        }
        let last = (reach / step).min(Nanos::try_from(steps).unwrap_or(Nanos::MAX) - 1);
        let (first, last) = (usize::try_from(first).ok()?, usize::try_from(last).ok()?);
        if first > last || first >= steps {
            return None;
        }
        let before =
            |step: usize| step.checked_sub(1).map_or(Nanos::MIN, |step| self.window(step).1);
        let next = if last + 1 < steps { self.window(last + 1).0 } else { Nanos::MAX };
        Some(Seen {
            first,
            last,
            after: before(first).max(self.window(last).0),
            until: self.window(first).1.min(next),
        })
    }
}

/// How many lines each step sees, and the sum of what they count for.
#[derive(Debug, Clone, Default)]
pub(super) struct StepSums {
    /// Steps, lines and sum, in the order of arrival; joined where neighbours agree.
    runs: Vec<(u32, u32, u64, u64)>,
    /// What changes from step to step: lines and sums that begin, less those that end. Taken where runs are many.
    changes: Vec<(i64, i64)>,
}

impl StepSums {
    pub(super) fn add(&mut self, seen: &Seen, lines: u64, sum: u64, steps: usize) {
        let first = u32::try_from(seen.first).unwrap_or(u32::MAX);
        let last = u32::try_from(seen.last).unwrap_or(u32::MAX);
        if !self.changes.is_empty() {
            return self.change(first, last, lines, sum);
        }
        match self.runs.last_mut() {
            Some(run) if (run.0, run.1) == (first, last) => {
                run.2 += lines;
                run.3 += sum;
            }
            _ => self.runs.push((first, last, lines, sum)),
        }
        if self.runs.len() > steps.max(32) {
            self.spread(steps);
        }
    }

    fn spread(&mut self, steps: usize) {
        self.changes.resize(steps + 1, (0, 0));
        for (first, last, lines, sum) in std::mem::take(&mut self.runs) {
            self.change(first, last, lines, sum);
        }
    }

    fn change(&mut self, first: u32, last: u32, lines: u64, sum: u64) {
        let (lines, sum) = (lines.cast_signed(), sum.cast_signed());
        if let Some(begin) = self.changes.get_mut(first as usize) {
            begin.0 += lines;
            begin.1 += sum;
        }
        if let Some(end) = self.changes.get_mut(last as usize + 1) {
            end.0 -= lines;
            end.1 -= sum;
        }
    }

    pub(super) fn merge(&mut self, other: Self, steps: usize) {
        if self.changes.is_empty() {
            self.spread(steps);
        }
        for (first, last, lines, sum) in other.runs {
            self.change(first, last, lines, sum);
        }
        for (own, other) in self.changes.iter_mut().zip(other.changes) {
            own.0 += other.0;
            own.1 += other.1;
        }
    }

    /// Lines and sum of each step.
    pub(super) fn totals(mut self, steps: usize) -> Vec<(i64, i64)> {
        if self.changes.is_empty() {
            self.spread(steps);
        }
        let mut running = (0, 0);
        self.changes.truncate(steps);
        for change in &mut self.changes {
            running = (running.0 + change.0, running.1 + change.1);
            *change = running;
        }
        self.changes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn windows(range: Nanos, offset: Nanos) -> Windows {
        Windows { grid: Grid { start: 100, step: 10, steps: 5 }, range, offset }
    }

    #[test]
    fn each_step_sees_its_window_and_no_more() {
        for (range, offset) in [(10, 0), (25, 0), (3, 0), (10, 7), (10, -7), (1000, 0)] {
            let windows = windows(range, offset);
            for time in 0..300 {
                let expected: Vec<usize> = (0..5)
                    .filter(|step| {
                        let (after, until) = windows.window(*step);
                        after < time && time <= until
                    })
                    .collect();
                let seen: Vec<usize> = windows
                    .seen(time)
                    .map_or_else(Vec::new, |seen| (seen.first..=seen.last).collect());
                assert_eq!(seen, expected, "range {range}, offset {offset}, time {time}");
                if let Some(seen) = windows.seen(time) {
                    assert!(seen.holds_for(time));
                    for other in 0..300 {
                        let same = windows
                            .seen(other)
                            .is_some_and(|own| (own.first, own.last) == (seen.first, seen.last));
                        assert!(!seen.holds_for(other) || same, "{time} and {other}");
                    }
                }
            }
        }
    }

    #[test]
    fn sums_are_the_same_few_or_many() {
        let windows = windows(25, 0);
        let (mut few, mut many, mut rest) =
            (StepSums::default(), StepSums::default(), StepSums::default());
        let mut expected = vec![(0, 0); 5];
        for time in 0..200 {
            let Some(seen) = windows.seen(time) else { continue };
            for total in expected.iter_mut().take(seen.last + 1).skip(seen.first) {
                *total = (total.0 + 1, total.1 + time);
            }
            let sum = u64::try_from(time).unwrap();
            few.add(&seen, 1, sum, 100);
            if time % 2 == 0 { many.add(&seen, 1, sum, 5) } else { rest.add(&seen, 1, sum, 5) }
        }
        many.merge(rest, 5);
        assert_eq!(few.totals(5), expected);
        assert_eq!(many.totals(5), expected);
    }
}
