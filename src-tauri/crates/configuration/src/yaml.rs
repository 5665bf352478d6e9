//! YAML as a tree of nodes that know their places. Scalars keep the text in which they were written (`1.0`, `yes`,
//! `0755`), as Go's decoder gives it to fields that are texts; what a scalar means is decided by the field it is for.

mod fields;
mod scalar;
mod tree;

pub(crate) use fields::{Fields, text};
pub use scalar::duration as parse_duration;
pub(crate) use scalar::size;
pub(crate) use tree::{Node, Value, tree};
