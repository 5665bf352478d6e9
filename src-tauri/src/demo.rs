//! The demo shop beside an instance, pointed at its OTLP/gRPC port as any application would be.

use std::io::Write;
use std::time::Duration;

use anyhow::{Context, bail};
use tokio::time::timeout;
use watchglass_demo::{Settings, Shop};

use crate::arguments::Common;
use crate::focus::Focus;
use crate::instance::Instance;
use crate::outcome::Outcome;
use crate::serve::{runtime, until};
use crate::signals::asked_to_end;
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

/// Serves without a window, with the shop open, and says where to look.
pub(crate) fn headless(common: &Common) -> anyhow::Result<Outcome> {
    runtime()?.block_on(async {
        let end_asked = tokio::spawn(asked_to_end());
        let instance = Instance::open(common, None, Focus::headless()).await?;
        let shop = match Traffic.begin(&instance.addresses).await {
            Ok(shop) => shop,
            Err(error) => {
                instance.close().await;
                return Err(error);
            }
        };
        let listen = instance.addresses.listen;
        // A closed standard output is no reason not to serve.
        let _ = writeln!(
            std::io::stdout(),
            "The demo shop is open. Look at it on http://{listen}\nCtrl-C closes it."
        );
        let ended = async {
            let asked = end_asked.await;
            end(shop).await;
            asked
        };
        until(ended, instance).await
    })
}
