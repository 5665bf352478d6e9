//! The shop as a whole: who it says it is, that traffic flows, and that it ends well.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use opentelemetry::Context;
use opentelemetry_proto::tonic::trace::v1::span::SpanKind;
use tokio::net::TcpListener;
use tokio::task::spawn_blocking;

use super::receiver::{Arrived, Receiver, int, text};
use crate::error::Error;
use crate::pauses::Pauses;
use crate::services::receipt;
use crate::settings::Settings;
use crate::shop::{start, start_with};
use crate::telemetry::Telemetry;

fn busy(endpoint: &str) -> Settings {
    Settings {
        otlp_grpc: endpoint.to_owned(),
        requests_per_second: 200.0,
        metric_interval: Duration::from_millis(50),
        span_delay: Duration::from_millis(5),
        seed: Some(1),
    }
}

#[tokio::test]
async fn traffic_flows_from_the_generator_and_each_service_names_itself() {
    let receiver = Receiver::start().await;
    let shop = start_with(busy(&receiver.endpoint), Pauses::noted(|_| {})).await.unwrap();
    receiver.until(|arrived| arrived.spans.len() > 500).await;
    shop.stop().await;

    receiver.read(|arrived| {
        let services: BTreeSet<_> =
            arrived.spans.iter().map(|(service, _)| service.as_str()).collect();
        let expected = [
            "inventory-service",
            "order-service",
            "payment-service",
            "receipt-service",
            "sample-app",
            "traffic-generator",
        ];
        assert_eq!(services, expected.into());
        let instances: BTreeSet<_> = arrived
            .resources
            .iter()
            .map(|resource| {
                let attribute = |key| text(&resource.attributes, key).unwrap();
                assert_eq!(attribute("deployment.environment.name"), "demo");
                assert_eq!(attribute("service.version"), env!("CARGO_PKG_VERSION"));
                attribute("service.instance.id")
            })
            .collect();
        assert_eq!(instances.len(), expected.len());
    });
}

#[tokio::test]
async fn stop_leaves_no_trace_torn() {
    let receiver = Receiver::start().await;
    let shop = start_with(busy(&receiver.endpoint), Pauses::noted(|_| {})).await.unwrap();
    receiver.until(|arrived| arrived.spans.len() > 100).await;
    shop.stop().await;

    receiver.read(|arrived| {
        let ids: BTreeSet<_> = arrived.spans.iter().map(|(_, span)| &span.span_id).collect();
        for (service, span) in &arrived.spans {
            if text(&span.attributes, "url.full").is_some() {
                let status = int(&span.attributes, "http.response.status_code");
                assert!(status.is_some(), "{} of {service} got no answer", span.name);
            }
            if span.parent_span_id.is_empty() {
                let customer = service == "traffic-generator" && span.kind() == SpanKind::Client;
                let mail = span.name == "receipt_email";
                assert!(customer || mail, "{} of {service} has no parent", span.name);
            } else {
                assert!(ids.contains(&span.parent_span_id), "{} lost its parent", span.name);
            }
        }
        let (spans, published) = (&arrived.spans, "receipt_publish");
        let count = |name| spans.iter().filter(|(_, span)| span.name == name).count();
        assert_eq!(count("receipt_email"), count(published));
    });
}

#[tokio::test]
async fn a_shop_without_a_receiver_works_and_stops_soon() {
    // A port that was just free: nobody listens there.
    let nobody = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let shop = start_with(busy(&format!("http://{nobody}")), Pauses::noted(|_| {})).await.unwrap();
    let address = shop.addresses()["sample-app"].clone();
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let response = http.get(format!("{address}/hello")).send().await.unwrap();
    assert!(response.status().is_success());

    let began = Instant::now();
    shop.stop().await;
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
}

#[tokio::test]
async fn a_receiver_that_comes_late_gets_what_happens_from_then_on() {
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let shop = start_with(busy(&format!("http://{free}")), Pauses::noted(|_| {})).await.unwrap();
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let address = &shop.addresses()["sample-app"];
    http.get(format!("{address}/hello")).send().await.unwrap();

    let receiver = Receiver::start_at(&free.to_string()).await;
    let everything = |arrived: &Arrived| {
        let (spans, logs) = (&arrived.spans, &arrived.logs);
        !spans.is_empty() && !logs.is_empty() && !arrived.metrics.is_empty()
    };
    receiver.until(everything).await;
    shop.stop().await;
}

#[tokio::test]
async fn a_receiver_that_never_answers_does_not_hold_up_the_end() {
    // The listener takes connections into its backlog and never speaks.
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", silent.local_addr().unwrap());
    let shop = start_with(busy(&endpoint), Pauses::noted(|_| {})).await.unwrap();

    let address = shop.addresses()["sample-app"].clone();
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    http.get(format!("{address}/hello")).send().await.unwrap();

    let began = Instant::now();
    shop.stop().await;
    assert!(began.elapsed() < Duration::from_secs(12), "{:?}", began.elapsed());
}

#[tokio::test]
async fn dropping_an_open_shop_does_not_block_its_runtime() {
    let nobody = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let shop = start_with(busy(&format!("http://{nobody}")), Pauses::noted(|_| {})).await.unwrap();
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let address = shop.addresses()["sample-app"].clone();
    http.get(format!("{address}/hello")).send().await.unwrap();

    let began = Instant::now();
    drop(shop);
    // The last of the shop goes when its servers have gone.
    while http.get(format!("{address}/hello")).send().await.is_ok() {}
    assert!(began.elapsed() < Duration::from_secs(1), "{:?}", began.elapsed());
}

#[tokio::test]
async fn receipts_in_the_queue_are_mailed_before_the_desk_closes() {
    let receiver = Receiver::start().await;
    let telemetry = Telemetry::new("receipts", &busy(&receiver.endpoint)).unwrap();
    let (queue, desk) = receipt::open(Arc::clone(&telemetry), Pauses::noted(|_| {}));
    for _ in 0..50 {
        queue.publish(&telemetry, &Context::new(), "ord-1", "cust-1");
    }
    drop(queue);
    desk.run().await;
    let providers = telemetry.providers();
    spawn_blocking(move || providers.shut_down()).await.unwrap();

    receiver.read(|arrived| {
        let mails = arrived.spans.iter().filter(|(_, span)| span.name == "receipt_email");
        assert_eq!(mails.count(), 50);
    });
}

#[tokio::test]
async fn a_wrong_endpoint_or_rate_is_refused() {
    let wrong = Settings { otlp_grpc: "not a url".to_owned(), ..Settings::default() };
    assert!(matches!(start(wrong).await, Err(Error::Endpoint { .. })));
    for rate in [-1.0, f64::NAN, f64::INFINITY] {
        let wrong = Settings { requests_per_second: rate, ..Settings::default() };
        assert!(matches!(start(wrong).await, Err(Error::Rate(_))), "{rate}");
    }
}
