//! The text of an expression over several lines, as `promql/parser/prettier.go` breaks it: 100 characters a line, two spaces a level.

use super::{aggregation_head, operator_text, sign_text, subquery_suffix};
use crate::tree::{Expr, Node};

/// What does not fit into so many characters is broken up.
const WIDTH: usize = 100;

/// An expression on as many lines as it needs.
pub fn pretty(expr: &Expr) -> String {
    at_level(expr, 0)
}

fn indent(level: usize) -> String {
    "  ".repeat(level)
}

fn at_level(expr: &Expr, level: usize) -> String {
    let line = expr.to_string();
    let indented = || format!("{}{line}", indent(level));
    if line.len() <= WIDTH {
        return indented();
    }
    match &expr.node {
        Node::Number(_) | Node::Text(_) | Node::Vector(_) | Node::Matrix(_) => indented(),
        Node::Paren(inner) => {
            format!("{0}(\n{1}\n{0})", indent(level), at_level(inner, level + 1))
        }
        Node::Unary(sign, inner) => {
            let inner = at_level(inner, level);
            format!("{}{}{}", indent(level), sign_text(*sign), inner.trim_start())
        }
        Node::Binary(binary) => format!(
            "{}\n{}{}\n{}",
            at_level(&binary.left, level + 1),
            indent(level),
            operator_text(binary),
            at_level(&binary.right, level + 1),
        ),
        Node::Aggregation(aggregation) => {
            let arguments: Vec<&Expr> =
                aggregation.parameter.iter().chain([&aggregation.inner]).collect();
            in_parentheses(&aggregation_head(aggregation), &arguments, level)
        }
        Node::Call(call) => {
            let arguments: Vec<&Expr> = call.arguments.iter().collect();
            in_parentheses(call.function.name, &arguments, level)
        }
        Node::Subquery(subquery) => {
            format!("{}{}", at_level(&subquery.inner, level), subquery_suffix(subquery))
        }
    }
}

fn in_parentheses(head: &str, arguments: &[&Expr], level: usize) -> String {
    let arguments: Vec<String> =
        arguments.iter().map(|argument| at_level(argument, level + 1)).collect();
    format!("{0}{head}(\n{1}\n{0})", indent(level), arguments.join(",\n"))
}
