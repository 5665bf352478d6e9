//! `order-service`: turns a cart into a paid order, with the help of the database, the inventory and the bank.

mod refusal;

use std::sync::Arc;

use axum::extract::State;
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Extension, Json, Router};
use opentelemetry::trace::{SpanBuilder, SpanKind, TraceContextExt};
use opentelemetry::{Array, Context, KeyValue, StringValue, Value};

use crate::catalog::{
    Cart, Deduction, Payment, Product, Receipt, Refusal, amount, pieces, quantity_of, total_cents,
};
use crate::client::{Answer, Call, Client};
use crate::faults::Faults;
use crate::metrics::{OrderMetrics, label};
use crate::orders::{Contention, INSERT_ORDER, OrderStatus, Orders, UPDATE_ORDER, WriteError};
use crate::pauses::Pauses;
use crate::server::refuse;
use crate::services::receipt::ReceiptQueue;
use crate::telemetry::{Telemetry, fail};

use refusal::CheckoutError;

pub(crate) const NAME: &str = "order-service";

/// What the order service works with.
#[derive(Debug)]
pub(crate) struct OrderDesk {
    pub(crate) telemetry: Arc<Telemetry>,
    pub(crate) metrics: OrderMetrics,
    pub(crate) orders: Orders,
    pub(crate) faults: Arc<Faults>,
    pub(crate) pauses: Pauses,
    pub(crate) client: Client,
    pub(crate) inventory: String,
    pub(crate) payment: String,
    pub(crate) receipts: ReceiptQueue,
}

pub(crate) fn routes(desk: Arc<OrderDesk>) -> Router {
    Router::new().route("/checkout", post(checkout)).with_state(desk)
}

async fn checkout(
    State(desk): State<Arc<OrderDesk>>,
    Extension(cx): Extension<Context>,
    Json(cart): Json<Cart>,
) -> Response {
    let order_id = format!("ord-{:012x}", rand::random::<u64>() >> 16);
    let total = total_cents(&cart.lines);
    let span = SpanBuilder::from_name("checkout_transaction").with_attributes([
        KeyValue::new("order.id", order_id.clone()),
        KeyValue::new("customer.id", cart.customer.id.clone()),
        KeyValue::new("customer.tier", cart.customer.tier.name()),
        KeyValue::new("order.amount", amount(total)),
        KeyValue::new("order.currency", cart.currency.code()),
        KeyValue::new("cart.items", i64::from(pieces(&cart.lines))),
        KeyValue::new("cart.products", products(&cart)),
    ]);
    let cx = desk.telemetry.start(&cx, span);
    let tier = [label("customer_tier", cart.customer.tier.name())];
    desk.metrics.checkouts.add(&cx, 1, &tier);

    let placed = desk.place(&cx, &order_id, &cart).await;
    let response = match placed {
        Ok(()) => {
            let currency = [label("currency", cart.currency.code())];
            desk.metrics.revenue.add(&cx, amount(total), &currency);
            desk.telemetry.info(
                &cx,
                "order placed",
                [
                    ("order.id", order_id.clone().into()),
                    ("customer.id", cart.customer.id.clone().into()),
                    ("order.amount", amount(total).into()),
                    ("order.currency", cart.currency.code().into()),
                ],
            );
            let receipt = Receipt { order_id, total_cents: total, currency: cart.currency };
            (StatusCode::CREATED, Json(receipt)).into_response()
        }
        Err(error) => desk.refuse(&cx, &order_id, &cart, &error),
    };
    cx.span().end();
    response
}

impl OrderDesk {
    async fn place(&self, cx: &Context, order_id: &str, cart: &Cart) -> Result<(), CheckoutError> {
        if pieces(&cart.lines) == 0 {
            return Err(CheckoutError::EmptyCart);
        }
        let items = KeyValue::new("cart.items", i64::from(pieces(&cart.lines)));
        cx.span().add_event("cart.validated", vec![items]);
        self.telemetry.debug(
            cx,
            "cart validated",
            [("order.id", order_id.to_owned().into()), ("cart.items", pieces(&cart.lines).into())],
        );
        self.create_order(cx, order_id, cart).await?;
        let held = self.hold_stock(cx, order_id, cart).await;
        if held.is_err() {
            self.settle(cx, order_id, OrderStatus::Rejected).await?;
            return held;
        }
        cx.span().add_event("stock.held", vec![]);
        let charged = self.charge(cx, order_id, cart).await;
        if charged.is_err() {
            self.settle(cx, order_id, OrderStatus::Rejected).await?;
            return charged;
        }
        self.settle(cx, order_id, OrderStatus::Paid).await?;
        self.receipts.publish(&self.telemetry, cx, order_id, &cart.customer.id);
        Ok(())
    }

