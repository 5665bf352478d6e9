//! YAML as a tree of nodes that know their places. Scalars keep the text in which they were written (`1.0`, `yes`,
//! `0755`), as Go's decoder gives it to fields that are texts; what a scalar means is decided by the field it is for.

mod fields;
mod scalar;
mod tree;
mod written;

pub(crate) use fields::{Fields, text};
pub(crate) use scalar::size;
pub use scalar::{duration as parse_duration, duration_text};
pub(crate) use tree::{Key, Node, Value, tree};
pub(crate) use written::written;
