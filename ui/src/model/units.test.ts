// Quantities read as people say them.
import { describe, expect, it } from "vitest";
import { bytes, count, duration, durationParameter, inUnit, parseDuration, percent } from "./units";

const plain = (text: string) => text.replaceAll("\u00a0", " ");

describe("duration", () => {
  it.each([
    [0, "0 ns"],
    [820, "820 ns"],
    [1_000, "1 µs"],
    [410_000, "410 µs"],
    [999_600, "1 ms"],
    [38_000_000, "38 ms"],
    [1_240_000_000, "1.24 s"],
    [59_960_000_000, "60 s"],
    [125_000_000_000, "2 min 5 s"],
    [12_000_000_000_000, "3 h 20 min"],
    [7 * 86_400e9, "7 d"],
  ])("%d ns reads %s", (nanos, text) => expect(plain(duration(nanos))).toBe(text));
});

describe("durations typed and sent", () => {
  it.each([
    ["100ms", 100e6],
    ["1.5 s", 1.5e9],
    ["2m", 120e9],
    ["250", 250e6],
    ["410us", 410e3],
  ])("%s is understood", (text, nanos) => expect(parseDuration(text)).toBe(nanos));

  it.each(["", "fast", "1 s 2", "-3ms", "1e3s"])("%j is refused", (text) =>
    expect(parseDuration(text)).toBeNull(),
  );

  it.each([
    [1.5e9, "1500ms"],
    [57_634_211, "57630us"],
    [2e9, "2s"],
    [12.4, "12ns"],
  ])("%d ns is sent as %s", (nanos, text) => expect(durationParameter(nanos)).toBe(text));

  it("survives a round trip through the address", () => {
    for (const nanos of [500, 410e3, 38e6, 1.24e9]) {
      expect(parseDuration(durationParameter(nanos))).toBeCloseTo(nanos);
    }
  });
});

describe("counts, bytes, ratios", () => {
  it.each([
    [0, "0"],
    [812, "812"],
    [1_240, "1.24 k"],
    [999_499, "999 k"],
    [3_100_000, "3.1 M"],
    [0.0123, "0.0123"],
  ])("count %d reads %s", (value, text) => expect(plain(count(value))).toBe(text));

  it("reads bytes in powers of 1024", () => {
    expect(plain(bytes(0))).toBe("0 B");
    expect(plain(bytes(312 * 1048576))).toBe("312 MB");
    expect(plain(bytes(2 * 1073741824))).toBe("2 GB");
  });

  it("never rounds a failure away", () => {
    expect(plain(percent(0.0001))).toBe("<0.1 %");
    expect(plain(percent(0))).toBe("0 %");
    expect(plain(percent(0.043))).toBe("4.3 %");
  });
});

describe("UCUM units", () => {
  it.each([
    [0.25, "s", "250 ms"],
    [1536, "By", "1.5 KB"],
    [12, "{request}", "12"],
    [1200, "{request}/s", "1.2 k/s"],
    [1536, "By/{request}", "1.5 KB"],
    [21, "Cel", "21 Cel"],
    [0.5, "1", "0.5"],
    [40, "%", "40 %"],
  ])("%d %s reads %s", (value, unit, text) => expect(plain(inUnit(value, unit))).toBe(text));
});
