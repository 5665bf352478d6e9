//! Expositions and remote write against the cases of upstream's own tests, as tables, and against random bytes.
//!
//! Conformance data is read in place from `$WATCHGLASS_CONFORMANCE`; without it only our own cases run.

#![cfg(test)]

mod corpus;
mod format;
mod labels;
mod lint;
mod messages;
mod open_metrics;
mod prometheus;
mod protobuf;
mod round_trip;
mod scramble;
mod shown;
mod write;

use std::path::PathBuf;

/// A folder of conformance data, if there is any.
fn conformance(folder: &str) -> Option<PathBuf> {
    let Some(root) = std::env::var_os("WATCHGLASS_CONFORMANCE") else {
        println!("skipped exposition/{folder}: WATCHGLASS_CONFORMANCE names no folder");
        return None;
    };
    Some(PathBuf::from(root).join(folder))
}
