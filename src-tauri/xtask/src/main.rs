//! `cargo xtask`: sets up whatever is missing, builds, starts and tests. Needs Rust, Node and Python, nothing else.
//!
//! `run [--dev] [ARGS]` starts the program with ARGS, `test` runs every test there is, `bench` measures, `reference`
//! brings what both compare with, `openapi` writes down the routes of the API and the UI's types from them. It knows no
//! crate of the house: it only calls cargo, npm and pip.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a tool of the terminal")]

mod bench;
mod clients;
mod openapi;
mod packages;
mod reference;
mod shell;
mod sources;
mod start;
mod steps;
mod test;
mod web;

use std::process::ExitCode;

const USAGE: &str =
    "cargo xtask run [--dev] [ARGS]   build everything and start the program with ARGS
cargo xtask test                 run every test there is
cargo xtask bench [NAMES]        measure a release build: store, series, logs, intake, start, metrics
cargo xtask reference            bring the real Prometheus that tests compare with, and say where it lies
cargo xtask openapi              write ui/src/wire anew from the routes of the API";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let (command, rest) = match words.split_first() {
        Some((command, rest)) => (command.as_str(), rest),
        None => ("", &[][..]),
    };
    let done = match command {
        "run" => start::start(rest),
        "test" => test::everything(),
        "bench" => bench::bench(rest),
        "reference" => reference::bring(),
        "openapi" => openapi::write(),
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}
