/** Uses every field that the Node SDK can fill: `sdk.mjs proto|json ADDRESS` prints what it sent as JSON. */

import { ROOT_CONTEXT, SpanKind, SpanStatusCode, createTraceState, trace } from "@opentelemetry/api";
import { SeverityNumber } from "@opentelemetry/api-logs";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BatchLogRecordProcessor, LoggerProvider } from "@opentelemetry/sdk-logs";
import { AggregationType, MeterProvider, PeriodicExportingMetricReader } from "@opentelemetry/sdk-metrics";
import { BasicTracerProvider, BatchSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { Sent } from "./sent.mjs";

const [protocol, address] = process.argv.slice(2);
const kind = protocol === "json" ? "http" : "proto";
const { OTLPTraceExporter } = await import(`@opentelemetry/exporter-trace-otlp-${kind}`);
const { OTLPLogExporter } = await import(`@opentelemetry/exporter-logs-otlp-${kind}`);
const { OTLPMetricExporter } = await import(`@opentelemetry/exporter-metrics-otlp-${kind}`);

const EVERY_TYPE = {
  text: "ein Wörtchen \u{1f50d}",
  empty: "",
  yes: true,
  no: false,
  int: -(2 ** 31),
  double: 0.1,
  texts: ["a", "b"],
  bools: [true, false],
  ints: [1, -2, 3],
  doubles: [0.5, -2.5],
  none: [],
};

const sent = new Sent();
const resource = resourceFromAttributes({
  "service.name": `node-${protocol}`,
  "telemetry.sdk.language": "nodejs",
  replicas: 3,
  share: 0.25,
  canary: true,
  zones: ["a", "b"],
});
const url = (signal) => ({ url: `http://${address}/v1/${signal}` });
const tracers = new BasicTracerProvider({
  resource,
  spanProcessors: [new BatchSpanProcessor(sent.recordingSpans(new OTLPTraceExporter(url("traces"))))],
});
const loggers = new LoggerProvider({
  resource,
  processors: [new BatchLogRecordProcessor({ exporter: sent.recordingLogs(new OTLPLogExporter(url("logs"))) })],
});
const meters = new MeterProvider({
  resource,
  readers: [
    new PeriodicExportingMetricReader({
      exporter: sent.recordingMetrics(new OTLPMetricExporter(url("metrics"))),
      exportIntervalMillis: 3_600_000,
    }),
  ],
  views: [{ instrumentName: "*.fine", aggregation: { type: AggregationType.EXPONENTIAL_HISTOGRAM } }],
});

function sendSpans() {
  const schemaUrl = "https://opentelemetry.io/schemas/1.30.0";
  const tracer = tracers.getTracer("watchglass.tests", "0.9", { schemaUrl });
  const remote = {
    traceId: "4bf92f3577b34da6a3ce929d0e0e4736",
    spanId: protocol === "json" ? "00f067aa0ba902b7" : "00f067aa0ba902b8",
    traceFlags: 1,
    isRemote: true,
    traceState: createTraceState("vendor=t61rcWkgMzE,other=1"),
  };
  const upstream = trace.setSpanContext(ROOT_CONTEXT, remote);
  const links = [{ context: remote, attributes: { why: "batch", n: 1 } }];
  const server = tracer.startSpan("GET /cart", { kind: SpanKind.SERVER, attributes: EVERY_TYPE, links }, upstream);
  server.addEvent("cache.miss", { key: "k", sizes: [1, 2] });
  const within = trace.setSpan(ROOT_CONTEXT, server);
  const client = tracer.startSpan("SELECT cart", { kind: SpanKind.CLIENT }, within);
  client.setStatus({ code: SpanStatusCode.ERROR, message: "deadlock found" });
  client.recordException(new TypeError("no such cart"));
  client.end();
  const producer = tracer.startSpan("publish", { kind: SpanKind.PRODUCER }, within);
  producer.setStatus({ code: SpanStatusCode.OK });
  producer.end();
  tracer.startSpan("process", { kind: SpanKind.CONSUMER }, within).end();
  server.end();
  return within;
}

function sendLogs(within) {
  const logger = loggers.getLogger("watchglass.tests", "0.9");
  const timestamp = Date.now();
  const body = { order: 7, lines: [{ sku: "a", price: 1.5 }], paid: true };
  logger.emit({ timestamp, body: "plain", severityNumber: SeverityNumber.INFO, severityText: "INFO" });
  logger.emit({ timestamp: timestamp + 1, body, severityNumber: SeverityNumber.ERROR2, attributes: EVERY_TYPE });
  logger.emit({ timestamp: timestamp + 2, body: 42, eventName: "order.placed", attributes: { deep: { a: [1, "b"] } } });
  logger.emit({ timestamp: timestamp + 3, body: "within a span", severityNumber: 13, context: within });
}

function sendMetrics() {
  const meter = meters.getMeter("watchglass.tests", "0.9");
  const labels = { route: "/cart", ok: true, code: 200, share: 0.5 };
  const name = `node.${protocol}.`;
  meter.createCounter(`${name}orders`, { unit: "{order}", description: "Orders placed" }).add(3, labels);
  meter.createUpDownCounter(`${name}carts`, { unit: "{cart}" }).add(-2, labels);
  meter.createGauge(`${name}heat`, { unit: "Cel" }).record(-40.25, { room: "a" });
  const wait = meter.createHistogram(`${name}wait`, { unit: "ms", description: "Time to wait" });
  for (const value of [0, 5, 7, 80, 20_000]) wait.record(value, labels);
  const fine = meter.createHistogram(`${name}wait.fine`, { unit: "s" });
  for (const value of [0, 0.001, 0.5, 3]) fine.record(value, labels);
}

sendLogs(sendSpans());
sendMetrics();
await tracers.shutdown();
await loggers.shutdown();
await meters.shutdown();
console.log(JSON.stringify({ spans: sent.spans, logs: sent.logs, metrics: sent.metrics }));
