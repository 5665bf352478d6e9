// Targets as the server tells them become pools; filters look at state, job, words and labels.
import { describe, expect, it } from "vitest";
import type { WireTargets } from "../wire/prometheus";
import {
  countStates,
  passes,
  poolsOf,
  promSeconds,
  type TargetFilters,
  targetName,
} from "./targets";

const active = (health: "up" | "down" | "unknown", instance: string, lastError = "") => ({
  discoveredLabels: { __address__: instance, job: "node" },
  labels: { instance, job: "node", env: instance.startsWith("a") ? "prod" : "dev" },
  scrapePool: "node",
  scrapeUrl: `http://${instance}/metrics`,
  lastError,
  lastScrape: health === "unknown" ? "0001-01-01T00:00:00Z" : "2026-11-30T02:00:00.5Z",
  lastScrapeDuration: 0.25,
  health,
  scrapeInterval: "15s",
  scrapeTimeout: "10s",
});
const answer: WireTargets = {
  activeTargets: [
    active("up", "a:1"),
    active("down", "b:1", "connection refused"),
    active("unknown", "c:1"),
  ],
  droppedTargets: [{ discoveredLabels: { __address__: "d:1", job: "node" }, scrapePool: "node" }],
  droppedTargetCounts: { node: 3 },
};
const none: TargetFilters = { state: "", job: "", text: "", labels: [] };
const pools = poolsOf(["idle", "node"], answer);
const all = pools.flatMap(({ targets, dropped }) => [...targets, ...dropped]);
const found = (filters: Partial<TargetFilters>) =>
  all.filter((one) => passes(one, { ...none, ...filters })).map(targetName);

describe("targets", () => {
  it("are kept by job, one without targets among them", () => {
    expect(pools.map(({ name, targets }) => [name, targets.length])).toEqual([
      ["idle", 0],
      ["node", 3],
    ]);
    expect(countStates(pools)).toEqual({ up: 1, down: 1, unknown: 1, dropped: 3 });
  });
  it("that were never scraped have no time", () => {
    expect(all.map(({ lastScrape }) => lastScrape)).toEqual([
      1796004000500,
      1796004000500,
      null,
      null,
    ]);
  });
  it("keep apart by an id each", () => {
    expect(new Set(all.map(({ id }) => id)).size).toBe(4);
  });
  it("are found by state, words and labels", () => {
    expect(found({ state: "dropped" })).toEqual(["d:1"]);
    expect(found({ text: "REFUSED node" })).toEqual(["b:1"]);
    expect(found({ labels: [{ key: "env", operator: "=", value: "prod" }] })).toEqual(["a:1"]);
    expect(found({ labels: [{ key: "env", operator: "exists", value: "" }], job: "idle" })).toEqual(
      [],
    );
  });
});

it.each([
  ["15s", 15],
  ["1m30s", 90],
  ["500ms", 0.5],
  ["1h", 3600],
  ["", 0],
])("reads %s", (text, seconds) => expect(promSeconds(text)).toBe(seconds));
