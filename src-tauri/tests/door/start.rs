//! What keeps the program from starting: one sentence, one code.

use std::net::TcpListener;

use crate::program::{FREE, Serving, check_could_not_start, command, ended};

#[test]
fn a_second_one_on_the_same_data_does_not_start() {
    let data = tempfile::tempdir().unwrap();
    let serving = Serving::on(data.path());
    let second = ended(data.path(), &[&["serve"][..], &FREE].concat());
    let folder = data.path().to_str().unwrap();
    check_could_not_start(&second, &[folder, "in use", "--data"]);
    assert_eq!(serving.get("/api/status")["receivers"][0]["state"], "listening");
}

#[test]
fn a_taken_main_port_is_named_with_its_holder() {
    let data = tempfile::tempdir().unwrap();
    let other = TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = other.local_addr().unwrap().to_string();
    let words = ["serve", "--listen", &taken, "--otlp-grpc", ":0", "--otlp-http", ":0"];
    let output = ended(data.path(), &words);
    check_could_not_start(&output, &[&taken, "taken", "--listen"]);
    if cfg!(target_os = "linux") {
        check_could_not_start(&output, &[&format!("pid {}", std::process::id())]);
    }
}

#[test]
fn a_data_folder_that_cannot_be_written_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "").unwrap();
    let inside = file.join("data");
    let output = ended(&inside, &[&["serve"][..], &FREE].concat());
    check_could_not_start(&output, &[inside.to_str().unwrap(), "cannot be written", "--data"]);
}

#[test]
fn a_workspace_that_is_not_there_is_named() {
    let data = tempfile::tempdir().unwrap();
    let output = ended(data.path(), &[&["serve", "/no/such/folder"][..], &FREE].concat());
    check_could_not_start(&output, &["/no/such/folder is no folder"]);
}

#[test]
fn addresses_beyond_loopback_are_wrong_usage() {
    let data = tempfile::tempdir().unwrap();
    for flag in ["--listen", "--otlp-grpc", "--otlp-http"] {
        let output = ended(data.path(), &["serve", flag, "0.0.0.0:0"]);
        assert_eq!(output.status.code(), Some(2), "{flag}");
        assert!(String::from_utf8_lossy(&output.stderr).contains("loopback"), "{flag}");
    }
}

#[test]
fn a_display_that_does_not_answer_is_named() {
    if cfg!(target_os = "linux") && cfg!(feature = "desktop") {
        let data = tempfile::tempdir().unwrap();
        let output = command(data.path(), &FREE).env("DISPLAY", ":4711").output().unwrap();
        check_could_not_start(&output, &["display", "watchglass serve"]);
    }
}

#[test]
fn the_doctor_says_that_nothing_runs() {
    let data = tempfile::tempdir().unwrap();
    let output = ended(data.path(), &["doctor", "--listen", "127.0.0.1:1"]);
    assert_eq!(output.status.code(), Some(1));
    let page = String::from_utf8_lossy(&output.stdout);
    assert!(page.contains("no Watchglass answers at 127.0.0.1:1"), "{page}");
}
