// Who is scraped and how it goes: targets by job, their samples, how they stood over the range, and what relabelling did.
import { useRef } from "react";
import { seriesText } from "../model/labelSets";
import { numberOf } from "../model/matrix";
import { type TimeRange, windowOf } from "../model/range";
import { onGrid } from "../model/step";
import { type Pool, poolsOf } from "../model/targets";
import type { LabelSet, QueryAnswer, RelabelStep, WireTargets } from "../wire/prometheus";
import { useStatus } from "./events";
import { read } from "./prometheus";
import { type ServerState, useServer } from "./useServer";

/** The jobs and their targets as they are now. Follows every scrape, and every change of the file. */
export function useTargets(): ServerState<Pool[]> {
  const file = useStatus()?.configuration;
  return useServer({
    key: ["prometheus", "targets", file?.since, file?.jobs],
    live: (arrival) => arrival.samples > 0,
    ask: async (signal) => {
      const [{ scrapePools }, targets] = await Promise.all([
        read<{ scrapePools: string[] }>("scrape_pools", {}, signal),
        read<WireTargets>("targets", {}, signal),
      ]);
      return poolsOf(scrapePools, targets);
    },
  });
}

/** Figures by the labels of a target, as `seriesText` writes them. */
export type ByTarget<T> = ReadonlyMap<string, T>;
export type Samples = { scraped: number; kept: number };

const SCRAPED = "scrape_samples_scraped";
const KEPT = "scrape_samples_post_metric_relabeling";

/** What the last scrape of each target brought, and how much of it metric relabelling kept. */
export function useTargetSamples(): ServerState<ByTarget<Samples>> {
  return useServer({
    key: ["prometheus", "target-samples"],
    live: (arrival) => arrival.samples > 0,
    ask: async (signal) => {
      const query = `{__name__=~"${SCRAPED}|${KEPT}"}`;
      const answer = await read<QueryAnswer>("query", { query }, signal);
      const found = new Map<string, Samples>();
      for (const { metric, value } of answer.resultType === "vector" ? answer.result : []) {
        const { __name__: name, ...labels } = metric;
        const key = seriesText(labels);
        const one = found.get(key) ?? { scraped: 0, kept: 0 };
        found.set(key, {
          ...one,
          [name === SCRAPED ? "scraped" : "kept"]: numberOf(value?.[1] ?? "0"),
        });
      }
      return found;
    },
  });
}

/** How a target stood in equal parts of the range, oldest first: answering all the time, not always, or not asked. */
export type Standing = "up" | "down" | "none";
export const STANDINGS = 48;

/** `interval`: the longest time between two scrapes, in seconds; a part is looked at so far back that it has one. */
export function useTargetHistory(
  range: TimeRange,
  interval: number,
): ServerState<ByTarget<Standing[]>> {
  const asked = useRef(0);
  const state = useServer({
    key: ["prometheus", "target-history", range, interval],
    enabled: interval > 0,
    // A part of the strip is many scrapes long: asking at each of them would be for nothing.
    live: (arrival) => arrival.samples > 0 && Date.now() - asked.current > 5_000,
    ask: async (signal) => {
      const window = windowOf(range, Date.now());
      const step = Math.max(1, Math.ceil((window.end - window.start) / 1000 / STANDINGS));
      // The last part is the one that is not over: it ends in what is still to come.
      const { start, end } = onGrid(window.start + step * 1000, window.end + step * 1000 - 1, step);
      const back = Math.ceil(Math.max(step, interval * 2));
      const answer = await read<QueryAnswer>(
        "query_range",
        {
          query: `min_over_time(up[${back}s])`,
          start: String(start),
          end: String(end),
          step: String(step),
        },
        signal,
      );
      const found = answer.resultType === "matrix" ? answer.result : [];
      return new Map(
        found.map(({ metric, values = [] }) => [
          seriesText(unnamed(metric)),
          standings(values, start, end, step),
        ]),
      );
    },
  });
  asked.current = state.dataUpdatedAt;
  return state;
}

function unnamed({ __name__: _, ...labels }: LabelSet): LabelSet {
  return labels;
}

function standings(
  values: readonly [number, string][],
  start: number,
  end: number,
  step: number,
): Standing[] {
  const all: Standing[] = Array.from(
    { length: Math.round((end - start) / step) + 1 },
    () => "none",
  );
  for (const [time, value] of values) {
    const place = Math.round((time - start) / step);
    if (place >= 0 && place < all.length) all[place] = numberOf(value) === 1 ? "up" : "down";
  }
  return all;
}

/** What each rule of a job does to labels that were discovered. */
export function useRelabelSteps(pool: string, discovered: LabelSet): ServerState<RelabelStep[]> {
  const labels = JSON.stringify(discovered);
  const file = useStatus()?.configuration;
  return useServer({
    key: ["prometheus", "relabel-steps", pool, labels, file?.since],
    keepPrevious: false,
    ask: async (signal) => {
      const params = { scrapePool: pool, labels };
      return (await read<{ steps: RelabelStep[] }>("targets/relabel_steps", params, signal)).steps;
    },
  });
}
