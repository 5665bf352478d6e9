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
/** A picture holds so many columns of marks, one in each, and so many above its axis. */
const COLUMNS = 48;
const OUTLIERS = 6;

/** The largest value that is drawn. */
export function ceilingOf(outcomes: readonly Outcome<RangeAnswer>[]): number {
  const values = outcomes.flatMap(({ answer }) => answer?.matrix ?? []);
  return values.reduce(
    (most, element) => Math.max(most, summaryOf(pointsOf(element, 1).values).max ?? most),
    0,
  );
}

/**
 * Exemplars that lead to a trace, oldest first: of each moment the largest that the axis reaches, and the few largest of
 * all that it does not, so that outliers do not become a frieze. Those of a quantile or a mean stand at their own height; those of
 * anything else have another unit than the axis, and stand on its floor.
 */
export function marksOf(
  found: readonly ExemplarSeries[],
  measured: boolean,
  { start, end }: Window,
  ceiling: number,
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
  const largest = each.sort((a, b) => b.value - a.value);
  if (!measured) {
    const floor = largest.map((mark) => ({ ...mark, floor: true }));
    return oldestFirst(onePerColumn(floor, start, end));
  }
  const above = largest.filter(({ value }) => value > ceiling).slice(0, OUTLIERS);
  const within = largest.filter(({ value }) => value <= ceiling);
  return oldestFirst([...onePerColumn(within, start, end), ...above]);
}

function oldestFirst(marks: readonly Mark[]): Mark[] {
  return [...marks].sort((a, b) => a.time - b.time);
}

/** The first of each column of the picture. */
function onePerColumn(marks: readonly Mark[], start: number, end: number): Mark[] {
  const columns = new Map<number, Mark>();
  for (const mark of marks) {
    const column = Math.floor(((mark.time - start) / (end - start)) * COLUMNS);
    if (!columns.has(column)) columns.set(column, mark);
  }
  return [...columns.values()];
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
