// The answer of a range query as points on its grid, and each series in four figures.
import type { MatrixElement, WireSample } from "../wire/prometheus";

export type Points = { times: number[]; values: (number | null)[] };
export type Summary = {
  last: number | null;
  min: number | null;
  max: number | null;
  mean: number | null;
};

/** Prometheus's text of a number: JSON's, and `NaN`, `+Inf`, `-Inf`. */
export function numberOf(text: string): number {
  if (text === "+Inf" || text === "Inf") return Number.POSITIVE_INFINITY;
  if (text === "-Inf") return Number.NEGATIVE_INFINITY;
  return Number(text);
}

/** Times in ms. A step without a sample is a null, so that a line breaks there instead of bridging it. */
export function pointsOf(element: MatrixElement, step: number): Points {
  const points: Points = { times: [], values: [] };
  const samples = element.values ?? (element.histograms ?? []).map(averageSample);
  let before = Number.NaN;
  for (const [time, text] of samples) {
    if (time - before > step * 1.5) {
      points.times.push((before + step) * 1000);
      points.values.push(null);
    }
    const value = numberOf(text);
    points.times.push(time * 1000);
    points.values.push(Number.isFinite(value) ? value : null);
    before = time;
  }
  return points;
}

/** A native histogram as one number: the mean of what is in it. */
function averageSample([time, { sum, count }]: [
  number,
  { sum: string; count: string },
]): WireSample {
  return [time, String(numberOf(sum) / numberOf(count))];
}

export function summaryOf(values: readonly (number | null)[]): Summary {
  const real = values.filter((one) => one !== null);
  if (real.length === 0) return { last: null, min: null, max: null, mean: null };
  let [min, max, sum] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
  for (const one of real) {
    min = Math.min(min, one);
    max = Math.max(max, one);
    sum += one;
  }
  return { last: real.at(-1) ?? null, min, max, mean: sum / real.length };
}

/** The value at, or last before, a time in ms. */
export function valueAt({ times, values }: Points, time: number): number | null {
  const at = times.findLastIndex((one) => one <= time);
  return at < 0 ? null : (values[at] ?? null);
}
