//! How many log records of each severity, over time.

use std::ops::ControlFlow;

use watchglass_model::{Severity, TimeRange, Timestamp};
use watchglass_storage::{Detail, LogFilter, LogScan, Reader};

use crate::error::Result;
use crate::windows::step;

/// Counts of log records in equal parts of a range.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogVolume {
    /// When the first part starts.
    pub start: Timestamp,
    /// Nanoseconds of each part.
    pub step: u64,
    /// Counts in each part, for each severity in the order of [`Severity::ALL`].
    pub counts: [Vec<u64>; 7],
}

/// Counts the records of each severity in `buckets` parts of the range.
pub fn log_volume(
    reader: &dyn Reader,
    range: TimeRange,
    filter: &LogFilter,
    buckets: usize,
) -> Result<LogVolume> {
    let needs_content = filter.text.is_some() || !filter.attributes.is_empty();
    let scan = LogScan {
        range,
        filter: filter.clone(),
        detail: if needs_content { Detail::Whole } else { Detail::Core },
    };
    let step = step(range, buckets);
    let mut counts = Severity::ALL.map(|_| vec![0; buckets]);
    reader.scan_logs(&scan, &mut |batch, rows| {
        for record in rows.iter().filter_map(|row| batch.get(*row as usize)) {
            let bucket = record.row.timestamp().since(range.start) / step;
            let bucket = usize::try_from(bucket).unwrap_or(usize::MAX);
            let severity = &mut counts[record.severity() as usize];
            if let Some(count) = severity.get_mut(bucket) {
                *count += 1;
            }
        }
        ControlFlow::Continue(())
    })?;
    Ok(LogVolume { start: range.start, step, counts })
}
