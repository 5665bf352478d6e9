//! The functions of templates in `line_format` and `label_format`: one family a file.

mod arguments;
mod encoding;
mod numbers;
mod patterns;
mod texts;
mod times;

use std::sync::LazyLock;

use watchglass_template::{Call, Functions, ParseFault, Template};

/// The line, as a function without arguments.
pub(crate) const LINE: &str = "__line__";
/// The time of the line.
pub(crate) const TIMESTAMP: &str = "__timestamp__";
/// The time of the query.
pub(crate) const NOW: &str = "now";

/// All of them.
static FUNCTIONS: LazyLock<Functions> = LazyLock::new(|| {
    let families: [&[(&'static str, Call)]; 5] =
        [texts::ALL, numbers::ALL, times::ALL, encoding::ALL, patterns::ALL];
    Functions::new(families.into_iter().flatten().copied()).bind(LINE).bind(TIMESTAMP).bind(NOW)
});

/// Reads a template.
pub(crate) fn template(source: &str) -> Result<Template, ParseFault> {
    Template::parse("line", source, &FUNCTIONS)
}
