// Asks for traces: the search, one whole trace, text inside it, one span.
import { type TraceFilters, type TraceSort, traceParams } from "../model/filters";
import { apiWindow, type TimeRange } from "../model/range";
import { type SpanTree, spanTree } from "../model/spanTree";
import type { Found, SpanDetail, Trace, TraceList } from "../wire/api";
import { get } from "./http";
import { type ServerState, useServer } from "./useServer";

export type TraceSearch = {
  filters: TraceFilters;
  range: TimeRange;
  sort: TraceSort;
  limit: number;
};

export function useTraceSearch(
  { filters, range, sort, limit }: TraceSearch,
  live: boolean,
): ServerState<TraceList> {
  return useServer({
    key: ["traces", filters, range, sort, limit],
    ask: (signal) =>
      get<TraceList>(
        "/api/traces",
        { ...apiWindow(range, Date.now()), ...traceParams(filters), sort, limit: String(limit) },
        signal,
      ),
    live: (arrival) => live && arrival.spans > 0,
  });
}

export type OpenTrace = Omit<Trace, "spans"> & { tree: SpanTree };

export function useTrace(traceId: string, live: boolean): ServerState<OpenTrace> {
  return useServer({
    key: ["trace", traceId],
    ask: async (signal) => {
      const { spans, ...head } = await get<Trace>(`/api/traces/${traceId}`, {}, signal);
      // A trace of no length is still drawn: one nanosecond is the least.
      const duration = Math.max(1, head.duration);
      return { ...head, duration, tree: spanTree({ spans, ...head }) };
    },
    live: (arrival) => live && arrival.trace_ids.includes(traceId),
    keepPrevious: false,
  });
}

export function useFound(traceId: string, text: string): ServerState<Found> {
  return useServer({
    key: ["find", traceId, text],
    ask: (signal) => get<Found>(`/api/traces/${traceId}/find`, { q: text }, signal),
    enabled: text.length >= 2,
    keepPrevious: false,
  });
}

export function useSpan(traceId: string, spanId: string): ServerState<SpanDetail> {
  return useServer({
    key: ["span", traceId, spanId],
    ask: (signal) => get<SpanDetail>(`/api/traces/${traceId}/spans/${spanId}`, {}, signal),
    enabled: spanId !== "",
  });
}
