//! The text formats: Prometheus 0.0.4 and `OpenMetrics` 1.0, as lenient as Prometheus 3 reads them.
//!
//! Tokens and states are those of upstream's lexers (`model/textparse/{promlex,openmetricslex}.l`), for its messages
//! quote the token at which reading stopped.

mod created;
mod lexer;
mod line;
mod open_metrics;
mod prometheus;
mod read;

pub(crate) use lexer::Dialect;
pub(crate) use line::{Item, Lines};
pub(crate) use read::read;
