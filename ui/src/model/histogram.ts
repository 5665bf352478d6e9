// Histogram points as pictures need them: what each interval added, its mean, and bucket counts.
import type { Series } from "../wire/api";
import { increase } from "./rate";
import { nanosToMs } from "./time";

export type Interval = { time: number; count: number; sum: number; buckets: number[] };

/** What every point added since the one before; for delta series the points themselves. */
export function intervals(series: Series, temporality: string): Interval[] {
  const result: Interval[] = [];
  for (let i = 0; i < series.times.length; i += 1) {
    const count = series.values[i] ?? null;
    if (count === null) continue;
    const time = nanosToMs(series.times[i] ?? "0");
    const sum = series.sums?.[i] ?? 0;
    const buckets = series.buckets?.[i] ?? [];
    if (temporality === "delta") {
      result.push({ time, count, sum, buckets });
      continue;
    }
    const before = i - 1;
    const lastCount = series.values[before] ?? null;
    if (lastCount === null) continue;
    const reset = count < lastCount;
    const lastBuckets = series.buckets?.[before] ?? [];
    result.push({
      time,
      count: increase(lastCount, count),
      sum: reset ? sum : sum - (series.sums?.[before] ?? 0),
      buckets: buckets.map((now, b) => (reset ? now : Math.max(0, now - (lastBuckets[b] ?? 0)))),
    });
  }
  return result;
}

export function mean(interval: Interval): number | null {
  return interval.count > 0 ? interval.sum / interval.count : null;
}

export type HeatGrid = { times: number[]; bounds: number[]; cells: number[][]; peak: number };

/** Adds up the intervals of many series that share their bounds, on a common grid of time columns. */
export function heatGrid(
  all: Interval[][],
  bounds: number[],
  start: number,
  end: number,
  columns: number,
): HeatGrid {
  const width = (end - start) / columns;
  const cells = Array.from({ length: columns }, () => new Array<number>(bounds.length + 1).fill(0));
  let peak = 0;
  for (const intervals of all) {
    for (const interval of intervals) {
      const cell = cells[Math.floor((interval.time - start) / width)];
      if (!cell) continue;
      for (let b = 0; b < cell.length; b += 1) {
        const sum = (cell[b] ?? 0) + (interval.buckets[b] ?? 0);
        cell[b] = sum;
        peak = Math.max(peak, sum);
      }
    }
  }
  return { times: cells.map((_, i) => start + i * width), bounds, cells, peak };
}

/** How many columns fit the points there are: never finer than the interval between exports. */
export function columnsFor(all: Interval[][], start: number, end: number, most: number): number {
  const longest = all.reduce<Interval[]>(
    (best, one) => (one.length > best.length ? one : best),
    [],
  );
  const first = longest[0];
  const last = longest[longest.length - 1];
  if (!first || !last || longest.length < 2) return Math.min(most, 60);
  const step = (last.time - first.time) / (longest.length - 1);
  return Math.max(1, Math.min(most, Math.floor((end - start) / (step * 1.05))));
}
