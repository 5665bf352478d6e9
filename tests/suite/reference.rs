//! The real Prometheus as a process beside ours, where `cargo xtask test` could bring one.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;

use tempfile::TempDir;

use crate::instance::{PATIENCE, http, say, scratch, until};

/// Where `prometheus` lies; without one, the test of this name says that it is skipped.
pub(crate) fn prometheus(test: &str) -> Option<PathBuf> {
    let path = std::env::var_os("WATCHGLASS_PROMETHEUS").map(PathBuf::from);
    if path.is_none() {
        say(&format!("skipped {test}: WATCHGLASS_PROMETHEUS names no Prometheus to compare with"));
    }
    path
}

/// A running Prometheus that takes remote write; dropped, it is killed.
pub(crate) struct Reference {
    child: Child,
    /// Where its API begins.
    pub(crate) base: String,
    /// Configuration and data, removed with it.
    _folder: TempDir,
}

impl Reference {
    /// Starts `program` on a free port with this `prometheus.yml`. What it stores may be of any age.
    pub(crate) fn start(program: PathBuf, configuration: &str) -> Self {
        let folder = scratch();
        let file = folder.path().join("prometheus.yml");
        std::fs::write(&file, configuration).unwrap();
        let mut command = Command::new(program);
        command
            .args(["--web.listen-address=127.0.0.1:0", "--web.enable-remote-write-receiver"])
            .args(["--storage.tsdb.retention.time=100y", "--enable-feature=native-histograms"])
            .arg(format!("--config.file={}", file.display()))
            .arg(format!("--storage.tsdb.path={}", folder.path().join("data").display()))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let (send, receive) = mpsc::channel();
        let log = BufReader::new(child.stderr.take().unwrap());
        std::thread::spawn(move || {
            for line in log.lines().map_while(Result::ok) {
                if line.contains("level=ERROR") || line.contains("level=WARN") {
                    say(&format!("[prometheus] {line}"));
                }
                if let Some((_, address)) = line.split_once("msg=\"Listening on\"") {
                    let address = address.split_once("address=").map(|(_, address)| address.trim());
                    // Nobody waits any more once it listens.
                    let _ = send.send(address.unwrap_or_default().to_owned());
                }
            }
        });
        let address = receive.recv_timeout(PATIENCE);
        let base = format!("http://{}", address.expect("Prometheus said where it listens"));
        let started = Self { child, base, _folder: folder };
        started.wait_until_ready();
        started
    }

    fn wait_until_ready(&self) {
        until("the real Prometheus", || {
            let answer = http().get(format!("{}/-/ready", self.base)).send();
            answer
                .map_err(|fault| fault.to_string())?
                .error_for_status()
                .map_err(|fault| fault.to_string())
        });
    }
}

impl Drop for Reference {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
