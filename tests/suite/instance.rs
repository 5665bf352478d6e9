//! The built program as a process: started on free ports with a folder of its own, spoken to over HTTP, ended or killed.
//! What it stores outlives it, so that a test can start it again on the same folder.

use std::ffi::OsString;
use std::fmt::Debug;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{LazyLock, RwLock, RwLockReadGuard, RwLockWriteGuard, mpsc};
use std::time::{Duration, Instant};

use reqwest::blocking::{Client, Response};
use serde_json::Value;
use tempfile::TempDir;

/// How long anything may take before a test says that it did not happen.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// Tests that measure or load the machine run alone; the others run beside each other.
static MACHINE: RwLock<()> = RwLock::new(());

/// Keeps those away that want the machine for themselves.
pub(crate) fn beside_others() -> RwLockReadGuard<'static, ()> {
    MACHINE.read().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// Keeps everybody else away.
pub(crate) fn alone() -> RwLockWriteGuard<'static, ()> {
    MACHINE.write().unwrap_or_else(std::sync::PoisonError::into_inner)
}

static HTTP: LazyLock<Client> = LazyLock::new(|| {
    let client = Client::builder().no_proxy().timeout(PATIENCE * 3);
    client.build().unwrap()
});

/// The HTTP client that all tests share.
pub(crate) fn http() -> &'static Client {
    &HTTP
}

/// Says something that is seen even when the test passes.
pub(crate) fn say(line: &str) {
    // Standard error as such is not captured; if it is closed there is nobody to tell.
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// The program under test.
pub(crate) fn program() -> PathBuf {
    from_environment("WATCHGLASS_BIN", "target/debug/watchglass")
}

/// A file that an environment variable names, or the usual one in the repository.
pub(crate) fn from_environment(variable: &str, usual: &str) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let path = std::env::var_os(variable).map_or_else(|| root.join(usual), PathBuf::from);
    assert!(
        path.exists(),
        "{} is missing: run `cargo xtask test`, or set {variable}",
        path.display()
    );
    path
}

/// A folder for one test's files.
pub(crate) fn scratch() -> TempDir {
    tempfile::tempdir().unwrap()
}

/// A running Watchglass; dropped, it is killed.
pub(crate) struct Instance {
    child: Child,
    /// The main address.
    pub(crate) listen: String,
    /// Where it takes OTLP over gRPC; empty where the port was taken.
    pub(crate) otlp_grpc: String,
    /// Where it takes OTLP over HTTP; empty where the port was taken.
    pub(crate) otlp_http: String,
    /// From the start of the process to its ready line.
    pub(crate) started_in: Duration,
    /// Removed with it.
    own_data: Option<TempDir>,
}

impl Instance {
    /// Starts one with a data folder of its own.
    pub(crate) fn start() -> Self {
        let data = scratch();
        let mut instance = Self::start_on(data.path());
        instance.own_data = Some(data);
        instance
    }

    /// Starts one on this data folder.
    pub(crate) fn start_on(data: &Path) -> Self {
        Self::start_with(data, &[])
    }

    /// Starts one on this data folder with further arguments.
    pub(crate) fn start_with(data: &Path, arguments: &[&str]) -> Self {
        match Self::try_start(Command::new(program()), data, arguments) {
            Ok(instance) => instance,
            Err(ended) => panic!("watchglass did not start: {ended:?}"),
        }
    }

    /// Starts one by `command`, which is the program or runs it; or tells how it ended.
    pub(crate) fn try_start(
        mut command: Command,
        data: &Path,
        arguments: &[&str],
    ) -> Result<Self, Ended> {
        let begun = Instant::now();
        let words = serve_words(data, arguments);
        command.args(words).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let (send, receive) = mpsc::channel();
        let out = child.stdout.take().unwrap();
        std::thread::spawn(move || {
            for line in BufReader::new(out).lines().map_while(Result::ok) {
                // Nobody waits any more once it is ready.
                let _ = send.send(line);
            }
        });
        let Ok(line) = receive.recv_timeout(PATIENCE) else {
            return Err(end_of(child));
        };
        let started_in = begun.elapsed();
        forward(child.stderr.take());
        let ready: Value = serde_json::from_str(&line).unwrap();
        assert_eq!(ready["ready"], true, "{line}");
        let address = |field: &str| ready[field].as_str().unwrap_or_default().to_owned();
        Ok(Self {
            listen: address("listen"),
            otlp_grpc: address("otlp_grpc"),
            otlp_http: address("otlp_http"),
            child,
            started_in,
            own_data: None,
        })
    }

