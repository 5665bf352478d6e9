// Asks for services and their operations.
import { apiWindow, type TimeRange } from "../model/range";
import type { Operations, Services } from "../wire/api";
import { get } from "./http";
import { type ServerState, useServer } from "./useServer";

export function useServices(range: TimeRange, live: boolean): ServerState<Services> {
  return useServer({
    key: ["services", range],
    ask: (signal) => get<Services>("/api/services", apiWindow(range, Date.now()), signal),
    live: (arrival) => live && arrival.spans + arrival.log_records + arrival.points > 0,
  });
}

export function useOperations(
  service: string,
  range: TimeRange,
  enabled: boolean,
): ServerState<Operations> {
  return useServer({
    key: ["operations", service, range],
    ask: (signal) =>
      get<Operations>(
        `/api/services/${encodeURIComponent(service)}/operations`,
        apiWindow(range, Date.now()),
        signal,
      ),
    enabled: enabled && service !== "",
    keepPrevious: false,
  });
}
