// Every metric there is by name, with what is known of it, and the search through them.
import type { Metadata } from "../wire/prometheus";

export type MetricKind = "counter" | "gauge" | "histogram" | "native" | "summary" | "unknown";

/** `name` is what a selector takes; for a classic histogram it is the family, without `_bucket`. */
export type CatalogueEntry = { name: string; kind: MetricKind; unit: string; help: string };

const parts = /_(bucket|sum|count)$/;

/**
 * Folds the parts of histograms and summaries into one entry each. Metadata may be kept under the family or, for
 * counters, without `_total`; where there is none, the name tells.
 */
export function catalogueOf(names: readonly string[], metadata: Metadata): CatalogueEntry[] {
  const all = new Set(names);
  const entries = new Map<string, CatalogueEntry>();
  for (const name of names) {
    const family = name.replace(parts, "");
    const folded = family !== name && isFolded(family, all, metadata);
    const shown = folded ? family : name;
    if (!entries.has(shown)) entries.set(shown, entryOf(shown, all, metadata));
  }
  return [...entries.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function isFolded(family: string, all: ReadonlySet<string>, metadata: Metadata): boolean {
  const type = metadata[family]?.[0]?.type;
  if (type === "histogram" || type === "summary") return true;
  return all.has(`${family}_bucket`) && all.has(`${family}_count`);
}

/** What every scrape writes of itself: no target describes it. */
const ofScrapes: Record<string, string> = {
  up: "Whether the target answered the scrape: 1, or 0.",
  scrape_duration_seconds: "How long the scrape took.",
  scrape_samples_scraped: "Samples that the target exposed.",
  scrape_samples_post_metric_relabeling: "Samples that metric relabelling left.",
  scrape_series_added: "Series that were new in the scrape, about.",
};

function entryOf(name: string, all: ReadonlySet<string>, metadata: Metadata): CatalogueEntry {
  const own = ofScrapes[name];
  if (own !== undefined) return { name, kind: "gauge", unit: unitOfName(name), help: own };
  const known = (metadata[name] ?? metadata[name.replace(/_total$/, "")])?.[0];
  const kind = kindOf(name, known?.type ?? "", all);
  const unit = known?.unit ? shortUnit(known.unit) : unitOfName(name);
  return { name, kind, unit, help: known?.help ?? "" };
}

function kindOf(name: string, type: string, all: ReadonlySet<string>): MetricKind {
  if (all.has(`${name}_bucket`)) return "histogram";
  if (type === "histogram" || type === "gaugehistogram")
    return all.has(name) ? "native" : "histogram";
  if (type === "counter" || type === "gauge" || type === "summary") return type;
  if (type === "info" || type === "stateset") return "gauge";
  return name.endsWith("_total") ? "counter" : "unknown";
}

const suffixes: readonly (readonly [string, string])[] = [
  ["_seconds", "s"],
  ["_milliseconds", "ms"],
  ["_bytes", "By"],
  ["_ratio", "1"],
  ["_percent", "%"],
];
const words: Record<string, string> = {
  seconds: "s",
  milliseconds: "ms",
  microseconds: "us",
  nanoseconds: "ns",
  minutes: "min",
  hours: "h",
  kibibytes: "KiBy",
  bytes: "By",
  ratio: "1",
  percent: "%",
};

/** The unit in a name by Prometheus's own habit: `_seconds`, `_bytes`, before `_total` and the histogram's parts. */
export function unitOfName(name: string): string {
  const bare = name.replace(/_total$/, "").replace(parts, "");
  return suffixes.find(([suffix]) => bare.endsWith(suffix))?.[1] ?? "";
}

/** UCUM's short form of a unit that metadata spells out. */
function shortUnit(unit: string): string {
  return words[unit] ?? unit;
}

/**
 * The words of a search: plain ones look at everything known, `label=value` and `label=` ask the server. A value with
 * blanks stands in quotes.
 */
export type CatalogueSearch = { words: string[]; matchers: { label: string; value: string }[] };

export function readSearch(text: string): CatalogueSearch {
  const search: CatalogueSearch = { words: [], matchers: [] };
  for (const word of text.match(/(?:"[^"]*"|\S)+/g) ?? []) {
    const at = word.indexOf("=");
    if (at <= 0) search.words.push(word.toLowerCase());
    else {
      const value = word.slice(at + 1).replace(/^"|"$/g, "");
      search.matchers.push({ label: word.slice(0, at), value });
    }
  }
  return search;
}

/** Names that begin with the first word stand first. */
export function found(
  entries: readonly CatalogueEntry[],
  search: readonly string[],
): CatalogueEntry[] {
  const [first = ""] = search;
  const matching = entries.filter(({ name, kind, unit, help }) => {
    const text = `${name} ${kind} ${unit} ${help}`.toLowerCase();
    return search.every((word) => text.includes(word));
  });
  if (first === "") return matching;
  const rank = ({ name }: CatalogueEntry) =>
    name.toLowerCase().startsWith(first) ? 0 : name.toLowerCase().includes(first) ? 1 : 2;
  return matching.sort((a, b) => rank(a) - rank(b));
}
