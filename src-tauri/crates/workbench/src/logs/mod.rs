//! Log records: pages of them, how many there are, and those that arrive now.

mod page;
mod record;
mod tail;
mod volume;

pub use page::{Cursor, LogPage, LogQuery, log_page};
pub use record::LogRecord;
pub use tail::{LogTail, TailRecords};
pub use volume::{LogVolume, log_volume};
