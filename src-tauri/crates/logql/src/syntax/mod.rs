//! From text to tree: tokens, grammar and checks.

mod check;
mod faults;
mod label_filters;
mod lexer;
mod metrics;
mod numbers;
mod parser;
mod pipeline;
mod selectors;
mod tokens;

pub use faults::ParseFault;
pub(crate) use numbers::parse_size;

use watchglass_storage::Matcher;

use crate::tree::{Expr, LogExpr, Span};

/// The longest query, in bytes.
pub const LONGEST_QUERY: usize = 131_072;

/// Reads a query and checks it.
pub fn parse(query: &str) -> Result<Expr, ParseFault> {
    if query.len() > LONGEST_QUERY {
        return Err(ParseFault::meaning(
            Span { start: 0, end: query.len() },
            format!("input size too long ({} > {LONGEST_QUERY})", query.len()),
        ));
    }
    let expr = parser::Parser::new(query).whole()?;
    check::check(&expr)?;
    Ok(expr)
}

/// Reads a query that gives lines.
pub fn parse_log(query: &str) -> Result<LogExpr, ParseFault> {
    match parse(query)? {
        Expr::Log(log) => Ok(log),
        Expr::Metric(_) => Err(ParseFault::meaning(
            Span { start: 0, end: query.len() },
            "only log selector is supported",
        )),
    }
}

/// Reads a selector alone, as `match[]` of the API has it: `{app="api"}`. It may match streams without the label.
pub fn parse_selector(query: &str) -> Result<Vec<Matcher>, ParseFault> {
    parser::Parser::new(query).whole_selector()
}
