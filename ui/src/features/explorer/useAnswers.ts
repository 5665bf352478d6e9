// Asks what the chosen way of showing needs, and holds the answers together with what may be done about them.
import { useMemo } from "react";
import {
  type InstantAnswer,
  type Outcome,
  type RangeAnswer,
  useExemplars,
  useInstantQueries,
  useRangeQueries,
} from "../../backend/prometheus";
import type { ServerState } from "../../backend/useServer";
import type { Mark } from "../../charts/exemplarMarks";
import type { CatalogueEntry } from "../../model/catalogue";
import type { Query } from "../../model/queries";
import type { QueryFault } from "../../model/queryFault";
import type { UnitOf } from "../../model/queryUnit";
import { windowOf } from "../../model/range";
import { stepOf } from "../../model/step";
import { heatQuery } from "../../model/suggestion";
import { useAddress } from "../../routes/address";
import { useLive, useTimeRange } from "../../routes/useTimeRange";
import { ceilingOf, marksOf, measures } from "./seriesRows";

export const shows = ["graph", "table", "heat", "explain"] as const;
export type Show = (typeof shows)[number];
export const showWords: Record<Show, string> = {
  graph: "Graph",
  table: "Table",
  heat: "Heat map",
  explain: "Explain",
};

export function readShow(text: string | null): Show {
  return shows.find((one) => one === text) ?? "graph";
}

export type Answered = {
  /** The queries that are on and not empty. */
  asked: Query[];
  /** The one that a heat map or an explanation is of. */
  chosen: Query | undefined;
  range: ServerState<Outcome<RangeAnswer>[]>;
  instant: ServerState<Outcome<InstantAnswer>[]>;
  /** The one of the two that is shown. */
  state: ServerState<Outcome<RangeAnswer | InstantAnswer>[]>;
  marks: Mark[];
  step: number;
  known: UnitOf;
  notesOf: (query: Query) => readonly QueryFault[];
};

const NONE: readonly QueryFault[] = [];

export function useAnswers(
  queries: readonly Query[],
  show: Show,
  catalogue: readonly CatalogueEntry[] | undefined,
): Answered {
  const { params } = useAddress();
  const range = useTimeRange();
  const heat = show === "heat";
  const live = useLive();
  const { start, end } = windowOf(range, Date.now());
  // Columns of a heat map are wider than the points of a line.
  const span = ((end - start) / 1000) * (heat ? 2 : 1);
  const step = stepOf(span, params.get("step") ?? "");
  const asked = queries.filter(({ on, text }) => on && text !== "");
  const chosen = asked.find(({ letter }) => letter === params.get("of")) ?? asked[0];
  const one = chosen ? [chosen] : [];
  const wanted = { graph: asked, table: asked, explain: one, heat: one.map(buckets) }[show].map(
    ({ letter, text }) => ({ letter, text }),
  );
  const byRange = show === "graph" || show === "heat";
  const ranged = useRangeQueries({ asked: byRange ? wanted : [], range, live }, step);
  // Taking a query apart runs all its parts: again when asked, not with every arrival.
  const instant = useInstantQueries({
    asked: byRange ? [] : wanted,
    range,
    live: live && show === "table",
  });
  const state = byRange ? ranged : instant;
  const marked = byRange && params.get("exemplars") !== "off";
  const exemplars = useExemplars({ asked: marked ? wanted : [], range, live }, marked);
  const measured = heat || asked.every(({ text }) => measures(text));
  const marks = useMemo(() => {
    if (!marked || !exemplars.data) return [];
    const window = windowOf(range, exemplars.dataUpdatedAt);
    const ceiling = heat ? Number.POSITIVE_INFINITY : ceilingOf(ranged.data ?? []);
    return marksOf(exemplars.data, measured, window, ceiling);
  }, [marked, exemplars.data, exemplars.dataUpdatedAt, measured, heat, range, ranged.data]);
  const known = useMemo(() => {
    const units = new Map((catalogue ?? []).map(({ name, unit }) => [name, unit]));
    return (name: string) => units.get(name) ?? "";
  }, [catalogue]);
  return {
    asked,
    chosen,
    range: ranged,
    instant,
    state,
    marks,
    step,
    known,
    notesOf: ({ letter, text }) => {
      const outcomes: readonly Outcome<unknown>[] = state.data ?? [];
      const mine = outcomes.find((outcome) => outcome.letter === letter);
      return mine?.text === text ? mine.notes : NONE;
    },
  };
}

function buckets(query: Query): Query {
  return { ...query, text: heatQuery(query.text) };
}
