//! `cargo xtask run`: everything from a bare checkout to the running program.

use anyhow::{Result, anyhow};

use crate::shell::{cargo, run, target};
use crate::{packages, web};

/// Builds and starts the program.
///
/// A release build, because a first impression lasts: decoding and queries are some ten times as fast as in a dev
/// build, which takes only a third less to make. `--dev` as the first word is for those who change the program.
pub(crate) fn start(words: &[String]) -> Result<()> {
    let (profile, words) = match words.split_first() {
        Some((first, rest)) if first == "--dev" => ("dev", rest),
        _ => ("release", words),
    };
    packages::ensure_build()?;
    web::build_if_changed()?;
    if profile == "release" && !target().join("release/watchglass").exists() {
        println!("The first build takes some minutes; later ones are quick.");
    }
    run(cargo().args(["build", "--profile", profile, "--package", "watchglass"]))?;
    let folder = if profile == "dev" { "debug" } else { profile };
    let program = target().join(folder).join("watchglass");
    become_program(std::process::Command::new(program).args(words))
}

/// Takes this process's place, so that signals and the exit code are the program's own.
#[cfg(unix)]
fn become_program(command: &mut std::process::Command) -> Result<()> {
    use std::os::unix::process::CommandExt;
    Err(anyhow!("the program cannot be started: {}", command.exec()))
}

#[cfg(not(unix))]
fn become_program(command: &mut std::process::Command) -> Result<()> {
    let status = command.status()?;
    anyhow::ensure!(status.success(), "the program ended with {status}");
    Ok(())
}
