//! `cargo xtask openapi`: the document of the API's routes, and the UI's types from it.

use std::fs;

use anyhow::{Context, Result, ensure};

use crate::shell::{cargo, root, run, within};
use crate::web;

const DOCUMENT: &str = "src/wire/openapi.json";
const TYPES: &str = "src/wire/schema.ts";
/// Pinned, so that the same routes give the same file everywhere.
const GENERATOR: &str = "openapi-typescript@7.10.1";

/// Writes both files anew.
pub(crate) fn write() -> Result<()> {
    let words = ["run", "--quiet", "--package", "watchglass-api", "--example", "openapi"];
    let output = cargo().args(words).output().context("cargo cannot be run")?;
    let fault = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "the routes cannot be asked: {fault}");
    let document = root().join("ui").join(DOCUMENT);
    fs::write(&document, output.stdout).context("ui/src/wire cannot be written")?;
    web::install("ui")?;
    run(within("ui", "npx").args(["--yes", GENERATOR, DOCUMENT, "--output", TYPES]))?;
    run(within("ui", "npx").args(["biome", "check", "--write", TYPES]))
}
