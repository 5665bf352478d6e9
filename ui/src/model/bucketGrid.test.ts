// Answers with buckets become grids; every count lands in exactly the rows that it covers.
import { describe, expect, it } from "vitest";
import type { MatrixElement } from "../wire/prometheus";
import { bucketGrid } from "./bucketGrid";
import { pointsOf, summaryOf, valueAt } from "./matrix";

const frame = { start: 100, end: 110, step: 10 };

describe("classic buckets", () => {
  const le = (bound: string, values: [number, string][]): MatrixElement => ({
    metric: { le: bound },
    values,
  });
  it("hold what lies between two bounds, added over series", () => {
    const grid = bucketGrid(
      [
        le("+Inf", [[100, "9"]]),
        le("0.5", [[100, "4"]]),
        le("0.5", [[100, "1"]]),
        le("1", [[100, "7"]]),
      ],
      frame,
    );
    expect(grid?.bounds).toEqual([0.5, 1]);
    expect(grid?.cells).toEqual([
      [5, 2, 2],
      [0, 0, 0],
    ]);
    expect(grid).toMatchObject({ start: 90_000, width: 10_000, peak: 5 });
  });
  it("are missing where no series has le", () => {
    expect(bucketGrid([{ metric: {}, values: [[100, "1"]] }], frame)).toBeNull();
  });
});

describe("native buckets", () => {
  it("share one set of bounds over scales", () => {
    const grid = bucketGrid(
      [
        {
          metric: {},
          histograms: [
            [100, { count: "4", sum: "8", buckets: [[0, "1", "4", "4"]] }],
            [
              110,
              {
                count: "3",
                sum: "8",
                buckets: [
                  [0, "1", "2", "1"],
                  [0, "2", "4", "2"],
                ],
              },
            ],
          ],
        },
      ],
      frame,
    );
    expect(grid?.bounds).toEqual([1, 2, 4]);
    expect(grid?.cells).toEqual([
      [0, 2, 2, 0],
      [0, 1, 2, 0],
    ]);
  });
});

describe("points", () => {
  it("break where a step has no sample", () => {
    const points = pointsOf(
      {
        metric: {},
        values: [
          [0, "1"],
          [10, "+Inf"],
          [40, "3"],
        ],
      },
      10,
    );
    expect(points).toEqual({ times: [0, 10_000, 20_000, 40_000], values: [1, null, null, 3] });
    expect(valueAt(points, 39_999)).toBeNull();
    expect(valueAt(points, 41_000)).toBe(3);
  });
  it("show a native histogram as its mean", () => {
    const points = pointsOf({ metric: {}, histograms: [[5, { count: "4", sum: "6" }]] }, 10);
    expect(points.values).toEqual([1.5]);
  });
  it("are told in four figures", () => {
    expect(summaryOf([2, null, 4])).toEqual({ last: 4, min: 2, max: 4, mean: 3 });
    expect(summaryOf([null]).mean).toBeNull();
  });
});
