//! What senders do wrong, and what to do about it.

use axum::extract::State;

use super::Held;
use crate::answer::write;
use crate::fault::{Answer, Failures};
use crate::wire::events::{Mistake, Mistakes};

/// What the listeners saw, the newest first.
#[utoipa::path(get, path = "/api/mistakes", tag = "status",
    responses((status = 200, body = Mistakes), Failures))]
pub(super) async fn mistakes(State(workbench): Held) -> Answer {
    let all = workbench.mistakes().into_iter();
    write(&Mistakes { mistakes: all.map(Mistake::from).collect() })
}
