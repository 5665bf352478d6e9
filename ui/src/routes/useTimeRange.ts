// The page's time range and live switch, read from the address and written back to it.
import { useMemo } from "react";
import { rangeOf, rangeParams, type TimeRange } from "../model/range";
import { changeParams, currentAddress, useAddress } from "./address";

export function useTimeRange(): TimeRange {
  const { params } = useAddress();
  const range = params.get("range");
  const from = params.get("from");
  const to = params.get("to");
  // biome-ignore lint/correctness/useExhaustiveDependencies: the range depends on these three parameters only
  return useMemo(() => rangeOf(params), [range, from, to]);
}

export function setTimeRange(range: TimeRange): void {
  changeParams(rangeParams(range));
}

/** Live: new arrivals refresh the page. A fixed range has no new arrivals. */
export function useLive(): boolean {
  const { params } = useAddress();
  return params.get("live") !== "off" && rangeOf(params).kind === "relative";
}

export function toggleLive(): void {
  const { params } = currentAddress();
  const range = rangeOf(params);
  if (range.kind === "absolute")
    changeParams({ ...rangeParams({ kind: "relative", text: "15m", seconds: 900 }), live: null });
  else changeParams({ live: params.get("live") === "off" ? null : "off" }, "replace");
}
