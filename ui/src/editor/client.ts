// Our completion source in the shape that codemirror-promql asks for.
import type { PrometheusClient } from "@prometheus-io/codemirror-promql";
import type { CompletionSource, Narrowing } from "../backend/completion";

type Matchers = Parameters<PrometheusClient["series"]>[1];

/** Matchers as the library keeps them: the operator is a number of its grammar. */
const operators: readonly (readonly [string, string])[] = [
  ["EqlSingle", "="],
  ["Neq", "!="],
  ["EqlRegex", "=~"],
  ["NeqRegex", "!~"],
];

export function asClient(
  source: CompletionSource,
  termName: (id: number) => string,
): PrometheusClient {
  // The label that is being completed must not narrow its own values; empty ones narrow nothing.
  const narrowing = (matchers: Matchers, but: string): Narrowing[] =>
    (matchers ?? [])
      .filter(({ name, value }) => name !== but && name !== "__name__" && value !== "")
      .map(({ name, value, type }) => ({
        label: name,
        operator: operators.find(([term]) => term === termName(type))?.[1] ?? "=",
        value,
      }));
  const orNone = <T>(answer: Promise<T>, none: T): Promise<T> => answer.catch(() => none);
  return {
    metricNames: () => orNone(source.metricNames(), []),
    metricMetadata: () => orNone(source.metadata(), {}),
    labelNames: (metric = "") => orNone(source.labelNames(metric), []),
    labelValues: (label, metric = "", matchers) =>
      orNone(source.labelValues(label, metric, narrowing(matchers, label)), []),
    series: async (metric, matchers, label = "") => {
      const found = await orNone(source.series(metric, narrowing(matchers, label)), []);
      return found.map((set) => new Map(Object.entries(set)));
    },
    flags: async () => ({}),
  };
}