    /// Its process id.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Asks the API; anything but 200 fails the test.
    pub(crate) fn get(&self, path: &str) -> Value {
        let response = self.ask(path);
        let (status, text) = (response.status(), response.text().unwrap());
        assert!(status.is_success(), "GET {path}: {status} {text}");
        serde_json::from_str(&text).unwrap()
    }

    /// Asks the main address.
    pub(crate) fn ask(&self, path: &str) -> Response {
        http().get(format!("http://{}{path}", self.listen)).send().unwrap()
    }

    /// Posts OTLP to the port for HTTP.
    pub(crate) fn export(&self, path: &str, content_type: &str, body: Vec<u8>) -> Response {
        let url = format!("http://{}{path}", self.otlp_http);
        http().post(url).header("content-type", content_type).body(body).send().unwrap()
    }

    /// Asks until the answer satisfies; the last answer is in the failure.
    pub(crate) fn wait(&self, path: &str, satisfies: impl Fn(&Value) -> bool) -> Value {
        until(path, || {
            let answer = self.get(path);
            if satisfies(&answer) { Ok(answer) } else { Err(answer) }
        })
    }

    /// kill -9.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Asks it to end, as Ctrl-C does.
    pub(crate) fn end(mut self) -> ExitStatus {
        let pid = i32::try_from(self.child.id()).ok().and_then(rustix::process::Pid::from_raw);
        rustix::process::kill_process(pid.unwrap(), rustix::process::Signal::TERM).unwrap();
        until("the end of the process", || self.child.try_wait().unwrap().ok_or("it runs"))
    }
}

impl Drop for Instance {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// How a process ended and what it said.
#[derive(Debug)]
pub(crate) struct Ended {
    /// Its exit code; none where a signal ended it.
    pub(crate) code: Option<i32>,
    /// Standard output.
    pub(crate) out: String,
    /// Standard error.
    pub(crate) err: String,
}

fn end_of(mut child: Child) -> Ended {
    let mut err = String::new();
    let end = Instant::now() + Duration::from_secs(5);
    while child.try_wait().unwrap().is_none() && Instant::now() < end {
        std::thread::sleep(Duration::from_millis(5));
    }
    // One that hangs is ended here; the code then is none.
    let _ = child.kill();
    if let Some(mut pipe) = child.stderr.take() {
        pipe.read_to_string(&mut err).unwrap();
    }
    Ended { code: child.wait().unwrap().code(), out: String::new(), err }
}

/// Runs the program with these words to its end.
pub(crate) fn run(words: &[&str]) -> Ended {
    let output = Command::new(program()).args(words).stdin(Stdio::null()).output().unwrap();
    Ended {
        code: output.status.code(),
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// Tries until it is so; panics with the last answer when it never is.
pub(crate) fn until<T, E: Debug>(what: &str, mut attempt: impl FnMut() -> Result<T, E>) -> T {
    let end = Instant::now() + PATIENCE;
    loop {
        match attempt() {
            Ok(value) => return value,
            Err(reason) => assert!(Instant::now() < end, "{what} did not come: {reason:?}"),
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn serve_words(data: &Path, arguments: &[&str]) -> Vec<OsString> {
    let mut words: Vec<OsString> = vec!["serve".into(), "--data".into(), data.into()];
    let free = "127.0.0.1:0";
    for (flag, value) in
        [("--ports", "none"), ("--listen", free), ("--otlp-grpc", free), ("--otlp-http", free)]
    {
        if !arguments.contains(&flag) {
            words.extend([flag, value].map(OsString::from));
        }
    }
    words.extend(arguments.iter().map(OsString::from));
    words
}

/// What the program says on standard error belongs to the test's output.
fn forward(err: Option<impl Read + Send + 'static>) {
    let Some(err) = err else { return };
    std::thread::spawn(move || {
        for line in BufReader::new(err).lines().map_while(Result::ok) {
            say(&format!("[watchglass] {line}"));
        }
    });
}
