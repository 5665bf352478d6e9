//! Real clients for the tests: a Python environment and Node packages, both pinned.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

use crate::shell::{root, run, target};
use crate::web;

/// Prepares both, where tests/clients has them.
pub(crate) fn prepare() -> Result<()> {
    if root().join("tests/clients/requirements.txt").exists() {
        python_packages()?;
    }
    if root().join("tests/clients/package-lock.json").exists() {
        web::install("tests/clients")?;
    }
    Ok(())
}

/// The Python that has the clients' packages.
pub(crate) fn python() -> PathBuf {
    environment().join("bin/python")
}

fn environment() -> PathBuf {
    target().join("clients/venv")
}

fn python_packages() -> Result<()> {
    let wanted = root().join("tests/clients/requirements.txt");
    let wanted_text = fs::read(&wanted).context("tests/clients/requirements.txt cannot be read")?;
    let note = environment().join("installed-requirements.txt");
    if python().exists() && fs::read(&note).is_ok_and(|installed| installed == wanted_text) {
        return Ok(());
    }
    run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(environment()))?;
    let quiet = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r"];
    run(Command::new(python()).args(quiet).arg(wanted))?;
    fs::write(note, wanted_text).context("the Python environment cannot be written")
}
