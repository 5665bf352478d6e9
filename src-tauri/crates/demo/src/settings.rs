//! What the caller may choose about the demo shop.

use std::time::Duration;

/// How the demo shop runs and where it sends its telemetry.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The OTLP/gRPC endpoint, as a URL with the scheme `http`.
    pub otlp_grpc: String,
    /// How many requests the traffic generator begins in a second; 0 means no traffic.
    pub requests_per_second: f64,
    /// The time between two exports of metrics.
    pub metric_interval: Duration,
    /// The longest time a finished span or log record waits for its export.
    pub span_delay: Duration,
    /// Makes carts and faults the same in every run; without it each run is different.
    pub seed: Option<u64>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            otlp_grpc: "http://127.0.0.1:4317".to_owned(),
            requests_per_second: 2.0,
            metric_interval: Duration::from_secs(5),
            span_delay: Duration::from_millis(200),
            seed: None,
        }
    }
}
