//! The ports: bound before anything is promised, then each served with what belongs on it.

mod port;
mod standard;

use std::net::SocketAddr;

use anyhow::bail;
use axum::Router;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use watchglass_ingest::receiver::{grpc, http, loki, statsd};
use watchglass_ingest::{
    BindError, Gateway, Guard, LineListeners, Listeners, Mistakes, Pipeline, Receiver, Statsd,
    serve,
};
use watchglass_workbench::{Listening, ReceiverName, ReceiverState};

use crate::arguments::{Common, Ports as StandardPorts};
use port::Port;
use standard::StandardPort;

/// Addresses under the main one that belong to APIs; everything else is a page, to which links may lead.
const APIS: [&str; 10] = [
    "api",
    "v1",
    "prometheus",
    "pushgateway",
    "loki",
    "tempo",
    "jaeger",
    "alertmanager",
    "-",
    "metrics",
];

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
    /// None where it is not wanted.
    statsd: Option<Port<LineListeners>>,
}

/// What is behind the ports.
#[derive(Debug)]
pub(crate) struct Behind {
    /// Everything on the main address but what receives.
    pub(crate) main: Router,
    /// The Prometheus API at the root.
    pub(crate) prometheus: Router,
    /// The Loki API at the root.
    pub(crate) loki: Router,
    /// Where telemetry goes.
    pub(crate) pipeline: Pipeline,
    /// Where mistakes are noted.
    pub(crate) mistakes: Mistakes,
    /// What jobs push.
    pub(crate) gateway: Gateway,
    /// What comes over StatsD.
    pub(crate) statsd: Statsd,
}

impl Behind {
    fn receiver(&self, name: ReceiverName, port: u16) -> Receiver {
        Receiver::new(self.pipeline.clone(), self.mistakes.clone(), name.name(), port)
    }

    fn guard(&self, port: u16) -> Guard {
        Guard::new(port, self.mistakes.clone())
    }

    /// Everything on the main address: each API that receives stands there under the name of its tool too.
    fn main_router(&self, port: u16) -> Router {
        let receiver = |name| self.receiver(name, port);
        let router = self
            .main
            .clone()
            .merge(http::routes(receiver(ReceiverName::Main)))
            .nest("/prometheus", standard::prometheus_receivers(receiver(ReceiverName::Main)))
            .nest("/loki", loki::nested_routes(receiver(ReceiverName::Main)))
            .nest("/pushgateway", standard::pushgateway(self, receiver(ReceiverName::Main)));
        let guard = self.guard(port).with_pages(is_page).with_forms(takes_forms);
        guard.with_bodies(takes_bodies).protect(router)
    }
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
            otlp_grpc: Port::of(Listeners::bind(common.otlp_grpc).await),
            otlp_http: Port::of(Listeners::bind(common.otlp_http).await),
            standard: match common.ports {
                StandardPorts::Standard => StandardPort::bind_all().await,
                StandardPorts::None => Vec::new(),
            },
            statsd: match common.statsd_address() {
                Some(address) => Some(Port::of(LineListeners::bind(address).await)),
                None => None,
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
        all.extend(self.standard.iter().map(StandardPort::listening));
        let statsd = self.statsd.iter();
        all.extend(statsd.map(|port| port.listening(ReceiverName::Statsd, "StatsD")));
        all
    }

    /// Serves them all until `stop`.
    pub(crate) fn serve(self, behind: &Behind, stop: &CancellationToken) -> JoinSet<()> {
        let mut serving = JoinSet::new();
        let mut serve_one = |listeners: Listeners, router: Router| {
            let (mistakes, stop) = (behind.mistakes.clone(), stop.clone());
            serving.spawn(serve(listeners.sockets, router, mistakes, stop));
        };
        let router = behind.main_router(self.main.address.port());
        serve_one(self.main, router);
        if let Port::Bound(listeners) = self.otlp_http {
            let port = listeners.address.port();
            let router = http::alone(behind.receiver(ReceiverName::OtlpHttp, port));
            serve_one(listeners, behind.guard(port).protect(router));
        }
        if let Port::Bound(listeners) = self.otlp_grpc {
            let port = listeners.address.port();
            let receiver = behind.receiver(ReceiverName::OtlpGrpc, port);
            serve_one(listeners, grpc::alone(receiver, behind.guard(port)));
        }
        for standard in self.standard {
            if let Some((listeners, router)) = standard.open(behind) {
                serve_one(listeners, router);
            }
        }
        if let Some(Port::Bound(listeners)) = self.statsd {
            let receiver = behind.receiver(ReceiverName::Statsd, listeners.address.port());
            let (held, stop) = (behind.statsd.clone(), stop.clone());
            serving.spawn(statsd::serve(listeners, receiver, held, stop));
        }
        serving
    }
}

/// Whether clients of the API at a path send forms.
fn takes_forms(path: &str) -> bool {
    path.starts_with("/prometheus/") || path.starts_with("/loki/") || path == "/-/reload"
}

/// Whether the API at a path takes bodies of any content type.
fn takes_bodies(path: &str) -> bool {
    path.starts_with("/pushgateway/")
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
        for path in [
            "/api/status",
            "/v1/traces",
            "/-/window",
            "/metrics",
            "/prometheus/api/v1/query",
            "/pushgateway/metrics",
        ] {
            assert!(!is_page(path), "{path}");
        }
    }
}
