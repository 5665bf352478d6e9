//! The HTTP server of a service: a port of its own, and a SERVER span and metrics around every request.

use std::sync::Arc;
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::{Json, Router};
use opentelemetry::trace::{SpanBuilder, SpanKind, Status, TraceContextExt};
use opentelemetry::{Context, KeyValue};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::catalog::Refusal;
use crate::error::Error;
use crate::metrics::{Answered, HttpMetrics};
use crate::propagation;
use crate::telemetry::Telemetry;

/// A port that is open but not yet served.
#[derive(Debug)]
pub(crate) struct Port {
    listener: TcpListener,
    port: u16,
}

#[derive(Debug)]
struct Observed {
    telemetry: Arc<Telemetry>,
    metrics: HttpMetrics,
    port: u16,
}

impl Port {
    /// Opens a free port on loopback.
    pub(crate) async fn open(service: &'static str) -> Result<Self, Error> {
        let port_error = |source| Error::Port { service, source };
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.map_err(port_error)?;
        let port = listener.local_addr().map_err(port_error)?.port();
        Ok(Self { listener, port })
    }

    pub(crate) fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Serves `routes` as one of `tasks` until `stop` says so and the requests in work are answered.
    ///
    /// Handlers find the context of the SERVER span in the request's extensions.
    pub(crate) fn serve(
        self,
        telemetry: Arc<Telemetry>,
        routes: Router,
        mut stop: watch::Receiver<bool>,
        tasks: &mut JoinSet<()>,
    ) {
        let metrics = HttpMetrics::new(telemetry.meter(), telemetry.exemplars());
        let observed = Arc::new(Observed { telemetry, metrics, port: self.port });
        let routes = routes.layer(middleware::from_fn_with_state(observed, observe));
        tasks.spawn(async move {
            let stopped = async move {
                // An error means that the shop was dropped, which stops it as well.
                let _ = stop.wait_for(|stop| *stop).await;
            };
            // `serve` retries what can fail in `accept`, so its result carries nothing.
            let _ = axum::serve(self.listener, routes).with_graceful_shutdown(stopped).await;
        });
    }
}

/// An answer that refuses a request, as JSON.
pub(crate) fn refuse(status: StatusCode, reason: &str, error: &str) -> Response {
    let refusal = Refusal { error: error.to_owned(), reason: reason.to_owned() };
    (status, Json(refusal)).into_response()
}

async fn observe(
    State(observed): State<Arc<Observed>>,
    mut request: Request,
    next: Next,
) -> Response {
    let began = Instant::now();
    let method = request.method().to_string();
    let matched = request.extensions().get::<MatchedPath>().cloned();
    let route = matched.as_ref().map_or("unmatched", MatchedPath::as_str).to_owned();
    let active = observed.metrics.begin(&route, &method);
    let cx = observed.start(&request, &method, matched.as_ref());

    request.extensions_mut().insert(cx.clone());
    let response = next.run(request).await;

    let status = response.status();
    end(&cx, status);
    let answered = Answered {
        route: &route,
        method: &method,
        status: status.as_u16(),
        duration: began.elapsed(),
    };
    observed.metrics.record(&cx, &answered);
    drop(active);
    response
}

impl Observed {
    fn start(&self, request: &Request, method: &str, route: Option<&MatchedPath>) -> Context {
        let mut attributes = vec![
            KeyValue::new("http.request.method", method.to_owned()),
            KeyValue::new("url.path", request.uri().path().to_owned()),
            KeyValue::new("url.scheme", "http"),
            KeyValue::new("server.address", "127.0.0.1"),
            KeyValue::new("server.port", i64::from(self.port)),
            KeyValue::new("network.protocol.version", "1.1"),
        ];
        let agent = request.headers().get(header::USER_AGENT);
        if let Some(agent) = agent.and_then(|agent| agent.to_str().ok()) {
            attributes.push(KeyValue::new("user_agent.original", agent.to_owned()));
        }
        let name = match route {
            Some(route) => {
                attributes.push(KeyValue::new("http.route", route.as_str().to_owned()));
                format!("{method} {}", route.as_str())
            }
            None => method.to_owned(),
        };
        let parent = propagation::extract(request.headers());
        let span = SpanBuilder::from_name(name).with_kind(SpanKind::Server);
        self.telemetry.start(&parent, span.with_attributes(attributes))
    }
}

/// Ends the SERVER span. Only the server's own faults are errors; a refused client is not.
fn end(cx: &Context, status: StatusCode) {
    let span = cx.span();
    span.set_attribute(KeyValue::new("http.response.status_code", i64::from(status.as_u16())));
    if status.is_server_error() {
        span.set_attribute(KeyValue::new("error.type", status.as_u16().to_string()));
        span.set_status(Status::error(""));
    }
    span.end();
}
