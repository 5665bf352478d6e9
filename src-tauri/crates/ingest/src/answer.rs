//! HTTP answers with a `google.rpc.Status`, in the encoding of the request.

use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::Response;
use watchglass_otlp::{Encoding, Status};

use crate::guard::media_type;

/// The encoding that a request's content type names.
pub(crate) fn encoding_of(headers: &HeaderMap) -> Option<Encoding> {
    let given = media_type(headers);
    let is = |name: &str| given.eq_ignore_ascii_case(name);
    if is("application/json") {
        Some(Encoding::Json)
    } else if is("application/x-protobuf") || is("application/protobuf") {
        Some(Encoding::Protobuf)
    } else {
        None
    }
}

/// An answer of the given encoding.
pub(crate) fn answer(status: StatusCode, encoding: Encoding, body: Vec<u8>) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    let content_type = HeaderValue::from_static(encoding.content_type());
    response.headers_mut().insert(CONTENT_TYPE, content_type);
    response
}

/// A refusal, in JSON where the request was neither JSON nor protobuf.
pub(crate) fn refuse(code: StatusCode, status: &Status, request: &HeaderMap) -> Response {
    let encoding = encoding_of(request).unwrap_or(Encoding::Json);
    let mut response = answer(code, encoding, status.encode(encoding));
    if let Some(delay) = status.retry_after {
        let seconds = delay.as_millis().div_ceil(1000).max(1);
        if let Ok(seconds) = HeaderValue::try_from(seconds.to_string()) {
            response.headers_mut().insert(RETRY_AFTER, seconds);
        }
    }
    response
}
