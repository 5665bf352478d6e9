// Asks the Prometheus HTTP API: ranges, instants, exemplars, names, and how much of what there is.
import { useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { type CatalogueEntry, catalogueOf } from "../model/catalogue";
import type { Params } from "../model/filters";
import { selector } from "../model/labelSets";
import { type QueryFault, readFault } from "../model/queryFault";
import { type TimeRange, windowOf } from "../model/range";
import { onGrid } from "../model/step";
import type {
  ExemplarSeries,
  MatrixElement,
  Metadata,
  QueryAnswer,
  QueryStats,
} from "../wire/prometheus";
import { ApiError, get } from "./http";
import { type ServerState, useServer } from "./useServer";

const BASE = "/prometheus/api/v1";
const ROOT = "prometheus";

type Envelope<T> = { data: T; warnings?: string[]; infos?: string[] };

async function ask<T>(path: string, params: Params, signal?: AbortSignal): Promise<Envelope<T>> {
  return get<Envelope<T>>(`${BASE}/${path}`, params, signal);
}

export async function read<T>(path: string, params: Params, signal?: AbortSignal): Promise<T> {
  return (await ask<T>(path, params, signal)).data;
}

export function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}

/** Start and end as the API takes them. */
export function windowParams(range: TimeRange): { start: string; end: string } {
  const { start, end } = windowOf(range, Date.now());
  return { start: seconds(start), end: seconds(end) };
}

/** Ends the queries that are under way (the server stops working on them), and asks anew. */
export function useQueryControl(): { cancel: () => void; again: () => void } {
  const client = useQueryClient();
  return {
    cancel: () => void client.cancelQueries({ queryKey: [ROOT] }),
    again: () => void client.invalidateQueries({ queryKey: [ROOT] }),
  };
}

export type Asked = { letter: string; text: string };
/** What became of one query: its answer, or why there is none. */
export type Outcome<T> = Asked & { answer: T | null; fault: Error | null; notes: QueryFault[] };

export type RangeAnswer = {
  matrix: MatrixElement[];
  start: number;
  end: number;
  step: number;
  elapsed: number;
};
export type InstantAnswer = { answer: QueryAnswer; time: number; elapsed: number };

type Question = { asked: readonly Asked[]; range: TimeRange; live: boolean };

export function useRangeQueries(
  { asked, range, live }: Question,
  step: number,
): ServerState<Outcome<RangeAnswer>[]> {
  const sound = useRef(true);
  const state = useServer({
    key: [ROOT, "range", asked, range, step],
    live: (arrival) => live && arrival.samples > 0 && sound.current,
    ask: (signal) => {
      const window = windowOf(range, Date.now());
      const { start, end } = onGrid(window.start, window.end, step);
      const params = { start: String(start), end: String(end), step: String(step) };
      return outcomes(asked, signal, "query_range", params, (data, elapsed) => ({
        matrix: data.resultType === "matrix" ? data.result : [],
        start,
        end,
        step,
        elapsed,
      }));
    },
  });
  sound.current = isSound(state.data);
  return state;
}

/** What arrives does not mend a query that is wrong: where every one failed, nothing is asked again by itself. */
function isSound(outcomes: readonly Outcome<unknown>[] = []): boolean {
  return outcomes.length === 0 || outcomes.some(({ fault }) => fault === null);
}

export function useInstantQueries({
  asked,
  range,
  live,
}: Question): ServerState<Outcome<InstantAnswer>[]> {
  const sound = useRef(true);
  const state = useServer({
    key: [ROOT, "instant", asked, range],
    live: (arrival) => live && arrival.samples > 0 && sound.current,
    ask: (signal) => {
      const time = windowOf(range, Date.now()).end;
      return outcomes(asked, signal, "query", { time: seconds(time) }, (answer, elapsed) => ({
        answer,
        time,
        elapsed,
      }));
    },
  });
  sound.current = isSound(state.data);
  return state;
}

/** All at once. A query that fails leaves the others their answers; a server that is gone fails them all. */
async function outcomes<T>(
  asked: readonly Asked[],
  signal: AbortSignal,
  path: string,
  params: Params,
  made: (data: QueryAnswer, elapsed: number) => T,
): Promise<Outcome<T>[]> {
  return Promise.all(
    asked.map(async (one): Promise<Outcome<T>> => {
      const began = performance.now();
      try {
        const body = await ask<QueryAnswer>(path, { query: one.text, ...params }, signal);
        const answer = made(body.data, performance.now() - began);
        return { ...one, answer, fault: null, notes: notesOf(body) };
      } catch (error) {
        if (!(error instanceof ApiError) || error.status === 0) throw error;
        return { ...one, answer: null, fault: error, notes: [readFault("error", error.message)] };
      }
    }),
  );
}

function notesOf({ warnings = [], infos = [] }: Envelope<unknown>): QueryFault[] {
  return [
    ...warnings.map((text) => readFault("warning", text)),
    ...infos.map((text) => readFault("info", text)),
  ];
}

/** One instant query outside of the cache, with the server's own figures where it gives some. */
export async function measure(
  text: string,
  time: number,
  signal?: AbortSignal,
): Promise<{ answer: QueryAnswer; stats: QueryStats; elapsed: number }> {
  const began = performance.now();
  const { stats = {}, ...answer } = await read<QueryAnswer & { stats?: QueryStats }>(
    "query",
    { query: text, time: seconds(time), stats: "all" },
    signal,
  );
  return { answer, stats, elapsed: performance.now() - began };
}

/** Exemplars of all queries together; where the server keeps none, there are none. */
export function useExemplars(
  { asked, range, live }: Question,
  enabled: boolean,
): ServerState<ExemplarSeries[]> {
  return useServer({
    key: [ROOT, "exemplars", asked, range],
    enabled: enabled && asked.length > 0,
    live: (arrival) => live && arrival.samples > 0,
    ask: async (signal) => {
      const all = await Promise.allSettled(
        asked.map(({ text }) =>
          read<ExemplarSeries[]>(
            "query_exemplars",
            { query: text, ...windowParams(range) },
            signal,
          ),
        ),
      );
      return all.flatMap((one) => (one.status === "fulfilled" ? one.value : []));
    },
  });
}

export async function formatted(text: string): Promise<string> {
  return read<string>("format_query", { query: text });
}

/** Names come and go seldom: arrivals make the list anew only when it is empty or this old. */
const CATALOGUE_MS = 30_000;

/** All metrics of the range; with matchers only those that have such a series. */
export function useCatalogue(
  range: TimeRange,
  matchers: readonly string[],
): ServerState<CatalogueEntry[]> {
  const renewed = useRef(0);
  const state = useServer({
    key: [ROOT, "catalogue", range, matchers],
    live: (arrival) => arrival.samples > 0 && Date.now() - renewed.current > CATALOGUE_MS,
    ask: async (signal) => {
      const match = matchers.length === 0 ? [] : [selector("", matchers)];
      const [names, metadata] = await Promise.all([
        read<string[]>(
          "label/__name__/values",
          { ...windowParams(range), "match[]": match },
          signal,
        ),
        read<Metadata>("metadata", { limit_per_metric: "1" }, signal),
      ]);
      return catalogueOf(names, metadata);
    },
  });
  renewed.current = state.data && state.data.length > 0 ? state.dataUpdatedAt : 0;
  return state;
}
