// From answers to what is drawn and listed: a colour, a name and its points for every series of every query.
import type { Outcome, RangeAnswer } from "../../backend/prometheus";
import type { Mark } from "../../charts/exemplarMarks";
import type { Line } from "../../charts/TimeSeries";
import type { Theme } from "../../design/theme";
import { hash, seriesColours } from "../../model/colours";
import { seriesText } from "../../model/labelSets";
import { pointsOf, type Summary, summaryOf } from "../../model/matrix";
import { queryUnit, type UnitOf } from "../../model/queryUnit";
import type { Window } from "../../model/range";
import type { ExemplarSeries, LabelSet } from "../../wire/prometheus";

export type SeriesRow = {
  line: Line;
  letter: string;
  /** Its labels, or the query where it has none. */
  name: string;
  metric: LabelSet;
  summary: Summary;
  /** A UCUM unit, maybe with `/s`. */
  unit: string;
};

export type Series = { rows: SeriesRow[]; total: number };

/** More lines than this are a carpet; the rest is named as left out. */
export const MOST_LINES = 200;

export function seriesOf(
  outcomes: readonly Outcome<RangeAnswer>[],
  only: ReadonlySet<string>,
  theme: Theme,
  known: UnitOf,
): Series {
  const found = outcomes.flatMap(({ letter, text, answer }) =>
    (answer?.matrix ?? []).map((element) => ({ letter, text, element, step: answer?.step ?? 1 })),
  );
  const shown = found.slice(0, MOST_LINES);
  const alone = new Set(shown.map(({ letter }) => letter)).size < 2;
  const plain = shown.map(({ text, element }) => {
    const name = seriesText(element.metric);
    return name === "{}" ? text : name;
  });
  const names = plain.map((name, i) => (alone ? name : `${shown[i]?.letter} ${name}`));
  const colours = seriesColours(names, theme);
  const units = new Map(outcomes.map(({ text }) => [text, queryUnit(text, known)]));
  const rows = shown.map(({ letter, text, element, step }, i): SeriesRow => {
    const name = names[i] ?? "";
    const id = hash(`${letter} ${name}`).toString(36);
    const points = pointsOf(element, step);
    return {
      line: {
        id,
        name,
        colour: colours[i] ?? "",
        shown: only.size === 0 || only.has(id),
        ...points,
      },
      letter,
      name: plain[i] ?? "",
      metric: element.metric,
      summary: summaryOf(points.values),
      unit: units.get(text) ?? "",
    };
  });
  return { rows, total: found.length };
}

/** The names under which libraries write trace and span. */
const traceLabels = ["trace_id", "traceID", "traceId", "TraceID"];
const spanLabels = ["span_id", "spanID", "spanId", "SpanID"];
/** A picture holds so many columns of marks, and so many marks a column. */
const COLUMNS = 60;
const A_COLUMN = 2;

/**
 * Exemplars that lead to a trace, oldest first, the largest of each moment. Those of a quantile or a mean stand at their own height; those of
 * anything else have another unit than the axis, and stand on its floor.
 */
export function marksOf(
  found: readonly ExemplarSeries[],
  measured: boolean,
  { start, end }: Window,
): Mark[] {
  const all = found.flatMap(({ exemplars }) =>
    exemplars.flatMap(({ labels, value, timestamp }) => {
      const traceId = firstOf(labels, traceLabels);
      if (traceId === "") return [];
      const spanId = firstOf(labels, spanLabels);
      return [{ time: timestamp * 1000, value: Number(value), traceId, spanId }];
    }),
  );
  const each = [...new Map(all.map((mark) => [mark.traceId + mark.spanId, mark])).values()];
  const columns = new Map<number, Mark[]>();
  for (const mark of each) {
    const column = Math.floor(((mark.time - start) / (end - start)) * COLUMNS);
    columns.set(column, [...(columns.get(column) ?? []), mark]);
  }
  return [...columns.values()]
    .flatMap((marks) => marks.sort((a, b) => b.value - a.value).slice(0, A_COLUMN))
    .map((mark) => (measured ? mark : { ...mark, floor: true }))
    .sort((a, b) => a.time - b.time);
}

function firstOf(labels: LabelSet, names: readonly string[]): string {
  return names.map((name) => labels[name]).find((value) => value !== undefined) ?? "";
}

/** Whether the values of a query are of the same kind as the exemplars behind it. */
export function measures(text: string): boolean {
  return (
    /\bhistogram_(quantile|avg)\b/.test(text) || (/_sum\b/.test(text) && /_count\b/.test(text))
  );
}
