// How ids are shortened for lists, and which pasted text is a trace id.
import { describe, expect, it } from "vitest";
import { asTraceId, shortId } from "./ids";

describe("short ids", () => {
  it("are the first eight digits", () => {
    expect(shortId("4bf92f3577b34da6a3ce929d0e0e4736")).toBe("4bf92f35");
    expect(shortId("00f067aa0ba902b7")).toBe("00f067aa");
  });
  it("of 64 bits padded to 128 are not eight zeros", () => {
    expect(shortId("0000000000000000463ac35c9f6413ad")).toBe("463ac35c");
  });
});

describe("a pasted trace id", () => {
  it("is found in a traceparent and among dashes", () => {
    const id = "4bf92f3577b34da6a3ce929d0e0e4736";
    expect(asTraceId(` 00-${id}-00f067aa0ba902b7-01 `)).toBe(id);
    expect(asTraceId("4BF92F35-77b3-4da6-a3ce-929d0e0e4736")).toBe(id);
    expect(asTraceId("4bf92f35")).toBeNull();
  });
});
