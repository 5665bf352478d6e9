// From answers to rows and marks: nothing is drawn twice, and what cannot be drawn is counted.
import { describe, expect, it } from "vitest";
import type { ExemplarSeries, MatrixElement } from "../../wire/prometheus";
import { ceilingOf, MOST_LINES, marksOf, measures, seriesOf } from "./seriesRows";

const outcome = (letter: string, text: string, matrix: MatrixElement[]) => ({
  letter,
  text,
  notes: [],
  fault: null,
  answer: { matrix, start: 0, end: 10, step: 10, elapsed: 1 },
});
const none = () => "";

describe("series", () => {
  const element = { metric: { job: "a" }, values: [[0, "1"]] } as MatrixElement;
  it("of two queries stay apart though their labels are the same", () => {
    const { rows } = seriesOf(
      [outcome("A", "x", [element]), outcome("B", "y", [element])],
      new Set(),
      "dark",
      none,
    );
    expect(new Set(rows.map(({ line }) => line.id)).size).toBe(2);
    expect(rows.map(({ name }) => name)).toEqual(['{job="a"}', '{job="a"}']);
  });
  it("without labels are called by their query, and have its unit", () => {
    const bare = { metric: {}, values: [[0, "1"]] } as MatrixElement;
    const { rows } = seriesOf([outcome("A", "a_bytes", [bare])], new Set(), "dark", none);
    expect(rows[0]).toMatchObject({ name: "a_bytes", unit: "By" });
  });
  it("beyond what can be drawn are counted", () => {
    const many = Array.from({ length: MOST_LINES + 5 }, (_, i) => ({
      metric: { i: String(i) },
      values: [[0, "1"]] as [number, string][],
    }));
    const { rows, total } = seriesOf([outcome("A", "x", many)], new Set(), "dark", none);
    expect([rows.length, total]).toEqual([MOST_LINES, MOST_LINES + 5]);
  });
});

describe("exemplars", () => {
  const exemplars = (all: [time: number, value: number, trace: string][]): ExemplarSeries[] => [
    {
      seriesLabels: {},
      exemplars: all.map(([timestamp, value, trace]) => ({
        labels: { [trace === "" ? "user" : "traceID"]: trace || "x" },
        value: String(value),
        timestamp,
      })),
    },
  ];
  const window = { start: 0, end: 48_000 };
  it("lead to a trace or are left out", () => {
    const marks = marksOf(
      exemplars([
        [1, 5, "t"],
        [2, 6, ""],
      ]),
      true,
      window,
      10,
    );
    expect(marks).toEqual([{ time: 1000, value: 5, traceId: "t", spanId: "" }]);
  });
  it("are the largest of their moment", () => {
    const marks = marksOf(
      exemplars([
        [1.1, 5, "a"],
        [1.2, 7, "b"],
        [9, 1, "c"],
      ]),
      true,
      window,
      10,
    );
    expect(marks.map(({ traceId }) => traceId)).toEqual(["b", "c"]);
  });
  it("above the axis are few", () => {
    const all = Array.from({ length: 40 }, (_, i): [number, number, string] => [i, 50 + i, `${i}`]);
    expect(marksOf(exemplars(all), true, window, 10)).toHaveLength(6);
  });
  it("of another unit stand on the floor with their own value", () => {
    const [mark] = marksOf(exemplars([[1, 5, "t"]]), false, window, 0);
    expect(mark).toMatchObject({ value: 5, floor: true });
  });
  it("share the axis with quantiles and means only", () => {
    expect(measures("histogram_quantile(0.9, x)")).toBe(true);
    expect(measures("rate(a_sum[5m]) / rate(a_count[5m])")).toBe(true);
    expect(measures("rate(a_total[5m])")).toBe(false);
  });
});

it("the ceiling is the largest value of all queries", () => {
  const values = (text: string): MatrixElement => ({ metric: {}, values: [[0, text]] });
  expect(ceilingOf([outcome("A", "x", [values("3"), values("NaN")]), outcome("B", "y", [])])).toBe(
    3,
  );
});
