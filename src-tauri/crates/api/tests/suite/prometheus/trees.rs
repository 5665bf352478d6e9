//! `parse_query`: trees as Prometheus's tree view reads them.

use serde_json::{Value, json};

use super::{data, form, with_samples};

async fn tree(query: &str) -> Value {
    let reply = form(&with_samples(), "parse_query", &format!("query={query}")).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    reply.json()["data"].clone()
}

fn selector(name: &str, matchers: &Value) -> Value {
    json!({
        "type": "vectorSelector", "name": name, "matchers": matchers, "offset": 0,
        "timestamp": null, "startOrEnd": null, "anchored": false, "smoothed": false,
    })
}

fn named(name: &str) -> Value {
    selector(name, &json!([{"name": "__name__", "type": "=", "value": name}]))
}

#[tokio::test]
async fn vectors_that_match_are_told_with_their_labels() {
    let found = tree(
        "sum by (a) (rate(up{job=~\"a\"}[5m] offset -1m @ start())) / on (x) group_left (y) foo",
    )
    .await;
    let range = json!({
        "type": "matrixSelector", "name": "up", "range": 300_000, "offset": -60_000,
        "matchers": [
            {"name": "job", "type": "=~", "value": "a"},
            {"name": "__name__", "type": "=", "value": "up"},
        ],
        "timestamp": null, "startOrEnd": "start", "anchored": false, "smoothed": false,
    });
    let rate = json!({
        "type": "call", "args": [range],
        "func": {"name": "rate", "argTypes": ["matrix"], "returnType": "vector", "variadic": 0},
    });
    let sum = json!({
        "type": "aggregation", "op": "sum", "expr": rate, "param": null, "grouping": ["a"],
        "without": false,
    });
    let matching = json!({
        "card": "many-to-one", "on": true, "labels": ["x"], "include": ["y"],
        "fillValues": {"lhs": null, "rhs": null},
    });
    let expected = json!({
        "type": "binaryExpr", "op": "/", "lhs": sum, "rhs": named("foo"), "matching": matching,
        "bool": false,
    });
    assert_eq!(found, expected);
}

#[tokio::test]
async fn numbers_have_no_exponent_and_know_their_parentheses() {
    let number = |text: &str| json!({"type": "numberLiteral", "val": text});
    let product = json!({
        "type": "binaryExpr", "op": "*", "lhs": number("+Inf"),
        "rhs": {"type": "parenExpr", "expr": number("2")}, "matching": null, "bool": false,
    });
    let expected = json!({
        "type": "binaryExpr", "op": "+", "lhs": number("-0.000000001"),
        "rhs": product, "matching": null, "bool": false,
    });
    assert_eq!(tree("-1e-9 %2B Inf * (2)").await, expected);
    assert_eq!(tree("1e21").await, number("1000000000000000000000"));
}

#[tokio::test]
async fn subqueries_signs_and_texts_are_told() {
    let subquery = json!({
        "type": "subquery", "expr": {"type": "parenExpr", "expr": named("x")}, "range": 3_600_000,
        "offset": 180_000, "step": 300_000, "timestamp": null, "startOrEnd": null,
    });
    let found = tree("quantile without (a, b) (0.5, max_over_time((x)[1h:5m] offset 3m))").await;
    assert_eq!(found["expr"]["args"][0], subquery);
    assert_eq!((&found["without"], &found["grouping"]), (&json!(true), &json!(["a", "b"])));
    assert_eq!(found["param"], json!({"type": "numberLiteral", "val": "0.5"}));
    let found = tree("rate(x[5m:] @ 1.5) or -y").await;
    assert_eq!(found["lhs"]["args"][0]["timestamp"], 1500);
    assert_eq!(found["rhs"], json!({"type": "unaryExpr", "op": "-", "expr": named("y")}));
    assert_eq!(found["matching"]["card"], "many-to-many");
    assert_eq!(tree("\"text\"").await, json!({"type": "stringLiteral", "val": "text"}));
    let quoted = json!([
        {"name": "__name__", "type": "=", "value": "a.b"},
        {"name": "c", "type": "!~", "value": "d"},
    ]);
    let found = data(&with_samples(), "parse_query?query=%7B%22a.b%22,c!~%22d%22%7D").await;
    assert_eq!((&found["name"], &found["matchers"]), (&json!(""), &quoted));
}
