//! Real SDKs against the built program: everything they were given comes back through the API, field by field.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::compare::assert_kept;
use crate::instance::{Instance, beside_others, from_environment, say};

/// Runs a client and gives what it says it sent.
fn run(mut program: Command, script: &str, protocol: &str, address: &str) -> Value {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("clients");
    program.current_dir(folder).args([script, protocol, address]);
    // A variable of the developer's shell must not send anything elsewhere.
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("OTEL_") {
            program.env_remove(name);
        }
    }
    let output = program.env("NO_PROXY", "127.0.0.1").output().unwrap();
    let err = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{script} {protocol}: {}\n{err}", output.status);
    // An SDK that fails to export only says so.
    assert!(!err.to_lowercase().contains("export"), "{script} {protocol} said:\n{err}");
    serde_json::from_slice(&output.stdout).unwrap()
}

pub(crate) fn python() -> Command {
    Command::new(from_environment("WATCHGLASS_PYTHON", "target/clients/venv/bin/python"))
}

fn node() -> Command {
    let packages = Path::new(env!("CARGO_MANIFEST_DIR")).join("clients/node_modules");
    assert!(packages.exists(), "{} is missing: run `cargo xtask test`", packages.display());
    Command::new("node")
}

fn check(name: &str, program: Command, script: &str, protocol: &str, least: [usize; 3]) -> Value {
    let _beside = beside_others();
    let instance = Instance::start();
    let address = if protocol == "grpc" { &instance.otlp_grpc } else { &instance.otlp_http };
    let sent = run(program, script, protocol, address);
    let kept = assert_kept(&instance, &sent);
    let is_enough = kept.iter().zip(least).all(|(kept, least)| *kept >= least);
    assert!(is_enough, "{name} sent {kept:?}, less than {least:?}");
    let [spans, logs, metrics] = kept;
    say(&format!("{name}: {spans} spans, {logs} log records, {metrics} metrics came back equal"));
    sent
}

/// Exemplars that carry a trace id that was sent.
fn exemplars_with_traces(sent: &Value) -> usize {
    let traces: Vec<&Value> =
        sent["spans"].as_array().unwrap().iter().map(|span| &span["trace_id"]).collect();
    let metrics = sent["metrics"].as_array().unwrap().iter();
    let series = metrics.flat_map(|metric| metric["series"].as_array().unwrap());
    let exemplars = series.flat_map(|series| series["exemplars"].as_array().unwrap());
    exemplars.filter(|exemplar| traces.contains(&&exemplar["trace_id"])).count()
}

#[test]
fn python_over_grpc() {
    let sent = check("Python SDK, gRPC", python(), "sdk.py", "grpc", [8, 6, 7]);
    assert!(exemplars_with_traces(&sent) >= 5, "{}", exemplars_with_traces(&sent));
}

#[test]
fn python_over_http() {
    let sent = check("Python SDK, HTTP", python(), "sdk.py", "http", [8, 6, 7]);
    assert!(exemplars_with_traces(&sent) >= 5, "{}", exemplars_with_traces(&sent));
}

#[test]
fn node_over_http_in_protobuf() {
    check("Node SDK, HTTP protobuf", node(), "sdk.mjs", "proto", [4, 4, 5]);
}

#[test]
fn node_over_http_in_json() {
    check("Node SDK, HTTP JSON", node(), "sdk.mjs", "json", [4, 4, 5]);
}

#[test]
fn fastapi_with_its_instrumentation() {
    let sent = check("FastAPI", python(), "shop.py", "http", [5 + 4, 5, 2]);
    assert!(exemplars_with_traces(&sent) >= 4, "{}", exemplars_with_traces(&sent));
    let logs = sent["logs"].as_array().unwrap();
    let correlated = logs.iter().filter(|log| log["trace_id"] != "" && log["span_id"] != "");
    assert_eq!(correlated.count(), logs.len(), "a log record lost its trace");
}
