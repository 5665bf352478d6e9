//! `query`: asked of an instance, asked of a folder, and what it says of a question that makes no sense.

use serde_json::{Value, json};

use crate::program::{Serving, check_could_not_start, command, ended, post};

/// Sends a gauge of two series to an instance: `things{room="a"}` is 1, `things{room="b"}` is 2.
fn send(serving: &Serving) {
    let point = |room: &str, value: u32| {
        json!({
            "timeUnixNano": "1700000000000000000",
            "asInt": value.to_string(),
            "attributes": [{"key": "room", "value": {"stringValue": room}}],
        })
    };
    let request = json!({"resourceMetrics": [{"scopeMetrics": [{"metrics": [
        {"name": "things", "gauge": {"dataPoints": [point("a", 1), point("b", 2)]}},
    ]}]}]});
    let answer = post(serving.listen(), "/v1/metrics", "application/json", &request.to_string());
    assert!(answer.starts_with("HTTP/1.1 200") || answer.starts_with("HTTP/1.0 200"), "{answer}");
}

const EXPECTED: &str =
    "things{room=\"a\"} => 1 @[1700000060]\nthings{room=\"b\"} => 2 @[1700000060]\n";

#[test]
fn an_instance_is_asked_and_then_its_folder() {
    let data = tempfile::tempdir().unwrap();
    let serving = Serving::on(data.path());
    send(&serving);
    let words = ["query", "promql", "things", "--time", "1700000060"];
    let asked = |words: &[&str]| {
        let output = ended(data.path(), words);
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    assert_eq!(asked(&words), EXPECTED);
    assert_eq!(asked(&[&words[..], &["--listen", serving.listen()]].concat()), EXPECTED);
    let json: Value = serde_json::from_str(&asked(&[&words[..], &["--json"]].concat())).unwrap();
    assert_eq!(json["data"]["result"][1]["value"], json!([1_700_000_060, "2"]));
    serving.terminate();
    // Nobody has the folder now: it is read where it lies, twice.
    assert_eq!(asked(&words), EXPECTED);
    let range = ["query", "promql", "sum(things)", "--start", "1700000000", "--end", "1700000060"];
    let range = asked(&[&range[..], &["--step", "30s"]].concat());
    assert_eq!(range, "{} =>\n3 @[1700000000]\n3 @[1700000030]\n3 @[1700000060]\n");
    assert_eq!(Serving::on(data.path()).ready["ready"], true);
}

#[test]
fn a_fault_is_marked_under_the_query() {
    let data = tempfile::tempdir().unwrap();
    let _serving = Serving::on(data.path());
    let output = ended(data.path(), &["query", "promql", "sum(up] )"]);
    assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0));
    let said = String::from_utf8(output.stderr).unwrap();
    let lines: Vec<_> = said.lines().collect();
    assert!(lines[0].starts_with("watchglass: parse error: "), "{said}");
    assert_eq!(lines[1..], ["  sum(up] )", "        ^"], "{said}");
    let failed = ended(
        data.path(),
        &[
            "query",
            "promql",
            "vector(1) + on() (vector(1) or label_replace(vector(1), \"a\", \"b\", \"\", \"\"))",
        ],
    );
    assert_eq!(failed.status.code(), Some(1));
}

#[test]
fn without_anybody_to_ask_it_does_not_start() {
    let data = tempfile::tempdir().unwrap();
    let nowhere = ended(data.path(), &["query", "promql", "up", "--listen", "127.0.0.1:1"]);
    check_could_not_start(&nowhere, &["127.0.0.1:1", "watchglass serve"]);
    let empty = ended(data.path(), &["query", "promql", "up"]);
    check_could_not_start(&empty, &[data.path().to_str().unwrap(), "stored anything there"]);
    for words in [
        &["query", "promql"][..],
        &["query", "sql", "up"],
        &["query", "promql", "up", "--time", "soon"],
    ] {
        let output = command(data.path(), words).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{words:?}");
    }
}
