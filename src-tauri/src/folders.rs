//! Where things lie: the data folder, the workspace folder, and the note that a running instance leaves in the former.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use directories::ProjectDirs;
use rustix::io::Errno;
use rustix::process::{Pid, test_kill_process};
use serde::{Deserialize, Serialize};

use crate::arguments::Common;

const NOTE: &str = "instance.json";

/// The data folder: as asked for, or the user's own.
pub(crate) fn data_folder(common: &Common) -> anyhow::Result<PathBuf> {
    if let Some(folder) = &common.data {
        return std::path::absolute(folder).with_context(|| {
            format!("{} is no folder's name: give --data another", folder.display())
        });
    }
    let user = ProjectDirs::from("dev", "watchglass", "watchglass");
    let user = user.context("this user has no home folder: choose a data folder with --data")?;
    Ok(user.data_local_dir().to_owned())
}

/// The workspace folder: as asked for, which must be there, or the data folder's own, which is made.
pub(crate) fn workspace_folder(folder: Option<&Path>, data: &Path) -> anyhow::Result<PathBuf> {
    if let Some(folder) = folder {
        if !folder.is_dir() {
            bail!("{} is no folder: make it, or name another workspace folder", folder.display());
        }
        return fs::canonicalize(folder).with_context(|| {
            format!("{} cannot be read: choose another folder", folder.display())
        });
    }
    let own = data.join("workspace");
    fs::create_dir_all(&own).with_context(|| {
        format!("{} cannot be made: choose another folder with --data", own.display())
    })?;
    Ok(own)
}

/// What a running instance writes into its data folder, so that others find it there whatever its port is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Note {
    /// Its process id.
    pub(crate) pid: u32,
    /// Its main address.
    pub(crate) listen: String,
}

impl Note {
    /// Leaves the note.
    pub(crate) fn leave(&self, data: &Path) -> std::io::Result<()> {
        fs::write(data.join(NOTE), serde_json::to_vec(self)?)
    }

    /// Reads the note of an instance that runs, if there is one.
    pub(crate) fn find(data: &Path) -> Option<Self> {
        let note: Self = serde_json::from_slice(&fs::read(data.join(NOTE)).ok()?).ok()?;
        let pid = Pid::from_raw(i32::try_from(note.pid).ok()?)?;
        // One that was killed left its note behind.
        (test_kill_process(pid) != Err(Errno::SRCH)).then_some(note)
    }

    /// Takes the note away.
    pub(crate) fn remove(data: &Path) {
        // One that stays is found out of date by whoever reads it.
        let _ = fs::remove_file(data.join(NOTE));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_is_found_where_it_was_left() {
        let data = tempfile::tempdir().unwrap();
        assert_eq!(Note::find(data.path()), None);
        let note = Note { pid: std::process::id(), listen: "127.0.0.1:4319".to_owned() };
        note.leave(data.path()).unwrap();
        assert_eq!(Note::find(data.path()), Some(note));
        Note::remove(data.path());
        assert_eq!(Note::find(data.path()), None);
    }

    #[test]
    fn the_note_of_one_that_was_killed_is_passed_over() {
        let data = tempfile::tempdir().unwrap();
        let mut gone = std::process::Command::new("true").spawn().unwrap();
        gone.wait().unwrap();
        let note = Note { pid: gone.id(), listen: "127.0.0.1:4319".to_owned() };
        note.leave(data.path()).unwrap();
        assert_eq!(Note::find(data.path()), None);
    }

    #[test]
    fn a_workspace_must_be_there_unless_it_is_the_own_one() {
        let data = tempfile::tempdir().unwrap();
        assert!(workspace_folder(None, data.path()).unwrap().is_dir());
        let error = workspace_folder(Some(Path::new("/no/such")), data.path()).unwrap_err();
        assert!(error.to_string().starts_with("/no/such is no folder"), "{error}");
    }
}
