//! The strict validator against the conformance suite of `OpenMetrics`, and against a few texts of our own.

use std::fs;

use watchglass_exposition::lint;

use crate::conformance;

#[test]
fn every_directory_of_the_openmetrics_suite_gets_its_verdict() {
    let Some(root) = conformance("openmetrics") else { return };
    let (mut directories, mut wrong) = (0, Vec::new());
    for entry in fs::read_dir(root).unwrap() {
        let directory = entry.unwrap().path();
        let test = fs::read_to_string(directory.join("test.json")).unwrap();
        let test: serde_json::Value = serde_json::from_str(&test).unwrap();
        let verdict = lint(&fs::read(directory.join("metrics")).unwrap());
        directories += 1;
        if verdict.is_ok() != test["shouldParse"].as_bool().unwrap() {
            wrong.push(format!("{}: {verdict:?}", directory.display()));
        }
    }
    println!("openmetrics: {} of {directories} directories", directories - wrong.len());
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(directories >= 211, "the suite has only {directories} directories");
}

#[test]
fn what_prometheus_takes_and_openmetrics_forbids_is_told() {
    let cases = [
        ("a{b=\"1\",} 1\n", "a comma after the last label"),
        ("{\"a\"} 1\n", "a metric name in braces"),
        ("a{\"b\"=\"1\"} 1\n", "a label name in quotes"),
        ("# HELP \"a.b\" x\n", "\"a.b\" is not a metric name"),
        ("a{b=\"1\",b=\"2\"} 1\n", "a second label b"),
        ("a 1\n# HELP a x\n", "HELP of a after its samples"),
        ("# TYPE a counter\na 1\n", "the name a is taken by another metric family"),
        ("# TYPE a histogram\na_bucket{le=\"1\"} 1\n", "no bucket +Inf"),
        (
            "# TYPE a gauge\na{b=\"1\"} 1\na{b=\"2\"} 1\na{b=\"1\"} 1\n",
            "a stands apart from samples it belongs to",
        ),
        ("# TYPE a gauge\na 1 2\na 1 1\n", "the timestamps of a go back"),
    ];
    for (text, expected) in cases {
        let fault = lint(format!("{text}# EOF\n").as_bytes()).unwrap_err();
        assert_eq!(fault.message, expected, "{text}");
    }
}
