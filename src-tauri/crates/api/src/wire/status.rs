//! How Watchglass stands: receivers and store.

use serde::Serialize;
use utoipa::ToSchema;
use watchglass_workbench as workbench;

use super::ids::Nanos;

/// How Watchglass stands.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Status {
    pub(crate) version: String,
    pub(crate) started: Nanos,
    pub(crate) now: Nanos,
    pub(crate) workspace: String,
    pub(crate) data: String,
    /// What is wrong with the workspace's files: `file:line:column: message`. The last good versions are in force.
    pub(crate) configuration_faults: Vec<String>,
    pub(crate) resident_bytes: u64,
    pub(crate) receivers: Vec<Receiver>,
    pub(crate) configuration: Configuration,
    pub(crate) store: StoreStatus,
}

/// The workspace's prometheus.yml.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Configuration {
    /// Where it is or would be.
    pub(crate) file: String,
    /// When what is in force was read, if ever.
    #[schema(required)]
    pub(crate) since: Option<Nanos>,
    /// How many jobs are in force.
    pub(crate) jobs: usize,
    /// Why the file as it is now is not in force; empty where it is.
    pub(crate) faults: Vec<ConfigurationFault>,
}

/// What is wrong, and where.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ConfigurationFault {
    /// From one.
    pub(crate) line: usize,
    /// From one.
    pub(crate) column: usize,
    pub(crate) message: String,
    /// The line as it stands in the file.
    pub(crate) text: String,
}

impl From<workbench::ConfigurationOutline> for Configuration {
    fn from(outline: workbench::ConfigurationOutline) -> Self {
        let faults = outline.fault.iter().flat_map(|one| {
            one.faults.iter().map(|fault| ConfigurationFault {
                line: fault.place.line,
                column: fault.place.column,
                message: fault.message.clone(),
                text: one.line_of(fault).to_owned(),
            })
        });
        Self {
            file: outline.file.display().to_string(),
            since: outline.since.map(Nanos),
            jobs: outline.jobs,
            faults: faults.collect(),
        }
    }
}

/// One way in, with its counts since the start.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Receiver {
    pub(crate) name: ReceiverName,
    pub(crate) protocol: String,
    pub(crate) address: String,
    pub(crate) state: ReceiverState,
    #[schema(required)]
    pub(crate) taken_by: Option<String>,
    pub(crate) requests: u64,
    pub(crate) spans: u64,
    pub(crate) log_records: u64,
    pub(crate) points: u64,
    pub(crate) bytes: u64,
    pub(crate) rejected: u64,
    /// Over the last ten seconds.
    pub(crate) spans_per_second: f64,
    pub(crate) log_records_per_second: f64,
    pub(crate) points_per_second: f64,
    #[schema(required)]
    pub(crate) last_received: Option<Nanos>,
}

/// The ways in.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ReceiverName {
    OtlpGrpc,
    OtlpHttp,
    Main,
    Prometheus,
}

/// Whether a receiver listens.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ReceiverState {
    Listening,
    Taken,
    Off,
}

/// What is stored.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StoreStatus {
    pub(crate) disk_bytes: u64,
    pub(crate) max_disk_bytes: u64,
    pub(crate) retention_seconds: u64,
    pub(crate) journal_bytes: u64,
    pub(crate) head_bytes: u64,
    pub(crate) partitions: u64,
    #[schema(required)]
    pub(crate) oldest: Option<Nanos>,
    /// Names and reasons.
    pub(crate) quarantined: Vec<String>,
    pub(crate) damaged_blocks: u64,
    /// Why nothing is written now, if so.
    #[schema(required)]
    pub(crate) read_only: Option<String>,
    pub(crate) spans: u64,
    pub(crate) log_records: u64,
    pub(crate) points: u64,
}

impl From<workbench::Status> for Status {
    fn from(status: workbench::Status) -> Self {
        Self {
            version: status.version,
            started: status.started.into(),
            now: status.now.into(),
            workspace: status.workspace,
            data: status.data,
            configuration_faults: status.configuration_faults,
            resident_bytes: status.resident_bytes,
            receivers: status.receivers.into_iter().map(Receiver::from).collect(),
            configuration: status.configuration.into(),
            store: status.store.into(),
        }
    }
}

impl From<workbench::Receiver> for Receiver {
    fn from(receiver: workbench::Receiver) -> Self {
        let workbench::Receiver { listening, count } = receiver;
        Self {
            name: listening.name.into(),
            protocol: listening.protocol,
            address: listening.address,
            state: listening.state.into(),
            taken_by: listening.taken_by,
            requests: count.total.requests,
            spans: count.total.spans,
            log_records: count.total.log_records,
            points: count.total.points,
            bytes: count.total.bytes,
            rejected: count.total.rejected,
            spans_per_second: count.rates.spans,
            log_records_per_second: count.rates.log_records,
            points_per_second: count.rates.points,
            last_received: count.last_received.map(Nanos),
        }
    }
}

impl From<workbench::ReceiverName> for ReceiverName {
    fn from(name: workbench::ReceiverName) -> Self {
        match name {
            workbench::ReceiverName::OtlpGrpc => Self::OtlpGrpc,
            workbench::ReceiverName::OtlpHttp => Self::OtlpHttp,
            workbench::ReceiverName::Main => Self::Main,
            workbench::ReceiverName::Prometheus => Self::Prometheus,
        }
    }
}

impl From<workbench::ReceiverState> for ReceiverState {
    fn from(state: workbench::ReceiverState) -> Self {
        match state {
            workbench::ReceiverState::Listening => Self::Listening,
            workbench::ReceiverState::Taken => Self::Taken,
            workbench::ReceiverState::Off => Self::Off,
        }
    }
}

impl From<workbench::StoreStatus> for StoreStatus {
    fn from(store: workbench::StoreStatus) -> Self {
        let size = store.size;
        let [spans, log_records, points] = size.rows;
        Self {
            disk_bytes: size.disk_bytes,
            max_disk_bytes: store.max_disk_bytes,
            retention_seconds: store.retention.as_secs(),
            journal_bytes: size.journal_bytes,
            head_bytes: size.head_bytes,
            partitions: size.partitions,
            oldest: size.oldest.map(Nanos),
            quarantined: size.quarantined,
            damaged_blocks: size.damaged_blocks,
            read_only: size.read_only,
            spans,
            log_records,
            points,
        }
    }
}
