// Steps are round and few, whatever the range.
import { describe, expect, it } from "vitest";
import { onGrid, parseStep, printSeconds, rateWindow, stepOf } from "./step";

describe("step", () => {
  it.each([
    [300, 2],
    [900, 5],
    [3600, 15],
    [21_600, 120],
    [604_800, 3600],
  ])("of %d s is %d s", (span, step) => expect(stepOf(span, "")).toBe(step));
  it("is the chosen one unless the API would refuse it", () => {
    expect(stepOf(3600, "1m")).toBe(60);
    expect(stepOf(3600, "nonsense")).toBe(15);
    expect(stepOf(7 * 86_400, "1s")).toBe(60);
  });
  it("is read and printed alike", () => {
    for (const text of ["1s", "90s", "5m", "2h", "3d"])
      expect(printSeconds(parseStep(text) ?? 0)).toBe(text);
    expect(parseStep("0s")).toBeNull();
    expect(parseStep("5")).toBeNull();
  });
  it("puts the window on its multiples", () => {
    expect(onGrid(1_007_000, 1_023_000, 15)).toEqual({ start: 1005, end: 1020 });
  });
  it("gives rates a window that covers four steps", () => {
    expect(rateWindow(900)).toBe("5m");
    expect(rateWindow(604_800)).toBe("6h");
  });
});
