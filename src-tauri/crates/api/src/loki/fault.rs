//! What goes wrong, as Loki says it: plain text.

use axum::body::Body;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderValue, Response, StatusCode};
use axum::response::IntoResponse;
use watchglass_logql::QueryError;
use watchglass_logql::syntax::ParseFault;
use watchglass_storage::ReadError;

/// An answer or what went wrong.
pub(super) type Answer<T = Response<Body>> = Result<T, Fault>;

/// What went wrong.
#[derive(Debug)]
pub(super) struct Fault {
    status: StatusCode,
    message: String,
}

impl Fault {
    /// A request that makes no sense.
    pub(super) fn bad(message: impl Into<String>) -> Self {
        Self { status: StatusCode::BAD_REQUEST, message: message.into() }
    }

    /// Nothing of that name.
    pub(super) fn not_found(message: impl Into<String>) -> Self {
        Self { status: StatusCode::NOT_FOUND, message: message.into() }
    }
}

impl From<ParseFault> for Fault {
    fn from(fault: ParseFault) -> Self {
        Self::bad(fault.to_string())
    }
}

impl From<QueryError> for Fault {
    fn from(error: QueryError) -> Self {
        let status = match &error {
            QueryError::Parse(_)
            | QueryError::Invalid(_)
            | QueryError::Pipeline { .. }
            | QueryError::Execution(_) => StatusCode::BAD_REQUEST,
            QueryError::Timeout => StatusCode::GATEWAY_TIMEOUT,
            // The client closed the request; nginx's code, which Loki uses too.
            QueryError::Cancelled => {
                StatusCode::from_u16(499).unwrap_or(StatusCode::SERVICE_UNAVAILABLE)
            }
            QueryError::Storage(_) => StatusCode::INTERNAL_SERVER_ERROR,
        };
        Self { status, message: error.to_string() }
    }
}

impl From<ReadError> for Fault {
    fn from(error: ReadError) -> Self {
        Self { status: StatusCode::INTERNAL_SERVER_ERROR, message: error.to_string() }
    }
}

impl IntoResponse for Fault {
    fn into_response(self) -> Response<Body> {
        let mut response = Response::new(Body::from(self.message));
        *response.status_mut() = self.status;
        let plain = HeaderValue::from_static("text/plain; charset=utf-8");
        response.headers_mut().insert(CONTENT_TYPE, plain);
        response
    }
}
