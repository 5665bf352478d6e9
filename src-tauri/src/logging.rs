//! The log on standard error.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::time::ChronoLocal;

/// The wall clock of this machine, with its distance from UTC so that logs of two machines can be compared.
const TIME: &str = "%Y-%m-%d %H:%M:%S%.3f %:z";

/// Reads `--log`: a level, or a filter as `RUST_LOG` has them.
pub(crate) fn parse_filter(text: &str) -> Result<String, String> {
    let is_level = ["off", "error", "warn", "info", "debug", "trace"].contains(&text);
    let is_filter = text.contains('=') && EnvFilter::try_new(text).is_ok();
    if is_level || is_filter {
        return Ok(text.to_owned());
    }
    Err(format!("`{text}` is no level: write error, warn, info, debug, trace or off"))
}

/// Starts the log; the filter was read by [`parse_filter`].
pub(crate) fn start(filter: &str) {
    let filter = EnvFilter::try_new(filter).unwrap_or_default();
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_timer(ChronoLocal::new(TIME.to_owned()))
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .init();
}
