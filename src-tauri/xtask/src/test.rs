//! `cargo xtask test`: every test there is, from the cheapest to the dearest.

use std::process::Command;

use anyhow::Result;

use crate::shell::{cargo, find, root, run, target, within};
use crate::steps::Steps;
use crate::{clients, packages, reference, web};

/// The crate of what only the whole house can prove; it needs the built program and real clients.
const WHOLE_HOUSE: &str = "watchglass-tests";

/// Runs everything and says how it went.
pub(crate) fn everything() -> Result<()> {
    let mut steps = Steps::default();
    steps.step("set-up", || {
        packages::ensure_test()?;
        packages::ensure_node()?;
        web::install("ui")
    });
    steps.step("format", || run(cargo().args(["fmt", "--all", "--check"])));
    steps.step("lints", || {
        let words = ["clippy", "--locked", "--workspace", "--all-targets", "--", "-D", "warnings"];
        run(cargo().args(words))
    });
    steps.step("UI: types, lints, floors", || npm("ui", "check"));
    steps.step("UI: tests", || npm("ui", "test"));
    steps.step("UI: build", web::build);
    steps.step("crates", crates);
    steps.step("build without a window", || {
        let words = ["check", "--locked", "--package", "watchglass", "--no-default-features"];
        run(cargo().args(words))
    });
    steps.step("program", || run(cargo().args(["build", "--locked", "--package", "watchglass"])));
    if root().join("tests/Cargo.toml").exists() {
        steps.step("whole house: clients", clients::prepare);
        steps.optional("whole house: Prometheus to compare with", reference::bring);
        steps.step("whole house", || {
            let words = ["test", "--locked", "--package", WHOLE_HOUSE];
            run(&mut with_program(on_screen(cargo().args(words))))
        });
    }
    if root().join("tests/e2e/package.json").exists() {
        steps.step("UI in a browser and in the window", || {
            web::install("tests/e2e")?;
            run(&mut with_program(on_screen(within("tests/e2e", "npm").arg("test"))))
        });
    }
    steps.summary()
}

/// Each crate's own tests: by nextest where it is installed, since it runs test binaries beside each other.
fn crates() -> Result<()> {
    let rest = ["--locked", "--workspace", "--exclude", WHOLE_HOUSE];
    if find("cargo-nextest").is_none() {
        return run(cargo().arg("test").args(rest));
    }
    run(cargo().args(["nextest", "run", "--no-fail-fast"]).args(rest))?;
    run(cargo().args(["test", "--doc"]).args(rest))
}

fn npm(folder: &str, script: &str) -> Result<()> {
    run(within(folder, "npm").args(["run", script]))
}

/// The same command on a screen of its own: windows that open must not bother anybody, and need a display in CI.
fn on_screen(command: &Command) -> Command {
    let mut wrapped = match find("xvfb-run") {
        Some(xvfb) => {
            let mut wrapped = Command::new(xvfb);
            wrapped.args(["-a", "-s", "-screen 0 1400x900x24 -nolisten tcp"]);
            wrapped.arg(command.get_program());
            wrapped
        }
        None => Command::new(command.get_program()),
    };
    wrapped.args(command.get_args());
    if let Some(folder) = command.get_current_dir() {
        wrapped.current_dir(folder);
    }
    wrapped
}

/// Tells tests where the program and the clients are. `WATCHGLASS_CONFORMANCE` passes through by itself.
fn with_program(mut command: Command) -> Command {
    command.env("WATCHGLASS_BIN", target().join("debug/watchglass"));
    command.env("WATCHGLASS_PYTHON", clients::python());
    if let Some(chromium) = packages::chromium() {
        command.env("WATCHGLASS_CHROMIUM", chromium);
    }
    if let Some(prometheus) = reference::prometheus() {
        command.env("WATCHGLASS_PROMETHEUS", prometheus);
    }
    command
}
