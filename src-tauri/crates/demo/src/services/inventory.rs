//! `inventory-service`: knows how many pieces of each product are left, and is slow with many smartphones.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Extension, Json, Router};
use opentelemetry::trace::{SpanBuilder, TraceContextExt};
use opentelemetry::{Context, KeyValue};
use parking_lot::Mutex;

use crate::catalog::{Deduction, Line, Product, pieces, quantity_of};
use crate::faults::Faults;
use crate::pauses::Pauses;
use crate::server::refuse;
use crate::telemetry::{Telemetry, fail};

pub(crate) const NAME: &str = "inventory-service";
const FULL_SHELF: u32 = 200;
const LOW_SHELF: u32 = 20;

/// What the inventory service works with.
#[derive(Debug)]
pub(crate) struct Warehouse {
    telemetry: Arc<Telemetry>,
    faults: Arc<Faults>,
    pauses: Pauses,
    shelves: Mutex<HashMap<Product, u32>>,
}

#[derive(Debug, thiserror::Error)]
#[error("only {left} of {wanted} pieces of {} are left", product.name())]
struct OutOfStock {
    product: Product,
    wanted: u32,
    left: u32,
}

impl Warehouse {
    pub(crate) fn new(telemetry: Arc<Telemetry>, faults: Arc<Faults>, pauses: Pauses) -> Self {
        let full = Product::ALL.into_iter().map(|product| (product, FULL_SHELF)).collect();
        Self { telemetry, faults, pauses, shelves: Mutex::new(full) }
    }

    /// Takes all pieces or none.
    fn take(&self, lines: &[Line]) -> Result<(), OutOfStock> {
        let mut shelves = self.shelves.lock();
        for product in Product::ALL {
            let wanted = quantity_of(lines, product);
            let left = shelves.get(&product).copied().unwrap_or(0);
            if wanted > left {
                return Err(OutOfStock { product, wanted, left });
            }
        }
        for line in lines {
            shelves.entry(line.product).and_modify(|left| *left -= line.quantity);
        }
        Ok(())
    }

    /// Fills the shelves that are nearly empty, as a delivery would.
    fn refill(&self, cx: &Context) {
        for product in Product::ALL {
            let left = {
                let mut shelves = self.shelves.lock();
                let stock = shelves.entry(product).or_insert(0);
                if *stock >= LOW_SHELF {
                    continue;
                }
                std::mem::replace(stock, FULL_SHELF)
            };
            self.telemetry.warn(
                cx,
                "stock was low, shelf refilled",
                [("product", product.name().into()), ("stock.left", left.into())],
            );
        }
    }
}

pub(crate) fn routes(warehouse: Arc<Warehouse>) -> Router {
    Router::new().route("/inventory/deduct", post(deduct)).with_state(warehouse)
}

async fn deduct(
    State(warehouse): State<Arc<Warehouse>>,
    Extension(cx): Extension<Context>,
    Json(deduction): Json<Deduction>,
) -> Response {
    let telemetry = &warehouse.telemetry;
    let span = SpanBuilder::from_name("inventory_deduct_span").with_attributes([
        KeyValue::new("order.id", deduction.order_id.clone()),
        KeyValue::new("inventory.pieces", i64::from(pieces(&deduction.lines))),
    ]);
    let cx = telemetry.start(&cx, span);
    warehouse.pauses.work(3, 25).await;
    if let Some(added) = warehouse.faults.inventory_latency(&deduction.lines) {
        let seconds = added.as_secs_f64();
        cx.span().set_attribute(KeyValue::new("simulation.latency_added", seconds));
        telemetry.warn(
            &cx,
            "counting smartphones takes long",
            [
                ("order.id", deduction.order_id.clone().into()),
                ("simulation.latency_added", seconds.into()),
            ],
        );
        warehouse.pauses.take(added).await;
    }
    let taken = warehouse.take(&deduction.lines);
    let response = match taken {
        Ok(()) => {
            cx.span().add_event("stock.deducted", vec![]);
            telemetry.info(
                &cx,
                "stock deducted",
                [
                    ("order.id", deduction.order_id.into()),
                    ("inventory.pieces", pieces(&deduction.lines).into()),
                ],
            );
            StatusCode::OK.into_response()
        }
        Err(error) => {
            fail(&cx, "OutOfStock", &error);
            telemetry.warn(
                &cx,
                "out of stock",
                [("order.id", deduction.order_id.into()), ("product", error.product.name().into())],
            );
            refuse(StatusCode::CONFLICT, "out_of_stock", &error.to_string())
        }
    };
    warehouse.refill(&cx);
    cx.span().end();
    response
}
