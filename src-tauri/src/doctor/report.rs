//! The answers of the API that the doctor reads, as far as it reads them.

use serde::{Deserialize, Serialize};

/// Everything asked.
#[derive(Debug, Clone, Default, Serialize)]
pub(crate) struct Answers {
    pub(crate) status: Status,
    pub(crate) mistakes: Vec<Mistake>,
    /// Those that sent something lately.
    pub(crate) services: Vec<Service>,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Status {
    pub(crate) version: String,
    pub(crate) started: String,
    pub(crate) workspace: String,
    pub(crate) data: String,
    pub(crate) configuration_faults: Vec<String>,
    pub(crate) resident_bytes: u64,
    pub(crate) receivers: Vec<Receiver>,
    pub(crate) store: Store,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Receiver {
    pub(crate) name: String,
    pub(crate) protocol: String,
    pub(crate) address: String,
    pub(crate) state: String,
    pub(crate) taken_by: Option<String>,
    pub(crate) requests: u64,
    pub(crate) spans: u64,
    pub(crate) log_records: u64,
    pub(crate) points: u64,
    pub(crate) rejected: u64,
    pub(crate) last_received: Option<String>,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Store {
    pub(crate) disk_bytes: u64,
    pub(crate) max_disk_bytes: u64,
    pub(crate) retention_seconds: u64,
    pub(crate) partitions: u64,
    pub(crate) oldest: Option<String>,
    pub(crate) quarantined: Vec<String>,
    pub(crate) damaged_blocks: u64,
    pub(crate) read_only: Option<String>,
    pub(crate) spans: u64,
    pub(crate) log_records: u64,
    pub(crate) points: u64,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Mistakes {
    pub(crate) mistakes: Vec<Mistake>,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Mistake {
    pub(crate) kind: String,
    pub(crate) port: u16,
    pub(crate) title: String,
    pub(crate) detail: String,
    pub(crate) remedy: String,
    pub(crate) count: u64,
    pub(crate) last_seen: String,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Services {
    pub(crate) services: Vec<Service>,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Service {
    pub(crate) name: String,
    pub(crate) language: String,
    pub(crate) spans: u64,
    pub(crate) errors: u64,
    pub(crate) log_records: u64,
    pub(crate) last_seen: String,
}
