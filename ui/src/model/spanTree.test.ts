// Collapsing, revealing and finding rows of a trace.
import { describe, expect, it } from "vitest";
import type { Trace } from "../wire/api";
import { collapsedOf, hiddenBy, toggleFold } from "./fold";
import {
  collapsedFrom,
  countSpans,
  findLocally,
  heaviestSpan,
  rowOf,
  spanTree,
  visibleRows,
} from "./spanTree";

/** root(0) > a(1) > b(2) > c(3); root > d(4) > e(5); orphan(6) */
function trace(): Trace {
  const parent = [-1, 0, 1, 2, 0, 4, -1];
  const zeros = parent.map(() => 0);
  return {
    trace_id: "t",
    start: "0",
    duration: 100,
    root_service: "web",
    root_operation: "GET /",
    services: ["web", "stock"],
    operations: ["GET /", "deduct", "SELECT"],
    scopes: [],
    spans: {
      span_id: ["aaaa1111", "b", "c", "d", "e", "f", "g"],
      parent,
      depth: [0, 1, 2, 3, 1, 2, 0],
      descendants: [5, 2, 1, 0, 1, 0, 0],
      start: zeros,
      duration: [100, 90, 80, 70, 5, 4, 1],
      self_time: [5, 10, 10, 70, 1, 4, 1],
      service: [0, 1, 1, 1, 0, 0, 0],
      operation: [0, 1, 2, 2, 0, 0, 0],
      kind: zeros,
      status: [0, 0, 2, 0, 0, 0, 2],
      events: zeros,
      links: zeros,
      logs: zeros,
      orphan: parent.map((_, i) => i === 6),
      critical: parent.map((_, i) => i < 4),
    },
  };
}

const tree = spanTree(trace());
const shown = (collapsed: Iterable<number>) => [...visibleRows(tree, new Set(collapsed))];

describe("collapsing", () => {
  it("shows everything at first", () => expect(shown([])).toEqual([0, 1, 2, 3, 4, 5, 6]));
  it("hides what is below a collapsed span", () => expect(shown([1])).toEqual([0, 1, 4, 5, 6]));
  it("keeps folds inside folds", () => expect(shown([0, 1])).toEqual([0, 6]));
  it("collapses from a depth on", () => {
    expect([...collapsedFrom(tree, 1)]).toEqual([1, 2, 4]);
    expect(shown(collapsedFrom(tree, 1))).toEqual([0, 1, 4, 6]);
    expect(shown(collapsedFrom(tree, 0))).toEqual([0, 6]);
  });
  it("finds the row of a span, and none for a hidden one", () => {
    const rows = visibleRows(tree, new Set([1]));
    expect(rowOf(rows, 4)).toBe(2);
    expect(rowOf(rows, 3)).toBe(-1);
  });
  it("knows which folds hide a span", () => {
    expect(hiddenBy(tree, new Set([0, 2, 4]), 3)).toEqual(["c", "aaaa1111"]);
    expect(hiddenBy(tree, new Set([0]), -1)).toEqual([]);
  });
});

describe("folds in the address", () => {
  it("toggle one span", () => {
    expect(toggleFold("", ["e"])).toBe("e");
    expect(toggleFold("e,f", ["e"])).toBe("f");
    expect(toggleFold("d1", ["e"])).toBe("d1,e");
  });
  it("mean: from a depth on, but these the other way", () => {
    expect([...collapsedOf(tree, "d1,e")]).toEqual([1, 2]);
    expect([...collapsedOf(tree, "b")]).toEqual([1]);
    expect([...collapsedOf(tree, "nonsense")]).toEqual([]);
  });
});

describe("what a trace tells", () => {
  it("counts errors, services and depth", () => {
    const { errors, perService, deepest, critical } = countSpans(tree);
    expect([errors, [...perService], deepest, critical]).toEqual([2, [4, 3], 3, 4]);
  });
  it("names the span that is most of it", () => {
    expect(heaviestSpan(tree, 100)).toEqual({ span: 3, share: 0.7, dominant: true });
    expect(heaviestSpan(tree, 1000)).toEqual({ span: 3, share: 0.07, dominant: false });
    expect(heaviestSpan(tree, 0)).toBeNull();
  });
  it("finds names, services and ids", () => {
    expect(findLocally(tree, "DEDUCT")).toEqual([1]);
    expect(findLocally(tree, "stock")).toEqual([1, 2, 3]);
    expect(findLocally(tree, "aaaa")).toEqual([0]);
  });
});
