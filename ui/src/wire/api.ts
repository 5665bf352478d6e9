// Watchglass's own API under /api, as the UI sees it. The truth will be generated from the Rust routes
// (openapi.json -> ui/src/wire/api.ts); this file fixes shapes and names until then.
// Absolute times: decimal strings of unix nanoseconds ("Nanos"), because they exceed 2^53. Durations and offsets: numbers, nanoseconds.
// Errors: HTTP status + {"error": {"code": "bad_request", "message": "parameter `start`: …", "field": "start"}}.
export type Nanos = string;

// OTLP/JSON's AnyValue and KeyValue shapes, as the OTLP specification has them (ints as strings, doubles may be "NaN"/"Infinity", bytes base64).
export type AnyValue =
  | { stringValue: string }
  | { boolValue: boolean }
  | { intValue: string }
  | { doubleValue: number | string }
  | { bytesValue: string }
  | { arrayValue: { values: AnyValue[] } }
  | { kvlistValue: { values: KeyValue[] } }
  | Record<string, never>;
export type KeyValue = { key: string; value: AnyValue };
export type Resource = {
  attributes: KeyValue[];
  dropped_attributes_count: number;
  schema_url: string;
};
export type Scope = {
  name: string;
  version: string;
  attributes: KeyValue[];
  dropped_attributes_count: number;
  schema_url: string;
};

// ---- GET /api/status
export type Status = {
  version: string;
  started: Nanos;
  now: Nanos;
  workspace: string;
  data: string;
  resident_bytes: number;
  receivers: Receiver[];
  store: StoreStatus;
};
export type Receiver = {
  name: "otlp_grpc" | "otlp_http" | "main";
  protocol: string /* "OTLP/gRPC" … */;
  address: string; // "127.0.0.1:4317"
  state: "listening" | "taken" | "off";
  taken_by: string | null; // "python3 (pid 4711)"
  requests: number;
  spans: number;
  log_records: number;
  points: number;
  bytes: number;
  rejected: number; // since start
  spans_per_second: number;
  log_records_per_second: number;
  points_per_second: number; // over the last 10 s
  last_received: Nanos | null;
};
export type StoreStatus = {
  disk_bytes: number;
  max_disk_bytes: number;
  retention_seconds: number;
  journal_bytes: number;
  head_bytes: number;
  partitions: number;
  oldest: Nanos | null;
  quarantined: string[]; // names + reasons
  damaged_blocks: number;
  read_only: string | null; // reason when writes are refused (disk full …)
  spans: number;
  log_records: number;
  points: number; // stored
};

// ---- GET /api/services?start&end
export type Services = { services: Service[] };
export type Service = {
  name: string;
  language: string; // telemetry.sdk.language or ""
  spans: number;
  requests: number; // requests = entry spans: SERVER or CONSUMER kind or without a parent; all spans where there is none
  rate: number /* requests per second over the range */;
  errors: number;
  error_ratio: number;
  p50: number;
  p95: number;
  p99: number; // ns of entry spans
  log_records: number;
  log_errors: number;
  first_seen: Nanos;
  last_seen: Nanos;
  sparkline: number[];
  error_sparkline: number[]; // 30 equal buckets of the range: requests, failed requests
};
// ---- GET /api/services/{service}/operations?start&end
export type Operations = {
  operations: {
    name: string;
    kind: string;
    spans: number;
    errors: number;
    p50: number;
    p95: number;
    p99: number;
  }[];
};

// ---- GET /api/attributes?signal=traces|logs&start&end&prefix   and   GET /api/attributes/{key}/values?signal&start&end&prefix
export type AttributeKeys = { keys: { key: string; count: number }[] };
export type AttributeValues = { values: { value: string; count: number }[] };

// ---- GET /api/traces?start&end&service&operation&status=ok|error|unset&min_duration=100ms&max_duration=2s&attribute=k%3Dv (repeatable: k=v, k!=v, k~part, k (exists))
//      &sort=newest|oldest|longest|shortest|most_spans|most_errors&limit=100
// A trace matches if one of its spans meets all conditions (service, operation, status, duration and attributes are of the same span; attributes of span, its resource, scope, events).
export type TraceList = {
  traces: TraceSummary[];
  matched: number;
  complete: boolean;
  examined_spans: number;
  elapsed_ms: number;
};
export type TraceSummary = {
  trace_id: string;
  start: Nanos;
  duration: number;
  root_service: string;
  root_operation: string;
  root_missing: boolean;
  spans: number;
  errors: number;
  services: { name: string; spans: number; errors: number }[];
  matched_spans: number;
};

