//! `serve`: the ready line, the end.

use std::net::{SocketAddr, TcpListener};
use std::time::Duration;

use crate::program::{Serving, ended, wait_for};

#[test]
fn one_line_of_json_says_where_it_listens() {
    let data = tempfile::tempdir().unwrap();
    let serving = Serving::on(data.path());
    assert_eq!(serving.ready["ready"], true);
    for name in ["listen", "otlp_grpc", "otlp_http"] {
        let address: SocketAddr = serving.ready[name].as_str().unwrap().parse().unwrap();
        assert!(address.ip().is_loopback() && address.port() != 0, "{name}");
    }
    let receivers = serving.get("/api/status")["receivers"].clone();
    let names = receivers.as_array().unwrap().iter().map(|receiver| receiver["name"].as_str());
    assert_eq!(names.collect::<Vec<_>>(), [Some("otlp_grpc"), Some("otlp_http"), Some("main")]);
}

#[test]
fn sigterm_ends_it_well_within_two_seconds() {
    let data = tempfile::tempdir().unwrap();
    let serving = Serving::on(data.path());
    let (code, took) = serving.terminate();
    assert_eq!(code, Some(0));
    assert!(took < Duration::from_secs(2), "{took:?}");
    assert!(!data.path().join("instance.json").exists());
    // The folder is free again.
    let (code, _) = Serving::on(data.path()).terminate();
    assert_eq!(code, Some(0));
}

#[test]
fn an_open_stream_does_not_hold_up_the_end() {
    use std::io::{Read, Write};
    let data = tempfile::tempdir().unwrap();
    let serving = Serving::on(data.path());
    let address = serving.listen().to_owned();
    let mut stream = std::net::TcpStream::connect(&address).unwrap();
    write!(stream, "GET /api/events HTTP/1.1\r\nHost: {address}\r\n\r\n").unwrap();
    let mut head = [0; 15];
    stream.read_exact(&mut head).unwrap();
    assert_eq!(&head, b"HTTP/1.1 200 OK");
    let (code, took) = serving.terminate();
    assert_eq!(code, Some(0));
    assert!(took < Duration::from_secs(2), "{took:?}");
}

#[test]
fn a_taken_otlp_port_is_listed_not_fatal() {
    let data = tempfile::tempdir().unwrap();
    let other = TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = other.local_addr().unwrap().to_string();
    let words = ["serve", "--ports", "none", "--listen", ":0", "--otlp-grpc", ":0"];
    let serving = Serving::with(data.path(), &[&words[..], &["--otlp-http", &taken]].concat());
    assert!(serving.ready["otlp_http"].is_null());
    let status = serving.get("/api/status");
    let receiver = &status["receivers"].as_array().unwrap()[1];
    assert_eq!(
        (receiver["state"].as_str(), receiver["address"].as_str()),
        (Some("taken"), Some(&*taken))
    );
    if cfg!(target_os = "linux") {
        let holder = receiver["taken_by"].as_str().unwrap();
        assert!(holder.contains(&format!("pid {}", std::process::id())), "{holder}");
    }
    let doctor = ended(data.path(), &["doctor", "--listen", serving.listen()]);
    assert_eq!(doctor.status.code(), Some(1));
    let page = String::from_utf8(doctor.stdout).unwrap();
    assert!(page.contains("taken") && page.contains("fault"), "{page}");
}

#[test]
fn the_doctor_finds_a_healthy_instance_well() {
    let data = tempfile::tempdir().unwrap();
    let _serving = Serving::on(data.path());
    let doctor = wait_for("health", || {
        let doctor = ended(data.path(), &["doctor", "--json"]);
        (doctor.status.code() == Some(0)).then_some(doctor)
    });
    let report: serde_json::Value = serde_json::from_slice(&doctor.stdout).unwrap();
    assert_eq!(report["running"], true);
}
