//! What stands for the window in a build without feature `desktop`.

use std::path::Path;

use anyhow::bail;

use crate::arguments::Common;
use crate::demo::Traffic;
use crate::outcome::Outcome;

/// Never.
pub(crate) fn is_possible() -> bool {
    false
}

/// Says what to do instead.
pub(crate) fn open(_: &Common, _: Option<&Path>, _: Option<Traffic>) -> anyhow::Result<Outcome> {
    bail!("this build has no window: use `watchglass serve` and open its address in a browser")
}

/// There is nothing to show it in.
pub(crate) fn show_failure(_: &str) {}
