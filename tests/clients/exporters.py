"""The SDK's providers with OTLP exporters of either protocol, recorded on their way."""

from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

from sent import RecordedLogs, RecordedMetrics, RecordedSpans, Sent


def exporters(protocol, endpoint):
    """The three exporters of a protocol."""
    if protocol == "grpc":
        from opentelemetry.exporter.otlp.proto.grpc._log_exporter import OTLPLogExporter
        from opentelemetry.exporter.otlp.proto.grpc.metric_exporter import OTLPMetricExporter
        from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter

        makers = [(OTLPSpanExporter, ""), (OTLPLogExporter, ""), (OTLPMetricExporter, "")]
        options = {"insecure": True}
    else:
        from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter
        from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

        makers = [
            (OTLPSpanExporter, "/v1/traces"),
            (OTLPLogExporter, "/v1/logs"),
            (OTLPMetricExporter, "/v1/metrics"),
        ]
        options = {}
    return [maker(endpoint=f"http://{endpoint}{path}", **options) for maker, path in makers]


class Telemetry:
    """Providers for traces, logs and metrics."""

    def __init__(self, protocol, endpoint, resource, views=()):
        self.sent = Sent()
        spans, logs, metrics = exporters(protocol, endpoint)
        self.tracers = TracerProvider(resource=resource)
        self.tracers.add_span_processor(BatchSpanProcessor(RecordedSpans(self.sent, spans)))
        self.loggers = LoggerProvider(resource=resource)
        self.loggers.add_log_record_processor(
            BatchLogRecordProcessor(RecordedLogs(self.sent, logs))
        )
        # Nothing is exported before the end, so that every series has one point.
        reader = PeriodicExportingMetricReader(
            RecordedMetrics(self.sent, metrics), export_interval_millis=3_600_000
        )
        self.meters = MeterProvider([reader], resource=resource, views=views)

    def close(self):
        """Exports everything and gives what it was."""
        self.tracers.shutdown()
        self.loggers.shutdown()
        self.meters.shutdown()
        return self.sent.as_json()
