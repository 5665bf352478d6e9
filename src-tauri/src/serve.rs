//! Without a window: serves until asked to end.

use std::future::Future;
use std::io::Write;
use std::path::Path;

use anyhow::Context;
use serde::Serialize;

use crate::arguments::Common;
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
    runtime()?.block_on(async {
        // Listened to from the start, so that an early signal still closes what was opened.
        let end = tokio::spawn(asked_to_end());
        let instance = Instance::open(common, folder, Focus::headless()).await?;
        let ready = serde_json::to_string(&ReadyLine::from(instance.addresses))?;
        // A closed standard output is no reason not to serve.
        let _ = writeln!(std::io::stdout(), "{ready}");
        until(end, instance).await
    })
}

/// Waits for the end, then closes.
pub(crate) async fn until(
    end: impl Future<Output = Result<std::io::Result<()>, tokio::task::JoinError>>,
    instance: Instance,
) -> anyhow::Result<Outcome> {
    end.await??;
    instance.close().await;
    Ok(Outcome::Done)
}

/// The runtime of a whole command.
pub(crate) fn runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("the system gives no threads")
}
