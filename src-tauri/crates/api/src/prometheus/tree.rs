//! `parse_query`: the tree of an expression as JSON, as Prometheus's tree view reads it
//! (`web/api/v1/translate_ast.go`).

use axum::extract::State;
use serde_json::{Value, json};
use watchglass_model::METRIC_NAME;
use watchglass_promql::syntax::parse;
use watchglass_promql::tree::{
    Aggregation, At, Binary, Call, Edges, Expr, Length, Matching, Node, Number, Sign, Span,
    Subquery, VectorSelector,
};
use watchglass_storage::Matcher;

use super::answer::written;
use super::fault::{Answer, Fault};
use super::parameters::Parameters;
use crate::routes::Held;

/// The tree of a query.
pub(super) async fn parse_query(State(workbench): Held, parameters: Parameters) -> Answer {
    let query = parameters.get("query");
    let expr = parse(query, &workbench.promql_options().parser)
        .map_err(|faults| Fault::parameter("query", faults))?;
    written(&of(&expr, query))
}

fn of(expr: &Expr, query: &str) -> Value {
    let of = |inner: &Expr| of(inner, query);
    match &expr.node {
        Node::Number(number) => {
            json!({ "type": "numberLiteral", "val": digits(*number) })
        }
        Node::Text(text) => json!({ "type": "stringLiteral", "val": text }),
        Node::Paren(inner) => json!({ "type": "parenExpr", "expr": of(inner) }),
        Node::Unary(sign, inner) => {
            let sign = if *sign == Sign::Minus { "-" } else { "+" };
            json!({ "type": "unaryExpr", "op": sign, "expr": of(inner) })
        }
        Node::Binary(binary) => of_binary(binary, query),
        Node::Aggregation(aggregation) => of_aggregation(aggregation, query),
        Node::Call(call) => of_call(call, query),
        Node::Vector(selector) => of_selector("vectorSelector", selector, expr.span, query),
        Node::Matrix(matrix) => {
            let (selector, span) = (&matrix.selector, matrix.selector_span);
            let mut tree = of_selector("matrixSelector", selector, span, query);
            tree["range"] = json!(millis(Some(&matrix.range)));
            tree
        }
        Node::Subquery(subquery) => of_subquery(subquery, query),
    }
}

/// A number without exponent.
fn digits(number: Number) -> String {
    match number.value {
        f64::INFINITY => "+Inf".to_owned(),
        f64::NEG_INFINITY => "-Inf".to_owned(),
        value => format!("{value}"),
    }
}

fn of_binary(binary: &Binary, query: &str) -> Value {
    json!({
        "type": "binaryExpr",
        "op": binary.operator.text(),
        "lhs": of(&binary.left, query),
        "rhs": of(&binary.right, query),
        "matching": binary.matching.as_ref().map(of_matching),
        "bool": binary.bool_modifier,
    })
}

fn of_matching(matching: &Matching) -> Value {
    json!({
        "card": matching.cardinality.text(),
        "labels": matching.labels,
        "on": matching.on,
        "include": matching.include,
        "fillValues": { "lhs": matching.fill_left, "rhs": matching.fill_right },
    })
}

fn of_aggregation(aggregation: &Aggregation, query: &str) -> Value {
    json!({
        "type": "aggregation",
        "op": aggregation.aggregator.name(),
        "expr": of(&aggregation.inner, query),
        "param": aggregation.parameter.as_ref().map(|one| of(one, query)),
        "grouping": aggregation.grouping,
        "without": aggregation.without,
    })
}

fn of_call(call: &Call, query: &str) -> Value {
    let function = call.function;
    let types: Vec<_> = function.arguments.iter().map(|one| one.name()).collect();
    json!({
        "type": "call",
        "func": {
            "name": function.name,
            "argTypes": types,
            "variadic": function.variadic,
            "returnType": function.returns.name(),
        },
        "args": call.arguments.iter().map(|one| of(one, query)).collect::<Vec<_>>(),
    })
}

fn of_selector(kind: &str, selector: &VectorSelector, span: Span, query: &str) -> Value {
    let (timestamp, start_or_end) = pinned(selector.at);
    // A name in quotes inside the braces is only the first of the matchers.
    let is_inside = query.as_bytes().get(span.start) == Some(&b'{');
    let mut matchers: Vec<_> = selector.matchers.iter().collect();
    if is_inside && !selector.name.is_empty() {
        matchers.sort_by_key(|matcher| matcher.name != METRIC_NAME);
    }
    json!({
        "type": kind,
        "name": if is_inside { "" } else { selector.name.as_str() },
        "offset": millis(selector.offset.as_ref()),
        "matchers": matchers.into_iter().map(of_matcher).collect::<Vec<_>>(),
        "timestamp": timestamp,
        "startOrEnd": start_or_end,
        "anchored": selector.edges == Edges::Anchored,
        "smoothed": selector.edges == Edges::Smoothed,
    })
}

fn of_matcher(matcher: &Matcher) -> Value {
    json!({ "name": matcher.name, "value": matcher.value, "type": matcher.operator.text() })
}

fn of_subquery(subquery: &Subquery, query: &str) -> Value {
    let (timestamp, start_or_end) = pinned(subquery.at);
    json!({
        "type": "subquery",
        "expr": of(&subquery.inner, query),
        "range": millis(Some(&subquery.range)),
        "offset": millis(subquery.offset.as_ref()),
        "step": millis(subquery.step.as_ref()),
        "timestamp": timestamp,
        "startOrEnd": start_or_end,
    })
}

/// Milliseconds of a length; zero of one that is not given, or that only the query's own range and step decide.
fn millis(length: Option<&Length>) -> i64 {
    match length {
        Some(Length::Fixed(millis)) => *millis,
        Some(Length::Computed(_)) | None => 0,
    }
}

fn pinned(at: Option<At>) -> (Option<i64>, Option<&'static str>) {
    match at {
        None => (None, None),
        Some(At::Time(time)) => (Some(time), None),
        Some(At::Start) => (None, Some("start")),
        Some(At::End) => (None, Some("end")),
    }
}
