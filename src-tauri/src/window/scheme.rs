//! `app://localhost/`: requests of the page, answered by the router in process. No socket, so nobody else reaches it.

use axum::Router;
use axum::body::Body;
use axum::http::header::{ACCEPT, ORIGIN};
use axum::http::uri::PathAndQuery;
use axum::http::{Request, Response, StatusCode, Uri};
use http_body_util::BodyExt;
use tower::ServiceExt;

/// The scheme.
pub(crate) const NAME: &str = "app";
/// The address of the first page.
pub(crate) const HOME: &str = "app://localhost/";
/// The only origin whose requests are answered.
const OUR_ORIGIN: &str = "app://localhost";

/// Answers one request whole.
pub(crate) async fn answer(router: Router, request: Request<Vec<u8>>) -> Response<Vec<u8>> {
    if let Err((status, sentence)) = check(&request) {
        return refusal(status, sentence);
    }
    let (mut parts, body) = request.into_parts();
    // The router knows paths, not whose they are.
    let path = parts.uri.path_and_query().cloned();
    parts.uri = Uri::from(path.unwrap_or(PathAndQuery::from_static("/")));
    // The router cannot fail: its error type has no value.
    let Ok(response) = router.oneshot(Request::from_parts(parts, Body::from(body))).await;
    let (parts, body) = response.into_parts();
    match body.collect().await {
        Ok(body) => Response::from_parts(parts, body.to_bytes().into()),
        Err(error) => refusal(StatusCode::INTERNAL_SERVER_ERROR, &error.to_string()),
    }
}

/// A foreign page inside the window reaches this scheme too; and a stream would never be shown, since all of an
/// answer is held back until its end.
fn check(request: &Request<Vec<u8>>) -> Result<(), (StatusCode, &'static str)> {
    let headers = request.headers();
    let is_foreign = headers.get(ORIGIN).is_some_and(|origin| origin != OUR_ORIGIN);
    if is_foreign || request.uri().host() != Some("localhost") {
        return Err((StatusCode::FORBIDDEN, "only the window's own page may ask here"));
    }
    let accept = headers.get(ACCEPT).and_then(|accept| accept.to_str().ok());
    if accept.is_some_and(|accept| accept.contains("text/event-stream")) {
        return Err((StatusCode::NOT_ACCEPTABLE, "streams come through `subscribe` here"));
    }
    Ok(())
}

fn refusal(status: StatusCode, sentence: &str) -> Response<Vec<u8>> {
    let mut response = Response::new(sentence.as_bytes().to_vec());
    *response.status_mut() = status;
    response
}

#[cfg(test)]
mod tests {
    use axum::routing::{get, post};

    use super::*;

    fn router() -> Router {
        Router::new()
            .route("/", get(async || "home"))
            .route("/echo", post(async |uri: Uri, body: String| format!("{uri} {body}")))
    }

    async fn ask(uri: &str, headers: &[(&str, &str)], body: &str) -> (u16, String) {
        let method = if body.is_empty() { "GET" } else { "POST" };
        let mut request = Request::builder().uri(uri).method(method);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = answer(router(), request.body(body.as_bytes().to_vec()).unwrap()).await;
        (response.status().as_u16(), String::from_utf8(response.into_body()).unwrap())
    }

    #[tokio::test]
    async fn requests_reach_the_router_by_their_path() {
        assert_eq!(ask("app://localhost/", &[], "").await, (200, "home".to_owned()));
        assert_eq!(ask("app://localhost", &[], "").await, (200, "home".to_owned()));
        let echo = ask("app://localhost/echo?a=b", &[("origin", OUR_ORIGIN)], "x").await;
        assert_eq!(echo, (200, "/echo?a=b x".to_owned()));
    }

    #[tokio::test]
    async fn other_origins_are_refused() {
        for origin in ["https://evil.test", "null", "http://localhost"] {
            assert_eq!(ask(HOME, &[("origin", origin)], "").await.0, 403, "{origin}");
        }
        assert_eq!(ask("app://evil.test/", &[], "").await.0, 403);
    }

    #[tokio::test]
    async fn streams_are_sent_to_the_channel() {
        assert_eq!(ask(HOME, &[("accept", "text/event-stream")], "").await.0, 406);
    }
}
