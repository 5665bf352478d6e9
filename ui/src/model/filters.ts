// What the pages filter by, to and from the parameters of an address (which are those of the API too).
import { type AttributeFilter, parseFilter, printFilter } from "./attributes";
import { isSeverity, type Severity } from "./severity";

export type SpanStatus = "ok" | "error" | "unset";
export type TraceSort = "newest" | "oldest" | "longest" | "shortest" | "most_spans" | "most_errors";

export type TraceFilters = {
  service: string;
  operation: string;
  status: SpanStatus | "";
  minDuration: string;
  maxDuration: string;
  attributes: AttributeFilter[];
};

export type LogFilters = {
  service: string;
  severity: Severity | "";
  text: string;
  attributes: AttributeFilter[];
  traceId: string;
  spanId: string;
};

export type Params = Record<string, string | string[] | null>;

const sorts: readonly string[] = [
  "newest",
  "oldest",
  "longest",
  "shortest",
  "most_spans",
  "most_errors",
];
const statuses: readonly string[] = ["ok", "error", "unset"];

export const noTraceFilters: TraceFilters = {
  service: "",
  operation: "",
  status: "",
  minDuration: "",
  maxDuration: "",
  attributes: [],
};

export const noLogFilters: LogFilters = {
  service: "",
  severity: "",
  text: "",
  attributes: [],
  traceId: "",
  spanId: "",
};

function readAttributes(params: URLSearchParams): AttributeFilter[] {
  return params.getAll("attribute").flatMap((text) => parseFilter(text) ?? []);
}

export function readTraceFilters(params: URLSearchParams): TraceFilters {
  const status = params.get("status") ?? "";
  return {
    service: params.get("service") ?? "",
    operation: params.get("operation") ?? "",
    status: statuses.includes(status) ? (status as SpanStatus) : "",
    minDuration: params.get("min_duration") ?? "",
    maxDuration: params.get("max_duration") ?? "",
    attributes: readAttributes(params),
  };
}

export function traceParams(filters: Partial<TraceFilters>): Params {
  return {
    service: filters.service || null,
    operation: filters.operation || null,
    status: filters.status || null,
    min_duration: filters.minDuration || null,
    max_duration: filters.maxDuration || null,
    attribute: (filters.attributes ?? []).map(printFilter),
  };
}

export function readTraceSort(params: URLSearchParams): TraceSort {
  const sort = params.get("sort") ?? "";
  return sorts.includes(sort) ? (sort as TraceSort) : "newest";
}

export function readLogFilters(params: URLSearchParams): LogFilters {
  const severity = params.get("severity") ?? "";
  return {
    service: params.get("service") ?? "",
    severity: isSeverity(severity) ? severity : "",
    text: params.get("text") ?? "",
    attributes: readAttributes(params),
    traceId: params.get("trace_id") ?? "",
    spanId: params.get("span_id") ?? "",
  };
}

export function logParams(filters: Partial<LogFilters>): Params {
  return {
    service: filters.service || null,
    severity: filters.severity || null,
    text: filters.text || null,
    attribute: (filters.attributes ?? []).map(printFilter),
    trace_id: filters.traceId || null,
    span_id: filters.spanId || null,
  };
}

/** Writes parameters over a query: null and "" remove, lists repeat. The order stays stable for comparing. */
export function withParams(params: URLSearchParams, changes: Params): URLSearchParams {
  const next = new URLSearchParams(params);
  for (const [name, value] of Object.entries(changes)) {
    next.delete(name);
    const values = Array.isArray(value) ? value : [value];
    for (const one of values) if (one !== null && one !== "") next.append(name, one);
  }
  return next;
}
