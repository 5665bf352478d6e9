//! What the workbench wants to know of whoever receives telemetry: batches as they come, counts, mistakes.

use tokio::sync::broadcast;
use watchglass_model::Timestamp;
use watchglass_storage::Batch;

/// Whoever receives telemetry.
pub trait Intake: Send + Sync + 'static {
    /// Every batch from now on.
    fn live(&self) -> broadcast::Receiver<Batch>;

    /// Every mistake seen from now on.
    fn live_mistakes(&self) -> broadcast::Receiver<Mistake>;

    /// The receivers with their counts since the start.
    fn receivers(&self) -> Vec<Receiver>;

    /// The mistakes seen since the start, the newest first.
    fn mistakes(&self) -> Vec<Mistake>;
}

/// One way in.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Receiver {
    /// Which one.
    pub name: ReceiverName,
    /// What it speaks, as people say it.
    pub protocol: String,
    /// Where it listens.
    pub address: String,
    /// Whether it listens.
    pub state: ReceiverState,
    /// Who holds its port, where it is taken and that is known.
    pub taken_by: Option<String>,
    /// Requests since the start.
    pub requests: u64,
    /// Spans received.
    pub spans: u64,
    /// Log records received.
    pub log_records: u64,
    /// Metric points received.
    pub points: u64,
    /// Bytes received, decompressed.
    pub bytes: u64,
    /// Rows that were refused.
    pub rejected: u64,
    /// When something came last.
    pub last_received: Option<Timestamp>,
}

/// The ways in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ReceiverName {
    /// OTLP over gRPC, on its own port.
    OtlpGrpc,
    /// OTLP over HTTP, on its own port.
    OtlpHttp,
    /// OTLP over HTTP, on the main address.
    #[default]
    Main,
}

impl ReceiverName {
    /// Its name as a label.
    pub const fn name(self) -> &'static str {
        match self {
            Self::OtlpGrpc => "otlp_grpc",
            Self::OtlpHttp => "otlp_http",
            Self::Main => "main",
        }
    }
}

/// Whether a receiver listens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ReceiverState {
    /// It does.
    Listening,
    /// Another process holds its port.
    Taken,
    /// It was not asked to.
    #[default]
    Off,
}

impl ReceiverState {
    /// Its name in lower case.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Listening => "listening",
            Self::Taken => "taken",
            Self::Off => "off",
        }
    }
}

/// Something that a sender does wrong, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Mistake {
    /// What kind of mistake, such as `grpc_on_http_port`.
    pub kind: String,
    /// On which port.
    pub port: u16,
    /// In one line.
    pub title: String,
    /// What was seen.
    pub detail: String,
    /// What to do.
    pub remedy: String,
    /// How often.
    pub count: u64,
    /// When it was seen first.
    pub first_seen: Timestamp,
    /// When it was seen last.
    pub last_seen: Timestamp,
}
