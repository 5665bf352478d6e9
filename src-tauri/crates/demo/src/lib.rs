//! The demo shop: six small services that buy, sell and fail, so that a fresh install has something to show.
//!
//! [`start`] opens the services on free loopback ports and lets traffic flow; [`Shop::stop`] ends it and
//! flushes what is still in memory. The services talk to each other over real HTTP with W3C trace context,
//! and each has its own OpenTelemetry providers, as if it were a process of its own.
//!
//! A checkout goes from `traffic-generator` to `order-service`, which writes the order into SQLite, holds the
//! stock at `inventory-service`, charges `payment-service` and queues a receipt for `receipt-service`.
//! `sample-app` has three routes that have nothing to do with the shop.
//!
//! Two faults are built in, for the user to find: orders of three or more smartphones are slow in the
//! inventory, and orders of two or more laptops often deadlock in the order database (`faults`).
//!
//! Absent on purpose: every other Watchglass crate, since a demo that took a short cut would prove nothing;
//! global OpenTelemetry providers, since six services share this process; output on the terminal.

mod catalog;
mod client;
mod error;
mod exemplars;
mod exporter;
mod faults;
mod metrics;
mod orders;
mod pauses;
mod propagation;
mod server;
mod services;
mod settings;
mod shop;
mod telemetry;
#[cfg(test)]
mod tests;

pub use error::Error;
pub use settings::Settings;
pub use shop::{Shop, start};
