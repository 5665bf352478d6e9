// Each log record stands at its own time, in the row of its own span.
import { expect, it } from "vitest";
import { spanLogs } from "./spanLogs";
import type { SpanTree } from "./spanTree";

const tree = { ids: ["aa", "bb"] } as SpanTree;
const start = "1700000000000000000";

it("places each record at its time from the trace's start", () => {
  const logs = spanLogs(tree, start, [
    { time: "1700000000000000500", span_id: "bb" },
    { time: "1700000000000000007", span_id: "aa" },
    { time: "1700000000000000009", span_id: "bb" },
    { time: "1699999999999999990", span_id: "aa" },
  ]);
  expect(logs.get(1)).toEqual([500, 9]);
  expect(logs.get(0)).toEqual([7, -10]);
});

it("leaves out records of no span here", () => {
  expect(spanLogs(tree, start, [{ time: start, span_id: "cc" }]).size).toBe(0);
  expect(spanLogs(tree, start, [{ time: start, span_id: "" }]).size).toBe(0);
});
