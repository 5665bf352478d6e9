// How many series there are, and of what: from the server's own statistics, or counted by queries where it has none.
import { matcher, selector } from "../model/labelSets";
import { numberOf } from "../model/matrix";
import { type TimeRange, windowOf } from "../model/range";
import type { NamedCount, QueryAnswer, TsdbStatus } from "../wire/prometheus";
import { escapedLabel } from "./completion";
import { ApiError } from "./http";
import { read, seconds, windowParams } from "./prometheus";
import { type ServerState, useServer } from "./useServer";

export type Cardinality = {
  source: "statistics" | "queries";
  series: number;
  names: NamedCount[];
  /** Labels by how many values they have. */
  labels: NamedCount[];
  /** `label=value` by how many series have it. */
  pairs: NamedCount[];
};

const MOST = 30;
/** Labels whose pairs are counted, where that takes a query each. */
const COUNTED_LABELS = 8;
const EVERY = '{__name__!=""}';

export function useCardinality(range: TimeRange): ServerState<Cardinality> {
  return useServer({
    key: ["prometheus", "cardinality", range],
    ask: async (signal) => {
      try {
        const limit = { limit: String(MOST) };
        return fromStatistics(await read<TsdbStatus>("status/tsdb", limit, signal));
      } catch (error) {
        if (!(error instanceof ApiError) || ![404, 501].includes(error.status)) throw error;
        return counted(range, signal);
      }
    },
  });
}

function fromStatistics(status: TsdbStatus): Cardinality {
  return {
    source: "statistics",
    series: status.headStats?.numSeries ?? 0,
    names: status.seriesCountByMetricName,
    // Names have a list of their own.
    labels: status.labelValueCountByLabelName.filter(({ name }) => name !== "__name__"),
    pairs: status.seriesCountByLabelValuePair.filter(({ name }) => !name.startsWith("__name__=")),
  };
}

async function counted(range: TimeRange, signal: AbortSignal): Promise<Cardinality> {
  const time = windowOf(range, Date.now()).end;
  const [names, labels] = await Promise.all([
    countsBy("__name__", EVERY, time, signal),
    labelCounts([], range, signal),
  ]);
  const pairs: NamedCount[] = [];
  for (const { name } of labels.slice(0, COUNTED_LABELS)) {
    const having = selector("", [matcher(name, "!=", "")]);
    for (const one of await countsBy(name, having, time, signal))
      pairs.push({ ...one, name: `${name}=${one.name}` });
  }
  return {
    source: "queries",
    series: names.reduce((sum, { value }) => sum + value, 0),
    names: names.slice(0, MOST),
    labels: labels.slice(0, MOST),
    pairs: pairs.sort(most).slice(0, MOST),
  };
}

const most = (a: NamedCount, b: NamedCount) => b.value - a.value;

async function countsBy(
  label: string,
  of: string,
  time: number,
  signal: AbortSignal,
): Promise<NamedCount[]> {
  const quotedLabel = /^\w+$/.test(label) ? label : JSON.stringify(label);
  const answer = await instant(`count by (${quotedLabel}) (${of})`, time, signal);
  const found = answer.resultType === "vector" ? answer.result : [];
  return found
    .map(({ metric, value }) => ({ name: metric[label] ?? "", value: numberOf(value?.[1] ?? "0") }))
    .sort(most);
}

async function labelCounts(
  match: string[],
  range: TimeRange,
  signal: AbortSignal,
): Promise<NamedCount[]> {
  const params = { ...windowParams(range), "match[]": match };
  const labels = await read<string[]>("labels", params, signal);
  const plain = labels.filter((name) => name !== "__name__");
  const counts = await Promise.all(
    plain.map(async (name) => {
      const values = await read<string[]>(
        `label/${encodeURIComponent(escapedLabel(name))}/values`,
        params,
        signal,
      );
      return { name, value: values.length };
    }),
  );
  return counts.sort(most);
}

function instant(query: string, time: number, signal: AbortSignal): Promise<QueryAnswer> {
  return read<QueryAnswer>("query", { query, time: seconds(time) }, signal);
}

export type LabelCost = {
  label: string;
  values: number;
  /** How many series there would be if the label were dropped. */
  without: number;
};
export type MetricCardinality = { series: number; labels: LabelCost[] };

/** One metric: its labels, and what each of them costs. */
export function useMetricCardinality(
  name: string,
  range: TimeRange,
): ServerState<MetricCardinality> {
  return useServer({
    key: ["prometheus", "cardinality", range, name],
    enabled: name !== "",
    keepPrevious: false,
    ask: async (signal) => {
      const time = windowOf(range, Date.now()).end;
      const of = selector(name);
      const number = async (query: string) => {
        const answer = await instant(query, time, signal);
        const first = answer.resultType === "vector" ? answer.result[0]?.value : undefined;
        return first ? numberOf(first[1]) : 0;
      };
      const counts = await labelCounts([of], range, signal);
      const labels: LabelCost[] = [];
      for (const { name: label, value: values } of counts) {
        const quotedLabel = /^\w+$/.test(label) ? label : JSON.stringify(label);
        const without = await number(`count(count without (${quotedLabel}) (${of}))`);
        labels.push({ label, values, without });
      }
      const series = await number(`count(${of})`);
      return { series, labels: labels.sort((a, b) => a.without - b.without) };
    },
  });
}
