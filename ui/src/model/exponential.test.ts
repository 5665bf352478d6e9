// Exponential histograms brought to one scale and to bounds.
import { describe, expect, it } from "vitest";
import type { ExponentialBuckets, Series } from "../wire/api";
import { asExplicit, downscaled, upperBound } from "./exponential";

function point(scale: number, offset: number, counts: number[], more = {}): ExponentialBuckets {
  const none = { offset: 0, bucket_counts: [] };
  const positive = { offset, bucket_counts: counts };
  return { scale, zero_count: 0, zero_threshold: 0, positive, negative: none, ...more };
}

function explicit(exponential: (ExponentialBuckets | null)[]) {
  const [series] = asExplicit([{ exponential } as Series]);
  return { bounds: series?.bounds, buckets: series?.buckets };
}

describe("exponential buckets", () => {
  it("have bounds that are powers of the base", () => {
    expect(upperBound(0, 0)).toBe(2);
    expect(upperBound(3, 0)).toBe(16);
    expect(upperBound(0, -1)).toBe(4);
    expect(upperBound(-1, 5)).toBe(1);
    expect(upperBound(1, 1)).toBeCloseTo(2);
  });
  it("join two neighbours a step, also below one", () => {
    expect([-3, -2, -1, 0, 1, 2].map((index) => downscaled(index, 1))).toEqual([
      -2, -1, -1, 0, 0, 1,
    ]);
  });
  it("become rows with a row for zero", () => {
    expect(explicit([point(0, 1, [3, 4], { zero_count: 2 })])).toEqual({
      bounds: [2, 4, 8],
      buckets: [[2, 3, 4, 0]],
    });
  });
  it("of a finer scale are brought down to the coarsest", () => {
    expect(explicit([point(1, 0, [1, 2, 3, 4]), point(0, 0, [5, 6])])).toEqual({
      bounds: [1, 2, 4],
      buckets: [
        [0, 3, 7, 0],
        [0, 5, 6, 0],
      ],
    });
  });
  it("below zero stand upside down under zero", () => {
    const negative = { offset: 0, bucket_counts: [1, 2] };
    expect(explicit([point(0, 0, [], { negative, zero_count: 9 })])).toEqual({
      bounds: [-2, -1, 0],
      buckets: [[2, 1, 9, 0]],
    });
  });
  it("never make more rows than can be drawn, and lose no count", () => {
    const { bounds, buckets } = explicit([point(5, -1000, new Array(2000).fill(1))]);
    expect(bounds?.length).toBeLessThanOrEqual(161);
    expect(buckets?.[0]?.reduce((sum, count) => sum + count, 0)).toBe(2000);
  });
  it("have no rows where nothing was recorded", () => {
    expect(explicit([null, point(0, 0, [1])]).buckets).toEqual([[], [0, 1, 0]]);
  });
});
