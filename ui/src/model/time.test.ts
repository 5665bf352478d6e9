// Instants keep their nanoseconds where they must, and ranges survive the address.
import { describe, expect, it } from "vitest";
import {
  apiWindow,
  describeRange,
  parseRelative,
  rangeOf,
  rangeParams,
  shift,
  windowOf,
} from "./range";
import { addNanos, ago, clock, exactTime, msToNanos, nanosToMs } from "./time";

describe("nanoseconds", () => {
  it("go to milliseconds and back", () => {
    expect(msToNanos(1_795_225_273_533)).toBe("1795225273533000000");
    expect(msToNanos(0.5)).toBe("500000");
    expect(nanosToMs("1795225273533250000")).toBeCloseTo(1_795_225_273_533.25, 2);
  });

  it("add exactly, beyond what a number holds", () => {
    expect(addNanos("1795225273533000001", 2)).toBe("1795225273533000003");
  });

  it("show all nine digits", () => {
    expect(exactTime("1795225273533000001")).toMatch(/\.533000001$/);
  });
});

describe("ago", () => {
  const now = new Date(2026, 10, 21, 14, 3, 7).getTime();
  it.each([
    [0, "just now"],
    [12_000, "12 s ago"],
    [600_000, "13:53:07"],
  ])("%d ms back reads %s", (back, text) => expect(ago(now - back, now)).toBe(text));
  it("names the day when it is another", () => {
    expect(ago(now - 86_400_000, now)).toBe("2026-11-20 14:03:07");
  });
  it("shows milliseconds when asked", () => expect(clock(now + 120, 3)).toBe("14:03:07.120"));
});

describe("time range", () => {
  const params = (text: string) => new URLSearchParams(text);

  it("is the last 15 minutes without a word in the address", () => {
    expect(rangeOf(params(""))).toEqual({ kind: "relative", text: "15m", seconds: 900 });
    expect(rangeParams(rangeOf(params("")))).toEqual({ range: null, from: null, to: null });
  });

  it.each(["range=1h", "range=90m", "from=1000&to=5000"])("%s survives", (text) => {
    const range = rangeOf(params(text));
    const written = new URLSearchParams(
      Object.entries(rangeParams(range)).filter(
        (pair): pair is [string, string] => pair[1] !== null,
      ),
    );
    expect(rangeOf(written)).toEqual(range);
  });

  it.each(["range=0m", "range=soon", "from=5&to=2", "from=x&to=9"])("%s falls back", (text) => {
    expect(rangeOf(params(text)).kind).toBe("relative");
  });

  it("shifts by half of itself, never beyond now", () => {
    const hour = { kind: "relative", text: "1h", seconds: 3600 } as const;
    const back = shift(hour, -1, 10_000_000);
    expect(back).toEqual({ kind: "absolute", from: 4_600_000, to: 8_200_000 });
    expect(shift(hour, 1, 10_000_000)).toEqual(hour);
    const { end } = windowOf(shift(back, 1, 10_000_000), 0);
    expect(end).toBe(10_000_000);
  });

  it("asks the API in nanoseconds", () => {
    expect(apiWindow({ kind: "absolute", from: 1, to: 2 }, 0)).toEqual({
      start: "1000000",
      end: "2000000",
    });
  });

  it("reads well", () => {
    const range = parseRelative("15m");
    expect(range && describeRange(range)).toBe("last 15 min");
  });
});
