// Completion: which attribute keys and values there are in this time range.
import { apiWindow, type TimeRange } from "../model/range";
import type { AttributeKeys, AttributeValues } from "../wire/api";
import { get } from "./http";
import { type ServerState, useServer } from "./useServer";

export type Signal = "traces" | "logs";

export function useAttributeKeys(
  signal: Signal,
  range: TimeRange,
  prefix: string,
  enabled: boolean,
): ServerState<AttributeKeys> {
  return useServer({
    key: ["attribute-keys", signal, range, prefix],
    ask: (abort) =>
      get<AttributeKeys>(
        "/api/attributes",
        { signal, ...apiWindow(range, Date.now()), prefix },
        abort,
      ),
    enabled,
  });
}

export type ValuesQuestion = { signal: Signal; key: string; range: TimeRange; prefix: string };

export function useAttributeValues(
  question: ValuesQuestion,
  enabled: boolean,
): ServerState<AttributeValues> {
  const { signal, key, range, prefix } = question;
  return useServer({
    key: ["attribute-values", signal, key, range, prefix],
    ask: (abort) =>
      get<AttributeValues>(
        `/api/attributes/${encodeURIComponent(key)}/values`,
        { signal, ...apiWindow(range, Date.now()), prefix },
        abort,
      ),
    enabled: enabled && key !== "",
  });
}
