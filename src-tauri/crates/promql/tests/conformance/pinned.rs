//! Queries rewritten so that their selectors are pinned to one time, which must not change what they give.

use watchglass_model::Millis;
use watchglass_promql::tree::{At, Expr, Node};

/// Functions whose result depends on when they are evaluated, whatever their arguments are pinned to.
const TIME_DEPENDENT: [&str; 15] = [
    "days_in_month",
    "day_of_month",
    "day_of_week",
    "day_of_year",
    "hour",
    "minute",
    "month",
    "year",
    "predict_linear",
    "time",
    "timestamp",
    "start",
    "end",
    "range",
    "step",
];

/// Pins every selector and subquery that is not pinned yet, but those inside a pinned subquery. False where a function
/// depends on the time all the same.
pub(crate) fn pin(expr: &mut Expr, at: Millis) -> bool {
    match &mut expr.node {
        Node::Number(_) | Node::Text(_) => true,
        Node::Paren(inner) | Node::Unary(_, inner) => pin(inner, at),
        Node::Binary(binary) => pin(&mut binary.left, at) & pin(&mut binary.right, at),
        Node::Aggregation(aggregation) => {
            let parameter = aggregation.parameter.as_mut().is_none_or(|inner| pin(inner, at));
            pin(&mut aggregation.inner, at) & parameter
        }
        Node::Call(call) => {
            let free = !TIME_DEPENDENT.contains(&call.function.name);
            call.arguments.iter_mut().fold(free, |free, inner| pin(inner, at) & free)
        }
        Node::Vector(selector) => {
            selector.at.get_or_insert(At::Time(at));
            true
        }
        Node::Matrix(matrix) => {
            matrix.selector.at.get_or_insert(At::Time(at));
            true
        }
        Node::Subquery(subquery) => {
            subquery.at.get_or_insert(At::Time(at));
            true
        }
    }
}
