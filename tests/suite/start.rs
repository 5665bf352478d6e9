//! Starting where something is in the way: one sentence that says what, exit code 3, and nothing broken.

use std::fs;
use std::net::TcpListener;
use std::process::Command;

use crate::instance::{Ended, Instance, beside_others, program, say, scratch};

/// It ended with 3 and one sentence that names what is in the way.
fn assert_one_sentence(ended: &Ended, names: &str) {
    assert_eq!(ended.code, Some(3), "{ended:?}");
    let lines: Vec<_> = ended.err.lines().collect();
    assert_eq!(lines.len(), 1, "{ended:?}");
    assert!(lines[0].starts_with("watchglass: ") && lines[0].contains(names), "{ended:?}");
}

fn refused(data: &std::path::Path, arguments: &[&str]) -> Ended {
    match Instance::try_start(Command::new(program()), data, arguments) {
        Ok(_) => panic!("it started"),
        Err(ended) => ended,
    }
}

#[test]
fn a_second_instance_on_the_same_folder() {
    let _beside = beside_others();
    let data = scratch();
    let first = Instance::start_on(data.path());
    let ended = refused(data.path(), &[]);
    assert_one_sentence(&ended, "in use by another Watchglass");
    assert!(ended.err.contains(&first.pid().to_string()), "the holder is not named: {ended:?}");
    assert!(ended.err.contains(&data.path().display().to_string()), "{ended:?}");
    first.get("/api/status");
    first.kill();
    // A killed one leaves no lock behind.
    drop(Instance::start_on(data.path()));
}

#[test]
fn a_taken_main_port() {
    let _beside = beside_others();
    let holder = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = holder.local_addr().unwrap().to_string();
    let ended = refused(scratch().path(), &["--listen", &address]);
    assert_one_sentence(&ended, &address);
    assert!(ended.err.contains("--listen 127.0.0.1:PORT"), "{ended:?}");
    assert!(ended.err.contains(&format!("pid {}", std::process::id())), "{ended:?}");
}

#[test]
fn a_taken_otlp_port_is_listed_with_its_holder() {
    let _beside = beside_others();
    let holder = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = holder.local_addr().unwrap().to_string();
    let data = scratch();
    let instance = Instance::start_with(data.path(), &["--otlp-grpc", &address]);
    assert_eq!(instance.otlp_grpc, "");
    let status = instance.get("/api/status");
    let receivers = status["receivers"].as_array().unwrap();
    let grpc = receivers.iter().find(|receiver| receiver["name"] == "otlp_grpc").unwrap();
    assert_eq!((&grpc["state"], &grpc["address"]), (&"taken".into(), &address.into()));
    let holder = grpc["taken_by"].as_str().unwrap();
    assert!(holder.contains(&format!("pid {}", std::process::id())), "{holder}");
    let mistakes = instance.get("/api/mistakes");
    assert_eq!(mistakes["mistakes"][0]["kind"], "port_taken", "{mistakes}");
    let remedy = mistakes["mistakes"][0]["remedy"].as_str().unwrap();
    assert!(remedy.contains("--otlp-grpc 127.0.0.1:PORT"), "{remedy}");
}

#[test]
fn a_folder_that_is_a_file() {
    let _beside = beside_others();
    let folder = scratch();
    let file = folder.path().join("file");
    fs::write(&file, "in the way").unwrap();
    assert_one_sentence(&refused(&file, &[]), "cannot be written");
    assert_one_sentence(&refused(&file.join("below"), &[]), "cannot be written");
    assert_eq!(fs::read_to_string(&file).unwrap(), "in the way");
}

#[test]
fn a_folder_that_is_read_only() {
    let _beside = beside_others();
    let folder = scratch();
    let data = folder.path().join("data");
    fs::create_dir(&data).unwrap();
    let path = data.display().to_string();
    // Root may write anywhere but through a read-only mount, made in a mount namespace that ends with the process.
    let script = format!(
        "mount --bind {path} {path} && mount -o remount,bind,ro {path} && exec \"$0\" \"$@\""
    );
    let mut command = Command::new("unshare");
    if rustix::process::geteuid().is_root() {
        command.args(["--mount", "sh", "-c", &script]).arg(program());
    } else {
        say("start::a_folder_that_is_read_only: not root, so by permissions");
        let mut permissions = fs::metadata(&data).unwrap().permissions();
        permissions.set_readonly(true);
        fs::set_permissions(&data, permissions).unwrap();
        command = Command::new(program());
    }
    match Instance::try_start(command, &data, &[]) {
        Ok(_) => panic!("it started"),
        Err(ended) => assert_one_sentence(&ended, "cannot be written"),
    }
}

#[test]
fn it_ends_with_zero_and_what_it_had_is_there() {
    let _beside = beside_others();
    let data = scratch();
    let instance = Instance::start_on(data.path());
    let span = serde_json::json!({"traceId": "5b8efff798038103d269b633813fc60c", "spanId": "0000000000000009"});
    let body = crate::otlp_json::one_span(&span).to_string().into_bytes();
    assert!(instance.export("/v1/traces", "application/json", body).status().is_success());
    assert_eq!(instance.end().code(), Some(0));
    let again = Instance::start_on(data.path());
    again.get("/api/traces/5b8efff798038103d269b633813fc60c/spans/0000000000000009");
}
