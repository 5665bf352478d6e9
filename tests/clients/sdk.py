"""Uses every field that the Python SDK can fill: `sdk.py grpc|http ADDRESS` prints what it sent as JSON."""

import json
import sys
import time

from opentelemetry import context, trace
from opentelemetry._logs import LogRecord, SeverityNumber
from opentelemetry.metrics import Observation
from opentelemetry.sdk.metrics import Histogram
from opentelemetry.sdk.metrics.view import ExponentialBucketHistogramAggregation, View
from opentelemetry.sdk.resources import Resource
from opentelemetry.trace import Link, NonRecordingSpan, SpanContext, SpanKind, TraceFlags, TraceState
from opentelemetry.trace import Status, StatusCode

from exporters import Telemetry

EVERY_TYPE = {
    "text": "ein Wörtchen \U0001f50d",
    "empty": "",
    "yes": True,
    "no": False,
    "int": -(2**63),
    "large": 2**53 + 1,
    "double": 0.1,
    "whole": 4.0,
    "texts": ["a", "b"],
    "bools": [True, False],
    "ints": [1, -2, 2**62],
    "doubles": [0.5, -1e300],
    "none": [],
}


def resource():
    attributes = {
        "service.name": f"python-{sys.argv[1]}",
        "service.version": "1.2.3",
        "service.instance.id": "627cc493-f310-47de-96bd-71410b7dec09",
        "replicas": 3,
        "share": 0.25,
        "canary": True,
        "zones": ["a", "b"],
    }
    return Resource.create(attributes, schema_url="https://opentelemetry.io/schemas/1.29.0")


def send_spans(tracers):
    tracer = tracers.get_tracer(
        "watchglass.tests", "0.9", "https://opentelemetry.io/schemas/1.30.0", {"scope.of": "spans"}
    )
    remote = SpanContext(
        0x4BF92F3577B34DA6A3CE929D0E0E4736,
        0x00F067AA0BA902B7,
        is_remote=True,
        trace_flags=TraceFlags(1),
        trace_state=TraceState([("vendor", "t61rcWkgMzE"), ("other", "1")]),
    )
    upstream = trace.set_span_in_context(NonRecordingSpan(remote))
    with tracer.start_as_current_span(
        "GET /cart", upstream, SpanKind.SERVER, EVERY_TYPE, [Link(remote, {"why": "batch", "n": 1})]
    ) as server:
        server.add_event("cache.miss", {"key": "k", "sizes": [1, 2]}, time.time_ns() - 5)
        with tracer.start_as_current_span("SELECT cart", kind=SpanKind.CLIENT) as client:
            client.set_status(Status(StatusCode.ERROR, "deadlock found"))
            client.record_exception(ValueError("no such cart"))
        with tracer.start_as_current_span("cart.read publish", kind=SpanKind.PRODUCER) as producer:
            producer.set_status(Status(StatusCode.OK))
        with tracer.start_as_current_span("cart.read process", kind=SpanKind.CONSUMER):
            pass
        with tracer.start_as_current_span("render", links=[Link(server.get_span_context())]):
            pass
    tracers.get_tracer("bare").start_span("alone", context.Context()).end()


def send_logs(telemetry):
    logger = telemetry.loggers.get_logger(
        "watchglass.tests", "0.9", "https://opentelemetry.io/schemas/1.30.0", {"scope.of": "logs"}
    )
    now = time.time_ns()
    body = {"order": 7, "lines": [{"sku": "a", "price": 1.5}], "paid": True, "note": None}
    every = [
        LogRecord(timestamp=now, body="plain", severity_number=SeverityNumber.INFO, severity_text="INFO"),
        LogRecord(timestamp=now + 1, body=body, severity_number=SeverityNumber.ERROR2, attributes=EVERY_TYPE),
        LogRecord(timestamp=now + 2, body=b"\x00\xff", severity_number=SeverityNumber.TRACE),
        LogRecord(timestamp=now + 3, body=42, event_name="order.placed", attributes={"deep": {"a": [1, "b"]}}),
        LogRecord(observed_timestamp=now + 4, body="without a time"),
    ]
    for record in every:
        logger.emit(record)
    tracer = telemetry.tracers.get_tracer("watchglass.tests.logs")
    with tracer.start_as_current_span("writes a log"):
        logger.emit(LogRecord(timestamp=now + 5, body="within a span", severity_number=SeverityNumber.WARN))


def send_metrics(telemetry):
    meter = telemetry.meters.get_meter(
        "watchglass.tests", "0.9", "https://opentelemetry.io/schemas/1.30.0", {"scope.of": "metrics"}
    )
    tracer = telemetry.tracers.get_tracer("watchglass.tests.metrics")
    labels = {"route": "/cart", "ok": True, "code": 200, "share": 0.5}
    name = f"python.{sys.argv[1]}."
    with tracer.start_as_current_span("measures"):
        counter = meter.create_counter(name + "orders", "{order}", "Orders placed")
        counter.add(3, labels)
        counter.add(4, {"route": "/pay"})
        meter.create_counter(name + "bytes", "By").add(1.5, labels)
        meter.create_up_down_counter(name + "carts", "{cart}", "Open carts").add(-2, labels)
        meter.create_gauge(name + "heat", "Cel").set(-40.25, {"room": "a"})
        histogram = meter.create_histogram(name + "wait", "ms", "Time to wait")
        for value in (0, 5, 7, 80, 20_000):
            histogram.record(value, labels)
        # More digits than a double has.
        meter.create_gauge(name + "serial", "1").set(2**53 + 1)
        fine = meter.create_histogram(name + "wait.fine", "s", "Time to wait, finely")
        for value in (0.0, 0.001, 0.5, 3.0):
            fine.record(value, labels)
        # So far apart that the scale must fall.
        for value in (1e-6, 1e9):
            fine.record(value, {"route": "/pay"})
    meter.create_observable_gauge(name + "seen", [lambda _: [Observation(0.75, {"disk": "a"})]], "1", "Looked at")


def main():
    view = View(
        instrument_type=Histogram, instrument_name="*.fine", aggregation=ExponentialBucketHistogramAggregation()
    )
    telemetry = Telemetry(sys.argv[1], sys.argv[2], resource(), [view])
    send_spans(telemetry.tracers)
    send_logs(telemetry)
    send_metrics(telemetry)
    print(json.dumps(telemetry.close()))


main()
