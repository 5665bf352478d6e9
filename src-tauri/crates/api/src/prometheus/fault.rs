//! What goes wrong, in Prometheus's form: `{"status":"error","errorType":…,"error":…}`.

use axum::body::Body;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderValue, Response, StatusCode};
use axum::response::IntoResponse;
use watchglass_promql::QueryError;
use watchglass_storage::ReadError;

/// An answer or what went wrong.
pub(super) type Answer<T = Response<Body>> = Result<T, Fault>;

/// The kinds of errors that clients tell apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    BadData,
    Execution,
    Canceled,
    Timeout,
    NotFound,
    Unavailable,
    Internal,
}

impl Kind {
    const fn name(self) -> &'static str {
        match self {
            Self::BadData => "bad_data",
            Self::Execution => "execution",
            Self::Canceled => "canceled",
            Self::Timeout => "timeout",
            Self::NotFound => "not_found",
            Self::Unavailable => "unavailable",
            Self::Internal => "internal",
        }
    }

    fn status(self) -> StatusCode {
        match self {
            Self::BadData => StatusCode::BAD_REQUEST,
            Self::Execution => StatusCode::UNPROCESSABLE_ENTITY,
            // The client closed the request; nginx's code, which Prometheus uses too.
            Self::Canceled => StatusCode::from_u16(499).unwrap_or(StatusCode::SERVICE_UNAVAILABLE),
            Self::Timeout | Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

/// What went wrong.
#[derive(Debug)]
pub(super) struct Fault {
    kind: Kind,
    message: String,
}

impl Fault {
    /// A request that makes no sense.
    pub(super) fn bad_data(message: impl Into<String>) -> Self {
        Self { kind: Kind::BadData, message: message.into() }
    }

    /// A parameter that makes no sense.
    pub(super) fn parameter(name: &str, reason: impl std::fmt::Display) -> Self {
        Self::bad_data(format!("invalid parameter \"{name}\": {reason}"))
    }

    /// Something that is not to be had here.
    pub(super) fn unavailable(message: impl Into<String>) -> Self {
        Self { kind: Kind::Unavailable, message: message.into() }
    }

    /// Nothing of that name.
    pub(super) fn not_found(message: impl Into<String>) -> Self {
        Self { kind: Kind::NotFound, message: message.into() }
    }
}

impl From<QueryError> for Fault {
    fn from(error: QueryError) -> Self {
        let kind = match &error {
            QueryError::Parse(faults) => return Self::parameter("query", faults),
            QueryError::Invalid(reason) => return Self::parameter("query", reason),
            QueryError::Execution(_) | QueryError::TooManySamples | QueryError::TooMuchWork => {
                Kind::Execution
            }
            QueryError::Timeout => Kind::Timeout,
            QueryError::Cancelled => Kind::Canceled,
            QueryError::Storage(_) => Kind::Internal,
        };
        Self { kind, message: error.to_string() }
    }
}

impl From<ReadError> for Fault {
    fn from(error: ReadError) -> Self {
        Self { kind: Kind::Internal, message: error.to_string() }
    }
}

impl From<watchglass_workbench::Error> for Fault {
    fn from(error: watchglass_workbench::Error) -> Self {
        Self { kind: Kind::Internal, message: error.to_string() }
    }
}

impl IntoResponse for Fault {
    fn into_response(self) -> Response<Body> {
        let text = serde_json::json!({
            "status": "error",
            "errorType": self.kind.name(),
            "error": self.message,
        });
        let mut response = Response::new(Body::from(text.to_string()));
        *response.status_mut() = self.kind.status();
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        response
    }
}
