//! What can go wrong when the workbench is asked something.

use watchglass_storage::{ReadError, WriteError};

/// Why there is no answer.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Error {
    /// The store could not be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The store could not be written.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// Nothing of that name or id is stored.
    #[error("there is no {kind} {name}")]
    Unknown {
        /// What was looked for.
        kind: &'static str,
        /// Its name or id.
        name: String,
    },
    /// A text that is no duration.
    #[error("`{0}` is no duration: write a number and a unit, such as 250us, 100ms, 1.5s or 2m")]
    Duration(String),
    /// A text that is no condition on attributes.
    #[error("`{0}` is no condition: write k=v, k!=v, k~part or k")]
    Condition(String),
    /// A text that is no cursor.
    #[error("this is no cursor that an earlier answer gave")]
    Cursor,
    /// Who asked went away, or the workbench is closing.
    #[error("the question was withdrawn")]
    Withdrawn,
    /// The thread that should have answered ended with a panic.
    #[error("the question ended with a fault of the program; the log tells more")]
    Broken,
    /// A picture that cannot be drawn.
    #[error("{0}")]
    Picture(String),
    /// A document in the catalog that cannot be read.
    #[error("the stored {kind} {key} cannot be read: {reason}")]
    Document {
        /// What kind of document.
        kind: &'static str,
        /// Its key.
        key: String,
        /// What is wrong with it.
        reason: String,
    },
}

/// An answer or why there is none.
pub type Result<T> = std::result::Result<T, Error>;
