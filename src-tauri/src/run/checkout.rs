//! Which commit lies in a folder and whether files differ from it.

use std::path::Path;
use std::process::Stdio;

use tokio::process::Command;

/// The state of a git checkout; empty and clean where there is none.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Checkout {
    /// The commit checked out.
    pub(crate) commit: String,
    /// Whether tracked or new files differ from it.
    pub(crate) is_dirty: bool,
}

impl Checkout {
    /// Asks git, which need not be there.
    pub(crate) async fn at(folder: &Path) -> Self {
        let Some(commit) = git(folder, &["rev-parse", "HEAD"]).await else {
            return Self::default();
        };
        let changes = git(folder, &["status", "--porcelain", "--ignore-submodules"]).await;
        Self {
            commit: commit.trim().to_owned(),
            is_dirty: changes.is_some_and(|changes| !changes.trim().is_empty()),
        }
    }
}

async fn git(folder: &Path, words: &[&str]) -> Option<String> {
    let mut git = Command::new("git");
    // A background refresh of git's index must not lock out the command that runs beside it.
    git.arg("--no-optional-locks").arg("-C").arg(folder).args(words);
    let output = git.stdin(Stdio::null()).output().await.ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_folder_without_git_has_no_commit() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(Checkout::at(folder.path()).await, Checkout::default());
    }
}
