//! Points and ranges of time, in nanoseconds since the Unix epoch. Nothing here reads a clock.

/// Nanoseconds since the Unix epoch, as OTLP counts them; zero means "not given".
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Timestamp(pub u64);

impl Timestamp {
    /// The first instant, which OTLP uses for "unknown".
    pub const ZERO: Self = Self(0);
    /// The last instant that can be told.
    pub const MAX: Self = Self(u64::MAX);

    /// Nanoseconds from `earlier` to `self`; zero when `earlier` is later.
    pub const fn since(self, earlier: Self) -> u64 {
        self.0.saturating_sub(earlier.0)
    }

    /// `self`, or `other` where `self` was not given.
    pub const fn or(self, other: Self) -> Self {
        if self.0 == 0 { other } else { self }
    }
}

/// From `start` (inclusive) to `end` (inclusive).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeRange {
    /// The first instant inside.
    pub start: Timestamp,
    /// The last instant inside.
    pub end: Timestamp,
}

impl TimeRange {
    /// All time.
    pub const ALL: Self = Self { start: Timestamp::ZERO, end: Timestamp::MAX };

    /// Whether `time` lies inside.
    pub const fn contains(self, time: Timestamp) -> bool {
        self.start.0 <= time.0 && time.0 <= self.end.0
    }

    /// Whether the two share an instant.
    pub const fn overlaps(self, other: Self) -> bool {
        self.start.0 <= other.end.0 && other.start.0 <= self.end.0
    }

    /// Nanoseconds from start to end.
    pub const fn length(self) -> u64 {
        self.end.since(self.start)
    }

    /// The smallest range that holds `self` and `time`.
    pub fn including(self, time: Timestamp) -> Self {
        Self { start: self.start.min(time), end: self.end.max(time) }
    }
}
