//! The demo shop, pointed at an instance's OTLP/gRPC port as any application would be: one of this process, or one
//! that runs already.

use std::io::Write;
use std::time::Duration;

use anyhow::{Context, bail};
use tokio::time::timeout;
use watchglass_demo::{Settings, Shop};

use crate::arguments::Common;
use crate::client::Client;
use crate::focus;
use crate::folders::{Note, data_folder};
use crate::outcome::Outcome;
use crate::serve::runtime;
use crate::signals::asked_to_end;
use crate::surfaces::Addresses;

/// How long the shop may take to close; what its services still hold then is lost with them.
const GRACE: Duration = Duration::from_millis(400);

/// Asks for the shop to be opened.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Traffic;

impl Traffic {
    /// Opens the shop beside the instance that listens there.
    pub(crate) async fn begin(self, addresses: &Addresses) -> anyhow::Result<Shop> {
        let Some(otlp_grpc) = addresses.otlp_grpc else {
            bail!(
                "the demo sends OTLP/gRPC, and its port is taken: choose another with \
                 --otlp-grpc 127.0.0.1:PORT"
            );
        };
        self.toward(&otlp_grpc.to_string()).await
    }

    async fn toward(self, otlp_grpc: &str) -> anyhow::Result<Shop> {
        let settings = Settings { otlp_grpc: format!("http://{otlp_grpc}"), ..Settings::default() };
        watchglass_demo::start(settings).await.context("the demo shop did not open")
    }
}

/// A Watchglass that has the data folder already, and takes OTLP over gRPC.
#[derive(Debug)]
pub(crate) struct Neighbour {
    client: Client,
    otlp_grpc: String,
}

impl Neighbour {
    /// The one that left its note in the data folder, if it answers.
    pub(crate) fn find(common: &Common) -> Option<Self> {
        let note = Note::find(&data_folder(common).ok()?)?;
        let client = Client::at(&note.listen).ok()?;
        let receivers = runtime().ok()?.block_on(client.receivers()).ok()?;
        let found = receivers.into_iter().find(|it| it.name == "otlp_grpc" && it.is_listening())?;
        Some(Self { client, otlp_grpc: found.address })
    }

    /// Opens the shop alone, for that one to receive, until asked to end.
    pub(crate) fn shop(&self) -> anyhow::Result<Outcome> {
        runtime()?.block_on(async {
            let end_asked = tokio::spawn(asked_to_end());
            let shop = Traffic.toward(&self.otlp_grpc).await?;
            let address = self.client.address();
            // A closed standard output is no reason not to send.
            let _ = writeln!(
                std::io::stdout(),
                "The demo shop is open and sends to the Watchglass on http://{address}\nCtrl-C ends it."
            );
            // It may have no window.
            let _ = self.client.poke(focus::PATH).await;
            end_asked.await??;
            end(shop).await;
            Ok(Outcome::Done)
        })
    }
}

/// Closes the shop as far as there is time.
pub(crate) async fn end(shop: Shop) {
    let _ = timeout(GRACE, shop.stop()).await;
}
