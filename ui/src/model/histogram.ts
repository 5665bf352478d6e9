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

/** Columns of equal width; the first starts at `start`. */
export type HeatGrid = {
  start: number;
  width: number;
  bounds: number[];
  cells: number[][];
  peak: number;
};

/**
 * Adds up the intervals of series that share their bounds. A column is a whole number of export
 * intervals wide, so that each holds equally many points and the picture has no stripes.
 */
export function heatGrid(
  all: Interval[][],
  bounds: number[],
  from: number,
  to: number,
  most: number,
): HeatGrid {
  const step = exportStep(all) ?? (to - from) / 60;
  const width = step * Math.max(1, Math.ceil((to - from) / step / most));
  const start = Math.floor(from / width) * width;
  const columns = Math.max(1, Math.ceil((to - start) / width));
  const cells = Array.from({ length: columns }, () => new Array<number>(bounds.length + 1).fill(0));
  let peak = 0;
  for (const { time, buckets } of all.flat()) {
    const cell = cells[Math.floor((time - start) / width)];
    if (!cell) continue;
    for (let b = 0; b < cell.length; b += 1) {
      const sum = (cell[b] ?? 0) + (buckets[b] ?? 0);
      cell[b] = sum;
      peak = Math.max(peak, sum);
    }
  }
  return { start, width, bounds, cells, peak };
}

/** The usual time between two points of the series with most of them. */
function exportStep(all: Interval[][]): number | null {
  const longest = all.reduce<Interval[]>(
    (best, one) => (one.length > best.length ? one : best),
    [],
  );
  const gaps = longest.slice(1).map(({ time }, i) => time - (longest[i]?.time ?? time));
  const middle = gaps.sort((a, b) => a - b)[Math.floor(gaps.length / 2)];
  return middle !== undefined && middle > 0 ? middle : null;
}
