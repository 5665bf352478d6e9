/** What the Node SDK hands to its exporters, written down in the shapes of Watchglass's API (see sent.py). */

const HAS_IS_REMOTE = 0x100;
const IS_REMOTE = 0x200;
const TEMPORALITIES = ["delta", "cumulative"];
const KINDS = ["histogram", "exponential_histogram", "gauge", "sum"];

const nanos = ([seconds, rest]) => String(BigInt(seconds) * 1_000_000_000n + BigInt(rest));

export function anyValue(value) {
  if (value === null || value === undefined) return {};
  if (typeof value === "string") return { stringValue: value };
  if (typeof value === "boolean") return { boolValue: value };
  if (typeof value === "number")
    return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
  if (value instanceof Uint8Array) return { bytesValue: Buffer.from(value).toString("base64") };
  if (Array.isArray(value)) return { arrayValue: { values: value.map(anyValue) } };
  return { kvlistValue: { values: keyValues(value) } };
}

export const keyValues = (attributes) =>
  Object.entries(attributes ?? {}).map(([key, value]) => ({ key, value: anyValue(value) }));

const resourceOf = (resource) => ({
  attributes: keyValues(resource.attributes),
  dropped_attributes_count: 0,
  schema_url: resource.schemaUrl ?? "",
});

const scopeOf = (scope) => ({
  name: scope.name,
  version: scope.version ?? "",
  attributes: keyValues(scope.attributes),
  dropped_attributes_count: 0,
  schema_url: scope.schemaUrl ?? "",
});

const linkOf = (link) => ({
  trace_id: link.context.traceId,
  span_id: link.context.spanId,
  trace_state: link.context.traceState?.serialize() ?? "",
  attributes: keyValues(link.attributes),
  dropped_attributes_count: link.droppedAttributesCount ?? 0,
});

function spanOf(span) {
  const context = span.spanContext();
  const remote = span.parentSpanContext?.isRemote ? IS_REMOTE : 0;
  return {
    trace_id: context.traceId,
    span_id: context.spanId,
    parent_span_id: span.parentSpanContext?.spanId ?? "",
    trace_state: context.traceState?.serialize() ?? "",
    flags: HAS_IS_REMOTE | remote | context.traceFlags,
    name: span.name,
    kind: span.kind + 1,
    start: nanos(span.startTime),
    end: nanos(span.endTime),
    attributes: keyValues(span.attributes),
    dropped_attributes_count: span.droppedAttributesCount,
    events: span.events.map((event) => ({
      time: nanos(event.time),
      name: event.name,
      attributes: keyValues(event.attributes),
      dropped_attributes_count: event.droppedAttributesCount ?? 0,
    })),
    dropped_events_count: span.droppedEventsCount,
    links: span.links.map(linkOf),
    dropped_links_count: span.droppedLinksCount,
    status: { code: span.status.code, message: span.status.message ?? "" },
    resource: resourceOf(span.resource),
    scope: scopeOf(span.instrumentationScope),
  };
}

function logOf(record) {
  const span = record.spanContext;
  return {
    time: nanos(record.hrTime),
    observed_time: nanos(record.hrTimeObserved),
    severity_number: record.severityNumber ?? 0,
    severity_text: record.severityText ?? "",
    body: anyValue(record.body),
    event_name: record.eventName ?? "",
    trace_id: span?.traceId ?? "",
    span_id: span?.spanId ?? "",
    flags: span?.traceFlags ?? 0,
    attributes: keyValues(record.attributes),
    dropped_attributes_count: record.droppedAttributesCount,
    resource: resourceOf(record.resource),
    scope: scopeOf(record.instrumentationScope),
  };
}

function seriesOf(point, resource, scope) {
  const series = {
    labels: keyValues(point.attributes),
    resource: resourceOf(resource),
    scope: scopeOf(scope),
    times: [nanos(point.endTime)],
    starts: [nanos(point.startTime)],
    flags: [0],
  };
  const value = point.value;
  if (typeof value === "number") return { ...series, values: [value], sums: null, buckets: null };
  const counted = {
    ...series,
    values: [value.count],
    counts: [value.count],
    sums: [value.sum],
    mins: [value.min],
    maxs: [value.max],
  };
  if (!value.buckets) return { ...counted, exponential: [exponentialOf(value)] };
  return { ...counted, bounds: value.buckets.boundaries, buckets: [value.buckets.counts] };
}

const sideOf = ({ offset, bucketCounts }) => ({ offset, bucket_counts: bucketCounts });

const exponentialOf = (value) => ({
  scale: value.scale,
  zero_count: value.zeroCount,
  zero_threshold: 0,
  positive: sideOf(value.positive),
  negative: sideOf(value.negative),
});

function metricOf(metric, resource, scope) {
  const type = KINDS[metric.dataPointType];
  return {
    name: metric.descriptor.name,
    type,
    unit: metric.descriptor.unit,
    description: metric.descriptor.description,
    monotonic: metric.isMonotonic ?? false,
    temporality: type === "gauge" ? "unspecified" : TEMPORALITIES[metric.aggregationTemporality],
    series: metric.dataPoints.map((point) => seriesOf(point, resource, scope)),
  };
}

/** Everything that was handed to the exporters. */
export class Sent {
  spans = [];
  logs = [];
  metrics = [];

  /** Wraps exporters so that what they are given is noted. */
  recordingSpans(exporter) {
    return this.#recording(exporter, (spans) => this.spans.push(...spans.map(spanOf)));
  }

  recordingLogs(exporter) {
    return this.#recording(exporter, (records) => this.logs.push(...records.map(logOf)));
  }

  recordingMetrics(exporter) {
    return this.#recording(exporter, ({ resource, scopeMetrics }) => {
      for (const { scope, metrics } of scopeMetrics)
        this.metrics.push(...metrics.map((metric) => metricOf(metric, resource, scope)));
    });
  }

  #recording(exporter, note) {
    return new Proxy(exporter, {
      get(target, name) {
        if (name === "export")
          return (given, done) => {
            note(given);
            target.export(given, (result) => {
              if (result.error) throw result.error;
              done(result);
            });
          };
        const member = target[name];
        return typeof member === "function" ? member.bind(target) : member;
      },
    });
  }
}
