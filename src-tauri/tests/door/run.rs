//! `run -- CMD`: recorded, and transparent to whoever calls it.

use crate::program::{Serving, check_could_not_start, ended};

#[test]
fn a_run_is_recorded_with_its_exit_code() {
    let data = tempfile::tempdir().unwrap();
    let serving = Serving::on(data.path());
    let script = "echo $OTEL_EXPORTER_OTLP_ENDPOINT $OTEL_RESOURCE_ATTRIBUTES; exit 5";
    let output = ended(data.path(), &["run", "--", "sh", "-c", script]);
    assert_eq!(output.status.code(), Some(5), "{}", String::from_utf8_lossy(&output.stderr));
    let runs = serving.get("/api/runs");
    let run = &runs["runs"][0];
    assert_eq!((&run["exit_code"], &run["command"][0]), (&5.into(), &"sh".into()));
    assert!(run["end"].is_string());
    let endpoint = serving.ready["otlp_http"].as_str().unwrap();
    let id = run["id"].as_str().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(said.trim(), format!("http://{endpoint} watchglass.run.id={id}"));
}

#[test]
fn a_program_that_is_not_there_is_a_sentence_and_an_ended_run() {
    let data = tempfile::tempdir().unwrap();
    let serving = Serving::on(data.path());
    let output = ended(data.path(), &["run", "--", "no-such-program"]);
    check_could_not_start(&output, &["`no-such-program` cannot be run"]);
    assert!(serving.get("/api/runs")["runs"][0]["end"].is_string());
}

#[test]
fn without_an_instance_nothing_is_run() {
    let data = tempfile::tempdir().unwrap();
    let output = ended(data.path(), &["run", "--listen", "127.0.0.1:1", "--", "echo", "ran"]);
    check_could_not_start(&output, &["127.0.0.1:1", "watchglass serve"]);
    assert!(output.stdout.is_empty());
}
