//! The shop from the outside: real HTTP in, real OTLP/gRPC out. Only the waiting is not real.

mod faults;
mod metrics;
mod receiver;
mod shop;
mod traces;
mod visit;
