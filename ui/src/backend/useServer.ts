// Server state for a page: fetched, kept while the next answer is on its way, refreshed when something arrives.
import {
  keepPreviousData,
  type QueryKey,
  type UseQueryResult,
  useQuery,
} from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import type { Arrival } from "../wire/api";
import { useArrivals } from "./events";
import { type Refresher, refresher } from "./refresher";

export type ServerState<T> = UseQueryResult<T, Error>;

type Asking<T> = {
  key: QueryKey;
  ask: (signal: AbortSignal) => Promise<T>;
  /** Refresh on arrivals that pass; absent: never. */
  live?: (arrival: Arrival) => boolean;
  enabled?: boolean;
  /** Off where an old answer would belong to another thing (another trace). */
  keepPrevious?: boolean;
};

export function useServer<T>({
  key,
  ask,
  live,
  enabled = true,
  keepPrevious = true,
}: Asking<T>): ServerState<T> {
  const query = useQuery<T, Error>({
    queryKey: key,
    queryFn: ({ signal }) => ask(signal),
    enabled,
    ...(keepPrevious ? { placeholderData: keepPreviousData as never } : {}),
  });
  const { refetch } = query;
  const refreshing = useRef<Refresher | null>(null);
  const unseen = useRef(false);
  useEffect(() => {
    const mine = refresher(() => refetch({ cancelRefetch: false }));
    refreshing.current = mine;
    return () => mine.stop();
  }, [refetch]);
  useArrivals((arrival) => {
    if (!enabled || !live?.(arrival)) return;
    if (document.hidden) unseen.current = true;
    else refreshing.current?.arrived();
  });
  // What came while nobody looked is fetched when somebody looks again.
  useEffect(() => {
    const look = () => {
      if (document.hidden || !unseen.current) return;
      unseen.current = false;
      refreshing.current?.arrived();
    };
    document.addEventListener("visibilitychange", look);
    return () => document.removeEventListener("visibilitychange", look);
  }, []);
  return query;
}
