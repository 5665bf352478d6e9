// How many series there are, of what, how that grew, and what each label costs.
import { useRef } from "react";
import { apiWindow, type TimeRange } from "../model/range";
import type { Cardinality, LabelCosts } from "../wire/api";
import { get } from "./http";
import { type ServerState, useServer } from "./useServer";

/** Counting every series is dear, and moves slowly: arrivals ask again only after so long. */
const AGAIN_MS = 10_000;

export function useCardinality(range: TimeRange): ServerState<Cardinality> {
  const counted = useRef(0);
  const state = useServer({
    key: ["prometheus", "cardinality", range],
    live: (arrival) => arrival.samples > 0 && Date.now() - counted.current > AGAIN_MS,
    ask: (signal) =>
      get<Cardinality>(
        "/api/cardinality",
        { ...apiWindow(range, Date.now()), limit: "30" },
        signal,
      ),
  });
  counted.current = state.data && state.data.total.series > 0 ? state.dataUpdatedAt : 0;
  return state;
}

/** One metric: its labels, the dearest first. */
export function useLabelCosts(metric: string, range: TimeRange): ServerState<LabelCosts> {
  return useServer({
    key: ["prometheus", "label-costs", metric, range],
    keepPrevious: false,
    ask: (signal) =>
      get<LabelCosts>(
        `/api/cardinality/${encodeURIComponent(metric)}`,
        apiWindow(range, Date.now()),
        signal,
      ),
  });
}
