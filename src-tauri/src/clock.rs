//! The time, for what has no clock of its own, and times in words.

use chrono::{DateTime, Local, Utc};
use watchglass_model::Timestamp;

/// Now.
pub(crate) fn now() -> Timestamp {
    // Before 1970 and after 2262 a clock is wrong in any case.
    let nanoseconds = Utc::now().timestamp_nanos_opt().unwrap_or_default();
    Timestamp(u64::try_from(nanoseconds).unwrap_or_default())
}

/// A time by the wall clock of this machine, with its date where that is not today's: `14:03:07`, `21 Nov 2026 14:03:07`.
pub(crate) fn words(time: Timestamp, now: Timestamp) -> String {
    let (then, today) = (local(time), local(now).date_naive());
    let form = if then.date_naive() == today { "%H:%M:%S" } else { "%-d %b %Y %H:%M:%S" };
    then.format(form).to_string()
}

fn local(time: Timestamp) -> DateTime<Local> {
    let nanoseconds = i64::try_from(time.0).unwrap_or(i64::MAX);
    DateTime::from_timestamp_nanos(nanoseconds).with_timezone(&Local)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_day_is_named() {
        let day = 86_400_000_000_000;
        let now = Timestamp(1_700_000_000_000_000_000);
        let today = words(now, now);
        assert_eq!(today.len(), "14:03:07".len(), "{today}");
        let before = words(Timestamp(now.0 - 2 * day), now);
        assert!(before.contains(" Nov 2023 ") && before.ends_with(&today[2..]), "{before}");
    }
}
