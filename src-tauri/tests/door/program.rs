//! Starts the built program and ends it again.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

/// Longer than anything takes on a busy machine.
const PATIENCE: Duration = Duration::from_mins(1);

/// A command of the program on a data folder, on free ports, without a display.
pub(crate) fn command(data: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_watchglass"));
    let (flags, rest) = match words.iter().position(|word| *word == "--") {
        Some(dashes) => words.split_at(dashes),
        None => (words, &[][..]),
    };
    command.args(flags).arg("--data").arg(data).args(rest);
    command.env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY").env_remove("WATCHGLASS_LOG");
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Runs a command to its end.
pub(crate) fn ended(data: &Path, words: &[&str]) -> Output {
    command(data, words).output().expect("the program runs")
}

/// Checks that a command could not start: exit code 3 and one sentence with these words.
pub(crate) fn check_could_not_start(output: &Output, words: &[&str]) {
    let sentence = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(3), "{sentence}");
    assert_eq!(sentence.lines().count(), 1, "{sentence}");
    assert!(sentence.starts_with("watchglass: "), "{sentence}");
    for word in words {
        assert!(sentence.contains(word), "{word}: {sentence}");
    }
}

/// The program, serving.
pub(crate) struct Serving {
    child: Child,
    pub(crate) ready: Value,
}

/// Free ports for this program's own, and none of the standard ones: another test's program may hold those.
pub(crate) const FREE: [&str; 8] =
    ["--ports", "none", "--listen", ":0", "--otlp-grpc", ":0", "--otlp-http", ":0"];

impl Serving {
    /// Serves on free ports.
    pub(crate) fn on(data: &Path) -> Self {
        Self::with(data, &[&["serve"][..], &FREE].concat())
    }

    /// Serves with these words.
    pub(crate) fn with(data: &Path, words: &[&str]) -> Self {
        let mut child = command(data, words).spawn().expect("the program runs");
        let mut line = String::new();
        let stdout = child.stdout.take().expect("it is piped");
        BufReader::new(stdout).read_line(&mut line).expect("it prints a line");
        let ready = serde_json::from_str(&line).unwrap_or_else(|_| {
            let mut said = String::new();
            let _ = child.stderr.take().map(|mut stderr| stderr.read_to_string(&mut said));
            panic!("`{line}` is no JSON; on standard error: {said}")
        });
        Self { child, ready }
    }

    pub(crate) fn listen(&self) -> &str {
        self.ready["listen"].as_str().expect("it listens")
    }

    /// Reads an answer of the API.
    pub(crate) fn get(&self, path: &str) -> Value {
        let body = get(self.listen(), path);
        serde_json::from_str(&body).unwrap_or_else(|_| panic!("{path} answers {body}"))
    }

    /// Sends SIGTERM, and gives the exit code and how long it took.
    pub(crate) fn terminate(mut self) -> (Option<i32>, Duration) {
        let begun = Instant::now();
        send(&self.child, Signal::TERM);
        let status = self.child.wait().expect("it ends");
        (status.code(), begun.elapsed())
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        // It has ended already where the test did not fail.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Sends a signal to a running program.
pub(crate) fn send(child: &Child, signal: Signal) {
    let pid = i32::try_from(child.id()).ok().and_then(Pid::from_raw).expect("it has an id");
    kill_process(pid, signal).expect("it runs");
}

/// Asks again and again until an answer will do.
pub(crate) fn wait_for<T>(what: &str, mut ask: impl FnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    while begun.elapsed() < PATIENCE {
        if let Some(answer) = ask() {
            return answer;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    panic!("waited in vain for {what}")
}

/// The body of an answer; HTTP/1.0, so that it is neither chunked nor kept open.
pub(crate) fn get(address: &str, path: &str) -> String {
    let mut stream = TcpStream::connect(address).expect("it listens");
    stream.set_read_timeout(Some(PATIENCE)).expect("it is a duration");
    write!(stream, "GET {path} HTTP/1.0\r\nHost: {address}\r\n\r\n").expect("it reads");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("it answers");
    answer.split_once("\r\n\r\n").map(|(_, body)| body.to_owned()).unwrap_or(answer)
}

/// Posts a body, and gives the whole answer.
pub(crate) fn post(address: &str, path: &str, content_type: &str, body: &str) -> String {
    let mut stream = TcpStream::connect(address).expect("it listens");
    stream.set_read_timeout(Some(PATIENCE)).expect("it is a duration");
    let length = body.len();
    write!(
        stream,
        "POST {path} HTTP/1.0\r\nHost: {address}\r\nContent-Type: {content_type}\r\nContent-Length: {length}\r\n\r\n{body}"
    )
    .expect("it reads");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("it answers");
    answer
}
