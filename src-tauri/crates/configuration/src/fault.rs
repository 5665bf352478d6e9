//! What is wrong with a file: each fault with the place where it stands.

use std::cell::RefCell;
use std::fmt;
use std::path::{Path, PathBuf};

/// A place in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Place {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
}

/// One fault, in upstream's words where they are known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Where.
    pub place: Place,
    /// What.
    pub message: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.place.line, self.message)
    }
}

/// All that is wrong with a file, by place; never empty.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct Faults(Vec<Fault>);

impl Faults {
    /// The faults, by place.
    pub fn iter(&self) -> impl Iterator<Item = &Fault> {
        self.0.iter()
    }

    /// The first.
    pub fn first(&self) -> &Fault {
        self.0.first().expect("faults are made of at least one")
    }
}

impl From<Fault> for Faults {
    fn from(fault: Fault) -> Self {
        Self(vec![fault])
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, fault) in self.0.iter().enumerate() {
            let separator = if place == 0 { "" } else { "\n" };
            write!(f, "{separator}{fault}")?;
        }
        Ok(())
    }
}

/// What is known while a file is read: where it lies, and what has been found wrong. Reading goes on after a fault, so
/// that all are told at once.
#[derive(Debug, Default)]
pub(crate) struct Reading {
    folder: PathBuf,
    faults: RefCell<Vec<Fault>>,
}

impl Reading {
    /// The reading of a file in this folder.
    pub(crate) fn within(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), faults: RefCell::default() }
    }

    pub(crate) fn fault(&self, place: Place, message: impl Into<String>) {
        let fault = Fault { place, message: message.into() };
        let mut faults = self.faults.borrow_mut();
        // A field that two checks read says once that it cannot be read.
        if !faults.contains(&fault) {
            faults.push(fault);
        }
    }

    /// A path as the file means it: from the folder where the file lies.
    pub(crate) fn path(&self, text: &str) -> PathBuf {
        self.folder.join(text)
    }

    /// The value, if nothing was wrong.
    pub(crate) fn verdict<T>(self, value: T) -> Result<T, Faults> {
        let mut faults = self.faults.into_inner();
        if faults.is_empty() {
            return Ok(value);
        }
        faults.sort_by_key(|fault| fault.place);
        Err(Faults(faults))
    }
}
