// Rates, histogram intervals, ticks, rings: the sums under the pictures.
import { describe, expect, it } from "vitest";
import type { Series } from "../wire/api";
import { heatGrid, intervals, mean } from "./histogram";
import { deltaPerSecond, perSecond } from "./rate";
import { ring } from "./ring";
import { clockTicks, linearTicks, logTicks } from "./ticks";

describe("rate", () => {
  it("is the increase per second", () => {
    expect(perSecond([0, 5000, 10000], [10, 60, 60])).toEqual([null, 10, 0]);
  });
  it("counts what came since a reset", () => {
    expect(perSecond([0, 5000, 10000], [100, 20, 70])).toEqual([null, 4, 10]);
  });
  it("spans gaps", () => {
    expect(perSecond([0, 5000, 10000], [0, null, 50])).toEqual([null, null, 5]);
  });
  it("divides differences by the time they cover", () => {
    expect(deltaPerSecond([0, 5000], [7, 50])).toEqual([null, 10]);
  });
});

function histogram(values: number[], sums: number[], buckets: number[][]): Series {
  const empty = { attributes: [], dropped_attributes_count: 0, schema_url: "" };
  return {
    service: "",
    labels: [],
    resource: empty,
    scope: { ...empty, name: "", version: "" },
    type: "histogram",
    monotonic: false,
    temporality: "cumulative",
    unit: "",
    description: "",
    metadata: [],
    times: values.map((_, i) => String(i * 1_000_000_000)),
    starts: values.map(() => null),
    flags: values.map(() => 0),
    values,
    exact: null,
    counts: values,
    sums,
    mins: null,
    maxs: null,
    exponential: null,
    bounds: [1, 2],
    buckets,
    quantiles: null,
    exemplars: [],
  };
}

describe("histogram", () => {
  const running = histogram(
    [2, 6, 1],
    [3, 11, 2],
    [
      [1, 1, 0],
      [2, 3, 1],
      [1, 0, 0],
    ],
  );
  it("shows what each interval added, also after a reset", () => {
    expect(intervals(running, "cumulative")).toEqual([
      { time: 1000, count: 4, sum: 8, buckets: [1, 2, 1] },
      { time: 2000, count: 1, sum: 2, buckets: [1, 0, 0] },
    ]);
  });
  it("takes delta points as they are", () => {
    expect(intervals(running, "delta")).toHaveLength(3);
  });
  it("has no mean where nothing came", () => {
    expect(mean({ time: 0, count: 0, sum: 0, buckets: [] })).toBeNull();
    expect(mean({ time: 0, count: 4, sum: 8, buckets: [] })).toBe(2);
  });
  it("gives every column equally many points", () => {
    const steady = Array.from({ length: 100 }, (_, i) => ({
      time: i * 1000,
      count: 1,
      sum: 1,
      buckets: [1, 0, 0],
    }));
    const grid = heatGrid([steady], [1, 2], 0, 100_000, 30);
    expect(grid.width).toBe(4000);
    expect(new Set(grid.cells.map((cell) => cell[0]))).toEqual(new Set([4]));
  });
});

describe("ticks", () => {
  it("are round", () => {
    expect(linearTicks(0, 2.31e9, 5)).toEqual([0, 5e8, 1e9, 1.5e9, 2e9]);
    expect(logTicks(3e6, 2e9)).toEqual([1e7, 1e8, 1e9]);
  });
  it("are more on a scale of few powers of ten", () => {
    expect(logTicks(8.3e7, 7.9e8)).toEqual([1e8, 2e8, 5e8]);
    expect(logTicks(1e6, 1e6)).toEqual([1e6]);
  });
  it("fall on whole minutes of the clock", () => {
    const from = new Date(2026, 10, 21, 14, 0, 30).getTime();
    const { ticks, step } = clockTicks(from, from + 900_000, 8);
    expect(step).toBe(120_000);
    expect(new Date(ticks[0] ?? 0).getMinutes()).toBe(2);
    expect(new Date(ticks[0] ?? 0).getSeconds()).toBe(0);
  });
});

describe("ring", () => {
  it("keeps the newest and forgets the oldest", () => {
    const kept = ring<number>(3);
    for (const n of [1, 2, 3, 4, 5]) kept.push(n);
    expect([kept.newest(0), kept.newest(1), kept.newest(2), kept.newest(3)]).toEqual([
      5,
      4,
      3,
      undefined,
    ]);
    expect(kept.size()).toBe(3);
    kept.clear();
    expect(kept.size()).toBe(0);
  });
});
