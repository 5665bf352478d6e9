// Exponential histograms as explicit ones: one scale for all points, then bounds and counts in rows.
import type { ExponentialBuckets, Series } from "../wire/api";

type Side = ExponentialBuckets["positive"];

/** Rows of a picture; more would be thinner than a pixel, so the scale falls until they fit. */
const MOST_ROWS = 160;

/** The bucket of a coarser scale that holds bucket `index`: each step joins two neighbours. */
export function downscaled(index: number, steps: number): number {
  return Math.floor(index / 2 ** steps);
}

/** The upper bound of a bucket: base^(index + 1), where base = 2^(2^-scale). */
export function upperBound(index: number, scale: number): number {
  return 2 ** ((index + 1) * 2 ** -scale);
}

/** What all points of some series share: a scale, and the first and last bucket on each side. */
type Frame = { scale: number; positive: Span | null; negative: Span | null; threshold: number };
type Span = { low: number; high: number };

/**
 * The series with `bounds` and `buckets` in place of `exponential`. All share their bounds: points of a finer scale
 * are brought down to the coarsest, and further where there would be too many rows.
 */
export function asExplicit(all: readonly Series[]): Series[] {
  const points = all.flatMap(({ exponential }) => exponential ?? []).filter((one) => one !== null);
  if (points.length === 0) return [...all];
  const frame = frameOf(points);
  const bounds = boundsOf(frame);
  return all.map((series) => ({
    ...series,
    bounds,
    buckets: series.exponential?.map((point) => (point ? rowsOf(point, frame) : [])) ?? null,
  }));
}

function frameOf(points: readonly ExponentialBuckets[]): Frame {
  const threshold = Math.max(...points.map(({ zero_threshold: one }) => Number(one)));
  let scale = Math.min(...points.map((point) => point.scale));
  for (;;) {
    const positive = spanOf(points, "positive", scale);
    const negative = spanOf(points, "negative", scale);
    if (length(positive) + length(negative) <= MOST_ROWS)
      return { scale, positive, negative, threshold };
    scale -= 1;
  }
}

function length(span: Span | null): number {
  return span ? span.high - span.low + 1 : 0;
}

function spanOf(
  points: readonly ExponentialBuckets[],
  side: "positive" | "negative",
  scale: number,
): Span | null {
  let span: Span | null = null;
  for (const point of points) {
    const { offset, bucket_counts: counts } = point[side];
    const first = counts.findIndex((count) => count > 0);
    if (first < 0) continue;
    const last = counts.findLastIndex((count) => count > 0);
    const low = downscaled(offset + first, point.scale - scale);
    const high = downscaled(offset + last, point.scale - scale);
    span = span ? { low: Math.min(span.low, low), high: Math.max(span.high, high) } : { low, high };
  }
  return span;
}

/** Rows from the most negative up: negative buckets, zero, positive buckets, and one above all that stays empty. */
function boundsOf({ scale, positive, negative, threshold }: Frame): number[] {
  const bounds: number[] = [];
  // A negative bucket's upper bound is the size at which the bucket begins.
  if (negative)
    for (let i = negative.high; i >= negative.low; i -= 1) bounds.push(-upperBound(i - 1, scale));
  const zero = positive ? upperBound(positive.low - 1, scale) : threshold;
  bounds.push(zero);
  if (positive)
    for (let i = positive.low; i <= positive.high; i += 1) bounds.push(upperBound(i, scale));
  return bounds;
}

function rowsOf(point: ExponentialBuckets, { scale, positive, negative }: Frame): number[] {
  const steps = point.scale - scale;
  const below = sideRows(point.negative, negative, steps).reverse();
  return [...below, point.zero_count, ...sideRows(point.positive, positive, steps), 0];
}

function sideRows(side: Side, span: Span | null, steps: number): number[] {
  const rows = new Array<number>(length(span)).fill(0);
  if (!span) return rows;
  side.bucket_counts.forEach((count, i) => {
    if (count === 0) return;
    const row = downscaled(side.offset + i, steps) - span.low;
    rows[row] = (rows[row] ?? 0) + count;
  });
  return rows;
}
