//! The ports of the tools that Watchglass stands in for: one table of what is served where.

use std::net::{Ipv4Addr, SocketAddr};

use axum::Router;
use watchglass_ingest::receiver::{http, loki, pushgateway, remote_write};
use watchglass_ingest::{Listeners, Receiver};
use watchglass_workbench::{Listening, ReceiverName};

use super::Behind;
use super::port::Port;

/// A tool's port, and what is served there.
#[derive(Debug)]
struct Standard {
    name: ReceiverName,
    /// As people call it.
    protocol: &'static str,
    port: u16,
    router: fn(&Behind, Receiver) -> Router,
    takes: Takes,
}

/// What the clients of an API send besides JSON and protobuf.
#[derive(Debug, Clone, Copy)]
enum Takes {
    /// Forms, and requests without a body.
    Forms,
    /// Bodies of any content type.
    Bodies,
}

const STANDARD: [Standard; 3] = [
    Standard {
        name: ReceiverName::Prometheus,
        protocol: "Prometheus API",
        port: 9090,
        router: prometheus,
        takes: Takes::Forms,
    },
    Standard {
        name: ReceiverName::Pushgateway,
        protocol: "Pushgateway",
        port: 9091,
        router: pushgateway,
        takes: Takes::Bodies,
    },
    Standard {
        name: ReceiverName::Loki,
        protocol: "Loki API",
        port: 3100,
        router: loki,
        takes: Takes::Forms,
    },
];

/// The Prometheus API with what it takes in.
fn prometheus(behind: &Behind, receiver: Receiver) -> Router {
    behind.prometheus.clone().merge(prometheus_receivers(receiver))
}

/// What Prometheus takes in beside scrapes: remote write and OTLP.
pub(super) fn prometheus_receivers(receiver: Receiver) -> Router {
    remote_write::routes(receiver.clone()).merge(http::prometheus_routes(receiver))
}

/// The Pushgateway API.
pub(super) fn pushgateway(behind: &Behind, receiver: Receiver) -> Router {
    pushgateway::routes(receiver, behind.gateway.clone(), env!("CARGO_PKG_VERSION"))
}

/// The Loki API with what it takes in.
fn loki(behind: &Behind, receiver: Receiver) -> Router {
    behind.loki.clone().merge(loki::routes(receiver))
}

/// A standard port, bound or taken.
#[derive(Debug)]
pub(super) struct StandardPort {
    standard: &'static Standard,
    port: Port,
}

impl StandardPort {
    /// Binds them all.
    pub(super) async fn bind_all() -> Vec<Self> {
        let mut bound = Vec::new();
        for standard in &STANDARD {
            let address = SocketAddr::new(Ipv4Addr::LOCALHOST.into(), standard.port);
            let port = Port::of(Listeners::bind(address).await);
            bound.push(Self { standard, port });
        }
        bound
    }

    pub(super) fn listening(&self) -> Listening {
        self.port.listening(self.standard.name, self.standard.protocol)
    }

    /// The sockets and what is served on them, if the port is bound.
    pub(super) fn open(self, behind: &Behind) -> Option<(Listeners, Router)> {
        let Port::Bound(listeners) = self.port else { return None };
        let port = listeners.address.port();
        let guard = behind.guard(port);
        let guard = match self.standard.takes {
            Takes::Forms => guard.with_forms(|_| true),
            Takes::Bodies => guard.with_bodies(|_| true),
        };
        let router = (self.standard.router)(behind, behind.receiver(self.standard.name, port));
        Some((listeners, guard.protect(router)))
    }
}
