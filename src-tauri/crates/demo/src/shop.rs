//! Opens the services, tells each where the others are, and closes them in the order of the requests.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::{self, JoinHandle, JoinSet};
use tokio::time::timeout;

use crate::client::Client;
use crate::error::Error;
use crate::faults::Faults;
use crate::metrics::OrderMetrics;
use crate::orders::Orders;
use crate::pauses::Pauses;
use crate::server::Port;
use crate::services::{inventory, order, payment, receipt, sample, traffic};
use crate::settings::Settings;
use crate::telemetry::Telemetry;

/// The slowest fault takes two and a half seconds; a customer may just have met it.
const TRAFFIC_GRACE: Duration = Duration::from_secs(4);
const SERVER_GRACE: Duration = Duration::from_secs(2);
const FLUSH_GRACE: Duration = Duration::from_secs(6);

/// A demo shop that is open.
///
/// End it with [`Shop::stop`]. Dropping it tears requests apart, and nobody waits for the last flush.
#[derive(Debug)]
pub struct Shop {
    addresses: BTreeMap<&'static str, String>,
    telemetry: Vec<Arc<Telemetry>>,
    traffic: JoinHandle<()>,
    servers: JoinSet<()>,
    stop_traffic: watch::Sender<bool>,
    stop_servers: watch::Sender<bool>,
}

/// Opens the demo shop and lets the customers in.
///
/// The OTLP endpoint need not be there yet. Must be called in a tokio runtime.
pub async fn start(settings: Settings) -> Result<Shop, Error> {
    start_with(settings, Pauses::real()).await
}

/// [`start`] with a choice of how simulated work takes its time.
pub(crate) async fn start_with(settings: Settings, pauses: Pauses) -> Result<Shop, Error> {
    if !settings.requests_per_second.is_finite() || settings.requests_per_second < 0.0 {
        return Err(Error::Rate(settings.requests_per_second));
    }
    let seed = settings.seed.unwrap_or_else(rand::random);
    let faults = Arc::new(Faults::new(seed));
    let mut opening = Opening::new(&settings);

    let telemetry = opening.telemetry(sample::NAME)?;
    let app = sample::Sample {
        telemetry: Arc::clone(&telemetry),
        faults: Arc::clone(&faults),
        pauses: pauses.clone(),
    };
    let sample = opening.serve(&telemetry, sample::routes(Arc::new(app))).await?;

    let telemetry = opening.telemetry(payment::NAME)?;
    let till = payment::Till {
        telemetry: Arc::clone(&telemetry),
        faults: Arc::clone(&faults),
        pauses: pauses.clone(),
    };
    let payment = opening.serve(&telemetry, payment::routes(Arc::new(till))).await?;

    let telemetry = opening.telemetry(inventory::NAME)?;
    let warehouse =
        inventory::Warehouse::new(Arc::clone(&telemetry), Arc::clone(&faults), pauses.clone());
    let inventory = opening.serve(&telemetry, inventory::routes(Arc::new(warehouse))).await?;

    let (receipts, receipt_desk) = receipt::open(opening.telemetry(receipt::NAME)?, pauses.clone());
    opening.servers.spawn(receipt_desk.run());

    let telemetry = opening.telemetry(order::NAME)?;
    let desk = order::OrderDesk {
        telemetry: Arc::clone(&telemetry),
        metrics: OrderMetrics::new(telemetry.meter(), telemetry.exemplars()),
        orders: Orders::open()?,
        faults,
        pauses,
        client: Client::new(Arc::clone(&telemetry))?,
        inventory,
        payment,
        receipts,
    };
    let order = opening.serve(&telemetry, order::routes(Arc::new(desk))).await?;

    let telemetry = opening.telemetry(traffic::NAME)?;
    let traffic = traffic::Traffic {
        client: Client::new(Arc::clone(&telemetry))?,
        telemetry,
        order,
        sample,
        requests_per_second: settings.requests_per_second,
        seed,
    };
    Ok(opening.admit(traffic))
}

impl Shop {
    /// The HTTP address of each service that has one, by service name.
    #[must_use]
    pub fn addresses(&self) -> &BTreeMap<&'static str, String> {
        &self.addresses
    }

    /// Closes the shop: customers finish, servers end, telemetry is flushed.
    ///
    /// It takes at most about twelve seconds, and far less unless something hangs; an endpoint that is away is
    /// given up quickly.
    pub async fn stop(mut self) {
        self.stop_traffic.send_replace(true);
        if timeout(TRAFFIC_GRACE, &mut self.traffic).await.is_err() {
            self.traffic.abort();
        }
        self.stop_servers.send_replace(true);
        let servers = async { while self.servers.join_next().await.is_some() {} };
        if timeout(SERVER_GRACE, servers).await.is_err() {
            self.servers.shutdown().await;
        }
        let mut flushes = JoinSet::new();
        for telemetry in std::mem::take(&mut self.telemetry) {
            let providers = telemetry.providers();
            flushes.spawn_blocking(move || providers.shut_down());
        }
        let all = async { while flushes.join_next().await.is_some() {} };
        // What is not flushed by now goes to an endpoint that hangs.
        let _ = timeout(FLUSH_GRACE, all).await;
    }
}

impl Drop for Shop {
    fn drop(&mut self) {
        let telemetry = std::mem::take(&mut self.telemetry);
        if telemetry.is_empty() {
            return;
        }
        // Providers that are dropped open flush where they are dropped, which would block the runtime that
        // their own connections run on.
        thread::spawn(move || telemetry.iter().for_each(|it| it.providers().shut_down()));
    }
}

/// A shop on its way to being open.
struct Opening<'a> {
    settings: &'a Settings,
    addresses: BTreeMap<&'static str, String>,
    telemetry: Vec<Arc<Telemetry>>,
    servers: JoinSet<()>,
    stop_servers: watch::Sender<bool>,
}

impl<'a> Opening<'a> {
    fn new(settings: &'a Settings) -> Self {
        Self {
            settings,
            addresses: BTreeMap::new(),
            telemetry: Vec::new(),
            servers: JoinSet::new(),
            stop_servers: watch::Sender::new(false),
        }
    }

    fn telemetry(&mut self, service: &'static str) -> Result<Arc<Telemetry>, Error> {
        let telemetry = Telemetry::new(service, self.settings)?;
        self.telemetry.push(Arc::clone(&telemetry));
        Ok(telemetry)
    }

    async fn serve(
        &mut self,
        telemetry: &Arc<Telemetry>,
        routes: axum::Router,
    ) -> Result<String, Error> {
        let service = telemetry.service();
        let port = Port::open(service).await?;
        let address = port.address();
        self.addresses.insert(service, address.clone());
        let stop = self.stop_servers.subscribe();
        port.serve(Arc::clone(telemetry), routes, stop, &mut self.servers);
        Ok(address)
    }

    fn admit(self, traffic: traffic::Traffic) -> Shop {
        let stop_traffic = watch::Sender::new(false);
        let traffic = task::spawn(traffic.run(stop_traffic.subscribe()));
        Shop {
            addresses: self.addresses,
            telemetry: self.telemetry,
            traffic,
            servers: self.servers,
            stop_traffic,
            stop_servers: self.stop_servers,
        }
    }
}
