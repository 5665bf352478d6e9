//! Why the demo shop could not start.

use std::io;

use opentelemetry_otlp::ExporterBuildError;

/// Why the demo shop could not start.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The OTLP endpoint is not a URL that gRPC can use.
    #[error("{endpoint:?} is not an OTLP/gRPC endpoint")]
    Endpoint {
        /// The endpoint as it was given.
        endpoint: String,
        /// What gRPC says about it.
        source: tonic::transport::Error,
    },
    /// The request rate is negative or not a number.
    #[error("the request rate must be a number from 0 up, not {0}")]
    Rate(f64),
    /// An OTLP exporter refused its configuration.
    #[error("cannot build an OTLP exporter")]
    Exporter(#[from] ExporterBuildError),
    /// A service found no port to listen on.
    #[error("cannot open a port for {service}")]
    Port {
        /// The service that wanted the port.
        service: &'static str,
        /// What the system says.
        source: io::Error,
    },
    /// The order database could not be opened.
    #[error("cannot open the order database")]
    Database(#[from] rusqlite::Error),
    /// The HTTP client could not be built.
    #[error("cannot build the HTTP client")]
    Client(#[from] reqwest::Error),
}
