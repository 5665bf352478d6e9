//! The services that sent something, and the operations of one.

mod operations;
mod overview;
mod quantiles;

pub use operations::{Operation, operations};
pub use overview::{BUCKETS, Service, services};
