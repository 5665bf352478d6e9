//! The demo shop beside an instance, pointed at its OTLP/gRPC port as any application would be.

use std::time::Duration;

use anyhow::{Context, bail};
use tokio::time::timeout;
use watchglass_demo::{Settings, Shop};

use crate::surfaces::Addresses;

/// How long the shop may take to close; what its services still hold then is lost with them.
const GRACE: Duration = Duration::from_millis(400);

/// Asks for the shop to be opened.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Traffic;

impl Traffic {
    /// Opens the shop.
    pub(crate) async fn begin(self, addresses: &Addresses) -> anyhow::Result<Shop> {
        let Some(otlp_grpc) = addresses.otlp_grpc else {
            bail!(
                "the demo sends OTLP/gRPC, and its port is taken: choose another with \
                 --otlp-grpc 127.0.0.1:0"
            );
        };
        let settings = Settings { otlp_grpc: format!("http://{otlp_grpc}"), ..Settings::default() };
        watchglass_demo::start(settings).await.context("the demo shop did not open")
    }
}

/// Closes the shop as far as there is time.
pub(crate) async fn end(shop: Shop) {
    let _ = timeout(GRACE, shop.stop()).await;
}