// ---- GET /api/traces/{trace_id}  -> the whole trace laid out for drawing, columnar: arrays of equal length, one entry a span, in depth-first order
//      (children by start time). Orphans (parent unknown) are roots, `orphan` true. Cycles are cut. 100,000 spans must be fine.
export type Trace = {
  trace_id: string;
  start: Nanos;
  duration: number;
  root_service: string;
  root_operation: string;
  services: string[];
  operations: string[];
  scopes: string[]; // dictionaries
  spans: {
    span_id: string[];
    parent: number[] /* index or -1 */;
    depth: number[];
    descendants: number[] /* how many rows below belong to it */;
    start: number[] /* ns after trace start */;
    duration: number[];
    self_time: number[];
    service: number[];
    operation: number[]; // into dictionaries
    kind: number[] /* OTLP SpanKind 0..5 */;
    status: number[] /* 0 unset 1 ok 2 error */;
    events: number[] /* count */;
    links: number[];
    logs: number[] /* records that carry this span id */;
    orphan: boolean[];
    critical: boolean[] /* on the critical path */;
  };
};
// ---- GET /api/traces/{trace_id}/find?q=text -> rows (indexes into the arrays above) whose operation, service, ids, attribute keys/values, event names, status message contain the text
export type Found = { rows: number[] };
// ---- GET /api/traces/{trace_id}/spans/{span_id}
export type SpanDetail = {
  trace_id: string;
  span_id: string;
  parent_span_id: string;
  trace_state: string;
  flags: number;
  name: string;
  kind: number;
  start: Nanos;
  end: Nanos;
  duration: number;
  service: string;
  attributes: KeyValue[];
  dropped_attributes_count: number;
  events: { time: Nanos; name: string; attributes: KeyValue[]; dropped_attributes_count: number }[];
  dropped_events_count: number;
  links: {
    trace_id: string;
    span_id: string;
    trace_state: string;
    flags: number;
    attributes: KeyValue[];
    dropped_attributes_count: number;
  }[];
  dropped_links_count: number;
  status: { code: number; message: string };
  resource: Resource;
  scope: Scope;
};

// ---- GET /api/logs?start&end&service&severity=warn (minimum: trace|debug|info|warn|error|fatal)&text=substring&attribute=…&trace_id&span_id&limit=200&cursor=…   newest first
export type Logs = {
  records: LogRecord[];
  cursor: string | null /* older ones */;
  complete: boolean;
};
export type LogRecord = {
  id: string; // stable, unique: key for lists
  time: Nanos;
  observed_time: Nanos;
  severity_number: number;
  severity_text: string;
  body: AnyValue;
  event_name: string;
  service: string;
  trace_id: string;
  span_id: string;
  flags: number;
  attributes: KeyValue[];
  dropped_attributes_count: number;
  resource: Resource;
  scope: Scope;
};
// ---- GET /api/logs/volume?<same filters>&buckets=60  -> counts per severity band
export type LogVolume = {
  start: Nanos;
  step: number /* ns */;
  trace: number[];
  debug: number[];
  info: number[];
  warn: number[];
  error: number[];
  fatal: number[];
  unspecified: number[];
};

// ---- GET /api/metrics?start&end&text=
export type Metrics = { metrics: Metric[] };
export type Metric = {
  name: string;
  type: "gauge" | "sum" | "histogram" | "exponential_histogram" | "summary";
  unit: string;
  description: string;
  monotonic: boolean;
  temporality: "unspecified" | "delta" | "cumulative";
  series: number;
  points: number;
  services: string[];
  label_keys: string[];
  last_seen: Nanos;
};
// ---- GET /api/metrics/{name}/series?start&end&service&attribute=…&limit=50 -> the raw series. For histograms value = sum/count mean etc. are not computed here: count, sum and buckets are given.
export type MetricSeries = {
  name: string;
  type: Metric["type"];
  unit: string;
  monotonic: boolean;
  temporality: Metric["temporality"];
  series: Series[];
  total_series: number;
};
export type Series = {
  service: string;
  labels: KeyValue[];
  resource: Resource;
  scope: Scope;
  times: Nanos[];
  values: (number | null)[] /* gauge, sum: the value; others: count */;
  sums: (number | null)[] | null /* histograms, summaries */;
  bounds: number[] | null;
  buckets: number[][] | null /* explicit histograms: per point */;
  quantiles: { quantile: number; values: (number | null)[] }[] | null /* summaries */;
  exemplars: {
    time: Nanos;
    value: number;
    trace_id: string;
    span_id: string;
    attributes: KeyValue[];
  }[];
};

// ---- GET /api/events  (server-sent events; in the window through a Tauri Channel)
//   event: arrival  data: Arrival     (at most every 100 ms, while something arrives)
//   event: status   data: Status      (every 2 s)
//   event: mistake  data: Mistake
export type Arrival = {
  spans: number;
  log_records: number;
  points: number;
  services: string[];
  trace_ids: string[] /* up to 50 */;
  time: Nanos;
};
// ---- GET /api/logs/tail?<filters of /api/logs>   (server-sent events) event: records data: {records: LogRecord[], missed: number}

// ---- GET /api/mistakes : what the listeners saw and what to do, newest first (deduplicated by kind + port)
export type Mistake = {
  kind: string /* "grpc_on_http_port" | "http_on_grpc_port" | "wrong_path" | "json_as_protobuf" | "protobuf_as_json" | "tls_on_plain_port" | "foreign_host" | "foreign_origin" | "wrong_method" | "unsupported_encoding" | "too_large" | "port_taken" … */;
  port: number;
  title: string;
  detail: string;
  remedy: string;
  count: number;
  first_seen: Nanos;
  last_seen: Nanos;
};
export type Mistakes = { mistakes: Mistake[] };

// ---- GET /api/runs ; POST /api/runs ; POST /api/runs/{id}/end   (made by `watchglass run -- CMD`)
export type Run = {
  id: string;
  command: string[];
  directory: string;
  service: string;
  git_commit: string;
  git_dirty: boolean;
  start: Nanos;
  end: Nanos | null;
  exit_code: number | null;
};
export type Runs = { runs: Run[] };
