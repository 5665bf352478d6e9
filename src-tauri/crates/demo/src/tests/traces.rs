//! What the traces of the shop look like, and the logs that belong to them.

use opentelemetry_proto::tonic::trace::v1::span::SpanKind;
use reqwest::StatusCode;

use super::receiver::{int, is_error, text};
use super::visit::{CALLER, TRACE, Visit};

const ORDER: &str = "order-service";
const INVENTORY: &str = "inventory-service";
const PAYMENT: &str = "payment-service";
/// The spans of a checkout that goes well: service, name, kind and parent.
const CHECKOUT: [(&str, &str, SpanKind, Option<&str>); 11] = [
    (ORDER, "POST /checkout", SpanKind::Server, None),
    (ORDER, "checkout_transaction", SpanKind::Internal, Some("POST /checkout")),
    (ORDER, "db_create_order", SpanKind::Client, Some("checkout_transaction")),
    (ORDER, "http_call_inventory_service", SpanKind::Client, Some("checkout_transaction")),
    (INVENTORY, "POST /inventory/deduct", SpanKind::Server, Some("http_call_inventory_service")),
    (INVENTORY, "inventory_deduct_span", SpanKind::Internal, Some("POST /inventory/deduct")),
    (ORDER, "http_call_payment_service", SpanKind::Client, Some("checkout_transaction")),
    (PAYMENT, "POST /payments", SpanKind::Server, Some("http_call_payment_service")),
    (PAYMENT, "payment_charge_span", SpanKind::Internal, Some("POST /payments")),
    (ORDER, "db_update_order", SpanKind::Client, Some("checkout_transaction")),
    (ORDER, "receipt_publish", SpanKind::Producer, Some("checkout_transaction")),
];

#[tokio::test]
async fn a_checkout_is_one_trace_through_four_services() {
    let visit = Visit::start(1).await;
    let response = visit.check_out("book", 2).await;
    assert_eq!(response.status(), StatusCode::CREATED);
    let receiver = visit.stop().await;

    receiver.read(|arrived| {
        for (service, name, kind, parent) in CHECKOUT {
            let (of, span) = arrived.span(&TRACE, name);
            let parent_id = match parent {
                Some(parent) => arrived.span(&TRACE, parent).1.span_id.clone(),
                None => CALLER.to_vec(),
            };
            assert_eq!(of, service, "{name}");
            assert_eq!(span.kind(), kind, "{name}");
            assert_eq!(span.parent_span_id, parent_id, "{name}");
            assert!(!is_error(span), "{name}");
        }
        let in_trace = arrived.spans.iter().filter(|(_, span)| span.trace_id == TRACE).count();
        assert_eq!(in_trace, CHECKOUT.len());

        let server = &arrived.span(&TRACE, "POST /checkout").1.attributes;
        assert_eq!(text(server, "http.route").as_deref(), Some("/checkout"));
        assert_eq!(int(server, "http.response.status_code"), Some(201));
        let write = &arrived.span(&TRACE, "db_create_order").1.attributes;
        assert_eq!(text(write, "db.system.name").as_deref(), Some("sqlite"));
        assert!(text(write, "db.query.text").unwrap().starts_with("INSERT INTO orders"));
        let transaction = &arrived.span(&TRACE, "checkout_transaction").1;
        let events: Vec<_> = transaction.events.iter().map(|event| event.name.as_str()).collect();
        assert_eq!(events, ["cart.validated", "stock.held"]);
    });
}

#[tokio::test]
async fn the_receipt_is_a_trace_of_its_own_linked_to_the_checkout() {
    let visit = Visit::start(1).await;
    visit.check_out("book", 1).await;
    let receiver = visit.stop().await;

    receiver.read(|arrived| {
        let mails = arrived.spans.iter().filter(|(_, span)| span.name == "receipt_email");
        let [(service, mail)] = mails.collect::<Vec<_>>()[..] else { panic!("one mail") };
        assert_eq!(service, "receipt-service");
        assert_eq!(mail.kind(), SpanKind::Consumer);
        assert!(mail.parent_span_id.is_empty());
        assert_ne!(mail.trace_id, TRACE);
        let publish = &arrived.span(&TRACE, "receipt_publish").1;
        assert_eq!(mail.links.len(), 1);
        assert_eq!(mail.links[0].trace_id, TRACE);
        assert_eq!(mail.links[0].span_id, publish.span_id);
    });
}

#[tokio::test]
async fn the_slow_route_spends_its_time_in_the_query_below_the_operation() {
    let visit = Visit::start(1).await;
    assert_eq!(visit.get("/slow").await, StatusCode::OK);
    let receiver = visit.stop().await;

    receiver.read(|arrived| {
        let server = &arrived.span(&TRACE, "GET /slow").1;
        let operation = &arrived.span(&TRACE, "slow-operation").1;
        let query = &arrived.span(&TRACE, "downstream-db-query").1;
        assert_eq!(operation.parent_span_id, server.span_id);
        assert_eq!(query.parent_span_id, operation.span_id);
        assert_eq!(query.kind(), SpanKind::Client);
    });
}

#[tokio::test]
async fn an_unknown_path_is_a_span_without_a_route() {
    let visit = Visit::start(1).await;
    assert_eq!(visit.get("/nowhere").await, StatusCode::NOT_FOUND);
    let receiver = visit.stop().await;

    receiver.read(|arrived| {
        let span = &arrived.span(&TRACE, "GET").1;
        assert_eq!(text(&span.attributes, "http.route"), None);
        assert!(!is_error(span));
    });
}

#[tokio::test]
async fn log_records_carry_the_ids_of_a_span_of_their_service() {
    let visit = Visit::start(1).await;
    visit.check_out("smartphone", 3).await;
    let receiver = visit.stop().await;

    receiver.read(|arrived| {
        assert!(!arrived.logs.is_empty());
        for (service, log) in &arrived.logs {
            let span = arrived.spans.iter().find(|(_, span)| span.span_id == log.span_id);
            let (of, span) = span.unwrap_or_else(|| panic!("{service}: {log:?} has no span"));
            assert_eq!(of, service);
            assert_eq!(span.trace_id, log.trace_id);
            assert!(text(&log.attributes, "order.id").is_some());
        }
        for severity in ["DEBUG", "INFO", "WARN"] {
            let found = arrived.logs.iter().any(|(_, log)| log.severity_text == severity);
            assert!(found, "no {severity}");
        }
    });
}
