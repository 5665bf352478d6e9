//! Batches as bytes: columns of small integers, dictionaries of text, and one envelope around them all.
//! The layout is written down in FORMAT.md; a change here is a change there and a new version.

pub(crate) mod attributes;
pub(crate) mod columns;
pub(crate) mod dictionary;
pub(crate) mod envelope;
pub(crate) mod logs;
pub(crate) mod numbers;
pub(crate) mod points;
pub(crate) mod sections;
pub(crate) mod sources;
pub(crate) mod spans;
