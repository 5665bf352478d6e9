//! The time, for what has no clock of its own.

use std::time::{SystemTime, UNIX_EPOCH};

use watchglass_model::Timestamp;

/// Now.
pub(crate) fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp(u64::try_from(since.as_nanos()).unwrap_or(u64::MAX))
}
