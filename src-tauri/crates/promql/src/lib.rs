//! PromQL with the semantics of Prometheus 3.14: text → tree → check → answer.
//!
//! [`syntax::parse`] makes a tree of a text, [`Engine`] an [`Answer`] of a tree and a store. The engine reads series
//! through [`watchglass_storage::SeriesReader`] and knows no clock: instants are arguments.

mod engine;
pub mod functions;
pub mod printer;
pub mod quantile;
pub mod syntax;
mod text;
pub mod tree;

pub use engine::{
    Answer, Engine, EngineOptions, Interrupt, Interruption, MatrixSeries, QueryError, SampleCounts,
    Value, VectorSample, When,
};
