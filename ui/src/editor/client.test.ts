// Completion asks for what fits the other matchers, and never for what fits the one being written.
import { expect, it } from "vitest";
import type { CompletionSource } from "../backend/completion";
import { asClient } from "./client";

const names: Record<number, string> = { 1: "EqlSingle", 2: "NeqRegex" };

function asked(): { calls: unknown[]; source: CompletionSource } {
  const calls: unknown[] = [];
  const source: CompletionSource = {
    metricNames: async () => [],
    metadata: async () => ({}),
    labelNames: async () => Promise.reject(new Error("gone")),
    labelValues: async (...all) => {
      calls.push(all);
      return ["v"];
    },
    series: async () => [{ a: "b" }],
  };
  return { calls, source };
}

type Matchers = Parameters<ReturnType<typeof asClient>["labelValues"]>[2];
const matchers = [
  { name: "job", type: 1, value: "a" },
  { name: "path", type: 2, value: "/x.*" },
  { name: "empty", type: 1, value: "" },
] as unknown as Matchers;

it("narrows by the other matchers", async () => {
  const { calls, source } = asked();
  const client = asClient(source, (id) => names[id] ?? "");
  expect(await client.labelValues("job", "up", matchers)).toEqual(["v"]);
  expect(calls).toEqual([["job", "up", [{ label: "path", operator: "!~", value: "/x.*" }]]]);
});

it("completes nothing where the server does not answer", async () => {
  const client = asClient(asked().source, () => "");
  expect(await client.labelNames("up")).toEqual([]);
});

it("gives series as maps", async () => {
  const client = asClient(asked().source, () => "");
  expect(await client.series("up")).toEqual([new Map([["a", "b"]])]);
});
