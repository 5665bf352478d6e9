//! The command line.

use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::address::parse_loopback;
use crate::logging::parse_filter;
use crate::query::Language;
use crate::units::{parse_duration, parse_size};

/// Traces, logs and metrics of the services on this machine, in one program.
///
/// Without a command, opens the window, or serves without one where there is no display. Point any OpenTelemetry SDK at http://127.0.0.1:4318 (HTTP) or
/// http://127.0.0.1:4317 (gRPC), and open http://127.0.0.1:4319 in a browser to see what arrives.
///
/// Exit codes: 0 done, 1 found faults, 2 wrong usage, 3 could not start.
#[derive(Debug, Parser)]
#[expect(clippy::doc_markdown, reason = "it is the help text, in plain text")]
#[command(name = "watchglass", version, args_conflicts_with_subcommands = true)]
pub(crate) struct CommandLine {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    /// The workspace folder; without it, the data folder's own.
    pub(crate) folder: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) common: Common,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Serves without a window until Ctrl-C, and prints one line of JSON when it is ready.
    Serve {
        /// The workspace folder; without it, the data folder's own.
        folder: Option<PathBuf>,
    },
    /// Opens with a demo shop running, so that there is something to see at once.
    Demo {
        /// Serve without a window even if there is a display.
        #[arg(long)]
        headless: bool,
    },
    /// Runs a command with its telemetry pointed here, and records it as one run.
    Run {
        /// The command and its arguments, after `--`.
        #[arg(last = true, required = true, value_name = "CMD")]
        command: Vec<OsString>,
    },
    /// Asks the running Watchglass, or the folder of --data where none runs on it.
    Query {
        #[command(subcommand)]
        language: Language,
    },
    /// Says what is listening, what arrives, what is wrong, and what to do.
    Doctor {
        /// Write JSON instead of text.
        #[arg(long)]
        json: bool,
    },
}

/// What every command understands.
#[derive(Debug, Clone, Args)]
pub(crate) struct Common {
    /// The folder for what is stored [default: the user's own data folder]
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// The main address, for UI and APIs [default: 127.0.0.1:4319]
    #[arg(long, global = true, value_name = "ADDR", value_parser = parse_loopback)]
    pub(crate) listen: Option<SocketAddr>,
    /// Where OTLP over gRPC is received.
    #[arg(long, global = true, value_name = "ADDR", value_parser = parse_loopback, default_value = "127.0.0.1:4317")]
    pub(crate) otlp_grpc: SocketAddr,
    /// Where OTLP over HTTP is received.
    #[arg(long, global = true, value_name = "ADDR", value_parser = parse_loopback, default_value = "127.0.0.1:4318")]
    pub(crate) otlp_http: SocketAddr,
    /// Whether to answer on the ports of the tools that Watchglass stands in for.
    #[arg(long, global = true, value_enum, default_value = "standard")]
    pub(crate) ports: Ports,
    /// How long telemetry is kept.
    #[arg(long, global = true, value_name = "TIME", value_parser = parse_duration, default_value = "7d")]
    pub(crate) retention: Duration,
    /// How much disk it may take.
    #[arg(long, global = true, value_name = "SIZE", value_parser = parse_size, default_value = "2GiB")]
    pub(crate) max_disk: u64,
    /// What to log on standard error: error, warn, info, debug, trace, or a filter as tracing has them.
    #[arg(long, global = true, value_name = "LEVEL", value_parser = parse_filter, env = "WATCHGLASS_LOG", default_value = "warn")]
    pub(crate) log: String,
}

/// Which ports besides its own Watchglass answers on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Ports {
    /// Those of the tools it stands in for, once it speaks their protocols.
    Standard,
    /// None.
    None,
}

/// Where the main address is unless `--listen` says otherwise.
const MAIN: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 4319);

impl Common {
    /// The main address.
    pub(crate) fn main_address(&self) -> SocketAddr {
        self.listen.unwrap_or(MAIN)
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    fn parse(words: &str) -> Result<CommandLine, clap::Error> {
        CommandLine::try_parse_from(std::iter::once("watchglass").chain(words.split_whitespace()))
    }

    #[test]
    fn the_definition_is_sound() {
        CommandLine::command().debug_assert();
    }

    #[test]
    fn defaults_are_those_of_the_contract() {
        let common = parse("").unwrap().common;
        assert_eq!(common.main_address().to_string(), "127.0.0.1:4319");
        assert_eq!(common.otlp_grpc.to_string(), "127.0.0.1:4317");
        assert_eq!(common.otlp_http.to_string(), "127.0.0.1:4318");
        assert_eq!(common.retention, Duration::from_hours(7 * 24));
        assert_eq!(common.max_disk, 2 << 30);
        assert_eq!(common.ports, Ports::Standard);
    }

    #[test]
    fn a_folder_alone_opens_the_window_on_it() {
        let line = parse("work/here --log debug").unwrap();
        assert!(line.command.is_none());
        assert_eq!(line.folder, Some(PathBuf::from("work/here")));
        assert_eq!(line.common.log, "debug");
    }

    #[test]
    fn common_flags_stand_before_or_after_the_command() {
        for words in ["serve --listen 127.0.0.1:0 --data d", "serve f --data d --listen :0"] {
            let line = parse(words).unwrap();
            assert_eq!(line.common.main_address().to_string(), "127.0.0.1:0", "{words}");
            assert!(matches!(line.command, Some(Command::Serve { .. })), "{words}");
        }
    }

    #[test]
    fn a_run_takes_everything_after_the_dashes() {
        let line = parse("run --listen :5 -- node --listen app.js -- x").unwrap();
        let Some(Command::Run { command }) = line.command else { panic!("{line:?}") };
        assert_eq!(command, ["node", "--listen", "app.js", "--", "x"]);
        assert_eq!(line.common.main_address().port(), 5);
        assert!(parse("run").is_err());
        assert!(parse("run node").is_err());
    }

    #[test]
    fn nonsense_is_wrong_usage() {
        for words in [
            "serve --listen 0.0.0.0:4319",
            "serve --retention soon",
            "serve --max-disk much",
            "serve --ports some",
            "doctor --yaml",
        ] {
            assert_eq!(parse(words).unwrap_err().exit_code(), 2, "{words}");
        }
    }
}
