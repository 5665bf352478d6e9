//! The table of functions: names, arguments and results. What each does stands in `engine`.

use crate::tree::ValueType;

/// A function as the parser knows it.
#[derive(Debug, PartialEq, Eq)]
pub struct Function {
    /// As it is called.
    pub name: &'static str,
    /// Types of its arguments; the last may come again or not at all as `variadic` says.
    pub arguments: &'static [ValueType],
    /// 0: exactly `arguments`. n > 0: the last `n` arguments are optional. -1: the last may come any number of times, also never.
    pub variadic: i32,
    /// What it gives.
    pub returns: ValueType,
    /// Whether it needs experimental functions to be on.
    pub experimental: bool,
}