    async fn create_order(
        &self,
        cx: &Context,
        order_id: &str,
        cart: &Cart,
    ) -> Result<(), CheckoutError> {
        let cx = self.query(cx, "db_create_order", "INSERT", INSERT_ORDER);
        let contention = if self.faults.deadlocks(&cart.lines) {
            Contention::Deadlock
        } else {
            Contention::None
        };
        self.pauses.work(2, 12).await;
        let written = self.orders.create(order_id, cart, contention).await;
        if let Err(error) = &written {
            fail(&cx, error.kind(), error);
            let body = match error {
                WriteError::Deadlock => "Database deadlock conflict during write",
                WriteError::Sql(_) | WriteError::Thread(_) => "order could not be written",
            };
            self.telemetry.error(
                &cx,
                body,
                [
                    ("order.id", order_id.to_owned().into()),
                    ("customer.id", cart.customer.id.clone().into()),
                    ("order.laptops", quantity_of(&cart.lines, Product::Laptop).into()),
                    ("exception.type", error.kind().into()),
                    ("exception.message", error.to_string().into()),
                ],
            );
        }
        cx.span().end();
        Ok(written?)
    }

    async fn settle(
        &self,
        cx: &Context,
        order_id: &str,
        status: OrderStatus,
    ) -> Result<(), CheckoutError> {
        let cx = self.query(cx, "db_update_order", "UPDATE", UPDATE_ORDER);
        self.pauses.work(1, 5).await;
        let settled = self.orders.settle(order_id, status).await;
        if let Err(error) = &settled {
            fail(&cx, error.kind(), error);
        }
        cx.span().set_attribute(KeyValue::new("order.status", status.name()));
        cx.span().end();
        Ok(settled?)
    }

    fn query(
        &self,
        cx: &Context,
        name: &'static str,
        operation: &'static str,
        text: &'static str,
    ) -> Context {
        let attributes = [
            KeyValue::new("db.system.name", "sqlite"),
            KeyValue::new("db.namespace", "shop"),
            KeyValue::new("db.collection.name", "orders"),
            KeyValue::new("db.operation.name", operation),
            KeyValue::new("db.query.summary", format!("{operation} orders")),
            KeyValue::new("db.query.text", text),
        ];
        let span = SpanBuilder::from_name(name).with_kind(SpanKind::Client);
        self.telemetry.start(cx, span.with_attributes(attributes))
    }

    async fn hold_stock(
        &self,
        cx: &Context,
        order_id: &str,
        cart: &Cart,
    ) -> Result<(), CheckoutError> {
        let call = Call {
            span: "http_call_inventory_service",
            peer: super::inventory::NAME,
            method: Method::POST,
            address: &self.inventory,
            path: "/inventory/deduct",
        };
        let deduction = Deduction { order_id: order_id.to_owned(), lines: cart.lines.clone() };
        let answer = self.client.post(cx, call, &deduction).await?;
        match answer.status {
            StatusCode::OK => Ok(()),
            StatusCode::CONFLICT => Err(CheckoutError::Inventory(error_of(&answer))),
            other => Err(CheckoutError::Failed(super::inventory::NAME, other)),
        }
    }

    async fn charge(&self, cx: &Context, order_id: &str, cart: &Cart) -> Result<(), CheckoutError> {
        let call = Call {
            span: "http_call_payment_service",
            peer: super::payment::NAME,
            method: Method::POST,
            address: &self.payment,
            path: "/payments",
        };
        let payment = Payment {
            order_id: order_id.to_owned(),
            customer_id: cart.customer.id.clone(),
            amount_cents: total_cents(&cart.lines),
            currency: cart.currency,
        };
        let answer = self.client.post(cx, call, &payment).await?;
        match answer.status {
            StatusCode::OK => Ok(()),
            StatusCode::PAYMENT_REQUIRED => Err(CheckoutError::Declined(error_of(&answer))),
            other => Err(CheckoutError::Failed(super::payment::NAME, other)),
        }
    }

    fn refuse(&self, cx: &Context, order_id: &str, cart: &Cart, error: &CheckoutError) -> Response {
        let status = error.status();
        self.metrics.errors.add(cx, 1, &[label("reason", error.reason())]);
        fail(cx, error.reason(), error);
        let attributes = [
            ("order.id", order_id.to_owned().into()),
            ("customer.id", cart.customer.id.clone().into()),
            ("order.amount", amount(total_cents(&cart.lines)).into()),
            ("error.type", error.reason().into()),
            ("exception.message", error.to_string().into()),
        ];
        if status.is_server_error() {
            self.telemetry.error(cx, "checkout failed", attributes);
        } else {
            self.telemetry.warn(cx, "checkout refused", attributes);
        }
        refuse(status, error.reason(), &error.to_string())
    }
}

fn error_of(answer: &Answer) -> String {
    answer.json().map_or_else(|| answer.status.to_string(), |refusal: Refusal| refusal.error)
}

fn products(cart: &Cart) -> Value {
    let names = cart.lines.iter().map(|line| StringValue::from(line.product.name())).collect();
    Value::Array(Array::String(names))
}
