//! The door: command line, window, headless service. It opens the house and decides nothing that belongs inside.
//!
//! `watchglass` opens the window, `serve` goes without one, `demo` adds a shop to look at, `run` points a command's
//! telemetry here, `query` asks and `doctor` says what is wrong. The only crate that knows Tauri, and only with feature `desktop`.

mod address;
mod arguments;
mod client;
mod clock;
mod demo;
mod doctor;
mod focus;
mod folders;
mod instance;
mod logging;
#[cfg(not(feature = "desktop"))]
mod no_window;
mod outcome;
mod query;
mod run;
mod serve;
mod signals;
mod surfaces;
mod units;
#[cfg(feature = "desktop")]
mod window;

use std::process::ExitCode;

use clap::Parser;

use crate::arguments::{Command, CommandLine, Common};
#[cfg(not(feature = "desktop"))]
use crate::no_window as window;
use crate::outcome::{COULD_NOT_START, Outcome};

fn main() -> ExitCode {
    let line = CommandLine::parse();
    logging::start(&line.common.log);
    let has_window = matches!(line.command, None | Some(Command::Demo { headless: false }));
    match obey(line) {
        Ok(outcome) => outcome.into(),
        Err(error) => {
            let sentence = format!("{error:#}");
            say_why(&sentence);
            if has_window {
                window::show_failure(&sentence);
            }
            ExitCode::from(COULD_NOT_START)
        }
    }
}

fn obey(line: CommandLine) -> anyhow::Result<Outcome> {
    let CommandLine { command, folder, common } = line;
    match command {
        None if !window::is_possible() => serve::in_browser(&common, folder.as_deref(), None),
        None => window::open(&common, folder.as_deref(), None),
        Some(Command::Serve { folder }) => serve::serve(&common, folder.as_deref()),
        Some(Command::Demo { headless }) => open_demo(&common, headless),
        Some(Command::Run { command }) => run::run(&common, &command),
        Some(Command::Query { language }) => query::ask(&common, &language),
        Some(Command::Doctor { json }) => doctor::examine(&common, json),
    }
}

fn open_demo(common: &Common, headless: bool) -> anyhow::Result<Outcome> {
    if let Some(neighbour) = demo::Neighbour::find(common) {
        return neighbour.shop();
    }
    if headless || !window::is_possible() {
        return serve::in_browser(common, None, Some(demo::Traffic));
    }
    window::open(common, None, Some(demo::Traffic))
}

#[expect(clippy::print_stderr, reason = "the one sentence of a command that could not start")]
fn say_why(sentence: &str) {
    eprintln!("watchglass: {sentence}");
}
