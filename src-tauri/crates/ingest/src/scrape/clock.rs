//! When scrapes happen: each target at its own offset within the interval, on a grid that is the same after a restart.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use watchglass_model::Millis;

/// How far a scrape may be from its place on the grid and still bear that time (`scrapeTimestampTolerance`).
const TOLERANCE: Duration = Duration::from_millis(2);

/// The time.
pub(crate) fn now() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}

/// Milliseconds since 1970.
pub(crate) fn millis(time: Duration) -> Millis {
    Millis::try_from(time.as_millis()).unwrap_or(Millis::MAX)
}

/// How long from `now` until the first scrape of the target with this hash.
pub(crate) fn until_first(now: Duration, interval: Duration, hash: u64) -> Duration {
    let interval = interval.as_nanos().max(1);
    let next = interval - now.as_nanos() % interval + u128::from(hash) % interval;
    let next = if next > interval { next - interval } else { next };
    Duration::from_nanos(u64::try_from(next).unwrap_or(u64::MAX))
}

/// The time that a scrape at `now` bears: its place on the grid that began at `start`, if it is close enough.
pub(crate) fn aligned(now: Duration, start: Duration, interval: Duration) -> Duration {
    let tolerance = TOLERANCE.min(interval / 100);
    let steps = now.saturating_sub(start).as_nanos() / interval.as_nanos().max(1);
    let step = |steps: u128| start + interval * u32::try_from(steps).unwrap_or(u32::MAX);
    let near = [step(steps), step(steps + 1)];
    near.into_iter().find(|place| place.abs_diff(now) <= tolerance).unwrap_or(now)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_scraped_at_the_same_place_of_every_interval() {
        let (interval, hash) = (Duration::from_secs(15), 0x1234_5678_9abc_def0);
        let place = |now: u64| {
            let now = Duration::from_millis(now);
            (now + until_first(now, interval, hash)).as_nanos() % interval.as_nanos()
        };
        assert!((0..50).all(|step| place(1_000_000 + step * 777) == place(0)));
        assert!(until_first(Duration::from_secs(7), interval, hash) <= interval);
    }

    #[test]
    fn a_scrape_close_to_the_grid_bears_its_time_and_a_late_one_its_own() {
        let (start, interval) = (Duration::from_secs(100), Duration::from_secs(10));
        let at = |millis| aligned(Duration::from_millis(millis), start, interval).as_millis();
        assert_eq!([at(110_001), at(109_999), at(110_003)], [110_000, 110_000, 110_003]);
    }
}
