//! Metrics beside a real Prometheus: the same data written to both by remote write, the same questions asked of both.
//! `cargo xtask bench metrics` brings the Prometheus, builds Watchglass and runs this.

mod answers;
mod connection;
mod costs;
mod queries;
mod remote_write;
mod server;
mod shapes;

/// What samples cost.
pub(crate) fn costs() {
    if let Some(prometheus) = server::prometheus() {
        costs::table(&prometheus);
    }
}

/// How fast questions are answered.
pub(crate) fn queries() {
    if let Some(prometheus) = server::prometheus() {
        queries::table(&prometheus);
    }
}
