//! Runs: what `watchglass run -- CMD` starts and ends.

use axum::extract::State;

use super::Held;
use crate::answer::write;
use crate::fault::{Answer, Failures};
use crate::parameters::{Body, Path};
use crate::wire::runs::{NewRun, Run, RunEnd, Runs};

/// All runs, the newest first.
#[utoipa::path(get, path = "/api/runs", operation_id = "runs", tag = "runs",
    responses((status = 200, body = Runs), Failures))]
pub(super) async fn list(State(workbench): Held) -> Answer {
    let all = workbench.keep(watchglass_workbench::runs).await?;
    write(&Runs { runs: all.into_iter().map(Run::from).collect() })
}

/// Notes that a run begins.
#[utoipa::path(post, path = "/api/runs", operation_id = "begin_run", tag = "runs", request_body = NewRun,
    responses((status = 200, body = Run), Failures))]
pub(super) async fn begin(State(workbench): Held, Body(run): Body<NewRun>) -> Answer {
    let now = workbench.now();
    let run =
        workbench.keep(move |catalog| watchglass_workbench::begin_run(catalog, run.into(), now));
    write(&Run::from(run.await?))
}

/// Notes that a run ended.
#[utoipa::path(post, path = "/api/runs/{id}/end", operation_id = "end_run", tag = "runs", request_body = RunEnd,
    params(("id" = String, Path, description = "The run's id")),
    responses((status = 200, body = Run), Failures))]
pub(super) async fn end(
    State(workbench): Held,
    Path(id): Path<String>,
    Body(ended): Body<RunEnd>,
) -> Answer {
    let now = workbench.now();
    let run = workbench
        .keep(move |catalog| watchglass_workbench::end_run(catalog, &id, ended.exit_code, now));
    write(&Run::from(run.await?))
}
