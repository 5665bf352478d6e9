//! Why a request is not taken, and how that is said over HTTP and over gRPC.

use std::time::Duration;

use axum::http::StatusCode;
use watchglass_otlp::{Code, Status};

/// Why a request is not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// It is not OTLP; sending it again does not help.
    #[error("{message}")]
    Invalid {
        /// What is wrong and where.
        message: String,
        /// The field that is wrong.
        field: String,
    },
    /// It is larger than allowed; sending it again does not help.
    #[error("the request is larger than {limit} bytes")]
    TooLarge {
        /// The limit.
        limit: usize,
    },
    /// Not now; sending it again later helps.
    #[error("{reason}; try again later")]
    Overloaded {
        /// What is short.
        reason: String,
        /// How long to wait.
        retry_after: Duration,
    },
}

impl Refusal {
    /// The HTTP status that OTLP gives it.
    pub const fn http_status(&self) -> StatusCode {
        match self {
            Self::Invalid { .. } => StatusCode::BAD_REQUEST,
            Self::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Overloaded { .. } => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// The `google.rpc.Status` that OTLP gives it.
    pub fn status(&self) -> Status {
        let message = self.to_string();
        match self {
            Self::Invalid { field, .. } => {
                Status { field: Some(field.clone()), ..Status::new(Code::InvalidArgument, message) }
            }
            Self::TooLarge { .. } => Status::new(Code::ResourceExhausted, message),
            Self::Overloaded { retry_after, .. } => Status {
                retry_after: Some(*retry_after),
                ..Status::new(Code::Unavailable, message)
            },
        }
    }
}
