//! The real Prometheus that tests compare with: Debian's package from sid, unpacked into `target/reference` once.
//!
//! It comes from the very archive that the machine's own apt uses, checked by the same keys; nothing is installed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

use crate::shell::{find, run, said, target};
use crate::sources;

/// Older ones differ where Prometheus 3 changed PromQL and scraping, and would teach the wrong things.
const PACKAGE: &str = "prometheus";
/// Sid has a recent one; it needs no more of the system than a libc of 2022.
const SUITE: &str = "sid";

/// Where `prometheus` lies, with `promtool` beside it, if it was brought.
pub(crate) fn prometheus() -> Option<PathBuf> {
    Some(unpacked().join("usr/bin/prometheus")).filter(|program| program.is_file())
}

/// Brings it, unless it is there. An error says why there is nothing to compare with.
pub(crate) fn bring() -> Result<()> {
    if prometheus().is_none() {
        fetch()?;
    }
    let program = prometheus().context("the package has no usr/bin/prometheus")?;
    match said(&program.to_string_lossy(), &["--version"]) {
        Some(version) => {
            println!("{}\n{}", version.lines().next().unwrap_or_default(), program.display());
        }
        None => bail!("{} does not run on this machine", program.display()),
    }
    Ok(())
}

fn folder() -> PathBuf {
    target().join("reference")
}

fn unpacked() -> PathBuf {
    folder().join("root")
}

fn fetch() -> Result<()> {
    ensure!(find("apt-get").is_some() && find("dpkg").is_some(), "it is fetched by apt and dpkg");
    let release = fs::read_to_string("/etc/os-release").unwrap_or_default();
    ensure!(release.lines().any(|line| line == "ID=debian"), "it is fetched from Debian's archive");
    let work = folder().join("apt");
    let done = fetch_into(&work, &release);
    // The lists of sid's packages are large and soon out of date.
    let cleaned = fs::remove_dir_all(&work);
    done?;
    cleaned.context("the lists of packages cannot be removed")
}

fn fetch_into(work: &Path, release: &str) -> Result<()> {
    for part in ["sources", "none", "lists/partial", "cache/archives/partial", "package"] {
        fs::create_dir_all(work.join(part)).context("target/reference cannot be written")?;
    }
    let codename = release.lines().find_map(|line| line.strip_prefix("VERSION_CODENAME="));
    let sources = sources::of_suite(SUITE, codename.unwrap_or_default())?;
    ensure!(!sources.is_empty(), "apt's configuration names no archive of Debian");
    fs::write(work.join("sources/reference.sources"), sources)?;
    fs::write(work.join("status"), "")?;
    fs::write(work.join("apt.conf"), configuration(work))?;

    let apt = || {
        let mut apt = Command::new("apt-get");
        apt.current_dir(work.join("package")).arg("-q").arg("-c").arg(work.join("apt.conf"));
        apt
    };
    run(apt().arg("update"))?;
    run(apt().args(["download", PACKAGE]))?;
    let package =
        fs::read_dir(work.join("package"))?.next().context("apt brought no package")??;
    let fresh = work.join("root");
    run(Command::new("dpkg").arg("-x").arg(package.path()).arg(&fresh))?;
    fs::rename(fresh, unpacked()).context("the package cannot be put in its place")
}

/// What differs from the machine's own configuration of apt: where it reads and writes, and no hooks.
fn configuration(work: &Path) -> String {
    let work = work.display();
    format!(
        r#"#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
APT::Sandbox::User "root";
Acquire::Languages "none";
Acquire::IndexTargets::deb::DEP-11::DefaultEnabled "false";
Dir::Etc::sourcelist "/dev/null";
Dir::Etc::sourceparts "{work}/sources";
Dir::Etc::preferences "/dev/null";
Dir::Etc::preferencesparts "{work}/none";
Dir::State "{work}";
Dir::State::lists "{work}/lists";
Dir::State::status "{work}/status";
Dir::Cache "{work}/cache";
"#
    )
}
