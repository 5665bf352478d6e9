//! Runs: what `watchglass run -- CMD` starts and ends.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use watchglass_workbench as workbench;

use super::ids::Nanos;

/// All runs, the newest first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Runs {
    pub(crate) runs: Vec<Run>,
}

/// One command that was run and watched.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Run {
    pub(crate) id: String,
    pub(crate) command: Vec<String>,
    pub(crate) directory: String,
    pub(crate) service: String,
    pub(crate) git_commit: String,
    pub(crate) git_dirty: bool,
    pub(crate) start: Nanos,
    #[schema(required)]
    pub(crate) end: Option<Nanos>,
    #[schema(required)]
    pub(crate) exit_code: Option<i32>,
}

/// A command that is about to be run.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct NewRun {
    pub(crate) command: Vec<String>,
    #[serde(default)]
    pub(crate) directory: String,
    #[serde(default)]
    pub(crate) service: String,
    #[serde(default)]
    pub(crate) git_commit: String,
    #[serde(default)]
    pub(crate) git_dirty: bool,
}

/// How a command ended.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct RunEnd {
    /// Absent or null where it did not exit by itself.
    pub(crate) exit_code: Option<i32>,
}

impl From<workbench::Run> for Run {
    fn from(run: workbench::Run) -> Self {
        Self {
            id: run.id,
            command: run.run.command,
            directory: run.run.directory,
            service: run.run.service,
            git_commit: run.run.git_commit,
            git_dirty: run.run.git_dirty,
            start: run.start.into(),
            end: run.end.map(Nanos),
            exit_code: run.exit_code,
        }
    }
}

impl From<NewRun> for workbench::NewRun {
    fn from(run: NewRun) -> Self {
        Self {
            command: run.command,
            directory: run.directory,
            service: run.service,
            git_commit: run.git_commit,
            git_dirty: run.git_dirty,
        }
    }
}
