//! What goes wrong, as JSON: a code that the UI decides on, a message for people, the parameter at fault.

use axum::extract::rejection::{JsonRejection, PathRejection};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::{IntoResponses, ToSchema};
use watchglass_workbench::Error;

/// What the UI decides on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// The request makes no sense; `field` names the parameter.
    BadRequest,
    /// Nothing of that name, or no such route.
    NotFound,
    /// The route knows other methods.
    MethodNotAllowed,
    /// The store cannot answer or write now; trying again may help.
    Unavailable,
    /// A fault of Watchglass.
    Internal,
}

/// Every answer that is no success.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Failure {
    pub(crate) error: Fault,
}

/// What went wrong.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Fault {
    pub(crate) code: ErrorCode,
    pub(crate) message: String,
    /// The parameter at fault, if one is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) field: Option<String>,
}

/// The failures that any route may answer with.
#[derive(Debug, IntoResponses)]
#[expect(dead_code, reason = "it only tells the document which failures there are")]
pub(crate) enum Failures {
    /// The request makes no sense.
    #[response(status = 400)]
    BadRequest(Failure),
    /// Nothing of that name.
    #[response(status = 404)]
    NotFound(Failure),
    /// The store cannot answer now.
    #[response(status = 503)]
    Unavailable(Failure),
}

/// An answer or what went wrong.
pub(crate) type Answer<T = Response> = Result<T, Fault>;

impl Fault {
    pub(crate) fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), field: None }
    }

    /// A parameter that makes no sense.
    pub(crate) fn parameter(field: &str, reason: impl std::fmt::Display) -> Self {
        Self {
            field: Some(field.to_owned()),
            ..Self::new(ErrorCode::BadRequest, format!("parameter `{field}`: {reason}"))
        }
    }

    pub(crate) fn internal(reason: impl std::fmt::Display) -> Self {
        Self::new(ErrorCode::Internal, reason.to_string())
    }
}

impl ErrorCode {
    const fn status(self) -> StatusCode {
        match self {
            Self::BadRequest => StatusCode::BAD_REQUEST,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        let status = self.code.status();
        if status.is_server_error() {
            tracing::warn!(code = ?self.code, message = %self.message, "a request failed");
        }
        (status, axum::Json(Failure { error: self })).into_response()
    }
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        let code = match error {
            Error::Read(_) | Error::Write(_) | Error::Withdrawn => ErrorCode::Unavailable,
            Error::Unknown { .. } => ErrorCode::NotFound,
            Error::Duration(_) | Error::Condition(_) | Error::Cursor => ErrorCode::BadRequest,
            Error::Document { .. } | Error::Picture(_) | Error::Broken => ErrorCode::Internal,
        };
        Self::new(code, error.to_string())
    }
}

impl From<PathRejection> for Fault {
    fn from(rejection: PathRejection) -> Self {
        Self::new(ErrorCode::BadRequest, rejection.body_text())
    }
}

impl From<JsonRejection> for Fault {
    fn from(rejection: JsonRejection) -> Self {
        Self::new(ErrorCode::BadRequest, rejection.body_text())
    }
}
