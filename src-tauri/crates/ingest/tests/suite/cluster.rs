//! An API server of Kubernetes as far as discovery sees it: lists in pages, watches, and who may ask.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::extract::{Query, Request};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::mpsc;

type Line = Result<String, std::io::Error>;

/// What the server holds, by the path of its lists.
#[derive(Default)]
struct Held {
    lists: BTreeMap<String, Vec<Value>>,
    /// Those who watch each list now.
    watches: Vec<(String, mpsc::UnboundedSender<Line>)>,
    /// What was asked, lists and watches.
    asked: Vec<String>,
    version: u64,
}

/// A running API server.
#[derive(Clone)]
pub(crate) struct Cluster {
    pub(crate) address: String,
    held: Arc<Mutex<Held>>,
}

/// Objects of one page.
const PAGE: usize = 2;

impl Cluster {
    /// Starts one that answers only those who show this token.
    pub(crate) async fn start(token: &'static str) -> Self {
        let held: Arc<Mutex<Held>> = Arc::default();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let shared = Arc::clone(&held);
        let router = Router::new().fallback(
            move |query: Query<BTreeMap<String, String>>, request: Request| {
                let held = Arc::clone(&shared);
                async move { answer(&held, &query, &request, token) }
            },
        );
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { address, held }
    }

    /// Adds an object to a list, or changes the one of its name, and tells those who watch.
    pub(crate) fn put(&self, list: &str, object: Value) {
        self.change(list, object, "MODIFIED");
    }

    pub(crate) fn remove(&self, list: &str, object: Value) {
        self.change(list, object, "DELETED");
    }

    fn change(&self, list: &str, mut object: Value, kind: &str) {
        let mut held = self.held.lock().unwrap();
        held.version += 1;
        object["metadata"]["resourceVersion"] = held.version.to_string().into();
        let name = object["metadata"]["name"].clone();
        let objects = held.lists.entry(list.to_owned()).or_default();
        objects.retain(|own| own["metadata"]["name"] != name);
        if kind != "DELETED" {
            objects.push(object.clone());
        }
        held.tell(list, &json!({"type": kind, "object": object}));
    }

    /// Forgets all versions before this one: every watch ends with a fault, and what is changed meanwhile is told to nobody.
    pub(crate) fn forget(&self, list: &str, object: Value) {
        let gone = json!({"type": "ERROR", "object": {"kind": "Status", "code": 410, "message": "too old"}});
        let mut held = self.held.lock().unwrap();
        held.lists.insert(list.to_owned(), vec![object]);
        held.tell(list, &gone);
        held.watches.clear();
    }

    /// Ends every watch, as servers do after a while.
    pub(crate) fn end_watches(&self) {
        self.held.lock().unwrap().watches.clear();
    }

    /// What was asked of a list so far: `list` or `watch`, and the parameters that matter.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.held.lock().unwrap().asked.clone()
    }

    /// How many watch now.
    pub(crate) fn watchers(&self) -> usize {
        self.held.lock().unwrap().watches.iter().filter(|(_, sender)| !sender.is_closed()).count()
    }
}

impl Held {
    fn tell(&self, list: &str, event: &Value) {
        for (_, sender) in self.watches.iter().filter(|(own, _)| own == list) {
            // In two pieces: an event need not come at once.
            let line = format!("{event}\n");
            let (first, rest) = line.split_at(line.len() / 2);
            let _ = sender.send(Ok(first.to_owned()));
            let _ = sender.send(Ok(rest.to_owned()));
        }
    }
}

fn answer(
    held: &Mutex<Held>,
    parameters: &BTreeMap<String, String>,
    request: &Request,
    token: &str,
) -> Response {
    let shown = request.headers().get("authorization").and_then(|value| value.to_str().ok());
    if shown.and_then(|value| value.strip_prefix("Bearer ")) != Some(token) {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let path = request.uri().path().to_owned();
    let given = |name: &str| parameters.get(name).cloned().unwrap_or_default();
    let selectors = format!("{}|{}", given("labelSelector"), given("fieldSelector"));
    let mut held = held.lock().unwrap();
    if given("watch") == "true" {
        held.asked.push(format!("watch {path} {selectors}"));
        let (sender, receiver) = mpsc::unbounded_channel();
        held.watches.push((path, sender));
        let lines = tokio_stream::wrappers::UnboundedReceiverStream::new(receiver);
        return Body::from_stream(lines).into_response();
    }
    held.asked.push(format!("list {path} {selectors}"));
    let from: usize = given("continue").parse().unwrap_or(0);
    let all = held.lists.get(&path).map(Vec::as_slice).unwrap_or_default();
    let items: Vec<_> = all.iter().skip(from).take(PAGE).cloned().collect();
    let next = from + items.len();
    let next = if next < all.len() { next.to_string() } else { String::new() };
    let version = held.version.to_string();
    let page = json!({"metadata": {"resourceVersion": version, "continue": next}, "items": items});
    axum::Json(page).into_response()
}
