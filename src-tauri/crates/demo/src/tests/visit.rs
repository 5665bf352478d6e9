//! A shop for a test: it has a receiver, no traffic of its own, and work that takes no time.

use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use reqwest::{Response, StatusCode};
use serde_json::json;

use crate::pauses::Pauses;
use crate::settings::Settings;
use crate::shop::{Shop, start_with};
use crate::tests::receiver::Receiver;

/// The trace that the test's own requests belong to.
pub(crate) const TRACE: [u8; 16] = *b"watchglass-demo!";
/// The span that the test's own requests come from.
pub(crate) const CALLER: [u8; 8] = *b"the-test";

#[derive(Debug)]
pub(crate) struct Visit {
    pub(crate) receiver: Receiver,
    pub(crate) shop: Shop,
    pub(crate) pauses: Arc<Mutex<Vec<Duration>>>,
    http: reqwest::Client,
}

impl Visit {
    pub(crate) async fn start(seed: u64) -> Self {
        let receiver = Receiver::start().await;
        let pauses = Arc::new(Mutex::new(Vec::new()));
        let noted = Arc::clone(&pauses);
        let settings = Settings {
            otlp_grpc: receiver.endpoint.clone(),
            requests_per_second: 0.0,
            metric_interval: Duration::from_millis(20),
            span_delay: Duration::from_millis(5),
            seed: Some(seed),
        };
        let pauses_taken = Pauses::noted(move |duration| noted.lock().push(duration));
        let shop = start_with(settings, pauses_taken).await.unwrap();
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        Self { receiver, shop, pauses, http }
    }

    /// Checks out one line, as a part of [`TRACE`].
    pub(crate) async fn check_out(&self, product: &str, quantity: u32) -> Response {
        let cart = json!({
            "customer": { "id": "cust-0001", "tier": "gold" },
            "currency": "EUR",
            "lines": [{ "product": product, "quantity": quantity }],
        });
        let address = &self.shop.addresses()["order-service"];
        let request = self.http.post(format!("{address}/checkout")).json(&cart);
        request.header("traceparent", traceparent()).send().await.unwrap()
    }

    pub(crate) async fn get(&self, path: &str) -> StatusCode {
        let address = &self.shop.addresses()["sample-app"];
        let request = self.http.get(format!("{address}{path}"));
        let response = request.header("traceparent", traceparent()).send().await.unwrap();
        response.status()
    }

    /// Closes the shop; whatever it had to say has arrived.
    pub(crate) async fn stop(self) -> Receiver {
        self.shop.stop().await;
        self.receiver
    }
}

fn traceparent() -> String {
    let hex =
        |bytes: &[u8]| bytes.iter().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"));
    format!("00-{}-{}-01", hex(&TRACE), hex(&CALLER))
}
