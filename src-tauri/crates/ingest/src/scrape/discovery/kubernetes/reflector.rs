//! Keeps a shelf as the cluster has it: a list, page by page, and then every change as it is told. Where the thread is
//! lost, the list is read anew.

use std::sync::Arc;
use std::time::Duration;

use reqwest::Response;
use serde::Deserialize;
use serde_json::Value;
use tokio::time::{sleep, timeout};

use super::Changes;
use super::access::Access;
use super::known::Shelf;
use super::objects::{Kind, Metadata};

/// Objects of one page.
const PAGE: &str = "500";

/// Bytes of a page, and of a change, that are taken.
const MOST_BYTES: usize = 64 << 20;

/// How long one watch lasts; the server ends it, and the next goes on from there.
const WATCH: Duration = Duration::from_mins(5);

/// How long to wait before the list is read anew: at first, and at most where that fails again and again.
const PAUSES: [Duration; 2] = [Duration::from_millis(500), Duration::from_secs(30)];

/// Follows the objects of one kind in a namespace, or in all.
pub(super) struct Reflector<K> {
    pub(super) access: Arc<Access>,
    pub(super) namespace: Option<String>,
    /// Selectors of labels and of fields.
    pub(super) selectors: [String; 2],
    pub(super) shelf: Arc<Shelf<K>>,
    pub(super) changes: Arc<Changes>,
}

/// A page of a list.
#[derive(Debug, Deserialize)]
struct Page {
    #[serde(default)]
    metadata: PageMetadata,
    items: Option<Vec<Value>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct PageMetadata {
    resource_version: String,
    r#continue: Option<String>,
}

/// A change.
#[derive(Debug, Deserialize)]
struct Event {
    r#type: String,
    object: Value,
}

/// Only what says how far a watch has come.
#[derive(Debug, Deserialize)]
struct Bookmark {
    metadata: Metadata,
}

impl<K: Kind> Reflector<K> {
    /// Follows until it is dropped.
    pub(super) async fn run(self) {
        let [mut pause, most] = PAUSES;
        let mut is_listed = false;
        loop {
            let followed = match self.list().await {
                Ok(version) => {
                    [pause, _] = PAUSES;
                    self.changes.tell(!std::mem::replace(&mut is_listed, true));
                    self.follow(version).await
                }
                Err(fault) => Err(fault),
            };
            sleep(pause).await;
            if let Err(fault) = followed {
                tracing::warn!(kind = K::NAME, fault, "cannot follow the objects of a cluster");
                pause = (pause * 2).min(most);
            }
        }
    }

    fn path(&self) -> String {
        match &self.namespace {
            Some(namespace) if K::IS_NAMESPACED => {
                format!("{}/namespaces/{namespace}/{}", K::API, K::NAME)
            }
            _ => format!("{}/{}", K::API, K::NAME),
        }
    }

    async fn ask(&self, parameters: &[(&str, &str)]) -> Result<Response, String> {
        let [labels, fields] = &self.selectors;
        let selectors = [("labelSelector", labels.as_str()), ("fieldSelector", fields.as_str())];
        let parameters = selectors.iter().chain(parameters).filter(|(_, value)| !value.is_empty());
        self.access.get(&self.path(), parameters).await
    }

    /// Reads the whole list and puts it in the place of what was known; its version.
    async fn list(&self) -> Result<String, String> {
        let (mut objects, mut next) = (Vec::new(), String::new());
        loop {
            let mut response = self.ask(&[("limit", PAGE), ("continue", &next)]).await?;
            let mut body = Vec::new();
            while let Some(piece) = response.chunk().await.map_err(|fault| fault.to_string())? {
                bounded(body.len() + piece.len())?;
                body.extend_from_slice(&piece);
            }
            let page: Page = serde_json::from_slice(&body).map_err(|fault| fault.to_string())?;
            objects.extend(page.items.into_iter().flatten().filter_map(object));
            next = page.metadata.r#continue.unwrap_or_default();
            if next.is_empty() {
                self.shelf.replace(self.namespace.as_deref(), objects);
                return Ok(page.metadata.resource_version);
            }
        }
    }

    /// Follows the changes after this version, one watch after another. Ok: what comes after it is not known any more.
    async fn follow(&self, mut version: String) -> Result<(), String> {
        let seconds = WATCH.as_secs().to_string();
        loop {
            let parameters = [
                ("watch", "true"),
                ("allowWatchBookmarks", "true"),
                ("resourceVersion", version.as_str()),
                ("timeoutSeconds", &seconds),
            ];
            let mut watch = Watch { response: self.ask(&parameters).await?, bytes: Vec::new() };
            while let Some(line) = watch.line().await? {
                let event: Event =
                    serde_json::from_slice(&line).map_err(|fault| fault.to_string())?;
                if event.r#type == "ERROR" {
                    return is_gone(&event.object);
                }
                version = self.change(event)?;
            }
            // A server that ends each watch at once is not to be asked without a pause.
            sleep(Duration::from_millis(100)).await;
        }
    }

    /// Makes a change and gives the version after it.
    fn change(&self, event: Event) -> Result<String, String> {
        if event.r#type == "BOOKMARK" {
            let bookmark: Bookmark =
                serde_json::from_value(event.object).map_err(|fault| fault.to_string())?;
            return Ok(bookmark.metadata.resource_version);
        }
        let object: K = serde_json::from_value(event.object).map_err(|fault| fault.to_string())?;
        let version = object.metadata().resource_version.clone();
        if event.r#type == "DELETED" {
            self.shelf.remove(&object);
        } else {
            self.shelf.put(object);
        }
        self.changes.tell(false);
        Ok(version)
    }
}

/// One that cannot be read costs itself.
fn object<K: Kind>(value: Value) -> Option<K> {
    serde_json::from_value(value)
        .inspect_err(|fault| tracing::warn!(kind = K::NAME, %fault, "cannot read an object"))
        .ok()
}

fn bounded(bytes: usize) -> Result<(), String> {
    if bytes > MOST_BYTES {
        return Err(format!("an answer has more than {MOST_BYTES} bytes"));
    }
    Ok(())
}

/// Ok where the server has forgotten the version that a watch began with.
fn is_gone(status: &Value) -> Result<(), String> {
    if status.get("code").and_then(Value::as_u64) == Some(410) {
        return Ok(());
    }
    Err(status.get("message").and_then(Value::as_str).unwrap_or("a watch failed").to_owned())
}

/// The lines of a watch.
struct Watch {
    response: Response,
    bytes: Vec<u8>,
}

impl Watch {
    /// The next line; none at the end.
    async fn line(&mut self) -> Result<Option<Vec<u8>>, String> {
        let mut searched = 0;
        loop {
            let end = self.bytes.iter().skip(searched).position(|byte| *byte == b'\n');
            if let Some(end) = end.map(|end| searched + end) {
                let rest = self.bytes.split_off(end + 1);
                return Ok(Some(std::mem::replace(&mut self.bytes, rest)));
            }
            searched = self.bytes.len();
            let piece = timeout(WATCH * 2, self.response.chunk()).await;
            let piece = piece.map_err(|_| "a watch is silent".to_owned())?;
            let Some(piece) = piece.map_err(|fault| fault.to_string())? else { return Ok(None) };
            bounded(self.bytes.len() + piece.len())?;
            self.bytes.extend_from_slice(&piece);
        }
    }
}
