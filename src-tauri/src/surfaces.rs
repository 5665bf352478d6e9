//! The ports: bound before anything is promised, then each served with what belongs on it.

use std::net::{Ipv4Addr, SocketAddr};

use anyhow::bail;
use axum::Router;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use watchglass_ingest::receiver::{grpc, http, loki, remote_write};
use watchglass_ingest::{BindError, Guard, Listeners, Mistakes, Pipeline, Receiver, serve};
use watchglass_workbench::{Listening, ReceiverName, ReceiverState};

use crate::arguments::{Common, Ports as StandardPorts};

/// The ports of the tools that Watchglass stands in for, and what it speaks there.
const STANDARD: [(ReceiverName, &str, u16); 2] =
    [(ReceiverName::Prometheus, "Prometheus API", 9090), (ReceiverName::Loki, "Loki API", 3100)];

/// Addresses under the main one that belong to APIs; everything else is a page, to which links may lead.
const APIS: [&str; 9] =
    ["api", "v1", "prometheus", "loki", "tempo", "jaeger", "alertmanager", "-", "metrics"];

/// The APIs that have ports of their own, at the root.
#[derive(Debug)]
pub(crate) struct Apis {
    pub(crate) prometheus: Router,
    pub(crate) loki: Router,
}

/// Where an instance listens.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Addresses {
    /// UI and APIs.
    pub(crate) listen: SocketAddr,
    /// OTLP over gRPC, if its port was free.
    pub(crate) otlp_grpc: Option<SocketAddr>,
    /// OTLP over HTTP, if its port was free.
    pub(crate) otlp_http: Option<SocketAddr>,
}

/// The ports, bound.
#[derive(Debug)]
pub(crate) struct Ports {
    main: Listeners,
    otlp_grpc: Port,
    otlp_http: Port,
    standard: Vec<StandardPort>,
}

/// A port of a tool that Watchglass stands in for.
#[derive(Debug)]
struct StandardPort {
    name: ReceiverName,
    protocol: &'static str,
    port: Port,
}

/// A port that may be taken without harm.
#[derive(Debug)]
enum Port {
    Bound(Listeners),
    Taken(SocketAddr, Option<String>),
}

impl Ports {
    /// Binds them all. Only the main one must be free.
    pub(crate) async fn bind(common: &Common) -> anyhow::Result<Self> {
        let main = match Listeners::bind(common.main_address()).await {
            Ok(main) => main,
            Err(error @ BindError::Taken { .. }) => {
                bail!("{error}: end that one or choose another port with --listen 127.0.0.1:PORT")
            }
            Err(error) => bail!("{error}: choose another address with --listen 127.0.0.1:PORT"),
        };
        Ok(Self {
            main,
            otlp_grpc: Port::bind(common.otlp_grpc).await,
            otlp_http: Port::bind(common.otlp_http).await,
            standard: match common.ports {
                StandardPorts::Standard => bind_standard().await,
                StandardPorts::None => Vec::new(),
            },
        })
    }

    pub(crate) fn addresses(&self) -> Addresses {
        Addresses {
            listen: self.main.address,
            otlp_grpc: self.otlp_grpc.bound(),
            otlp_http: self.otlp_http.bound(),
        }
    }

    /// The ways in, as they came out.
    pub(crate) fn listening(&self) -> Vec<Listening> {
        let main = Listening {
            name: ReceiverName::Main,
            protocol: "OTLP/HTTP".to_owned(),
            address: self.main.address.to_string(),
            state: ReceiverState::Listening,
            taken_by: None,
        };
        let mut all = vec![
            self.otlp_grpc.listening(ReceiverName::OtlpGrpc, "OTLP/gRPC"),
            self.otlp_http.listening(ReceiverName::OtlpHttp, "OTLP/HTTP"),
            main,
        ];
        all.extend(self.standard.iter().map(|it| it.port.listening(it.name, it.protocol)));
        all
    }

