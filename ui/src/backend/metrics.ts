// Asks for metrics: what arrives, and the raw series of one.

import { type AttributeFilter, printFilter } from "../model/attributes";
import { apiWindow, type TimeRange } from "../model/range";
import type { MetricSeries, Metrics } from "../wire/api";
import { get } from "./http";
import { type ServerState, useServer } from "./useServer";

export function useMetrics(range: TimeRange, live: boolean): ServerState<Metrics> {
  return useServer({
    key: ["metrics", range],
    ask: (signal) => get<Metrics>("/api/metrics", apiWindow(range, Date.now()), signal),
    live: (arrival) => live && arrival.points > 0,
  });
}

export type SeriesQuestion = {
  name: string;
  service: string;
  attributes: AttributeFilter[];
  range: TimeRange;
  limit: number;
};

export function useMetricSeries(
  question: SeriesQuestion,
  live: boolean,
): ServerState<MetricSeries> {
  const { name, service, attributes, range, limit } = question;
  return useServer({
    key: ["metric-series", name, service, attributes, range, limit],
    ask: (signal) =>
      get<MetricSeries>(
        `/api/metrics/${encodeURIComponent(name)}/series`,
        {
          ...apiWindow(range, Date.now()),
          service: service || null,
          attribute: attributes.map(printFilter),
          limit: String(limit),
        },
        signal,
      ),
    live: (arrival) => live && arrival.points > 0,
  });
}
