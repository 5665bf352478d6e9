"""An everyday FastAPI service with prometheus_client, and what its jobs and libraries push.

`everyday.py serve` serves /metrics on a free port, prints the port, and counts the orders asked for.
`everyday.py push URL` pushes, adds to and deletes groups of the Pushgateway at URL.
`everyday.py statsd HOST PORT` sends with the StatsD clients of PyPI and of Datadog.
"""

import socket
import sys

import uvicorn
from datadog.dogstatsd import DogStatsd
from fastapi import FastAPI, Response
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    delete_from_gateway,
    generate_latest,
    push_to_gateway,
    pushadd_to_gateway,
)
from statsd import StatsClient, TCPStatsClient


def serve():
    app = FastAPI()
    orders = Counter("orders", "Orders taken.", ["item"])
    wait = Histogram("order_wait_seconds", "Time at the till.", buckets=[0.1, 1])

    @app.get("/order/{item}")
    def order(item: str):
        orders.labels(item).inc()
        wait.observe(0.5)
        return item

    @app.get("/metrics")
    def metrics():
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    print(listener.getsockname()[1], flush=True)
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
    server.run(sockets=[listener])


def push(url):
    registry = CollectorRegistry()
    Gauge("job_last_success", "When the job was done.", registry=registry).set(1234.5)
    Gauge("job_rows", "Rows.", ["table"], registry=registry).labels("orders").set(7)
    took = Histogram("job_seconds", "Time.", registry=registry, buckets=[1, 10])
    took.observe(3)
    key = {"instance": "nightly", "path": "/var/tmp"}
    push_to_gateway(url, job="backup", registry=registry, grouping_key=key)
    added = CollectorRegistry()
    Gauge("job_rows", "Rows.", ["table"], registry=added).labels("orders").set(8)
    pushadd_to_gateway(url, job="backup", registry=added, grouping_key=key, compression="gzip")
    other = CollectorRegistry()
    Gauge("job_gone", "Soon gone.", registry=other).set(1)
    push_to_gateway(url, job="short", registry=other)
    delete_from_gateway(url, job="short")


def statsd(host, port):
    plain = StatsClient(host, port, prefix="airflow")
    plain.incr("ti_failures", 3)
    plain.gauge("pool.open_slots.default_pool", 10)
    plain.gauge("pool.open_slots.default_pool", -4, delta=True)
    plain.timing("dagrun.duration.success.my_dag", 1500)
    with plain.pipeline() as pipe:
        pipe.incr("scheduler_heartbeat")
        pipe.incr("scheduler_heartbeat")
    stream = TCPStatsClient(host, port, prefix="stream")
    stream.incr("hits", 2)
    stream.gauge("level", 42)
    stream.timing("task", 250)
    stream.close()
    dog = DogStatsd(host=host, port=port, disable_telemetry=True, disable_buffering=True)
    dog.increment("dog.visits", 5, tags=["page:home", "env:dev"])
    dog.histogram("dog.size", 20, tags=["page:home"])


if __name__ == "__main__":
    {"serve": serve, "push": push, "statsd": statsd}[sys.argv[1]](
        *(int(word) if word.isdigit() else word for word in sys.argv[2:])
    )
