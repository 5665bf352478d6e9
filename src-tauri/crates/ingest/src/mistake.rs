//! Common mistakes of senders, as listeners see them: each kind once per port, with how often and what to do.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;

use parking_lot::Mutex;
use tokio::sync::watch;
use watchglass_model::Timestamp;

use crate::remedy::advise;

/// What went wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// gRPC came to the port for HTTP.
    GrpcOnHttpPort,
    /// Plain HTTP came to the port for gRPC.
    HttpOnGrpcPort,
    /// TLS came to a port without.
    TlsOnPlainPort,
    /// A path that does not exist.
    WrongPath,
    /// Not a POST.
    WrongMethod,
    /// JSON that is said to be protobuf.
    JsonAsProtobuf,
    /// Protobuf that is said to be JSON.
    ProtobufAsJson,
    /// A content type that is neither.
    UnsupportedType,
    /// A compression that is not known.
    UnsupportedEncoding,
    /// Compressed bytes that are said to be plain.
    UndeclaredEncoding,
    /// A request that is not OTLP.
    Invalid,
    /// A push to Loki's path of which something was not kept.
    InvalidPush,
    /// More streams than labels should make.
    LabelExplosion,
    /// A request beyond the limit.
    TooLarge,
    /// A `Host` that is not this machine's loopback.
    ForeignHost,
    /// A web page of another origin.
    ForeignOrigin,
}

/// A mistake and its remedy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// What went wrong.
    pub kind: Kind,
    /// At which port.
    pub port: u16,
    /// How often.
    pub count: u64,
    /// When first.
    pub first_seen: Timestamp,
    /// When last.
    pub last_seen: Timestamp,
    /// A few words.
    pub title: String,
    /// What came, last.
    pub detail: String,
    /// What to do, in a sentence.
    pub remedy: String,
    /// A line to paste.
    pub line: String,
}

/// Where senders should send, for the remedies.
#[derive(Debug, Clone, Copy, Default)]
pub struct Endpoints {
    /// OTLP over gRPC.
    pub grpc: Option<SocketAddr>,
    /// OTLP over HTTP.
    pub http: Option<SocketAddr>,
}

/// The mistakes seen so far; clones share them.
#[derive(Debug, Clone)]
pub struct Mistakes {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    endpoints: Endpoints,
    seen: Mutex<BTreeMap<(Kind, u16), Mistake>>,
    shown: watch::Sender<Arc<[Mistake]>>,
}

/// Longest piece of a request that is repeated in a detail.
const LONGEST: usize = 200;

impl Mistakes {
    /// None seen yet.
    pub fn new(endpoints: Endpoints) -> Self {
        Self {
            shared: Arc::new(Shared {
                endpoints,
                seen: Mutex::default(),
                shown: watch::Sender::new(Arc::new([])),
            }),
        }
    }

    /// All mistakes, now and whenever one is seen.
    pub fn watch(&self) -> watch::Receiver<Arc<[Mistake]>> {
        self.shared.shown.subscribe()
    }

    /// All mistakes, now.
    pub fn all(&self) -> Arc<[Mistake]> {
        Arc::clone(&self.shared.shown.borrow())
    }

    /// Notes a mistake and gives the sentence that the sender should be told. `seen` is the piece of the request
    /// that shows it: a path, a header, an address.
    pub fn note(&self, kind: Kind, port: u16, seen: &str, now: Timestamp) -> String {
        let seen = printable(seen);
        let advice = advise(kind, &seen, port, self.shared.endpoints);
        let sentence = format!("{}: {}", advice.detail, advice.remedy);
        let mut all = self.shared.seen.lock();
        let known = all.entry((kind, port)).or_insert_with(|| Mistake {
            kind,
            port,
            count: 0,
            first_seen: now,
            last_seen: now,
            title: String::new(),
            detail: String::new(),
            remedy: String::new(),
            line: String::new(),
        });
        known.count += 1;
        known.last_seen = known.last_seen.max(now);
        advice.title.clone_into(&mut known.title);
        known.detail = advice.detail;
        known.remedy = advice.remedy;
        known.line = advice.line;
        self.shared.shown.send_replace(all.values().cloned().collect());
        sentence
    }
}

fn printable(text: &str) -> String {
    text.chars()
        .take(LONGEST)
        .map(|letter| if letter.is_control() { ' ' } else { letter })
        .collect()
}
