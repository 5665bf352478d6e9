//! One binary for all tests of the whole house.
//! What only the whole house can prove lies in `suite`, `e2e` and `clients`; what it costs, in `bench`.

#![expect(clippy::unwrap_used, reason = "a test says by panicking that it failed")]

mod acknowledged;
mod answers;
mod bad_input;
mod clients;
mod compare;
mod compliance;
mod doctor;
mod everyday;
mod house;
mod instance;
mod kept;
mod kubernetes;
mod load;
mod loki;
mod otlp_json;
mod power_cut;
mod prometheus;
mod prometheus_client;
mod reference;
mod safety;
mod scrape_rig;
mod send_to_seen;
mod start;
mod webdriver;
mod window;
