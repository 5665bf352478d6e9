//! Runs: what `watchglass run -- CMD` started, kept as documents in the catalog.

use serde::{Deserialize, Serialize};
use watchglass_model::Timestamp;
use watchglass_storage::Catalog;

use crate::error::{Error, Result};

const KIND: &str = "runs";

/// One command that was run and watched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// Sorts by start.
    pub id: String,
    /// What was run.
    pub run: NewRun,
    /// When it began.
    pub start: Timestamp,
    /// When it ended; none while it runs.
    pub end: Option<Timestamp>,
    /// How it ended; none where it did not exit by itself.
    pub exit_code: Option<i32>,
}

/// A command that is about to be run.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NewRun {
    /// The program and its arguments.
    pub command: Vec<String>,
    /// Where it runs.
    pub directory: String,
    /// The `service.name` it is given.
    pub service: String,
    /// The commit checked out there, or empty.
    pub git_commit: String,
    /// Whether files differ from that commit.
    pub git_dirty: bool,
}

/// All runs, the newest first.
pub fn runs(catalog: &dyn Catalog) -> Result<Vec<Run>> {
    let documents = catalog.list(KIND)?.into_iter().rev();
    documents.map(|(id, text)| read(id, &text)).collect()
}

/// Notes that a run begins.
pub fn begin_run(catalog: &dyn Catalog, run: NewRun, now: Timestamp) -> Result<Run> {
    let known = catalog.list(KIND)?;
    let mut id = now.0;
    while known.iter().any(|(key, _)| *key == key_of(id)) {
        id += 1;
    }
    let run = Run { id: key_of(id), run, start: now, end: None, exit_code: None };
    write(catalog, &run)?;
    Ok(run)
}

/// Notes that a run ended. A run that ended before keeps its first end.
pub fn end_run(
    catalog: &dyn Catalog,
    id: &str,
    exit_code: Option<i32>,
    now: Timestamp,
) -> Result<Run> {
    let documents = catalog.list(KIND)?;
    let document = documents.into_iter().find(|(key, _)| key == id);
    let (id, text) = document.ok_or_else(|| Error::Unknown { kind: "run", name: id.to_owned() })?;
    let mut run = read(id, &text)?;
    if run.end.is_none() {
        run.end = Some(now);
        run.exit_code = exit_code;
        write(catalog, &run)?;
    }
    Ok(run)
}

/// Keys of one width sort as their numbers do.
fn key_of(id: u64) -> String {
    format!("{id:016x}")
}

/// How a run lies in the catalog.
#[derive(Debug, Serialize, Deserialize)]
struct Document {
    command: Vec<String>,
    directory: String,
    service: String,
    git_commit: String,
    git_dirty: bool,
    start: u64,
    end: Option<u64>,
    exit_code: Option<i32>,
}

fn read(id: String, text: &str) -> Result<Run> {
    let document: Document = serde_json::from_str(text).map_err(|reason| Error::Document {
        kind: "run",
        key: id.clone(),
        reason: reason.to_string(),
    })?;
    Ok(Run {
        id,
        run: NewRun {
            command: document.command,
            directory: document.directory,
            service: document.service,
            git_commit: document.git_commit,
            git_dirty: document.git_dirty,
        },
        start: Timestamp(document.start),
        end: document.end.map(Timestamp),
        exit_code: document.exit_code,
    })
}

fn write(catalog: &dyn Catalog, run: &Run) -> Result<()> {
    let NewRun { command, directory, service, git_commit, git_dirty } = run.run.clone();
    let document = Document {
        command,
        directory,
        service,
        git_commit,
        git_dirty,
        start: run.start.0,
        end: run.end.map(|end| end.0),
        exit_code: run.exit_code,
    };
    let text = serde_json::to_string(&document).map_err(|reason| Error::Document {
        kind: "run",
        key: run.id.clone(),
        reason: reason.to_string(),
    })?;
    catalog.put(KIND, &run.id, &text)?;
    Ok(())
}