    /// Serves them all until `stop`.
    pub(crate) fn serve(
        self,
        main: &Router,
        apis: &Apis,
        pipeline: &Pipeline,
        mistakes: &Mistakes,
        stop: &CancellationToken,
    ) -> JoinSet<()> {
        let mut serving = JoinSet::new();
        let mut serve_one = |listeners: Listeners, router: Router| {
            serving.spawn(serve(listeners.sockets, router, mistakes.clone(), stop.clone()));
        };
        let receiver = |name: ReceiverName, port| {
            Receiver::new(pipeline.clone(), mistakes.clone(), name.name(), port)
        };
        let port = self.main.address.port();
        let router = main
            .clone()
            .merge(http::routes(receiver(ReceiverName::Main, port)))
            .nest("/prometheus", prometheus_receivers(receiver(ReceiverName::Main, port)))
            .nest("/loki", loki::nested_routes(receiver(ReceiverName::Main, port)));
        let guard = Guard::new(port, mistakes.clone()).with_pages(is_page).with_forms(takes_forms);
        serve_one(self.main, guard.protect(router));
        if let Port::Bound(listeners) = self.otlp_http {
            let port = listeners.address.port();
            let router = http::alone(receiver(ReceiverName::OtlpHttp, port));
            serve_one(listeners, Guard::new(port, mistakes.clone()).protect(router));
        }
        for standard in self.standard {
            let Port::Bound(listeners) = standard.port else { continue };
            let port = listeners.address.port();
            let guard = Guard::new(port, mistakes.clone()).with_forms(|_| true);
            let receiver = receiver(standard.name, port);
            let router = match standard.name {
                ReceiverName::Loki => apis.loki.clone().merge(loki::routes(receiver)),
                _ => apis.prometheus.clone().merge(prometheus_receivers(receiver)),
            };
            serve_one(listeners, guard.protect(router));
        }
        if let Port::Bound(listeners) = self.otlp_grpc {
            let port = listeners.address.port();
            let guard = Guard::new(port, mistakes.clone());
            serve_one(listeners, grpc::alone(receiver(ReceiverName::OtlpGrpc, port), guard));
        }
        serving
    }
}

/// What Prometheus takes in beside scrapes: remote write and OTLP.
fn prometheus_receivers(receiver: Receiver) -> Router {
    remote_write::routes(receiver.clone()).merge(http::prometheus_routes(receiver))
}

async fn bind_standard() -> Vec<StandardPort> {
    let mut bound = Vec::new();
    for (name, protocol, port) in STANDARD {
        let port = Port::bind(SocketAddr::new(Ipv4Addr::LOCALHOST.into(), port)).await;
        bound.push(StandardPort { name, protocol, port });
    }
    bound
}

impl Port {
    async fn bind(address: SocketAddr) -> Self {
        match Listeners::bind(address).await {
            Ok(listeners) => Self::Bound(listeners),
            Err(BindError::Taken { address, holder }) => Self::Taken(address, holder),
            Err(BindError::Refused { address, source }) => {
                Self::Taken(address, Some(source.to_string()))
            }
        }
    }

    fn bound(&self) -> Option<SocketAddr> {
        match self {
            Self::Bound(listeners) => Some(listeners.address),
            Self::Taken(..) => None,
        }
    }

    fn listening(&self, name: ReceiverName, protocol: &str) -> Listening {
        let (address, state, taken_by) = match self {
            Self::Bound(listeners) => (listeners.address, ReceiverState::Listening, None),
            Self::Taken(address, holder) => (*address, ReceiverState::Taken, holder.clone()),
        };
        Listening {
            name,
            protocol: protocol.to_owned(),
            address: address.to_string(),
            state,
            taken_by,
        }
    }
}

/// Whether clients of the API at a path send forms.
fn takes_forms(path: &str) -> bool {
    path.starts_with("/prometheus/") || path.starts_with("/loki/") || path == "/-/reload"
}

fn is_page(path: &str) -> bool {
    let first = path.trim_start_matches('/').split('/').next().unwrap_or_default();
    !APIS.contains(&first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn views_are_pages_and_routes_are_not() {
        for path in ["/", "/traces/4bf92f", "/apiary", "/assets/index.js"] {
            assert!(is_page(path), "{path}");
        }
        for path in
            ["/api/status", "/v1/traces", "/-/window", "/metrics", "/prometheus/api/v1/query"]
        {
            assert!(!is_page(path), "{path}");
        }
    }
}
