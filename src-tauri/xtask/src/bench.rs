//! `cargo xtask bench`: what Watchglass costs, measured on a release build; `metrics` stands it beside a real Prometheus.

use anyhow::Result;

use crate::shell::{cargo, run};
use crate::{packages, reference, web};

/// Runs the benches of these names, or all.
pub(crate) fn bench(names: &[String]) -> Result<()> {
    packages::ensure_build()?;
    web::build_if_changed()?;
    if names.is_empty() || names.iter().any(|name| name == "metrics") {
        reference::bring()?;
    }
    let program = ["--release", "--locked", "--no-default-features", "--package", "watchglass"];
    run(cargo().arg("build").args(program))?;
    let mut bench = cargo();
    bench.args(["bench", "--locked", "--package", "watchglass-tests", "--"]).args(names);
    if let Some(prometheus) = reference::prometheus() {
        bench.env("WATCHGLASS_PROMETHEUS", prometheus);
    }
    run(&mut bench)
}
