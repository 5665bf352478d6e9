//! The UI: its packages when their lock changed, its build when a source changed.

use std::fs;
use std::path::Path;
use std::time::SystemTime;

use anyhow::{Context, Result};

use crate::packages::ensure_node;
use crate::shell::{root, run, within};

/// What `ui/dist` is made of.
const SOURCES: [&str; 6] =
    ["src", "public", "index.html", "package.json", "package-lock.json", "vite.config.ts"];

/// Installs the packages of a folder with a `package-lock.json`, unless this very lock was installed.
pub(crate) fn install(folder: &str) -> Result<()> {
    let folder_path = root().join(folder);
    let lock = fs::read(folder_path.join("package-lock.json"))
        .with_context(|| format!("{folder}/package-lock.json cannot be read"))?;
    let note = folder_path.join("node_modules/.installed-lock.json");
    if fs::read(&note).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    ensure_node()?;
    run(within(folder, "npm").args(["ci", "--no-audit", "--no-fund"]))?;
    fs::write(&note, lock).context("node_modules cannot be written")
}

/// Builds the UI where a source is newer than the last build.
pub(crate) fn build_if_changed() -> Result<()> {
    install("ui")?;
    let ui = root().join("ui");
    let built = fs::metadata(ui.join("dist/index.html")).and_then(|page| page.modified()).ok();
    let changed = SOURCES.iter().filter_map(|source| newest(&ui.join(source))).max();
    if built.is_some() && built >= changed {
        return Ok(());
    }
    build()
}

/// Builds the UI.
pub(crate) fn build() -> Result<()> {
    run(within("ui", "npm").args(["run", "build"]))
}

/// When anything in there changed last; a folder changes when something is taken out of it.
fn newest(path: &Path) -> Option<SystemTime> {
    let metadata = fs::metadata(path).ok()?;
    let mut newest = metadata.modified().ok()?;
    if metadata.is_dir() {
        for entry in fs::read_dir(path).ok()?.flatten() {
            newest = newest.max(self::newest(&entry.path()).unwrap_or(newest));
        }
    }
    Some(newest)
}
