//! `admin/tsdb`: deleting series. It is on without a flag, because only this machine reaches it.

use axum::extract::State;

use super::answer::nothing;
use super::fault::{Answer, Fault};
use super::parameters::Parameters;
use crate::routes::Held;

/// Deletes the samples between `start` and `end` of the series that pass any of the selectors.
pub(super) async fn delete_series(State(workbench): Held, parameters: Parameters) -> Answer {
    let selectors = parameters.selectors()?;
    if selectors.is_empty() {
        return Err(Fault::bad_data("no match[] parameter provided"));
    }
    workbench.delete_series(selectors, parameters.range()?).await?;
    Ok(nothing())
}

/// Frees what deleted samples take on the disk.
pub(super) async fn clean_tombstones(State(workbench): Held) -> Answer {
    workbench.clean_deleted_series().await?;
    Ok(nothing())
}

/// A copy of the store; there is none, which is told as by a Prometheus whose admin API is off.
pub(super) async fn snapshot() -> Answer {
    Err(Fault::unavailable("admin APIs disabled"))
}
