//! What one may ask of a store, and what one may write: the contract between those who ask and those who keep.
//!
//! A store takes [`Arrival`]s and lets itself be scanned: a scan names a time range and a filter, and the store
//! shows every batch that holds matching rows, newest first. How it finds them (indexes, statistics, brute force)
//! is its own affair; what matches is defined here once, by the filters, and [`MemoryStore`] is the definition
//! of the rest. The store on disk keeps its unsealed head in a [`MemoryStore`] and must pass [`contract`].
//!
//! Series have a contract of their own beside it ([`SeriesReader`], [`SeriesWriter`]): they are asked by [`Matcher`]s
//! and written sample by sample. [`MemorySeries`] defines what it means. Lines by stream, as Loki has them, have one too
//! ([`StreamReader`]), which [`MemoryStreams`] defines.
//!
//! Absent on purpose: disks, threads, clocks, queries in any language.

mod arrival;
mod condition;
pub mod contract;
mod filter;
mod matcher;
mod memory;
mod memory_lines;
mod memory_series;
mod memory_streams;
mod metadata_sets;
mod pair_sets;
mod series;
mod store;
mod stream_view;
mod streams;

pub use arrival::{Arrival, Batch, Signal};
pub use condition::{Condition, Test, text_of};
pub use filter::{LogFilter, PointFilter, SpanFilter};
pub use matcher::{MatchOperator, Matcher, all_match};
pub use memory::MemoryStore;
pub use memory_lines::{Volumes, nanos, streams_of, wanted_rows};
pub use memory_series::{MemorySeries, same_value};
pub use memory_streams::MemoryStreams;
pub use metadata_sets::MetadataSets;
pub use series::{
    MetricMetadata, MillisRange, SampleFault, SeriesBlock, SeriesCursor, SeriesExemplar,
    SeriesExtent, SeriesReader, SeriesWrite, SeriesWriter, WriteDone, Written,
};
pub use store::{
    Catalog, Detail, Done, Flow, LogScan, PointScan, ReadError, Reader, Size, SpanScan, WriteError,
    Writer,
};
pub use stream_view::{
    DETECTED_LEVEL, STREAM_LABELS, attribute_metadata, label_name, level_of, line_of, own_metadata,
    shared_metadata, stream_labels,
};
pub use streams::{
    Comparison, LineBatch, LineDetail, LineHint, LineParser, MetadataColumn, MetadataDetail, Nanos,
    NanosRange, StreamEntry, StreamPart, StreamReader, StreamScan, StreamVolume, StreamWrite,
    Symbols,
};
pub use watchglass_pattern::{Pattern, PatternFault, quote_pattern};
