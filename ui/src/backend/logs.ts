// Asks for logs: a page of records, their volume over time, and the live tail.
import { type LogFilters, logParams } from "../model/filters";
import { apiWindow, type TimeRange } from "../model/range";
import type { LogRecord, Logs, LogVolume } from "../wire/api";
import { get, pathWith } from "./http";
import { subscribe } from "./stream";
import { type ServerState, useServer } from "./useServer";

export type LogPage = {
  filters: LogFilters;
  range: TimeRange;
  cursor: string | null;
  limit: number;
};

export function fetchLogs(
  { filters, range, cursor, limit }: LogPage,
  signal: AbortSignal,
): Promise<Logs> {
  return get<Logs>(
    "/api/logs",
    { ...apiWindow(range, Date.now()), ...logParams(filters), limit: String(limit), cursor },
    signal,
  );
}

/** One page of records, the newest first. */
export function useLogs(page: LogPage, live: boolean): ServerState<Logs> {
  return useServer({
    key: ["logs", page],
    ask: (signal) => fetchLogs(page, signal),
    live: (arrival) => live && arrival.log_records > 0,
  });
}

/** The records of one trace or span, whatever the page's time range: they lie where the trace lies. */
export function useTraceLogs(traceId: string, spanId: string, enabled: boolean): ServerState<Logs> {
  return useServer({
    key: ["trace-logs", traceId, spanId],
    ask: (signal) =>
      get<Logs>("/api/logs", { trace_id: traceId, span_id: spanId || null, limit: "500" }, signal),
    enabled,
    keepPrevious: false,
    live: (arrival) => arrival.log_records > 0 && arrival.trace_ids.includes(traceId),
  });
}

export function useLogVolume(
  filters: LogFilters,
  range: TimeRange,
  live: boolean,
): ServerState<LogVolume> {
  return useServer({
    key: ["log-volume", filters, range],
    ask: (signal) =>
      get<LogVolume>(
        "/api/logs/volume",
        { ...apiWindow(range, Date.now()), ...logParams(filters), buckets: "90" },
        signal,
      ),
    live: (arrival) => live && arrival.log_records > 0,
  });
}

export type TailBatch = { records: LogRecord[]; missed: number };

export function tailLogs(
  filters: LogFilters,
  onBatch: (batch: TailBatch) => void,
  onState: (state: "connecting" | "open" | "lost") => void,
): () => void {
  return subscribe(pathWith("/api/logs/tail", logParams(filters)), {
    events: ["records"],
    onState,
    onEvent: (_, text) => onBatch(JSON.parse(text) as TailBatch),
  });
}
