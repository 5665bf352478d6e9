//! The store on a real disk: it must answer like the store in memory, before and after every kind of restart.

#![expect(clippy::unwrap_used, reason = "a test says by panicking that it failed")]

mod damage;
#[path = "../../../otlp/tests/suite/dice.rs"]
#[expect(dead_code, reason = "this suite needs a part of the dice of otlp's tests")]
mod dice;
mod limits;
mod read_only;
#[path = "../../../otlp/tests/suite/requests.rs"]
mod requests;
mod restart;
mod series;
mod streams;
mod workload;
