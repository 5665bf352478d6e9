//! The HTTP client of a service: a CLIENT span around every call, and its context in the request's headers.

use std::sync::Arc;
use std::time::Duration;

use axum::http::{HeaderMap, Method, StatusCode};
use opentelemetry::trace::{SpanBuilder, SpanKind, Status, TraceContextExt};
use opentelemetry::{Context, KeyValue};
use reqwest::{RequestBuilder, Url};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::Error;
use crate::propagation;
use crate::telemetry::{Telemetry, fail, with_causes};

/// Longer than the slowest fault, so that slow orders are slow and not lost.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Calls other services on behalf of one service.
#[derive(Debug, Clone)]
pub(crate) struct Client {
    http: reqwest::Client,
    telemetry: Arc<Telemetry>,
}

/// A call to make.
#[derive(Debug)]
pub(crate) struct Call<'a> {
    /// The name of the CLIENT span.
    pub(crate) span: &'static str,
    pub(crate) peer: &'static str,
    pub(crate) method: Method,
    pub(crate) address: &'a str,
    pub(crate) path: &'static str,
}

/// What came back, whatever its status.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    /// The context of the CLIENT span, for what the caller has to say about the answer.
    pub(crate) cx: Context,
    body: Vec<u8>,
}

/// No answer came back.
#[derive(Debug, thiserror::Error)]
#[error("no answer from {peer}")]
pub(crate) struct Unanswered {
    peer: &'static str,
    source: reqwest::Error,
}

impl Client {
    pub(crate) fn new(telemetry: Arc<Telemetry>) -> Result<Self, Error> {
        let agent = format!("{}/{}", telemetry.service(), env!("CARGO_PKG_VERSION"));
        // A proxy of the machine must not see what stays on loopback.
        let http =
            reqwest::Client::builder().no_proxy().user_agent(agent).timeout(TIMEOUT).build()?;
        Ok(Self { http, telemetry })
    }

    pub(crate) async fn get(&self, parent: &Context, call: Call<'_>) -> Result<Answer, Unanswered> {
        self.send::<()>(parent, call, None).await
    }

    pub(crate) async fn post<T: Serialize + Sync>(
        &self,
        parent: &Context,
        call: Call<'_>,
        body: &T,
    ) -> Result<Answer, Unanswered> {
        self.send(parent, call, Some(body)).await
    }

    async fn send<T: Serialize + Sync>(
        &self,
        parent: &Context,
        call: Call<'_>,
        body: Option<&T>,
    ) -> Result<Answer, Unanswered> {
        let url = format!("{}{}", call.address, call.path);
        let mut attributes = vec![
            KeyValue::new("http.request.method", call.method.to_string()),
            KeyValue::new("url.full", url.clone()),
            KeyValue::new("url.template", call.path),
            KeyValue::new("network.protocol.version", "1.1"),
            KeyValue::new("service.peer.name", call.peer),
        ];
        if let Ok(url) = Url::parse(&url) {
            let host = url.host_str().unwrap_or_default().to_owned();
            attributes.push(KeyValue::new("server.address", host));
            let port = url.port_or_known_default().unwrap_or_default();
            attributes.push(KeyValue::new("server.port", i64::from(port)));
        }
        let span = SpanBuilder::from_name(call.span).with_kind(SpanKind::Client);
        let cx = self.telemetry.start(parent, span.with_attributes(attributes));

        let mut headers = HeaderMap::new();
        propagation::inject(&cx, &mut headers);
        let mut request = self.http.request(call.method, url).headers(headers);
        if let Some(body) = body {
            request = request.json(body);
        }
        let received = receive(request).await;
        match &received {
            Ok((status, _)) => mark(&cx, *status),
            Err(error) => {
                fail(&cx, "Unanswered", error);
                let peer = ("service.peer.name", call.peer.into());
                let message = ("exception.message", with_causes(error).into());
                self.telemetry.error(&cx, "no answer", [peer, message]);
            }
        }
        cx.span().end();
        match received {
            Ok((status, body)) => Ok(Answer { status, cx, body }),
            Err(source) => Err(Unanswered { peer: call.peer, source }),
        }
    }
}

impl Answer {
    /// The body as JSON, if it is what the caller expects.
    pub(crate) fn json<T: DeserializeOwned>(&self) -> Option<T> {
        serde_json::from_slice(&self.body).ok()
    }
}

async fn receive(request: RequestBuilder) -> Result<(StatusCode, Vec<u8>), reqwest::Error> {
    let response = request.send().await?;
    let status = response.status();
    Ok((status, response.bytes().await?.to_vec()))
}

/// Notes the status on the CLIENT span. For a client, being refused is an error as well.
fn mark(cx: &Context, status: StatusCode) {
    let span = cx.span();
    span.set_attribute(KeyValue::new("http.response.status_code", i64::from(status.as_u16())));
    if status.is_client_error() || status.is_server_error() {
        span.set_attribute(KeyValue::new("error.type", status.as_u16().to_string()));
        span.set_status(Status::error(""));
    }
}
