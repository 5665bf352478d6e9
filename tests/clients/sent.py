"""What an SDK hands to its exporter, written down in the shapes of Watchglass's API, so that it can be compared.

Nothing here goes through the exporter's own encoding: that is part of what is tested.
"""

import base64
import math

from opentelemetry.sdk._logs.export import LogRecordExporter
from opentelemetry.sdk.metrics.export import MetricExporter
from opentelemetry.sdk.trace.export import SpanExporter

HAS_IS_REMOTE = 0x100
IS_REMOTE = 0x200
TEMPORALITIES = ["unspecified", "delta", "cumulative"]


def any_value(value):
    """A value in OTLP's JSON shape."""
    if value is None:
        return {}
    if isinstance(value, bool):
        return {"boolValue": value}
    if isinstance(value, int):
        return {"intValue": str(value)}
    if isinstance(value, float):
        return {"doubleValue": value if math.isfinite(value) else str(value)}
    if isinstance(value, bytes):
        return {"bytesValue": base64.b64encode(value).decode()}
    if isinstance(value, str):
        return {"stringValue": value}
    if hasattr(value, "items"):
        return {"kvlistValue": {"values": key_values(value)}}
    return {"arrayValue": {"values": [any_value(one) for one in value]}}


def key_values(attributes):
    return [{"key": key, "value": any_value(value)} for key, value in (attributes or {}).items()]


def resource_of(resource):
    return {
        "attributes": key_values(resource.attributes),
        "dropped_attributes_count": 0,
        "schema_url": resource.schema_url or "",
    }


def scope_of(scope):
    return {
        "name": scope.name,
        "version": scope.version or "",
        "attributes": key_values(scope.attributes),
        "dropped_attributes_count": 0,
        "schema_url": scope.schema_url or "",
    }


def flags_of(context, parent):
    remote = IS_REMOTE if parent is not None and parent.is_remote else 0
    return HAS_IS_REMOTE | remote | (context.trace_flags & 0xFF)


def span_of(span):
    context = span.get_span_context()
    return {
        "trace_id": f"{context.trace_id:032x}",
        "span_id": f"{context.span_id:016x}",
        "parent_span_id": f"{span.parent.span_id:016x}" if span.parent else "",
        "trace_state": context.trace_state.to_header(),
        "name": span.name,
        "kind": span.kind.value + 1,
        "start": str(span.start_time),
        "end": str(span.end_time),
        "attributes": key_values(span.attributes),
        "dropped_attributes_count": span.dropped_attributes,
        "events": [
            {
                "time": str(event.timestamp),
                "name": event.name,
                "attributes": key_values(event.attributes),
                "dropped_attributes_count": event.dropped_attributes,
            }
            for event in span.events
        ],
        "dropped_events_count": span.dropped_events,
        "links": [
            {
                "trace_id": f"{link.context.trace_id:032x}",
                "span_id": f"{link.context.span_id:016x}",
                # The exporter leaves a link's trace state out.
                "trace_state": "",
                "attributes": key_values(link.attributes),
                "dropped_attributes_count": link.dropped_attributes,
            }
            for link in span.links
        ],
        "dropped_links_count": span.dropped_links,
        "status": {
            "code": span.status.status_code.value,
            "message": span.status.description or "",
        },
        "resource": resource_of(span.resource),
        "scope": scope_of(span.instrumentation_scope),
    }


def log_of(data):
    record = data.log_record
    return {
        "time": str(record.timestamp or 0),
        "observed_time": str(record.observed_timestamp or 0),
        "severity_number": record.severity_number.value if record.severity_number else 0,
        "severity_text": record.severity_text or "",
        "body": any_value(record.body),
        "event_name": record.event_name or "",
        "trace_id": f"{record.trace_id:032x}" if record.trace_id else "",
        "span_id": f"{record.span_id:016x}" if record.span_id else "",
        "flags": int(record.trace_flags or 0),
        "attributes": key_values(record.attributes),
        "dropped_attributes_count": data.dropped_attributes,
        "resource": resource_of(data.resource),
        "scope": scope_of(data.instrumentation_scope),
    }


def exemplar_of(exemplar):
    return {
        "time": str(exemplar.time_unix_nano),
        "value": exemplar.value,
        "exact": exact(exemplar.value),
        "trace_id": f"{exemplar.trace_id:032x}" if exemplar.trace_id else "",
        "span_id": f"{exemplar.span_id:016x}" if exemplar.span_id else "",
        "attributes": key_values(exemplar.filtered_attributes),
    }


