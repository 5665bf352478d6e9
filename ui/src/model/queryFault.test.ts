// Faults point at the character that the server means.
import { describe, expect, it } from "vitest";
import { faultSpan, offsetOf, readFault } from "./queryFault";

describe("a fault", () => {
  it("has its place at the front of an error", () => {
    expect(
      readFault("error", 'invalid parameter "query": 1:5: parse error: unexpected end of input'),
    ).toEqual({
      severity: "error",
      message: "unexpected end of input",
      place: { line: 1, column: 5 },
    });
  });
  it("has its place at the end of a note", () => {
    expect(readFault("info", 'PromQL info: metric might not be a counter: "up" (2:6)')).toEqual({
      severity: "info",
      message: 'metric might not be a counter: "up"',
      place: { line: 2, column: 6 },
    });
  });
  it("may have none", () => {
    expect(readFault("error", "query timed out").place).toBeNull();
  });
});

describe("its place in the text", () => {
  it("counts lines, and bytes as the server does", () => {
    expect(offsetOf("a +\nbb", { line: 2, column: 2 })).toBe(5);
    expect(offsetOf('{a="é"} x', { line: 1, column: 10 })).toBe(8);
    expect(offsetOf("a", { line: 9, column: 1 })).toBeNull();
  });
  it("covers the word there, or the last character at the end", () => {
    expect(faultSpan("sum(foo_bar)", { line: 1, column: 5 })).toEqual({ from: 4, to: 11 });
    expect(faultSpan("up +", { line: 1, column: 5 })).toEqual({ from: 3, to: 4 });
    expect(faultSpan("", { line: 1, column: 1 })).toBeNull();
  });
});
