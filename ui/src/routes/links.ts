// Typed links between pages: the only way one feature points at another.
import type { AttributeFilter } from "../model/attributes";
import {
  type LogFilters,
  logParams,
  type Params,
  type TraceFilters,
  type TraceSort,
  traceParams,
  withParams,
} from "../model/filters";
import { rangeParams, type TimeRange } from "../model/range";

export type Target = { path: string; params: Params };

export const toHome = (): Target => ({ path: "/", params: {} });
export const toConnect = (): Target => ({ path: "/connect", params: {} });
export const toTraces = (
  filters: Partial<TraceFilters> = {},
  sort: TraceSort = "newest",
): Target => ({
  path: "/traces",
  params: { ...traceParams(filters), sort: sort === "newest" ? null : sort },
});
export const toTrace = (traceId: string, spanId = ""): Target => ({
  path: `/traces/${traceId}`,
  params: { span: spanId || null, panel: spanId === "" ? null : "span" },
});
export const toLogs = (filters: Partial<LogFilters> = {}): Target => ({
  path: "/logs",
  params: logParams(filters),
});
// With its slash: plain /metrics on the main address is Prometheus's page about Watchglass itself.
export const toMetrics = (text = ""): Target => ({
  path: "/metrics/",
  params: { text: text || null },
});
/** The explorer with a first query for a metric as it was received. */
export const toExplored = (received: string): Target => ({
  path: "/metrics/",
  params: { metric: received },
});
export const toQuery = (text: string): Target => ({
  path: "/metrics/",
  params: { q: `A:${text}` },
});
export const toCardinality = (metric = ""): Target => ({
  path: "/metrics/",
  params: { view: "cardinality", metric: metric || null },
});
export const toTargets = (state = ""): Target => ({
  path: "/metrics/",
  params: { view: "targets", state: state || null },
});
export const toReceived = (text = ""): Target => ({
  path: "/metrics/",
  params: { view: "received", text: text || null },
});
export const toMetric = (name: string): Target => ({
  path: `/metrics/${encodeURIComponent(name)}`,
  params: {},
});

export const attributeFilter = (
  key: string,
  value: string,
  operator: AttributeFilter["operator"] = "=",
): AttributeFilter => ({
  key,
  operator,
  value,
});

export function inRange(target: Target, range: TimeRange): Target {
  return { ...target, params: { ...target.params, ...rangeParams(range) } };
}

const carried = ["range", "from", "to", "live"];

/** The address of a target; the time range and the live switch follow unless it has its own. */
export function hrefOf(target: Target, from: URLSearchParams): string {
  const kept = new URLSearchParams();
  const ownRange = carried.some((name) => name !== "live" && name in target.params);
  for (const name of carried) {
    const value = from.get(name);
    if (value !== null && (name === "live" || !ownRange)) kept.set(name, value);
  }
  const query = withParams(kept, target.params).toString();
  return query === "" ? target.path : `${target.path}?${query}`;
}
