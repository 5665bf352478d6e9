//! Cutting a time range into windows, so that a question for the newest rows does not look at all of them.

use watchglass_model::{TimeRange, Timestamp};

/// The first window's length; each further one is four times as long.
const FIRST: u64 = 5_000_000_000;

/// Which end of a range comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    Newest,
    Oldest,
}

/// Windows that cover a range without gap or overlap.
#[derive(Debug)]
pub(crate) struct Windows {
    rest: Option<TimeRange>,
    length: u64,
    order: Order,
}

impl Windows {
    pub(crate) fn of(range: TimeRange, order: Order) -> Self {
        Self { rest: (range.start <= range.end).then_some(range), length: FIRST, order }
    }

    /// Whether every window was given.
    pub(crate) fn is_done(&self) -> bool {
        self.rest.is_none()
    }
}

impl Iterator for Windows {
    type Item = TimeRange;

    fn next(&mut self) -> Option<TimeRange> {
        let rest = self.rest?;
        let reach = self.length.saturating_sub(1);
        let mut window = rest;
        self.rest = match self.order {
            Order::Newest => {
                window.start = rest.start.max(Timestamp(rest.end.0.saturating_sub(reach)));
                (window.start > rest.start)
                    .then(|| TimeRange { end: Timestamp(window.start.0 - 1), ..rest })
            }
            Order::Oldest => {
                window.end = rest.end.min(Timestamp(rest.start.0.saturating_add(reach)));
                (window.end < rest.end)
                    .then(|| TimeRange { start: Timestamp(window.end.0 + 1), ..rest })
            }
        };
        self.length = self.length.saturating_mul(4);
        Some(window)
    }
}

/// `range` with `margin` nanoseconds more on both sides.
pub(crate) fn padded(range: TimeRange, margin: u64) -> TimeRange {
    TimeRange {
        start: Timestamp(range.start.0.saturating_sub(margin)),
        end: Timestamp(range.end.0.saturating_add(margin)),
    }
}

/// How long each of `buckets` equal parts of `range` is.
pub(crate) fn step(range: TimeRange, buckets: usize) -> u64 {
    let buckets = (buckets as u64).max(1);
    (range.length() / buckets).saturating_add(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(range: TimeRange, order: Order) {
        let mut windows: Vec<_> = Windows::of(range, order).collect();
        if order == Order::Newest {
            windows.reverse();
        }
        assert_eq!(windows.first().unwrap().start, range.start);
        assert_eq!(windows.last().unwrap().end, range.end);
        for pair in windows.windows(2) {
            assert_eq!(pair[0].end.0 + 1, pair[1].start.0);
        }
        assert!(windows.len() < 40);
    }

    #[test]
    fn windows_cover_a_range_without_gap_or_overlap() {
        for order in [Order::Newest, Order::Oldest] {
            check(TimeRange::ALL, order);
            for (start, end) in [(7, 7), (0, FIRST - 1), (0, FIRST), (3, 90 * FIRST)] {
                let range = TimeRange { start: Timestamp(start), end: Timestamp(end) };
                check(range, order);
            }
        }
    }

    #[test]
    fn an_inverted_range_has_no_windows() {
        let range = TimeRange { start: Timestamp(2), end: Timestamp(1) };
        assert_eq!(Windows::of(range, Order::Newest).count(), 0);
    }
}
