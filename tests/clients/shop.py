"""A FastAPI shop as people write them: instrumented, its logging correlated, its metrics with exemplars.

`shop.py http|grpc ADDRESS` serves itself some requests and prints what it sent as JSON.
"""

import json
import logging
import socket
import sys
import threading
import time
import urllib.error
import urllib.request

import uvicorn
from fastapi import FastAPI
from opentelemetry import metrics, trace
from opentelemetry.instrumentation.fastapi import FastAPIInstrumentor
from opentelemetry.sdk.resources import Resource

from exporters import Telemetry

try:
    from opentelemetry.instrumentation.logging.handler import LoggingHandler
except ImportError:
    from opentelemetry.sdk._logs import LoggingHandler

TRACEPARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


def make_app(telemetry):
    app = FastAPI()
    log = logging.getLogger("shop")
    log.setLevel(logging.INFO)
    log.addHandler(LoggingHandler(logger_provider=telemetry.loggers))
    meter = telemetry.meters.get_meter("shop")
    wait = meter.create_histogram("shop.checkout.wait", "ms", "Time at the till")
    orders = meter.create_counter("shop.orders", "{order}", "Orders")
    tracer = telemetry.tracers.get_tracer("shop")

    @app.get("/items/{item}")
    def item(item: int):
        log.info("item %d looked at", item, extra={"item": item})
        with tracer.start_as_current_span("price", attributes={"item": item}):
            wait.record(12.5 * item, {"till": "a"})
        orders.add(1, {"item": item})
        return {"item": item}

    @app.get("/broken")
    def broken():
        try:
            raise KeyError("stock")
        except KeyError:
            log.exception("stock is gone")
            raise

    FastAPIInstrumentor.instrument_app(
        app, tracer_provider=telemetry.tracers, meter_provider=telemetry.meters
    )
    return app


def serve(app):
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="critical"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.005)
    return server, thread, listener.getsockname()[1]


def ask(port, path, headers=None):
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers=headers or {})
    try:
        urllib.request.urlopen(request).read()
    except urllib.error.HTTPError as error:
        assert error.code == 500, error


def main():
    resource = Resource.create({"service.name": "fastapi-shop", "service.version": "2"})
    telemetry = Telemetry(sys.argv[1], sys.argv[2], resource)
    trace.set_tracer_provider(telemetry.tracers)
    metrics.set_meter_provider(telemetry.meters)
    server, thread, port = serve(make_app(telemetry))
    for item in (1, 2, 3):
        ask(port, f"/items/{item}")
    ask(port, "/items/4", {"traceparent": TRACEPARENT, "tracestate": "shop=eu"})
    ask(port, "/broken")
    server.should_exit = True
    thread.join()
    print(json.dumps(telemetry.close()))


main()
