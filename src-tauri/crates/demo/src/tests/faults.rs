//! What goes wrong in the shop, as a customer meets it and as its telemetry shows it.

use std::time::Duration;

use reqwest::StatusCode;

use super::receiver::{double, is_error, text};
use super::visit::{TRACE, Visit};

/// The first order of two laptops deadlocks with this seed.
const DEADLOCKING_SEED: u64 = 1;

#[tokio::test]
async fn three_smartphones_wait_as_long_as_their_span_says() {
    let visit = Visit::start(1).await;
    visit.check_out("smartphone", 3).await;
    let waited: Vec<_> = visit.pauses.lock().iter().map(Duration::as_secs_f64).collect();
    let receiver = visit.stop().await;

    receiver.read(|arrived| {
        let span = &arrived.span(&TRACE, "inventory_deduct_span").1;
        let added = double(&span.attributes, "simulation.latency_added").unwrap();
        assert!((1.0..=2.5).contains(&added), "{added}");
        assert!(waited.iter().any(|wait| (wait - added).abs() < 1e-6), "{waited:?}");
    });
}

#[tokio::test]
async fn two_smartphones_wait_no_longer_than_others() {
    let visit = Visit::start(1).await;
    visit.check_out("smartphone", 2).await;
    let receiver = visit.stop().await;

    receiver.read(|arrived| {
        let span = &arrived.span(&TRACE, "inventory_deduct_span").1;
        assert_eq!(double(&span.attributes, "simulation.latency_added"), None);
    });
}

#[tokio::test]
async fn a_deadlocked_order_fails_with_500_where_it_is_written() {
    let visit = Visit::start(DEADLOCKING_SEED).await;
    let response = visit.check_out("laptop", 2).await;
    assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
    assert!(response.text().await.unwrap().contains("Database deadlock conflict during write"));
    let receiver = visit.stop().await;

    receiver.read(|arrived| {
        let write = &arrived.span(&TRACE, "db_create_order").1;
        assert!(is_error(write));
        let message = &write.status.as_ref().unwrap().message;
        assert_eq!(message, "Database deadlock conflict during write");
        let exception = write.events.iter().find(|event| event.name == "exception").unwrap();
        let text_of = |key| text(&exception.attributes, key);
        assert_eq!(text_of("exception.type").as_deref(), Some("DeadlockConflict"));
        assert_eq!(
            text_of("exception.message").as_deref(),
            Some("Database deadlock conflict during write")
        );
        assert!(is_error(&arrived.span(&TRACE, "POST /checkout").1));
        assert!(arrived.spans.iter().all(|(service, _)| service == "order-service"));

        let (_, log) = arrived
            .logs
            .iter()
            .find(|(_, log)| log.span_id == write.span_id)
            .expect("a log record of the failed write");
        assert_eq!(log.severity_text, "ERROR");
        assert_eq!(log.trace_id, TRACE);
    });
}

#[tokio::test]
async fn a_seed_decides_which_laptop_orders_deadlock() {
    let mut runs = Vec::new();
    for _ in 0..2 {
        let visit = Visit::start(5).await;
        let mut statuses = Vec::new();
        for _ in 0..20 {
            statuses.push(visit.check_out("laptop", 2).await.status().is_server_error());
        }
        visit.stop().await;
        runs.push(statuses);
    }
    assert_eq!(runs[0], runs[1]);
    let deadlocks = runs[0].iter().filter(|deadlocked| **deadlocked).count();
    assert!((6..=18).contains(&deadlocks), "{deadlocks} of 20");
}

#[tokio::test]
async fn a_declined_payment_is_an_exception_of_the_charge_and_rejects_the_order() {
    let visit = Visit::start(2).await;
    let mut declined = false;
    for _ in 0..200 {
        declined = visit.check_out("book", 1).await.status() == StatusCode::PAYMENT_REQUIRED;
        if declined {
            break;
        }
    }
    assert!(declined, "no payment of 200 was declined");
    let receiver = visit.stop().await;

    receiver.read(|arrived| {
        let charges = arrived.spans.iter().filter(|(_, span)| span.name == "payment_charge_span");
        let failed: Vec<_> = charges.filter(|(_, span)| is_error(span)).collect();
        assert_eq!(failed.len(), 1);
        assert_eq!(failed[0].1.events[0].name, "exception");
        assert!(arrived.spans.iter().any(|(_, span)| {
            text(&span.attributes, "order.status").as_deref() == Some("rejected")
        }));
    });
}

#[tokio::test]
async fn the_error_route_fails_about_half_of_the_time() {
    let visit = Visit::start(1).await;
    let mut failures = 0;
    for _ in 0..100 {
        failures += u32::from(visit.get("/error").await == StatusCode::INTERNAL_SERVER_ERROR);
    }
    visit.stop().await;
    assert!((30..=70).contains(&failures), "{failures} of 100");
}
