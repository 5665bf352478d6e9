//! Series: samples by label sets, beside the rows of the other signals and in the same journals, segments and
//! partitions.
//!
//! ```text
//! write  → ledger: number of the series, taken or refused → record in the journal → head: chunks that grow
//! seal   → build: closed chunks, columns of times, table, postings
//! select → index of the heads, postings of the segments → labels → cursors: chunks of a series, read when asked
//! ```

pub(crate) mod annotations;
pub(crate) mod build;
mod chunk;
mod columns;
pub(crate) mod head;
pub(crate) mod index;
pub(crate) mod ledger;
pub(crate) mod merge;
mod open;
mod pack;
pub(crate) mod record;
pub(crate) mod replay;
pub(crate) mod select;
mod stored;
pub(crate) mod summary;
mod table;
#[cfg(test)]
mod testing;
pub(crate) mod tombstone;
