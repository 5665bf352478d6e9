// A trace by service and operation, the most work of their own first.
import { expect, it } from "vitest";
import { spanGroups } from "./spanGroups";
import type { SpanTree } from "./spanTree";

it("adds up what spans of one kind took, and knows the longest", () => {
  const tree = {
    length: 4,
    names: ["GET /", "SELECT"],
    services: ["web", "stock"],
    service: Uint16Array.of(0, 1, 1, 0),
    operation: Int32Array.of(0, 1, 1, 1),
    duration: Float64Array.of(100, 30, 50, 5),
    selfTime: Float64Array.of(15, 30, 50, 5),
    status: Uint8Array.of(0, 0, 2, 0),
  } as unknown as SpanTree;
  expect(spanGroups(tree)).toEqual([
    {
      service: "stock",
      operation: "SELECT",
      spans: 2,
      errors: 1,
      total: 80,
      self: 80,
      longest: 50,
      span: 2,
    },
    {
      service: "web",
      operation: "GET /",
      spans: 1,
      errors: 0,
      total: 100,
      self: 15,
      longest: 100,
      span: 0,
    },
    {
      service: "web",
      operation: "SELECT",
      spans: 1,
      errors: 0,
      total: 5,
      self: 5,
      longest: 5,
      span: 3,
    },
  ]);
});
