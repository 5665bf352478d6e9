// The one event stream of the page: arrivals, the state of the program, mistakes; everyone listens here.
import { useEffect, useRef, useSyncExternalStore } from "react";
import type { Arrival, Mistake, Status } from "../wire/api";
import { get } from "./http";
import { subscribe } from "./stream";

export type Connection = "connecting" | "open" | "lost";
type Live = { status: Status | null; connection: Connection; mistakes: number };

const arrivals = new Set<(arrival: Arrival) => void>();
const mistakes = new Set<(mistake: Mistake) => void>();
const watchers = new Set<() => void>();
let live: Live = { status: null, connection: "connecting", mistakes: 0 };

function update(change: Partial<Live>): void {
  live = { ...live, ...change };
  for (const watcher of watchers) watcher();
}

/** Called once, by main. Lives as long as the page. */
export function startEvents(): void {
  void get<Status>("/api/status", {}).then(
    (status) => update({ status }),
    () => undefined,
  );
  subscribe("/api/events", {
    events: ["arrival", "status", "mistake"],
    onState: (connection) => update({ connection }),
    onEvent: (event, text) => {
      if (event === "status") update({ status: JSON.parse(text) as Status });
      if (event === "arrival") tell(arrivals, JSON.parse(text) as Arrival);
      if (event === "mistake") {
        update({ mistakes: live.mistakes + 1 });
        tell(mistakes, JSON.parse(text) as Mistake);
      }
    },
  });
}

function tell<T>(listeners: Set<(value: T) => void>, value: T): void {
  for (const listener of listeners) listener(value);
}

function watch(watcher: () => void): () => void {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}

export function useStatus(): Status | null {
  return useSyncExternalStore(watch, () => live.status);
}

export function useConnection(): Connection {
  return useSyncExternalStore(watch, () => live.connection);
}

/** Grows with every mistake the listeners report: a reason to ask for the list again. */
export function useMistakeCount(): number {
  return useSyncExternalStore(watch, () => live.mistakes);
}

export function useArrivals(listener: (arrival: Arrival) => void): void {
  const latest = useRef(listener);
  latest.current = listener;
  useEffect(() => {
    const hear = (arrival: Arrival) => latest.current(arrival);
    arrivals.add(hear);
    return () => {
      arrivals.delete(hear);
    };
  }, []);
}
