//! What a command comes to, and the code it exits with.

use std::process::ExitCode;

/// What a command that started comes to. One that could not start is an `anyhow::Error`, whose text is a sentence that
/// names what is in the way and what to do; it exits with [`COULD_NOT_START`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It did what it was asked to.
    Done,
    /// It found faults and said them.
    Faults,
    /// What it ran ended with this code.
    Child(u8),
}

/// The code for a command that could not start.
pub(crate) const COULD_NOT_START: u8 = 3;

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Done => Self::SUCCESS,
            Outcome::Faults => Self::from(1),
            Outcome::Child(code) => Self::from(code),
        }
    }
}
