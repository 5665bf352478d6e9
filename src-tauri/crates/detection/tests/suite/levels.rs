//! Levels, by where they are told.

use proptest::prelude::*;
use watchglass_model::LogRecord;

use crate::{Sent, derived};

/// The severity text and number that a record ends up with.
fn severity(sent: Sent<'_>) -> (String, i32) {
    let logs = derived(sent);
    let record = logs.get(0).unwrap();
    (record.severity_text().to_owned(), record.row.severity_number)
}

#[test]
fn words_of_a_line_tell_its_level() {
    let cases = [
        ("2026-01-02 15:04:05,123 INFO root: started", "info"),
        ("[error] connection refused", "error"),
        ("ERROR: no such file", "error"),
        ("WARN  o.s.Bean - slow", "warn"),
        ("warning: unused variable", "warn"),
        ("<critical> disk", "critical"),
        ("CRITICAL:root:gone", "critical"),
        ("FATAL out of memory", "fatal"),
        ("DEBUG cache hit", "debug"),
        ("TRACE enter", "trace"),
        ("[trace] enter", "trace"),
        ("2026/01/02 [notice] 1#1: start worker", "info"),
        ("INFO no error was found", "info"),
        ("E0102 15:04:05.123 1 main.go:12] broken", "error"),
        ("I0102 15:04:05.123 1 main.go:12] fine", "info"),
        ("<11>Oct 11 22:14:15 host su: failed", "error"),
        ("<165>1 2026-10-11T22:14:15Z host app - - - hello", "info"),
        ("Traceback (most recent call last):", "error"),
        ("java.lang.NullPointerException: x", "error"),
        ("ValueError: bad", "error"),
        // Words that only look like levels.
        ("the stack trace follows", ""),
        ("inference took 3 ms", ""),
        ("speed is inf", ""),
        ("a fine day, do not panic", ""),
        ("terror and informant", ""),
        ("GET /errors 200", ""),
        ("", ""),
    ];
    for (body, expected) in cases {
        assert_eq!(severity(Sent { body, ..Sent::default() }).0, expected, "{body}");
    }
}

#[test]
fn fields_of_a_line_go_before_its_words() {
    let cases = [
        (r#"{"level":"warn","msg":"error happened"}"#, "warn"),
        (r#"{"severity":"CRITICAL","message":"x"}"#, "critical"),
        (r#"{"log":{"level":"Debug"}}"#, "debug"),
        (r#"{"log.level":"ERR"}"#, "error"),
        (r#"{"levelname":"WARNING"}"#, "warn"),
        (r#"{"@l":"Verbose"}"#, "debug"),
        (r#"{"level":30,"msg":"pino"}"#, "info"),
        (r#"{"level":60}"#, "fatal"),
        (r#"{"level":3,"version":"1.1"}"#, "error"),
        (r#"{"msg":"an error without level"}"#, "error"),
        ("level=warning msg=\"an error\"", "warn"),
        ("ts=1 lvl=eror caller=x", "error"),
        ("severity=\"Informational\" msg=error", "info"),
        ("levels=error", "error"),
        ("level=unheard msg=hello", ""),
    ];
    for (body, expected) in cases {
        assert_eq!(severity(Sent { body, ..Sent::default() }).0, expected, "{body}");
    }
}

#[test]
fn attributes_go_before_labels_and_labels_before_the_line() {
    let body = "level=debug";
    let labels: &[_] = &[("level", "error")];
    let attributes: &[_] = &[("Severity_Text", "WARN")];
    let all = Sent { body, attributes, labels, ..Sent::default() };
    assert_eq!(severity(all), ("warn".to_owned(), 13));
    assert_eq!(severity(Sent { attributes: &[], ..all }), ("error".to_owned(), 17));
    assert_eq!(severity(Sent { attributes: &[], labels: &[], ..all }), ("debug".to_owned(), 5));
}

#[test]
fn a_severity_that_was_sent_stays() {
    let row = LogRecord { severity_number: 9, ..LogRecord::default() };
    let sent = Sent { body: "ERROR", row, ..Sent::default() };
    assert_eq!(severity(sent), (String::new(), 9));
}

proptest! {
    #[test]
    fn no_line_breaks_the_search(body in "(\\PC|[\\[{\"=:,.}\\]\\\\ ]|trace|level){0,60}") {
        derived(Sent { body: &body, ..Sent::default() });
    }
}
