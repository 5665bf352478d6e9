//! The text of a query over several lines, as `format_query` shows it: 100 characters a line, two spaces a level.

use super::{
    grouping_text, number_text, operator_text, range_text, selector_text, unwrap_text, vector_head,
};
use crate::tree::{Expr, LogExpr, MetricExpr, Operator, RangeAggregation};

/// What does not fit into so many characters is broken up.
const WIDTH: usize = 100;

/// A query on as many lines as it needs.
pub fn pretty(expr: &Expr) -> String {
    match expr {
        Expr::Log(log) => log_at(log, 0),
        Expr::Metric(metric) => metric_at(metric, 0),
    }
}

fn indent(level: usize) -> String {
    "  ".repeat(level)
}

fn log_at(log: &LogExpr, level: usize) -> String {
    let line = format!("{}{log}", indent(level));
    if line.chars().count() <= WIDTH {
        return line;
    }
    let mut text = format!("{}{}", indent(level), selector_text(&log.matchers));
    for stage in &log.stages {
        text = format!("{text}\n{}{}", indent(level + 1), stage.kind);
    }
    text
}

fn metric_at(expr: &MetricExpr, level: usize) -> String {
    let line = format!("{}{expr}", indent(level));
    if line.chars().count() <= WIDTH {
        return line;
    }
    let own = indent(level);
    match expr {
        MetricExpr::Literal(_) | MetricExpr::VectorLiteral(_) | MetricExpr::LabelReplace(_) => line,
        MetricExpr::Range(range) => range_at(range, level),
        MetricExpr::Vector(vector) => {
            format!(
                "{own}{}\n{}\n{own})",
                vector_head(vector).trim_end(),
                metric_at(&vector.inner, level + 1)
            )
        }
        MetricExpr::Binary(binary) => {
            let precedence = binary.operator.precedence();
            let power = binary.operator == Operator::Power;
            let side = |side: &MetricExpr, least: u8| match side {
                MetricExpr::Binary(inner) if inner.operator.precedence() < least => {
                    let inner = metric_at(side, level + 2);
                    format!("{0}(\n{inner}\n{0})", indent(level + 1))
                }
                side => metric_at(side, level + 1),
            };
            format!(
                "{}\n{own}{}\n{}",
                side(&binary.left, precedence + u8::from(power)),
                operator_text(binary),
                side(&binary.right, precedence + u8::from(!power))
            )
        }
    }
}

fn range_at(range: &RangeAggregation, level: usize) -> String {
    let mut text = format!("{}{}(\n", indent(level), range.operation.text());
    let inner = indent(level + 1);
    if let Some(parameter) = range.parameter {
        text = format!("{text}{inner}{},\n", number_text(parameter));
    }
    text.push_str(&log_at(&range.log, level + 1));
    if let Some(unwrap) = &range.unwrap {
        text = format!("{text}\n{}{}", indent(level + 2), unwrap_text(unwrap));
    }
    text = format!("{text} {}\n{})", range_text(range), indent(level));
    match &range.grouping {
        Some(grouping) => format!("{text} {}", grouping_text(grouping)),
        None => text,
    }
}
