//! The two that are compared: a Watchglass and a Prometheus on folders and ports of their own.

use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::connection::Connection;
use crate::instance::Instance;
use crate::measure::cpu_of;

const PATIENCE: Duration = Duration::from_secs(30);

/// The Prometheus that `cargo xtask` brought, or that the environment names; says so where there is none.
pub(crate) fn prometheus() -> Option<PathBuf> {
    let named = std::env::var_os("WATCHGLASS_PROMETHEUS").map(PathBuf::from);
    let found = named.filter(|one| one.is_file());
    if found.is_none() {
        println!("no Prometheus to compare with: `cargo xtask bench metrics` brings one");
    }
    found
}

/// A server with an empty folder. It ends, and its folder goes, when it is dropped.
pub(crate) struct Server {
    process: Process,
    address: String,
    prefix: &'static str,
    folder: TempDir,
}

enum Process {
    Watchglass(Instance),
    Prometheus(Child),
}

impl Server {
    /// Both, Watchglass first.
    pub(crate) fn pair(prometheus: &Path) -> [Self; 2] {
        [Self::watchglass(), Self::prometheus(prometheus)]
    }

    fn watchglass() -> Self {
        let folder = scratch();
        let instance = Instance::start(folder.path());
        let address = instance.listen.clone();
        Self { process: Process::Watchglass(instance), address, prefix: "/prometheus", folder }
    }

    fn prometheus(program: &Path) -> Self {
        let folder = scratch();
        let address = free_address();
        let configuration = folder.path().join("prometheus.yml");
        std::fs::write(&configuration, "").unwrap();
        let child = Command::new(program)
            .arg(format!("--config.file={}", configuration.display()))
            .arg(format!("--storage.tsdb.path={}", folder.path().join("data").display()))
            .arg(format!("--web.listen-address={address}"))
            .args(["--storage.tsdb.retention.time=100y", "--web.enable-remote-write-receiver"])
            .args(["--enable-feature=promql-experimental-functions", "--log.level=error"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let server = Self { process: Process::Prometheus(child), address, prefix: "", folder };
        server.wait_until_ready();
        server
    }

    fn wait_until_ready(&self) {
        let begun = Instant::now();
        let is_ready =
            || TcpStream::connect(&self.address).is_ok() && self.connect().get("/-/ready").0 == 200;
        while !is_ready() {
            assert!(begun.elapsed() < PATIENCE, "Prometheus is not ready after {PATIENCE:?}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// A connection that stays open.
    pub(crate) fn connect(&self) -> Connection {
        Connection::open(&self.address, self.prefix)
    }

    pub(crate) fn process(&self) -> u32 {
        match &self.process {
            Process::Watchglass(instance) => instance.process(),
            Process::Prometheus(child) => child.id(),
        }
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }
}

/// Waits until none of them has had anything to do for a while.
pub(crate) fn settle(servers: &[Server], quiet: Duration) {
    for server in servers {
        let mut before = cpu_of(server.process());
        loop {
            std::thread::sleep(quiet);
            let now = cpu_of(server.process());
            if now.saturating_sub(before) < quiet / 25 {
                break;
            }
            before = now;
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Process::Prometheus(child) = &mut self.process {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

fn scratch() -> TempDir {
    tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap()
}

fn free_address() -> String {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    listener.local_addr().unwrap().to_string()
}
