//! PromQL with the semantics of Prometheus 3.14: text → tree → check → answer.

pub mod functions;
pub mod tree;
