//! The ways in: where they listen, and what they have counted.

use watchglass_ingest::{Count, Pipeline};
use watchglass_model::Timestamp;

/// One way in, as the door has opened it or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listening {
    /// Which one.
    pub name: ReceiverName,
    /// What it speaks, as people say it.
    pub protocol: String,
    /// Where it listens, or should.
    pub address: String,
    /// Whether it listens.
    pub state: ReceiverState,
    /// Who holds its port, where it is taken and that is known.
    pub taken_by: Option<String>,
}

/// One way in with what it has counted.
#[derive(Debug, Clone, PartialEq)]
pub struct Receiver {
    /// Where it listens.
    pub listening: Listening,
    /// What it has counted.
    pub count: Count,
}

/// The ways in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReceiverName {
    /// OTLP over gRPC, on its own port.
    OtlpGrpc,
    /// OTLP over HTTP, on its own port.
    OtlpHttp,
    /// OTLP over HTTP, on the main address.
    Main,
    /// The Prometheus API, on Prometheus's own port.
    Prometheus,
    /// The Pushgateway API, on the Pushgateway's own port.
    Pushgateway,
    /// StatsD, in datagrams and over TCP.
    Statsd,
    /// The Loki API, on Loki's own port.
    Loki,
}

impl ReceiverName {
    /// Its name as a label, and the name of its counters in the pipeline.
    pub const fn name(self) -> &'static str {
        match self {
            Self::OtlpGrpc => "otlp_grpc",
            Self::OtlpHttp => "otlp_http",
            Self::Main => "main",
            Self::Prometheus => "prometheus",
            Self::Pushgateway => "pushgateway",
            Self::Statsd => "statsd",
            Self::Loki => "loki",
        }
    }

    /// The word on the command line that moves it elsewhere; the standard ports are other tools' and stay.
    pub(crate) const fn flag(self) -> Option<&'static str> {
        match self {
            Self::OtlpGrpc => Some("--otlp-grpc"),
            Self::OtlpHttp => Some("--otlp-http"),
            Self::Main => Some("--listen"),
            Self::Prometheus | Self::Pushgateway | Self::Statsd | Self::Loki => None,
        }
    }
}

/// Whether a receiver listens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReceiverState {
    /// It does.
    Listening,
    /// Another process holds its port.
    Taken,
    /// It was not asked to.
    Off,
}

/// Puts the counts of now beside each way in.
pub(crate) fn receivers(all: &[Listening], pipeline: &Pipeline, now: Timestamp) -> Vec<Receiver> {
    let beside = |listening: &Listening| Receiver {
        listening: listening.clone(),
        count: pipeline.counters(listening.name.name()).read(now),
    };
    all.iter().map(beside).collect()
}
