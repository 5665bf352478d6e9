//! From text to tree: tokens, grammar and checks of PromQL as of Prometheus 3.14 (`promql/parser`).

mod calls;
mod check;
mod durations;
mod faults;
mod grammar;
mod lexer;
mod modifiers;
mod numbers;
mod parser;
mod selectors;
pub mod series;
mod strings;
mod tokens;

pub use faults::{ParseFault, ParseFaults};
pub use numbers::duration as parse_duration;
pub(crate) use numbers::{duration_text, float_text};
pub(crate) use strings::is_utf8;
pub use strings::quoted;

use crate::tree::Expr;
use watchglass_storage::Matcher;

/// Which parts of the language are on, as the feature flags of Prometheus.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of Prometheus")]
pub struct ParserOptions {
    /// `promql-experimental-functions`
    pub experimental_functions: bool,
    /// `promql-extended-range-selectors`: `anchored` and `smoothed`
    pub extended_range_selectors: bool,
    /// `promql-binop-fill-modifiers`
    pub binop_fill_modifiers: bool,
    /// Arithmetic in ranges and offsets; on since 3.14.
    pub duration_expressions: bool,
}

impl Default for ParserOptions {
    fn default() -> Self {
        Self {
            experimental_functions: false,
            extended_range_selectors: false,
            binop_fill_modifiers: false,
            duration_expressions: true,
        }
    }
}

impl ParserOptions {
    /// Everything on.
    pub const ALL: Self = Self {
        experimental_functions: true,
        extended_range_selectors: true,
        binop_fill_modifiers: true,
        duration_expressions: true,
    };
}

/// Reads an expression and checks it.
pub fn parse(text: &str, options: &ParserOptions) -> Result<Expr, ParseFaults> {
    let mut parser = parser::Parser::new(text, *options);
    let parsed = parser.whole_expression();
    let mut faults = parser.into_faults();
    match parsed {
        Ok(expr) => {
            if faults.is_empty() {
                faults = check::check(&expr, text);
            }
            if faults.is_empty() { Ok(expr) } else { Err(ParseFaults::new(text, faults)) }
        }
        Err(parser::Stop) => Err(ParseFaults::new(text, faults)),
    }
}

/// Reads a selector alone, as `match[]` of the API has it: `up{job="api"}`.
pub fn parse_selector(text: &str) -> Result<Vec<Matcher>, ParseFaults> {
    let mut parser = parser::Parser::new(text, ParserOptions::default());
    let parsed = parser.whole_selector();
    let faults = parser.into_faults();
    match parsed {
        Ok(selector) if faults.is_empty() => Ok(selector.matchers.to_vec()),
        _ => Err(ParseFaults::new(text, faults)),
    }
}
