// The address of what is shown, for others and for later: a range relative to now becomes the two instants it means.
import { withParams } from "../model/filters";
import { rangeOf, rangeParams, windowOf } from "../model/range";
import { currentAddress } from "./address";

export function sharedAddress(origin: string, now: number): string {
  const { path, params } = currentAddress();
  const { start, end } = windowOf(rangeOf(params), now);
  const fixed = rangeParams({ kind: "absolute", from: start, to: end });
  return `${origin}${path}?${withParams(params, { ...fixed, live: null })}`;
}
