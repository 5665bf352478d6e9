//! The built program as a shell sees it: lines, exit codes, signals.

#![expect(clippy::unwrap_used, reason = "a test says by panicking that it failed")]

mod demo;
mod program;
mod query;
mod run;
mod serve;
mod start;
