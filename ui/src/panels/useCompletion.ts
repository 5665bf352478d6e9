// Completion of attribute keys and values, from the store or from what the page holds.
import { useAttributeKeys, useAttributeValues } from "../backend/attributes";
import type { TimeRange } from "../model/range";
import { count } from "../model/units";
import type { Completion } from "./filterFields";

export type Offer = { text: string; note: string };
export type Offers = { items: Offer[]; looking: boolean };

type Asked = { completion: Completion; range: TimeRange; prefix: string };

export function useKeyCompletion({ completion, range, prefix }: Asked, enabled: boolean): Offers {
  const stored = completion.kind === "stored";
  const signal = stored ? completion.signal : "traces";
  const answer = useAttributeKeys(signal, range, prefix, enabled && stored);
  if (!stored) return { items: completion.keys.map(bare), looking: false };
  const keys = answer.data?.keys ?? [];
  return {
    items: keys.map((one) => ({ text: one.key, note: count(one.count) })),
    looking: answer.isLoading,
  };
}

export function useValueCompletion({ completion, range, prefix }: Asked, key: string): Offers {
  const stored = completion.kind === "stored";
  const signal = stored ? completion.signal : "traces";
  const answer = useAttributeValues({ signal, key, range, prefix }, stored);
  if (!stored) return { items: completion.valuesOf(key).map(bare), looking: false };
  const values = answer.data?.values ?? [];
  return {
    items: values.map((one) => ({ text: one.value, note: count(one.count) })),
    looking: answer.isLoading,
  };
}

function bare(text: string): Offer {
  return { text, note: "" };
}
