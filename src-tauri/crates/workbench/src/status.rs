//! How the workbench stands: what it receives, what it holds, what it takes.

use std::time::Duration;

use watchglass_model::Timestamp;
use watchglass_storage::Size;

use crate::configuration::ConfigurationOutline;
use crate::receivers::Receiver;

/// How the workbench stands.
#[derive(Debug, Clone)]
pub struct Status {
    /// The program's version.
    pub version: String,
    /// The machine's name; empty where the system does not tell.
    pub hostname: String,
    /// When it was started.
    pub started: Timestamp,
    /// The time of this answer.
    pub now: Timestamp,
    /// The workspace folder.
    pub workspace: String,
    /// The folder of the store.
    pub data: String,
    /// What is wrong with the workspace's files: `file:line:column: message`.
    pub configuration_faults: Vec<String>,
    /// Memory in use; zero where the system does not tell.
    pub resident_bytes: u64,
    /// The receivers.
    pub receivers: Vec<Receiver>,
    /// The workspace's `prometheus.yml`.
    pub configuration: ConfigurationOutline,
    /// The store.
    pub store: StoreStatus,
}

/// How the store stands.
#[derive(Debug, Clone)]
pub struct StoreStatus {
    /// What it holds.
    pub size: Size,
    /// How much it may take; zero where there is no limit.
    pub max_disk_bytes: u64,
    /// How long telemetry is kept; zero where there is no limit.
    pub retention: Duration,
}

/// The machine's name: where Linux keeps it, or as the environment tells it.
pub(crate) fn hostname() -> String {
    let kept = std::fs::read_to_string("/proc/sys/kernel/hostname").ok();
    let told =
        || ["HOSTNAME", "COMPUTERNAME"].into_iter().find_map(|name| std::env::var(name).ok());
    kept.or_else(told).unwrap_or_default().trim().to_owned()
}

/// Memory that the process has in use.
pub(crate) fn resident_bytes() -> u64 {
    memory_stats::memory_stats().map_or(0, |memory| memory.physical_mem as u64)
}
