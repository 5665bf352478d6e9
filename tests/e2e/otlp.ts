// OTLP requests in JSON, built from few words.

type Value = string | number | boolean;
export type Attributes = Record<string, Value>;

export type SpanOptions = {
  trace: string;
  id: string;
  parent?: string;
  name: string;
  kind?: number;
  /** Milliseconds since 1970. */
  start: number;
  /** Milliseconds. */
  lasts: number;
  attributes?: Attributes;
  failed?: string;
  events?: object[];
  links?: { traceId: string; spanId: string }[];
};

const nanos = (ms: number) => String(BigInt(Math.round(ms * 1000)) * 1000n);

export const keyValues = (attributes: Attributes = {}) =>
  Object.entries(attributes).map(([key, value]) => ({
    key,
    value:
      typeof value === "string"
        ? { stringValue: value }
        : typeof value === "boolean"
          ? { boolValue: value }
          : Number.isInteger(value)
            ? { intValue: String(value) }
            : { doubleValue: value },
  }));

const resource = (service: string) => ({
  attributes: keyValues({ "service.name": service, "telemetry.sdk.language": "nodejs", "host.name": "laptop" }),
});

export const span = (options: SpanOptions) => ({
  traceId: options.trace,
  spanId: options.id,
  parentSpanId: options.parent ?? "",
  name: options.name,
  kind: options.kind ?? 2,
  startTimeUnixNano: nanos(options.start),
  endTimeUnixNano: nanos(options.start + options.lasts),
  attributes: keyValues(options.attributes),
  events: options.events ?? [],
  links: options.links ?? [],
  status: options.failed === undefined ? {} : { code: 2, message: options.failed },
});

export const exception = (time: number, message: string) => ({
  timeUnixNano: nanos(time),
  name: "exception",
  attributes: keyValues({
    "exception.type": "CardDeclined",
    "exception.message": message,
    "exception.stacktrace": `CardDeclined: ${message}\n    at charge (till.js:42:7)\n    at pay (pay.js:7:3)`,
  }),
});

export const traces = (service: string, spans: object[]) => ({
  resourceSpans: [{ resource: resource(service), scopeSpans: [{ scope: { name: "e2e" }, spans }] }],
});

export type LogOptions = {
  time: number;
  severity: number;
  body: string;
  trace?: string;
  span?: string;
  attributes?: Attributes;
};

export const logs = (service: string, records: LogOptions[]) => ({
  resourceLogs: [
    {
      resource: resource(service),
      scopeLogs: [
        {
          logRecords: records.map((record) => ({
            timeUnixNano: nanos(record.time),
            severityNumber: record.severity,
            body: { stringValue: record.body },
            traceId: record.trace ?? "",
            spanId: record.span ?? "",
            attributes: keyValues(record.attributes),
          })),
        },
      ],
    },
  ],
});

export const metrics = (service: string, all: object[]) => ({
  resourceMetrics: [{ resource: resource(service), scopeMetrics: [{ metrics: all }] }],
});

export const numberPoint = (time: number, value: number, attributes: Attributes = {}, exemplars: object[] = []) => ({
  timeUnixNano: nanos(time),
  asDouble: value,
  attributes: keyValues(attributes),
  exemplars,
});

export const exemplar = (time: number, value: number, traceId: string, spanId: string) => ({
  timeUnixNano: nanos(time),
  asDouble: value,
  traceId,
  spanId,
});

export const histogramPoint = (time: number, counts: number[]) => ({
  timeUnixNano: nanos(time),
  count: String(counts.reduce((sum, count) => sum + count, 0)),
  sum: counts.reduce((sum, count, i) => sum + count * (i + 1) * 10, 0),
  bucketCounts: counts.map(String),
  explicitBounds: counts.slice(1).map((_, i) => (i + 1) * 10),
});
