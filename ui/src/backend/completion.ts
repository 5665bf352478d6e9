// What the editor completes from: names, labels and values of the time range, each asked for once in a while.
import { matcher, selector } from "../model/labelSets";
import type { TimeRange } from "../model/range";
import type { LabelSet, Metadata } from "../wire/prometheus";
import { read, windowParams } from "./prometheus";

export type Narrowing = { label: string; operator: string; value: string };

export type CompletionSource = {
  metricNames: () => Promise<string[]>;
  metadata: () => Promise<Metadata>;
  labelNames: (metric: string) => Promise<string[]>;
  labelValues: (label: string, metric: string, narrowing: Narrowing[]) => Promise<string[]>;
  series: (metric: string, narrowing: Narrowing[]) => Promise<LabelSet[]>;
};

const FRESH_MS = 30_000;

/** `range` is asked at every question: the source outlives a change of the time range. */
export function completionSource(range: () => TimeRange): CompletionSource {
  const kept = new Map<string, { at: number; answer: Promise<unknown> }>();
  const once = <T>(path: string, match: string[], span = true): Promise<T> => {
    const key = JSON.stringify([path, match, range()]);
    const known = kept.get(key);
    if (known && Date.now() - known.at < FRESH_MS) return known.answer as Promise<T>;
    const answer = read<T>(path, { ...(span ? windowParams(range()) : {}), "match[]": match });
    kept.set(key, { at: Date.now(), answer });
    // Completion without an answer is an empty list; the next keystroke may ask again.
    answer.catch(() => kept.delete(key));
    return answer;
  };
  const selected = (metric: string, narrowing: Narrowing[]) =>
    metric === "" && narrowing.length === 0
      ? []
      : [
          selector(
            metric,
            narrowing.map(({ label, operator, value }) => matcher(label, operator, value)),
          ),
        ];
  return {
    metricNames: () => once("label/__name__/values", []),
    metadata: () => once("metadata", [], false),
    labelNames: (metric) => once("labels", selected(metric, [])),
    labelValues: (label, metric, narrowing) =>
      once(`label/${encodeURIComponent(escapedLabel(label))}/values`, selected(metric, narrowing)),
    series: (metric, narrowing) => once("series", selected(metric, narrowing)),
  };
}

/** A label name in a path: what is not a plain word is written in Prometheus's `U__` form. */
export function escapedLabel(name: string): string {
  if (/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name)) return name;
  const signs = [...name].map((sign) => {
    if (sign === "_") return "__";
    return /[a-zA-Z0-9]/.test(sign) ? sign : `_${sign.codePointAt(0)?.toString(16) ?? ""}_`;
  });
  return `U__${signs.join("")}`;
}
