// Links carry the time range and the live switch, and nothing else of the page they stand on.
import { describe, expect, it } from "vitest";
import {
  attributeFilter,
  hrefOf,
  inRange,
  toHome,
  toLogs,
  toMetric,
  toMetrics,
  toTrace,
  toTraces,
} from "./links";

const here = new URLSearchParams("range=1h&live=off&service=old&sort=longest");

describe("links", () => {
  it.each([
    [toHome(), "/?range=1h&live=off"],
    [
      toTraces({ service: "cart", status: "error" }),
      "/traces?range=1h&live=off&service=cart&status=error",
    ],
    [toTrace("abc"), "/traces/abc?range=1h&live=off"],
    [toTrace("abc", "def"), "/traces/abc?range=1h&live=off&span=def&panel=span"],
    [toLogs({ text: "a & b" }), "/logs?range=1h&live=off&text=a+%26+b"],
    [toMetrics(), "/metrics/?range=1h&live=off"],
    [toMetric("http/requests"), "/metrics/http%2Frequests?range=1h&live=off"],
  ])("%j", (target, href) => expect(hrefOf(target, here)).toBe(href));

  it("let a target bring its own range", () => {
    const target = inRange(toLogs({ traceId: "abc" }), { kind: "absolute", from: 10, to: 20 });
    expect(hrefOf(target, here)).toBe("/logs?live=off&trace_id=abc&from=10&to=20");
  });

  it("repeat attributes", () => {
    const attributes = [attributeFilter("k", "v"), attributeFilter("k", "w", "!=")];
    expect(hrefOf(toTraces({ attributes }), new URLSearchParams())).toBe(
      "/traces?attribute=k%3Dv&attribute=k%21%3Dw",
    );
  });
});
