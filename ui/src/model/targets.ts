// What is scraped: targets by job, how each stands, and which of them a filter lets through.
import type { LabelSet, WireTargets } from "../wire/prometheus";
import type { AttributeFilter } from "./attributes";
import { hash } from "./colours";
import { seriesText } from "./labelSets";

export const targetStates = ["up", "down", "unknown", "dropped"] as const;
export type TargetState = (typeof targetStates)[number];

export type Target = {
  /** Short and stable: the same target has it after a reload. */
  id: string;
  pool: string;
  state: TargetState;
  /** Where it is scraped; empty for what is dropped or can be no target. */
  url: string;
  /** Before relabelling. */
  discovered: LabelSet;
  /** Of its series; empty for what is dropped or can be no target. */
  labels: LabelSet;
  error: string;
  /** Milliseconds since 1970; none where it was never scraped. */
  lastScrape: number | null;
  seconds: number;
  interval: string;
  timeout: string;
};

export type Pool = {
  name: string;
  targets: Target[];
  dropped: Target[];
  /** How many relabelling dropped; the server may remember fewer. */
  droppedCount: number;
};

export function poolsOf(names: readonly string[], answer: WireTargets): Pool[] {
  const pools = new Map<string, Pool>(names.map((name) => [name, emptyPool(name)]));
  const poolNamed = (name: string) => {
    const pool = pools.get(name) ?? emptyPool(name);
    pools.set(name, pool);
    return pool;
  };
  for (const one of answer.activeTargets) {
    const scraped = Date.parse(one.lastScrape);
    poolNamed(one.scrapePool).targets.push({
      id: targetId(one.scrapePool, one.discoveredLabels, one.labels),
      pool: one.scrapePool,
      state: one.health,
      url: one.scrapeUrl,
      discovered: one.discoveredLabels,
      labels: one.labels,
      error: one.lastError,
      lastScrape: scraped > 0 ? scraped : null,
      seconds: one.lastScrapeDuration,
      interval: one.scrapeInterval,
      timeout: one.scrapeTimeout,
    });
  }
  for (const { scrapePool, discoveredLabels } of answer.droppedTargets)
    poolNamed(scrapePool).dropped.push(droppedTarget(scrapePool, discoveredLabels));
  for (const [name, count] of Object.entries(answer.droppedTargetCounts))
    poolNamed(name).droppedCount = count;
  return [...pools.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function emptyPool(name: string): Pool {
  return { name, targets: [], dropped: [], droppedCount: 0 };
}

function droppedTarget(pool: string, discovered: LabelSet): Target {
  return {
    id: targetId(pool, discovered, {}),
    pool,
    state: "dropped",
    url: "",
    discovered,
    labels: {},
    error: "",
    lastScrape: null,
    seconds: 0,
    interval: "",
    timeout: "",
  };
}

function targetId(pool: string, discovered: LabelSet, labels: LabelSet): string {
  return hash(`${pool} ${seriesText(discovered)} ${seriesText(labels)}`).toString(36);
}

/** What a target is called: its address as its series have it, or as it was discovered. */
export function targetName({ labels, discovered }: Target): string {
  return labels.instance || discovered.__address__ || seriesText(discovered);
}

export type TargetFilters = {
  state: TargetState | "";
  job: string;
  /** Words that all must occur, in any case. */
  text: string;
  labels: AttributeFilter[];
};

export function readTargetState(text: string | null): TargetState | "" {
  return targetStates.find((one) => one === text) ?? "";
}

export function passes(target: Target, filters: TargetFilters): boolean {
  const { state, job, text, labels } = filters;
  if (state !== "" && target.state !== state) return false;
  if (job !== "" && target.pool !== job) return false;
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const said = [target.pool, target.url, target.error, target.state, seriesText(labelsOf(target))];
  const all = `${said.join(" ")} ${target.discovered.__address__ ?? ""}`.toLowerCase();
  if (!words.every((word) => all.includes(word))) return false;
  return labels.every((filter) => hasLabel(labelsOf(target), filter));
}

/** Its final labels; those that were discovered where it has none. */
export function labelsOf({ labels, discovered }: Target): LabelSet {
  return Object.keys(labels).length > 0 ? labels : discovered;
}

function hasLabel(set: LabelSet, { key, operator, value }: AttributeFilter): boolean {
  const own = set[key] ?? "";
  if (operator === "=") return own === value;
  if (operator === "!=") return own !== value;
  return operator === "~" ? own.toLowerCase().includes(value.toLowerCase()) : own !== "";
}

export function countStates(pools: readonly Pool[]): Record<TargetState, number> {
  const counts = { up: 0, down: 0, unknown: 0, dropped: 0 };
  for (const pool of pools) {
    for (const { state } of pool.targets) counts[state] += 1;
    counts.dropped += pool.droppedCount;
  }
  return counts;
}

const unitSeconds: Record<string, number> = {
  ms: 0.001,
  s: 1,
  m: 60,
  h: 3600,
  d: 86_400,
  w: 604_800,
  y: 31_536_000,
};

/** Prometheus's durations in seconds: `15s`, `1m30s`. What is none is zero. */
export function promSeconds(text: string): number {
  const parts = [...text.matchAll(/(\d+)(ms|[smhdwy])/g)];
  return parts.reduce(
    (sum, [, number, unit = "s"]) => sum + Number(number) * (unitSeconds[unit] ?? 0),
    0,
  );
}
