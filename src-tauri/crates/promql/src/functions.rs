//! The table of functions: names, arguments and results. What each does stands in `engine`.

mod table;

use crate::tree::ValueType;

/// A function as the parser knows it.
#[derive(Debug, PartialEq, Eq)]
pub struct Function {
    /// As it is called.
    pub name: &'static str,
    /// Types of its arguments; the last may come again or not at all as `variadic` says.
    pub arguments: &'static [ValueType],
    /// 0: exactly `arguments`. n > 0: the last of `arguments` may come up to n times, also never. -1: any number of times, also never.
    pub variadic: i32,
    /// What it gives.
    pub returns: ValueType,
    /// Whether it needs experimental functions to be on.
    pub experimental: bool,
}

/// What stands in the tree where a text calls a function that does not exist; such a tree never leaves the parser as valid.
pub(crate) static UNKNOWN: Function = Function {
    name: "",
    arguments: &[],
    variadic: -1,
    returns: ValueType::Vector,
    experimental: false,
};

/// The function of this name; names are case-sensitive.
pub fn function(name: &str) -> Option<&'static Function> {
    let place = table::FUNCTIONS.binary_search_by_key(&name, |function| function.name).ok()?;
    table::FUNCTIONS.get(place)
}

/// All functions, by name.
pub fn functions() -> &'static [Function] {
    table::FUNCTIONS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_function_is_found_by_its_name() {
        assert_eq!(functions().len(), 90);
        for known in functions() {
            assert_eq!(function(known.name), Some(known));
        }
        assert_eq!(function("Rate"), None);
    }
}
