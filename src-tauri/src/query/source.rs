//! Who is asked: the instance that runs, over HTTP, or a data folder that none has open, by the same router.

use std::path::Path;

use reqwest::StatusCode;

use super::folder::Folder;
use crate::arguments::Common;
use crate::client::Client;
use crate::folders::{Note, data_folder};

/// Who is asked.
#[derive(Debug)]
pub(crate) enum Source {
    /// An instance that runs.
    Instance(Client),
    /// A folder, opened to be read.
    Folder(Folder),
}

impl Source {
    /// The instance at `--listen`, or that which left its note in the data folder; the folder of `--data` itself where
    /// none runs on it.
    pub(crate) async fn find(common: &Common) -> anyhow::Result<Self> {
        match &common.data {
            Some(_) if common.listen.is_none() => Self::on(&data_folder(common)?).await,
            _ => Ok(Self::Instance(Client::to_instance(common)?)),
        }
    }

    async fn on(data: &Path) -> anyhow::Result<Self> {
        if let Some(note) = Note::find(data) {
            let client = Client::at(&note.listen)?;
            if client.is_running().await {
                return Ok(Self::Instance(client));
            }
        }
        Folder::open(data).await.map(Self::Folder)
    }

    /// Sends a form to `path` of the Prometheus API, and gives the status and the text of the answer.
    pub(crate) async fn prometheus(
        &self,
        path: &str,
        form: &[(&str, String)],
    ) -> anyhow::Result<(StatusCode, String)> {
        self.ask("/prometheus", path, form).await
    }

    /// The same of the Loki API.
    pub(crate) async fn loki(
        &self,
        path: &str,
        form: &[(&str, String)],
    ) -> anyhow::Result<(StatusCode, String)> {
        // The whole API lies under `/loki`, and its own paths begin so again.
        self.ask("/loki/loki", path, form).await
    }

    async fn ask(
        &self,
        api: &str,
        path: &str,
        form: &[(&str, String)],
    ) -> anyhow::Result<(StatusCode, String)> {
        let form = serde_html_form::to_string(form)?;
        let path = format!("{api}{path}");
        match self {
            Self::Instance(client) => client.ask(&path, form).await,
            Self::Folder(folder) => folder.ask(&path, form).await,
        }
    }
}
