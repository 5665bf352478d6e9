//! A real OTLP/gRPC receiver that keeps what it is sent.

use std::net::SocketAddr;
use std::sync::Arc;

use opentelemetry_proto::tonic::collector::logs::v1::logs_service_server::{
    LogsService, LogsServiceServer,
};
use opentelemetry_proto::tonic::collector::logs::v1::{
    ExportLogsServiceRequest, ExportLogsServiceResponse,
};
use opentelemetry_proto::tonic::collector::metrics::v1::metrics_service_server::{
    MetricsService, MetricsServiceServer,
};
use opentelemetry_proto::tonic::collector::metrics::v1::{
    ExportMetricsServiceRequest, ExportMetricsServiceResponse,
};
use opentelemetry_proto::tonic::collector::trace::v1::trace_service_server::{
    TraceService, TraceServiceServer,
};
use opentelemetry_proto::tonic::collector::trace::v1::{
    ExportTraceServiceRequest, ExportTraceServiceResponse,
};
use opentelemetry_proto::tonic::common::v1::{KeyValue, any_value};
use opentelemetry_proto::tonic::logs::v1::LogRecord;
use opentelemetry_proto::tonic::metrics::v1::Metric;
use opentelemetry_proto::tonic::resource::v1::Resource;
use opentelemetry_proto::tonic::trace::v1::Span;
use opentelemetry_proto::tonic::trace::v1::status::StatusCode as SpanStatus;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio_stream::wrappers::TcpListenerStream;
use tonic::{Request, Response, Status};

/// Everything that arrived, each item with the name of its service.
#[derive(Debug, Default)]
pub(crate) struct Arrived {
    pub(crate) resources: Vec<Resource>,
    pub(crate) spans: Vec<(String, Span)>,
    pub(crate) logs: Vec<(String, LogRecord)>,
    pub(crate) metrics: Vec<(String, Metric)>,
}

#[derive(Debug, Clone)]
pub(crate) struct Receiver {
    pub(crate) endpoint: String,
    arrived: Arc<watch::Sender<Arrived>>,
}

impl Receiver {
    pub(crate) async fn start() -> Self {
        Self::start_at("127.0.0.1:0").await
    }

    pub(crate) async fn start_at(address: &str) -> Self {
        let listener = TcpListener::bind(address).await.unwrap();
        let address: SocketAddr = listener.local_addr().unwrap();
        let receiver = Self {
            endpoint: format!("http://{address}"),
            arrived: Arc::new(watch::Sender::new(Arrived::default())),
        };
        let server = tonic::transport::Server::builder()
            .add_service(TraceServiceServer::new(receiver.clone()))
            .add_service(LogsServiceServer::new(receiver.clone()))
            .add_service(MetricsServiceServer::new(receiver.clone()));
        tokio::spawn(server.serve_with_incoming(TcpListenerStream::new(listener)));
        receiver
    }

    pub(crate) fn read<T>(&self, read: impl FnOnce(&Arrived) -> T) -> T {
        read(&self.arrived.borrow())
    }

    /// Waits until what arrived satisfies `condition`.
    pub(crate) async fn until(&self, condition: impl FnMut(&Arrived) -> bool) {
        self.arrived.subscribe().wait_for(condition).await.unwrap();
    }

    fn keep(&self, resource: Option<Resource>, keep: impl FnOnce(&mut Arrived, String)) {
        let resource = resource.unwrap();
        let service = text(&resource.attributes, "service.name").unwrap();
        self.arrived.send_modify(|arrived| {
            arrived.resources.push(resource);
            keep(arrived, service);
        });
    }
}

#[tonic::async_trait]
impl TraceService for Receiver {
    async fn export(
        &self,
        request: Request<ExportTraceServiceRequest>,
    ) -> Result<Response<ExportTraceServiceResponse>, Status> {
        for batch in request.into_inner().resource_spans {
            let spans = batch.scope_spans.into_iter().flat_map(|scope| scope.spans);
            self.keep(batch.resource, |arrived, service| {
                arrived.spans.extend(spans.map(|span| (service.clone(), span)));
            });
        }
        Ok(Response::new(ExportTraceServiceResponse::default()))
    }
}

#[tonic::async_trait]
impl LogsService for Receiver {
    async fn export(
        &self,
        request: Request<ExportLogsServiceRequest>,
    ) -> Result<Response<ExportLogsServiceResponse>, Status> {
        for batch in request.into_inner().resource_logs {
            let logs = batch.scope_logs.into_iter().flat_map(|scope| scope.log_records);
            self.keep(batch.resource, |arrived, service| {
                arrived.logs.extend(logs.map(|log| (service.clone(), log)));
            });
        }
        Ok(Response::new(ExportLogsServiceResponse::default()))
    }
}

#[tonic::async_trait]
impl MetricsService for Receiver {
    async fn export(
        &self,
        request: Request<ExportMetricsServiceRequest>,
    ) -> Result<Response<ExportMetricsServiceResponse>, Status> {
        for batch in request.into_inner().resource_metrics {
            let metrics = batch.scope_metrics.into_iter().flat_map(|scope| scope.metrics);
            self.keep(batch.resource, |arrived, service| {
                arrived.metrics.extend(metrics.map(|metric| (service.clone(), metric)));
            });
        }
        Ok(Response::new(ExportMetricsServiceResponse::default()))
    }
}

impl Arrived {
    /// The one span of that name in a trace.
    pub(crate) fn span(&self, trace: &[u8], name: &str) -> &(String, Span) {
        let mut named =
            self.spans.iter().filter(|(_, span)| span.trace_id == trace && span.name == name);
        let found = named.next().unwrap_or_else(|| panic!("no span {name} in {trace:02x?}"));
        assert!(named.next().is_none(), "two spans {name} in {trace:02x?}");
        found
    }
}

pub(crate) fn is_error(span: &Span) -> bool {
    span.status.as_ref().is_some_and(|status| status.code == SpanStatus::Error as i32)
}

pub(crate) fn text(attributes: &[KeyValue], key: &str) -> Option<String> {
    match value(attributes, key)? {
        any_value::Value::StringValue(text) => Some(text.clone()),
        _ => None,
    }
}

pub(crate) fn double(attributes: &[KeyValue], key: &str) -> Option<f64> {
    match value(attributes, key)? {
        any_value::Value::DoubleValue(number) => Some(*number),
        _ => None,
    }
}

pub(crate) fn int(attributes: &[KeyValue], key: &str) -> Option<i64> {
    match value(attributes, key)? {
        any_value::Value::IntValue(number) => Some(*number),
        _ => None,
    }
}

fn value<'a>(attributes: &'a [KeyValue], key: &str) -> Option<&'a any_value::Value> {
    let attribute = attributes.iter().find(|attribute| attribute.key == key)?;
    attribute.value.as_ref()?.value.as_ref()
}
