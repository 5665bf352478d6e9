//! A running release build, spoken to as any client would.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

pub(crate) struct Instance {
    child: Child,
    pub(crate) listen: String,
    pub(crate) otlp_grpc: String,
    /// From the start of the process to its ready line.
    pub(crate) ready_after: Duration,
}

impl Instance {
    pub(crate) fn start(data: &Path) -> Self {
        let started = Instant::now();
        let mut child = Command::new(binary())
            .args(["serve", "--listen", "127.0.0.1:0", "--otlp-grpc", "127.0.0.1:0"])
            .args([
                "--otlp-http",
                "127.0.0.1:0",
                "--ports",
                "none",
                "--max-disk",
                "100GiB",
                "--retention",
                "9999d",
                "--data",
            ])
            .arg(data)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        let ready_after = started.elapsed();
        let ready: Value = serde_json::from_str(&line).unwrap();
        let address = |key: &str| ready[key].as_str().unwrap().to_owned();
        Self { listen: address("listen"), otlp_grpc: address("otlp_grpc"), child, ready_after }
    }

    pub(crate) fn process(&self) -> u32 {
        self.child.id()
    }

    /// The body of an answer and how long it took.
    pub(crate) fn get(&self, path: &str) -> (Value, Duration) {
        let started = Instant::now();
        let mut stream = TcpStream::connect(&self.listen).unwrap();
        let host = &self.listen;
        write!(stream, "GET {path} HTTP/1.0\r\nHost: {host}\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let taken = started.elapsed();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        assert!(head.contains(" 200 "), "{path}: {answer}");
        (serde_json::from_str(body).unwrap(), taken)
    }
}

impl Drop for Instance {
    fn drop(&mut self) {
        let process = rustix::process::Pid::from_child(&self.child);
        let _ = rustix::process::kill_process(process, rustix::process::Signal::TERM);
        let _ = self.child.wait();
    }
}

fn binary() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let binary = root.join("target/release/watchglass");
    let command = "cargo build --release --no-default-features -p watchglass";
    assert!(binary.exists(), "{} is missing: {command}", binary.display());
    binary
}
