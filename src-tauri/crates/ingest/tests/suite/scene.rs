//! A running set of receivers on free ports, and a bare HTTP client.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use watchglass_ingest::{
    Endpoints, Guard, Kind, Limits, Listeners, Mistake, Mistakes, Pipeline, Receiver,
    TranslationSettings, receiver, serve,
};
use watchglass_storage::{MemorySeries, MemoryStore, Writer};

pub(crate) struct Scene {
    pub(crate) store: Arc<MemoryStore>,
    pub(crate) pipeline: Pipeline,
    pub(crate) mistakes: Mistakes,
    pub(crate) grpc: SocketAddr,
    pub(crate) http: SocketAddr,
    pub(crate) stop: CancellationToken,
    pub(crate) tasks: Vec<JoinHandle<()>>,
}

impl Scene {
    pub(crate) async fn new() -> Self {
        Self::with_limits(Limits::default()).await
    }

    pub(crate) async fn with_limits(limits: Limits) -> Self {
        let store = Arc::new(MemoryStore::new());
        Self::with_writer(Arc::clone(&store), store, limits).await
    }

    pub(crate) async fn with_writer(
        store: Arc<MemoryStore>,
        writer: Arc<dyn Writer>,
        limits: Limits,
    ) -> Self {
        let free = SocketAddr::from(([127, 0, 0, 1], 0));
        let grpc = Listeners::bind(free).await.unwrap();
        let http = Listeners::bind(free).await.unwrap();
        let mistakes =
            Mistakes::new(Endpoints { grpc: Some(grpc.address), http: Some(http.address) });
        let series = Arc::new(MemorySeries::new(0));
        let pipeline = Pipeline::new(writer, series, TranslationSettings::default(), limits);
        let stop = CancellationToken::new();
        let receiver = |name, address: SocketAddr| {
            Receiver::new(pipeline.clone(), mistakes.clone(), name, address.port())
        };
        let guard = |address: SocketAddr| Guard::new(address.port(), mistakes.clone());
        let http_router =
            guard(http.address).protect(receiver::http::alone(receiver("otlp-http", http.address)));
        let grpc_router =
            receiver::grpc::alone(receiver("otlp-grpc", grpc.address), guard(grpc.address));
        let tasks = [(grpc.sockets, grpc_router), (http.sockets, http_router)]
            .map(|(sockets, router)| {
                tokio::spawn(serve(sockets, router, mistakes.clone(), stop.clone()))
            })
            .into();
        Self { store, mistakes, grpc: grpc.address, http: http.address, pipeline, stop, tasks }
    }

    /// The mistake of a kind, which must have been seen.
    pub(crate) fn mistake(&self, kind: Kind) -> Mistake {
        let all = self.mistakes.all();
        let found = all.iter().find(|one| one.kind == kind);
        found.unwrap_or_else(|| panic!("no {kind:?} in {all:?}")).clone()
    }

    /// Posts a body to the HTTP port.
    pub(crate) async fn post(&self, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Reply {
        request(self.http, "POST", path, headers, body).await
    }
}

/// An HTTP answer.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Vec<u8>,
}

impl Reply {
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }
}

/// Sends a request of HTTP/1.1 on a new connection. `Host` is the address unless it is among the headers.
pub(crate) async fn request(
    address: SocketAddr,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> Reply {
    let (address_text, length) = (address.to_string(), body.len().to_string());
    let mut lines = vec![format!("{method} {path} HTTP/1.1")];
    let own = [
        ("host", address_text.as_str()),
        ("connection", "close"),
        ("content-length", length.as_str()),
    ];
    let is_given = |name: &str| headers.iter().any(|(given, _)| *given == name);
    let own = own.into_iter().filter(|(name, _)| !is_given(name));
    lines
        .extend(own.chain(headers.iter().copied()).map(|(name, value)| format!("{name}: {value}")));
    let head = lines.join("\r\n") + "\r\n\r\n";
    exchange(address, &[head.as_bytes(), body].concat()).await
}

/// Sends bytes, reads to the end, and takes what came as an HTTP answer.
pub(crate) async fn exchange(address: SocketAddr, bytes: &[u8]) -> Reply {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(bytes).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    let end = answer
        .windows(4)
        .position(|four| four == b"\r\n\r\n")
        .unwrap_or_else(|| panic!("not HTTP: {:?}", String::from_utf8_lossy(&answer)));
    let head = String::from_utf8(answer[..end].to_vec()).unwrap();
    let mut lines = head.lines();
    let status = lines.next().unwrap().split(' ').nth(1).unwrap();
    Reply {
        status: status.parse().unwrap(),
        headers: lines
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
            .collect(),
        body: answer[end + 4..].to_vec(),
    }
}

/// Waits until something holds that another task brings about.
pub(crate) async fn until(mut holds: impl FnMut() -> bool) {
    let deadline = tokio::time::Instant::now() + std::time::Duration::from_secs(10);
    while !holds() {
        assert!(tokio::time::Instant::now() < deadline, "waited in vain");
        tokio::task::yield_now().await;
    }
}
