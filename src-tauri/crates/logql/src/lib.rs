//! LogQL with the semantics of Loki 3: text → tree → check → answer.
//!
//! [`syntax::parse`] makes a tree of a text, [`Engine`] an [`Answer`] of a tree and a store. The engine reads lines through
//! [`watchglass_storage::StreamReader`] and knows no clock but the instants that it is given.

mod engine;
mod functions;
pub mod printer;
mod stage;
pub mod syntax;
mod text;
pub mod tree;

pub use engine::{
    Answer, Direction, Engine, EngineOptions, Entry, Interrupt, Interruption, MatrixSeries, Query,
    QueryError, ResultStream, Statistics, Value, VectorSample, When,
};
