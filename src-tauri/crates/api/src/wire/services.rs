//! Services and their operations.

use serde::Serialize;
use utoipa::ToSchema;
use watchglass_workbench as workbench;

use super::ids::Nanos;

/// The services that sent something, by name.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Services {
    pub(crate) services: Vec<Service>,
}

/// What a service did in the range. Requests are its entry spans (server, consumer, or without a parent), or all its spans where there is none.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Service {
    pub(crate) name: String,
    /// `telemetry.sdk.language`, or empty.
    pub(crate) language: String,
    pub(crate) spans: u64,
    pub(crate) requests: u64,
    /// Requests per second.
    pub(crate) rate: f64,
    /// Failed requests.
    pub(crate) errors: u64,
    pub(crate) error_ratio: f64,
    /// Nanoseconds of requests.
    pub(crate) p50: u64,
    pub(crate) p95: u64,
    pub(crate) p99: u64,
    pub(crate) log_records: u64,
    pub(crate) log_errors: u64,
    pub(crate) first_seen: Nanos,
    pub(crate) last_seen: Nanos,
    /// Requests in 30 equal parts of the range.
    pub(crate) sparkline: Vec<u64>,
    /// Failed requests in 30 equal parts of the range.
    pub(crate) error_sparkline: Vec<u64>,
}

/// The operations of a service, the most frequent first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Operations {
    pub(crate) operations: Vec<Operation>,
}

/// What a service did under one name.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Operation {
    pub(crate) name: String,
    pub(crate) kind: String,
    pub(crate) spans: u64,
    pub(crate) errors: u64,
    /// Nanoseconds.
    pub(crate) p50: u64,
    pub(crate) p95: u64,
    pub(crate) p99: u64,
}

impl From<workbench::Service> for Service {
    fn from(service: workbench::Service) -> Self {
        let [p50, p95, p99] = service.percentiles;
        Self {
            name: service.name,
            language: service.language,
            spans: service.spans,
            requests: service.requests,
            rate: service.rate,
            errors: service.errors,
            error_ratio: service.error_ratio,
            p50,
            p95,
            p99,
            log_records: service.log_records,
            log_errors: service.log_errors,
            first_seen: service.first_seen.into(),
            last_seen: service.last_seen.into(),
            sparkline: service.sparkline,
            error_sparkline: service.error_sparkline,
        }
    }
}

impl From<workbench::Operation> for Operation {
    fn from(operation: workbench::Operation) -> Self {
        let [p50, p95, p99] = operation.percentiles;
        Self {
            name: operation.name,
            kind: operation.kind.name().to_owned(),
            spans: operation.spans,
            errors: operation.errors,
            p50,
            p95,
            p99,
        }
    }
}