def exact(value):
    """What a finite double does not tell of a number."""
    return any_value(value) if isinstance(value, int) or not math.isfinite(value) else None


def side_of(buckets):
    return {"offset": buckets.offset, "bucket_counts": list(buckets.bucket_counts)}


def exponential_of(point):
    return {
        "scale": point.scale,
        "zero_count": point.zero_count,
        # The exporter leaves it out.
        "zero_threshold": 0.0,
        "positive": side_of(point.positive),
        "negative": side_of(point.negative),
    }


def series_of(point, resource, scope):
    """One series with one point: every script exports once."""
    series = {
        "labels": key_values(point.attributes),
        "resource": resource_of(resource),
        "scope": scope_of(scope),
        "metadata": [],
        "times": [str(point.time_unix_nano)],
        "starts": [str(point.start_time_unix_nano) if point.start_time_unix_nano else None],
        "flags": [0],
        "exact": None,
        "counts": None,
        "sums": None,
        "mins": None,
        "maxs": None,
        "bounds": None,
        "buckets": None,
        "exponential": None,
        "quantiles": None,
        "exemplars": [exemplar_of(one) for one in point.exemplars],
    }
    if hasattr(point, "value"):
        number = exact(point.value)
        return {**series, "values": [point.value], "exact": [number] if number else None}
    series |= {"values": [point.count], "counts": [point.count], "sums": [point.sum]}
    series |= {"mins": [point.min], "maxs": [point.max]}
    if hasattr(point, "explicit_bounds"):
        buckets = [list(point.bucket_counts)]
        return {**series, "bounds": list(point.explicit_bounds), "buckets": buckets}
    return {**series, "exponential": [exponential_of(point)]}


def metric_of(metric, resource, scope):
    data = metric.data
    kinds = {
        "Gauge": "gauge",
        "Sum": "sum",
        "Histogram": "histogram",
        "ExponentialHistogram": "exponential_histogram",
    }
    temporality = getattr(data, "aggregation_temporality", 0)
    itself = {
        "type": kinds[type(data).__name__],
        "unit": metric.unit or "",
        "description": metric.description or "",
        "monotonic": getattr(data, "is_monotonic", False),
        "temporality": TEMPORALITIES[int(temporality)],
    }
    all_series = [series_of(point, resource, scope) for point in data.data_points]
    return {**itself, "name": metric.name, "series": [{**one, **itself} for one in all_series]}


class Sent:
    """Everything that was handed to exporters."""

    def __init__(self):
        self.spans = []
        self.logs = []
        self.metrics = []

    def as_json(self):
        return {"spans": self.spans, "logs": self.logs, "metrics": self.metrics}


class RecordedSpans(SpanExporter):
    def __init__(self, sent, exporter):
        self.sent, self.exporter = sent, exporter

    def export(self, spans):
        self.sent.spans += [span_of(span) for span in spans]
        return self.exporter.export(spans)

    def shutdown(self):
        self.exporter.shutdown()


class RecordedLogs(LogRecordExporter):
    def __init__(self, sent, exporter):
        self.sent, self.exporter = sent, exporter

    def export(self, batch):
        self.sent.logs += [log_of(data) for data in batch]
        return self.exporter.export(batch)

    def force_flush(self, timeout_millis=30_000):
        return True

    def shutdown(self):
        self.exporter.shutdown()


class RecordedMetrics(MetricExporter):
    def __init__(self, sent, exporter):
        # What the wrapped exporter prefers is what the reader must hand over.
        super().__init__(exporter._preferred_temporality, exporter._preferred_aggregation)
        self.sent, self.exporter = sent, exporter

    def export(self, metrics_data, timeout_millis=10_000, **kwargs):
        for of_resource in metrics_data.resource_metrics:
            for of_scope in of_resource.scope_metrics:
                self.sent.metrics += [
                    metric_of(metric, of_resource.resource, of_scope.scope)
                    for metric in of_scope.metrics
                ]
        return self.exporter.export(metrics_data, timeout_millis, **kwargs)

    def force_flush(self, timeout_millis=10_000):
        return self.exporter.force_flush(timeout_millis)

    def shutdown(self, timeout_millis=30_000, **kwargs):
        self.exporter.shutdown(timeout_millis, **kwargs)
