//! Without a window: serves until asked to end.

use std::io::Write;
use std::path::Path;

use anyhow::Context;
use serde::Serialize;

use crate::arguments::Common;
use crate::demo::{self, Traffic};
use crate::focus::Focus;
use crate::instance::Instance;
use crate::outcome::Outcome;
use crate::signals::asked_to_end;
use crate::surfaces::Addresses;

/// The one line on standard output.
#[derive(Debug, Serialize)]
struct ReadyLine {
    #[serde(rename = "ready")]
    is_ready: bool,
    listen: String,
    otlp_grpc: Option<String>,
    otlp_http: Option<String>,
}

impl From<Addresses> for ReadyLine {
    fn from(addresses: Addresses) -> Self {
        Self {
            is_ready: true,
            listen: addresses.listen.to_string(),
            otlp_grpc: addresses.otlp_grpc.map(|address| address.to_string()),
            otlp_http: addresses.otlp_http.map(|address| address.to_string()),
        }
    }
}

/// Serves until asked to end; prints one line of JSON when ready.
pub(crate) fn serve(common: &Common, folder: Option<&Path>) -> anyhow::Result<Outcome> {
    let ready = |addresses| Ok(serde_json::to_string(&ReadyLine::from(addresses))?);
    runtime()?.block_on(serve_until_end(common, folder, None, ready))
}

/// Serves for somebody who has no window, and says where to look; with the demo shop where `traffic` asks for it.
pub(crate) fn in_browser(
    common: &Common,
    folder: Option<&Path>,
    traffic: Option<Traffic>,
) -> anyhow::Result<Outcome> {
    let ready = |addresses: Addresses| {
        let what = match traffic {
            Some(Traffic) => "The demo shop is open. Look at it on",
            None => "There is no display for a window. Open a browser on",
        };
        Ok(format!("{what} http://{}\nCtrl-C ends it.", addresses.listen))
    };
    runtime()?.block_on(serve_until_end(common, folder, traffic, ready))
}

async fn serve_until_end(
    common: &Common,
    folder: Option<&Path>,
    traffic: Option<Traffic>,
    ready: impl FnOnce(Addresses) -> anyhow::Result<String>,
) -> anyhow::Result<Outcome> {
    // Listened to from the start, so that an early signal still closes what was opened.
    let end = tokio::spawn(asked_to_end());
    let instance = Instance::open(common, folder, Focus::headless()).await?;
    let served = async {
        let shop = match traffic {
            Some(traffic) => Some(traffic.begin(&instance.addresses).await?),
            None => None,
        };
        // A closed standard output is no reason not to serve.
        let _ = writeln!(std::io::stdout(), "{}", ready(instance.addresses)?);
        end.await??;
        if let Some(shop) = shop {
            demo::end(shop).await;
        }
        Ok(Outcome::Done)
    };
    let outcome = served.await;
    instance.close().await;
    outcome
}

/// The runtime of a whole command.
pub(crate) fn runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("the system gives no threads")
}
