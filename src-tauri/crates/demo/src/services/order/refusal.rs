//! Why a checkout ends without an order, as the metrics and as HTTP call it.

use axum::http::StatusCode;

use crate::client::Unanswered;
use crate::orders::WriteError;

/// Why a checkout ended without an order.
#[derive(Debug, thiserror::Error)]
pub(super) enum CheckoutError {
    #[error("the cart is empty")]
    EmptyCart,
    #[error(transparent)]
    Write(#[from] WriteError),
    #[error(transparent)]
    Unanswered(#[from] Unanswered),
    #[error("inventory-service refused: {0}")]
    Inventory(String),
    #[error("payment declined: {0}")]
    Declined(String),
    #[error("{0} answered with {1}")]
    Failed(&'static str, StatusCode),
}

impl CheckoutError {
    pub(super) fn reason(&self) -> &'static str {
        match self {
            Self::EmptyCart => "empty_cart",
            Self::Write(WriteError::Deadlock) => "database_deadlock",
            Self::Write(WriteError::Sql(_) | WriteError::Thread(_)) => "database_error",
            Self::Inventory(_) => "out_of_stock",
            Self::Declined(_) => "payment_declined",
            Self::Unanswered(_) | Self::Failed(..) => "dependency_failed",
        }
    }

    pub(super) fn status(&self) -> StatusCode {
        match self {
            Self::EmptyCart => StatusCode::BAD_REQUEST,
            Self::Write(_) => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Inventory(_) => StatusCode::CONFLICT,
            Self::Declined(_) => StatusCode::PAYMENT_REQUIRED,
            Self::Unanswered(_) | Self::Failed(..) => StatusCode::BAD_GATEWAY,
        }
    }
}
