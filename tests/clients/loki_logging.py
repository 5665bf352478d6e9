"""Logs through Python's logging with python-logging-loki, as a service would: loki_logging.py URL COUNT"""

import logging
import sys

import logging_loki


def main() -> None:
    url, count = sys.argv[1], int(sys.argv[2])
    handler = logging_loki.LokiHandler(url=url, tags={"app": "shop", "env": "test"}, version="1")
    logger = logging.getLogger("checkout")
    logger.setLevel(logging.DEBUG)
    logger.addHandler(handler)
    for number in range(count):
        logger.info("order %d was paid", number)
    trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    logger.error(f"payment failed trace_id={trace} span_id=00f067aa0ba902b7", extra={"tags": {"team": "pay"}})


main()
