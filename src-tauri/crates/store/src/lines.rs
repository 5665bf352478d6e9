//! Lines of a block of log records as templates and columns. What all lines of a kind have in common is kept once, the
//! values of each key lie together and are kept as what they are: numbers, times, ids. The bytes of a line come out as they
//! were; a text is looked for in templates and columns, without putting lines together.

mod column;
mod cut;
mod fields;
mod moments;
mod read;
mod rows;
mod search;
mod templates;
mod write_out;

#[cfg(test)]
mod tests;

pub(crate) use read::Lines;
pub(crate) use rows::Rows;
pub(crate) use templates::Cuts;

/// Lines in a block at most; a damaged count must not ask for more.
pub(crate) const MOST_ROWS: usize = 1 << 20;
