//! The OpenTelemetry providers of one service, and the few verbs that the services use: start, fail, log.
//!
//! The context is always handed on by argument, never through a thread's current context: the services share
//! threads, and an argument cannot be attached to the wrong one.

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use opentelemetry::logs::{AnyValue, LogRecord, Logger, LoggerProvider, Severity};
use opentelemetry::metrics::{Meter, MeterProvider};
use opentelemetry::trace::{SpanBuilder, Status, TraceContextExt, Tracer, TracerProvider};
use opentelemetry::{Context, InstrumentationScope, KeyValue};
use opentelemetry_otlp::{LogExporter, RetryPolicy, SpanExporter, WithTonicConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::logs::{self, SdkLogger, SdkLoggerProvider};
use opentelemetry_sdk::metrics::{PeriodicReader, SdkMeterProvider};
use opentelemetry_sdk::trace::{self, SdkTracer, SdkTracerProvider};
use tonic::transport::{Channel, Endpoint};

use crate::error::Error;
use crate::exemplars::Exemplars;
use crate::exporter::ExemplarExporter;
use crate::settings::Settings;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(1);
const EXPORT_TIMEOUT: Duration = Duration::from_secs(2);

/// The telemetry of one service.
#[derive(Debug)]
pub(crate) struct Telemetry {
    service: &'static str,
    tracer: SdkTracer,
    logger: SdkLogger,
    meter: Meter,
    exemplars: Arc<Exemplars>,
    providers: Providers,
}

/// The three providers of one service; they are cheap handles.
#[derive(Debug, Clone)]
pub(crate) struct Providers {
    tracers: SdkTracerProvider,
    loggers: SdkLoggerProvider,
    meters: SdkMeterProvider,
}

impl Telemetry {
    /// Builds the providers of `service`. Nothing connects yet: the endpoint may come later, or never.
    pub(crate) fn new(service: &'static str, settings: &Settings) -> Result<Arc<Self>, Error> {
        let exemplars = Arc::new(Exemplars::default());
        let providers = Providers::new(service, settings, &exemplars)?;
        let scope = InstrumentationScope::builder(env!("CARGO_PKG_NAME"))
            .with_version(env!("CARGO_PKG_VERSION"))
            .build();
        Ok(Arc::new(Self {
            service,
            tracer: providers.tracers.tracer_with_scope(scope.clone()),
            logger: providers.loggers.logger_with_scope(scope.clone()),
            meter: providers.meters.meter_with_scope(scope),
            exemplars,
            providers,
        }))
    }

    pub(crate) fn service(&self) -> &'static str {
        self.service
    }

    pub(crate) fn meter(&self) -> &Meter {
        &self.meter
    }

    pub(crate) fn exemplars(&self) -> &Arc<Exemplars> {
        &self.exemplars
    }

    pub(crate) fn providers(&self) -> Providers {
        self.providers.clone()
    }

    /// Starts a span below the one in `parent`; the returned context carries it.
    pub(crate) fn start(&self, parent: &Context, span: SpanBuilder) -> Context {
        parent.with_span(self.tracer.build_with_context(span, parent))
    }

    pub(crate) fn debug<const N: usize>(
        &self,
        cx: &Context,
        body: &'static str,
        attributes: [(&'static str, AnyValue); N],
    ) {
        self.log(cx, Severity::Debug, body, attributes);
    }

    pub(crate) fn info<const N: usize>(
        &self,
        cx: &Context,
        body: &'static str,
        attributes: [(&'static str, AnyValue); N],
    ) {
        self.log(cx, Severity::Info, body, attributes);
    }

    pub(crate) fn warn<const N: usize>(
        &self,
        cx: &Context,
        body: &'static str,
        attributes: [(&'static str, AnyValue); N],
    ) {
        self.log(cx, Severity::Warn, body, attributes);
    }

    pub(crate) fn error<const N: usize>(
        &self,
        cx: &Context,
        body: &'static str,
        attributes: [(&'static str, AnyValue); N],
    ) {
        self.log(cx, Severity::Error, body, attributes);
    }

    fn log<const N: usize>(
        &self,
        cx: &Context,
        severity: Severity,
        body: &'static str,
        attributes: [(&'static str, AnyValue); N],
    ) {
        let mut record = self.logger.create_log_record();
        record.set_timestamp(SystemTime::now());
        record.set_severity_number(severity);
        record.set_severity_text(severity.name());
        record.set_body(body.into());
        record.add_attributes(attributes);
        let span = cx.span();
        let context = span.span_context();
        if context.is_valid() {
            let (trace, span) = (context.trace_id(), context.span_id());
            record.set_trace_context(trace, span, Some(context.trace_flags()));
        }
        self.logger.emit(record);
    }
}

/// Marks the span of `cx` as failed and records why, as an exception event.
pub(crate) fn fail(cx: &Context, kind: &'static str, error: &(dyn std::error::Error + 'static)) {
    let span = cx.span();
    let message = with_causes(error);
    let exception = vec![
        KeyValue::new("exception.type", kind),
        KeyValue::new("exception.message", message.clone()),
    ];
    span.add_event("exception", exception);
    span.set_attribute(KeyValue::new("error.type", kind));
    span.set_status(Status::error(message));
}

/// An error's message with those of its causes behind it.
pub(crate) fn with_causes(error: &(dyn std::error::Error + 'static)) -> String {
    let mut message = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let _ = write!(message, ": {error}");
        cause = error.source();
    }
    message
}

impl Providers {
    fn new(
        service: &'static str,
        settings: &Settings,
        exemplars: &Arc<Exemplars>,
    ) -> Result<Self, Error> {
        let resource = resource(service);
        let channel = channel(&settings.otlp_grpc)?;
        // One retry only: an endpoint that is away must not hold up the next batch, nor the end.
        let retry = RetryPolicy::default()
            .with_max_retries(1)
            .with_initial_delay(Duration::from_millis(100));

        let spans = SpanExporter::builder()
            .with_tonic()
            .with_channel(channel.clone())
            .with_retry_policy(retry.clone())
            .build()?;
        let span_batches =
            trace::BatchConfigBuilder::default().with_scheduled_delay(settings.span_delay).build();
        let tracers = SdkTracerProvider::builder()
            .with_resource(resource.clone())
            .with_span_processor(
                trace::BatchSpanProcessor::builder(spans).with_batch_config(span_batches).build(),
            )
            .build();

        let records = LogExporter::builder()
            .with_tonic()
            .with_channel(channel.clone())
            .with_retry_policy(retry)
            .build()?;
        let log_batches =
            logs::BatchConfigBuilder::default().with_scheduled_delay(settings.span_delay).build();
        let loggers = SdkLoggerProvider::builder()
            .with_resource(resource.clone())
            .with_log_processor(
                logs::BatchLogProcessor::builder(records).with_batch_config(log_batches).build(),
            )
            .build();

        let exporter = ExemplarExporter::new(channel, Arc::clone(exemplars));
        let reader =
            PeriodicReader::builder(exporter).with_interval(settings.metric_interval).build();
        let meters =
            SdkMeterProvider::builder().with_resource(resource).with_reader(reader).build();
        Ok(Self { tracers, loggers, meters })
    }

    /// Flushes and ends the providers, each on a thread of its own. It blocks, so it must not run on an async thread.
    ///
    /// An endpoint that is away makes these calls fail; there is nobody left to tell.
    pub(crate) fn shut_down(&self) {
        std::thread::scope(|scope| {
            scope.spawn(|| self.tracers.shutdown_with_timeout(EXPORT_TIMEOUT));
            scope.spawn(|| self.loggers.shutdown_with_timeout(EXPORT_TIMEOUT));
            scope.spawn(|| self.meters.shutdown_with_timeout(EXPORT_TIMEOUT));
        });
    }
}

fn resource(service: &'static str) -> Resource {
    Resource::builder()
        .with_service_name(service)
        .with_attributes([
            KeyValue::new("service.version", env!("CARGO_PKG_VERSION")),
            KeyValue::new("service.instance.id", instance_id()),
            KeyValue::new("deployment.environment.name", "demo"),
        ])
        .build()
}

/// A random UUID (version 4), as the semantic conventions recommend.
fn instance_id() -> String {
    let random: u128 = rand::random();
    let versioned = random & !(0xf << 76) & !(0x3 << 62) | (0x4 << 76) | (0x2 << 62);
    let hex = format!("{versioned:032x}");
    [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-")
}

fn channel(endpoint: &str) -> Result<Channel, Error> {
    let wrong = |source| Error::Endpoint { endpoint: endpoint.to_owned(), source };
    let endpoint = Endpoint::from_shared(endpoint.to_owned()).map_err(wrong)?;
    Ok(endpoint.connect_timeout(CONNECT_TIMEOUT).timeout(EXPORT_TIMEOUT).connect_lazy())
}
