//! `payment-service`: charges cards, and is told by the bank now and then that it may not.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Extension, Json, Router};
use opentelemetry::trace::{SpanBuilder, TraceContextExt};
use opentelemetry::{Context, KeyValue};

use crate::catalog::{Payment, amount};
use crate::faults::{Decline, Faults};
use crate::pauses::Pauses;
use crate::server::refuse;
use crate::telemetry::{Telemetry, fail};

pub(crate) const NAME: &str = "payment-service";

/// What the payment service works with.
#[derive(Debug)]
pub(crate) struct Till {
    pub(crate) telemetry: Arc<Telemetry>,
    pub(crate) faults: Arc<Faults>,
    pub(crate) pauses: Pauses,
}

#[derive(Debug, thiserror::Error)]
#[error("the bank declined: {}", decline.code())]
struct Declined {
    decline: Decline,
}

pub(crate) fn routes(till: Arc<Till>) -> Router {
    Router::new().route("/payments", post(pay)).with_state(till)
}

async fn pay(
    State(till): State<Arc<Till>>,
    Extension(cx): Extension<Context>,
    Json(payment): Json<Payment>,
) -> Response {
    let span = SpanBuilder::from_name("payment_charge_span").with_attributes([
        KeyValue::new("order.id", payment.order_id.clone()),
        KeyValue::new("customer.id", payment.customer_id.clone()),
        KeyValue::new("payment.amount", amount(payment.amount_cents)),
        KeyValue::new("payment.currency", payment.currency.code()),
        KeyValue::new("payment.provider", "demo-bank"),
    ]);
    let cx = till.telemetry.start(&cx, span);
    till.telemetry.debug(
        &cx,
        "asking the bank",
        [("order.id", payment.order_id.clone().into()), ("payment.provider", "demo-bank".into())],
    );
    till.pauses.work(15, 90).await;
    let attributes = [
        ("order.id", payment.order_id.into()),
        ("customer.id", payment.customer_id.into()),
        ("payment.amount", amount(payment.amount_cents).into()),
        ("payment.currency", payment.currency.code().into()),
    ];
    let response = match till.faults.decline() {
        None => {
            cx.span().add_event("payment.authorized", vec![]);
            till.telemetry.info(&cx, "card charged", attributes);
            StatusCode::OK.into_response()
        }
        Some(decline) => {
            let error = Declined { decline };
            cx.span().set_attribute(KeyValue::new("payment.decline_code", decline.code()));
            fail(&cx, "PaymentDeclined", &error);
            till.telemetry.warn(&cx, "payment declined", attributes);
            refuse(StatusCode::PAYMENT_REQUIRED, "payment_declined", decline.code())
        }
    };
    cx.span().end();
    response
}
