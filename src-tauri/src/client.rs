//! Asks a running instance over its HTTP API.

use std::time::Duration;

use anyhow::{Context, anyhow, bail};
use reqwest::header::CONTENT_TYPE;
use reqwest::{Response, StatusCode};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::arguments::Common;
use crate::folders::{Note, data_folder};

const PATIENCE: Duration = Duration::from_secs(5);
/// Longer than a query may take.
const QUERY_PATIENCE: Duration = Duration::from_secs(150);

/// A way in of an instance.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Receiver {
    /// `otlp_grpc`, `otlp_http` or `main`.
    pub(crate) name: String,
    /// Where it is.
    pub(crate) address: String,
    state: String,
}

impl Receiver {
    /// Whether it takes anything.
    pub(crate) fn is_listening(&self) -> bool {
        self.state == "listening"
    }
}

/// A way to a running instance, which need not be there.
#[derive(Debug, Clone)]
pub(crate) struct Client {
    base: String,
    http: reqwest::Client,
}

impl Client {
    /// The instance at `--listen`; without it the one that left its note in the data folder, or the usual address.
    pub(crate) fn to_instance(common: &Common) -> anyhow::Result<Self> {
        let noted = || Some(Note::find(&data_folder(common).ok()?)?.listen);
        let listen = match common.listen {
            Some(listen) => listen.to_string(),
            None => noted().unwrap_or_else(|| common.main_address().to_string()),
        };
        Self::at(&listen)
    }

    /// The instance at an address.
    pub(crate) fn at(listen: &str) -> anyhow::Result<Self> {
        // No proxy stands between a machine and itself.
        let http = reqwest::Client::builder().no_proxy().timeout(PATIENCE).build();
        let http = http.context("no HTTP client can be made")?;
        Ok(Self { base: format!("http://{listen}"), http })
    }

    /// Where it asks.
    pub(crate) fn address(&self) -> &str {
        self.base.trim_start_matches("http://")
    }

    /// Whether what answers there is a Watchglass.
    pub(crate) async fn is_running(&self) -> bool {
        self.receivers().await.is_ok()
    }

    /// The ways in of the instance.
    pub(crate) async fn receivers(&self) -> anyhow::Result<Vec<Receiver>> {
        #[derive(Deserialize)]
        struct Status {
            receivers: Vec<Receiver>,
        }
        Ok(self.get::<Status>("/api/status").await?.receivers)
    }

    /// Reads an answer.
    pub(crate) async fn get<T: DeserializeOwned>(&self, path: &str) -> anyhow::Result<T> {
        let sent = self.http.get(format!("{}{path}", self.base)).send().await;
        self.answer(sent, path).await?.json().await.map_err(|_| self.foreign())
    }

    /// Sends a document and reads the answer.
    pub(crate) async fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        document: &impl Serialize,
    ) -> anyhow::Result<T> {
        let sent = self.http.post(format!("{}{path}", self.base)).json(document).send().await;
        self.answer(sent, path).await?.json().await.map_err(|_| self.foreign())
    }

    /// Posts to a path whose answer is its status alone.
    pub(crate) async fn poke(&self, path: &str) -> anyhow::Result<StatusCode> {
        let empty = serde_json::json!({});
        let sent = self.http.post(format!("{}{path}", self.base)).json(&empty).send().await;
        Ok(sent.map_err(|_| self.absent())?.status())
    }

    /// Posts a form, and gives the status and the text of the answer, whatever they are. A query may take long.
    pub(crate) async fn ask(
        &self,
        path: &str,
        form: String,
    ) -> anyhow::Result<(StatusCode, String)> {
        let post = self.http.post(format!("{}{path}", self.base)).timeout(QUERY_PATIENCE);
        let post = post.header(CONTENT_TYPE, "application/x-www-form-urlencoded").body(form);
        let response = post.send().await.map_err(|_| self.absent())?;
        let status = response.status();
        let text = response.text().await.with_context(|| {
            format!("the answer of the Watchglass at {} broke off", self.address())
        })?;
        Ok((status, text))
    }

    async fn answer(
        &self,
        sent: reqwest::Result<Response>,
        path: &str,
    ) -> anyhow::Result<Response> {
        let response = sent.map_err(|_| self.absent())?;
        if response.status().is_success() {
            return Ok(response);
        }
        let status = response.status();
        let text = response.text().await.unwrap_or_default();
        bail!("Watchglass at {} answers {path} with {status}: {text}", self.address())
    }

    fn absent(&self) -> anyhow::Error {
        anyhow!(
            "no Watchglass answers at {}: start one with `watchglass` or `watchglass serve`, or say where it is with --listen",
            self.address()
        )
    }

    fn foreign(&self) -> anyhow::Error {
        anyhow!(
            "what answers at {} is no Watchglass of this version: say with --listen where it is",
            self.address()
        )
    }
}
