//! What senders do wrong, as the receivers saw it, and which ports were taken.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;

use tokio::sync::watch;
use watchglass_ingest as ingest;
use watchglass_ingest::Kind;
use watchglass_model::Timestamp;

use crate::receivers::{Listening, ReceiverState};

/// The kind of a port that the tool has which Watchglass stands in for: no fault, since both may run side by side.
pub const STANDARD_PORT_TAKEN: &str = "standard_port_taken";

/// Something that is wrong outside, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// What kind of mistake, such as `grpc_on_http_port`.
    pub kind: &'static str,
    /// On which port.
    pub port: u16,
    /// In a few words.
    pub title: String,
    /// What was seen, last.
    pub detail: String,
    /// What to do, in a sentence.
    pub remedy: String,
    /// A line to paste, or empty.
    pub line: String,
    /// How often.
    pub count: u64,
    /// When it was seen first.
    pub first_seen: Timestamp,
    /// When it was seen last.
    pub last_seen: Timestamp,
}

impl From<&ingest::Mistake> for Mistake {
    fn from(seen: &ingest::Mistake) -> Self {
        Self {
            kind: name_of(seen.kind),
            port: seen.port,
            title: seen.title.clone(),
            detail: seen.detail.clone(),
            remedy: seen.remedy.clone(),
            line: seen.line.clone(),
            count: seen.count,
            first_seen: seen.first_seen,
            last_seen: seen.last_seen,
        }
    }
}

const fn name_of(kind: Kind) -> &'static str {
    match kind {
        Kind::GrpcOnHttpPort => "grpc_on_http_port",
        Kind::HttpOnGrpcPort => "http_on_grpc_port",
        Kind::TlsOnPlainPort => "tls_on_plain_port",
        Kind::WrongPath => "wrong_path",
        Kind::WrongMethod => "wrong_method",
        Kind::JsonAsProtobuf => "json_as_protobuf",
        Kind::ProtobufAsJson => "protobuf_as_json",
        Kind::UnsupportedType => "unsupported_type",
        Kind::UnsupportedEncoding => "unsupported_encoding",
        Kind::UndeclaredEncoding => "undeclared_encoding",
        Kind::Invalid => "invalid",
        Kind::InvalidPush => "invalid_push",
        Kind::LabelExplosion => "label_explosion",
        Kind::TooLarge => "too_large",
        Kind::ForeignHost => "foreign_host",
        Kind::ForeignOrigin => "foreign_origin",
    }
}

/// What is wrong, the newest first: what was seen, and the ports that were taken when the door opened.
pub(crate) fn all(
    seen: &[ingest::Mistake],
    listening: &[Listening],
    started: Timestamp,
) -> Vec<Mistake> {
    let taken = listening.iter().filter(|one| one.state == ReceiverState::Taken);
    let mut all: Vec<Mistake> = seen.iter().map(Mistake::from).collect();
    all.extend(taken.map(|one| port_taken(one, started)));
    all.sort_by_key(|one| (std::cmp::Reverse(one.last_seen), one.kind, one.port));
    all
}

fn port_taken(one: &Listening, started: Timestamp) -> Mistake {
    let port = one.address.parse::<SocketAddr>().map_or(0, |address| address.port());
    let holder = one.taken_by.as_deref().unwrap_or("another process");
    let (kind, remedy) = match one.name.flag() {
        Some(flag) => (
            "port_taken",
            format!(
                "Stop it, or start Watchglass on another port for {} with `{flag} 127.0.0.1:PORT`.",
                one.protocol
            ),
        ),
        None => (
            STANDARD_PORT_TAKEN,
            format!(
                "Nothing, if it is meant to have that port; else stop it and restart Watchglass, which answers as {} there.",
                one.protocol
            ),
        ),
    };
    Mistake {
        kind,
        port,
        title: format!("Port {port} is taken"),
        detail: format!("{holder} listens on {}", one.address),
        remedy,
        line: String::new(),
        count: 1,
        first_seen: started,
        last_seen: started,
    }
}

/// Which mistakes are new or were seen again since one looked last.
#[derive(Debug)]
pub(crate) struct Changes {
    watch: watch::Receiver<Arc<[ingest::Mistake]>>,
    known: BTreeMap<(Kind, u16), u64>,
}

impl Changes {
    pub(crate) fn since_now(watch: watch::Receiver<Arc<[ingest::Mistake]>>) -> Self {
        let mut changes = Self { watch, known: BTreeMap::new() };
        changes.take();
        changes
    }

    /// Waits until one is seen; false when none will ever be.
    pub(crate) async fn wait(&mut self) -> bool {
        self.watch.changed().await.is_ok()
    }

    /// Those that changed since the last call.
    pub(crate) fn take(&mut self) -> Vec<Mistake> {
        let seen = Arc::clone(&self.watch.borrow_and_update());
        let mut changed = Vec::new();
        for one in seen.iter() {
            if self.known.insert((one.kind, one.port), one.count) != Some(one.count) {
                changed.push(Mistake::from(one));
            }
        }
        changed
    }
}
