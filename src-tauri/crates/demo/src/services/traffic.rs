//! `traffic-generator`: the customers. It makes carts and sends them, and visits the sample app in between.

use std::sync::Arc;
use std::time::Duration;

use axum::http::Method;
use opentelemetry::Context;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};

use crate::catalog::{Cart, Currency, Customer, Line, Product, Refusal, Tier, pieces};
use crate::client::{Call, Client};
use crate::telemetry::Telemetry;

pub(crate) const NAME: &str = "traffic-generator";
/// Customers who wait at the same time; more than this stay away until one is served.
const CROWD: usize = 64;
const CUSTOMERS: u32 = 500;

/// The customers of the shop.
#[derive(Debug)]
pub(crate) struct Traffic {
    pub(crate) telemetry: Arc<Telemetry>,
    pub(crate) client: Client,
    pub(crate) order: String,
    pub(crate) sample: String,
    pub(crate) requests_per_second: f64,
    pub(crate) seed: u64,
}

/// What one customer wants.
#[derive(Debug, PartialEq, Eq)]
enum Visit {
    Checkout(Cart),
    Sample(&'static str),
}

impl Traffic {
    /// Sends customers until `stop` says so, then waits for those who are still in the shop.
    pub(crate) async fn run(self, mut stop: watch::Receiver<bool>) {
        if self.requests_per_second <= 0.0 {
            return;
        }
        let traffic = Arc::new(self);
        let mut dice = StdRng::seed_from_u64(traffic.seed);
        let mut crowd = JoinSet::new();
        let mut next = Instant::now();
        loop {
            // Customers come at random, on average at the rate that was asked for.
            let gap = dice.random_range(0.5..1.5) / traffic.requests_per_second;
            next = Instant::now().max(next + Duration::from_secs_f64(gap.min(3600.0)));
            tokio::select! {
                biased;
                _ = stop.wait_for(|stop| *stop) => break,
                () = sleep_until(next) => {}
            }
            while crowd.try_join_next().is_some() {}
            if crowd.len() >= CROWD {
                crowd.join_next().await;
            }
            let visit = Visit::draw(&mut dice);
            let traffic = Arc::clone(&traffic);
            crowd.spawn(async move { traffic.send(visit).await });
        }
        crowd.join_all().await;
    }

    async fn send(&self, visit: Visit) {
        match visit {
            Visit::Checkout(cart) => self.check_out(&cart).await,
            Visit::Sample(path) => self.visit_sample(path).await,
        }
    }

    async fn check_out(&self, cart: &Cart) {
        let call = Call {
            span: "POST /checkout",
            peer: super::order::NAME,
            method: Method::POST,
            address: &self.order,
            path: "/checkout",
        };
        // Who gets no answer is already in the client's log.
        let Ok(answer) = self.client.post(&Context::new(), call, cart).await else {
            return;
        };
        let customer = ("customer.id", cart.customer.id.clone().into());
        let items = ("cart.items", pieces(&cart.lines).into());
        if answer.status.is_success() {
            self.telemetry.debug(&answer.cx, "customer is happy", [customer, items]);
            return;
        }
        let reason = answer.json().map(|refusal: Refusal| refusal.reason).unwrap_or_default();
        let attributes = [customer, items, ("error.type", reason.into())];
        self.telemetry.warn(&answer.cx, "customer left without an order", attributes);
    }

    async fn visit_sample(&self, path: &'static str) {
        let span = match path {
            "/hello" => "GET /hello",
            "/error" => "GET /error",
            _ => "GET /slow",
        };
        let call = Call {
            span,
            peer: super::sample::NAME,
            method: Method::GET,
            address: &self.sample,
            path,
        };
        if let Ok(answer) = self.client.get(&Context::new(), call).await {
            let status = ("http.response.status_code", answer.status.as_u16().into());
            self.telemetry.debug(&answer.cx, "visited the sample app", [status]);
        }
    }
}

impl Visit {
    /// Seven visits in ten are checkouts.
    fn draw(dice: &mut StdRng) -> Self {
        match dice.random_range(0..10) {
            0..7 => Self::Checkout(draw_cart(dice)),
            7 => Self::Sample("/hello"),
            8 => Self::Sample("/error"),
            _ => Self::Sample("/slow"),
        }
    }
}

fn draw_cart(dice: &mut StdRng) -> Cart {
    let id = format!("cust-{:04}", dice.random_range(1..=CUSTOMERS));
    let tier = match dice.random_range(0..10) {
        0..6 => Tier::Bronze,
        6..9 => Tier::Silver,
        _ => Tier::Gold,
    };
    let currency = match dice.random_range(0..10) {
        0..6 => Currency::Eur,
        6..9 => Currency::Usd,
        _ => Currency::Gbp,
    };
    let first = dice.random_range(0..Product::ALL.len());
    let kinds = dice.random_range(1..=3);
    // Different products: a real cart has one line for each.
    let products = Product::ALL.into_iter().cycle().skip(first).take(kinds);
    let lines = products.map(|product| Line { product, quantity: draw_quantity(dice) }).collect();
    Cart { customer: Customer { id, tier }, currency, lines }
}

/// Most customers want one piece of a product, few want many.
fn draw_quantity(dice: &mut StdRng) -> u32 {
    match dice.random_range(0..20) {
        0..13 => 1,
        13..17 => 2,
        17..19 => 3,
        _ => 4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::quantity_of;

    #[test]
    fn the_same_seed_brings_the_same_customers() {
        let visits = |seed| {
            let mut dice = StdRng::seed_from_u64(seed);
            (0..100).map(|_| Visit::draw(&mut dice)).collect::<Vec<_>>()
        };
        assert_eq!(visits(1), visits(1));
        assert_ne!(visits(1), visits(2));
    }

    #[test]
    fn some_carts_meet_each_fault_and_most_meet_none() {
        let mut dice = StdRng::seed_from_u64(3);
        let carts: Vec<_> = (0..10_000).map(|_| draw_cart(&mut dice)).collect();
        let with = |product, least| {
            carts.iter().filter(|cart| quantity_of(&cart.lines, product) >= least).count()
        };
        let (slow, conflicting) = (with(Product::Smartphone, 3), with(Product::Laptop, 2));
        assert!((200..1_500).contains(&slow), "{slow} of 10,000 are slow");
        assert!((500..2_500).contains(&conflicting), "{conflicting} of 10,000 may deadlock");
    }
}
