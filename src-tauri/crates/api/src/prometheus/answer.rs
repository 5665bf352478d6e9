//! Answers in Prometheus's form: `{"status":"success","data":…,"warnings":[…],"infos":[…]}`.

use axum::body::Body;
use axum::http::{Response, StatusCode};
use serde::Serialize;

use super::encode::Json;
use super::fault::Answer;

/// How many warnings, and how many infos, an answer tells.
const MOST_NOTES: usize = 10;

/// What stands beside the data.
#[derive(Debug, Default)]
pub(super) struct Notes {
    pub(super) warnings: Vec<String>,
    pub(super) infos: Vec<String>,
}

/// The body of an answer in pieces, its data written by `data`.
pub(super) fn body(data: impl FnOnce(&mut Json), notes: &Notes) -> Vec<Vec<u8>> {
    let mut json = Json::default();
    json.raw("{\"status\":\"success\",\"data\":");
    data(&mut json);
    for (name, texts, what) in
        [("warnings", &notes.warnings, "warning"), ("infos", &notes.infos, "info")]
    {
        if texts.is_empty() {
            continue;
        }
        let more = texts.len().saturating_sub(MOST_NOTES);
        let omitted = (more > 0).then(|| format!("{more} more {what} annotations omitted"));
        json.raw(",\"").raw(name).raw("\":");
        json.list(texts.iter().take(MOST_NOTES).chain(&omitted), |json, text| {
            json.text(text);
        });
    }
    json.raw("}");
    json.finish()
}

/// An answer whose data are written by `data`.
pub(super) fn success(data: impl FnOnce(&mut Json), notes: &Notes) -> Response<Body> {
    crate::answer::json_of(body(data, notes))
}

/// Done, and nothing to say.
pub(super) fn nothing() -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    response
}

/// An answer whose data are to be written down.
#[expect(clippy::unnecessary_wraps, reason = "handlers end with it")]
pub(super) fn written(data: &impl Serialize) -> Answer {
    let write = |json: &mut Json| {
        json.value(data);
    };
    Ok(success(write, &Notes::default()))
}
