// Stacked lines end at the sum; a gap in one does not break those above it.
import { expect, it } from "vitest";
import { stacked } from "./stack";

it("draws each line at the sum of itself and those below", () => {
  const found = stacked([
    [1, 2, 3],
    [10, null, 30],
    [1, 2, undefined],
    [5, 5, 5],
  ]);
  expect(found).toEqual([
    [1, 2, 3],
    [10, null, 30],
    [11, 2, undefined],
    [16, 7, 35],
  ]);
});
