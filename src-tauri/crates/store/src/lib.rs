//! The store on disk. Writes go to a journal and a head in memory; heads become segments of compressed blocks in
//! sled partitions; partitions are removed as a whole when they are too old or too many.
//!
//! ```text
//! append, write → commit thread → journal file + head ─(full or an hour old)─▶ seal thread → segment in the open partition
//!                                                       64 MB, 16 MB of journals or a day old → sealed, journals dropped
//! scan   → heads, newest first → segments, newest first: header → core of a block → detail of a block
//! select → heads and segments by labels → a cursor a series → its chunks, when it is read
//! lines  → directories by stream and time, filters by text → columns of a block → the lines that are shown
//! ```
//!
//! [`DiskStore`] is the entrance. The format on disk is written down in `FORMAT.md`.
//!
//! Absent on purpose: async, a clock (time comes with arrivals and with [`DiskStore::tick`]), queries.

mod bloom;
mod cache;
mod catalog;
mod codec;
mod commit;
mod disk;
mod grams;
mod head;
mod journal;
mod lines;
mod lock;
mod log_index;
mod manifest;
mod open;
mod partition;
mod rewrite;
mod scan;
mod seal;
mod segment;
mod series;
mod streams;
mod view;

pub use disk::DiskStore;
pub use open::{OpenError, Settings};
