//! The receivers over real sockets, with tonic's client for gRPC and bare TCP for HTTP.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop here")]

mod bind;
mod cluster;
mod exports;
mod grpc;
mod guard;
mod http;
mod limits;
mod live;
mod loki;
mod mistakes;
mod pushgateway;
mod scene;
mod scrape;
mod scrape_clients;
mod scrape_discovery;
mod scrape_rig;
mod shutdown;
mod translate;
