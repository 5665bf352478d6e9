// A sensible first query for a metric of a kind, and the query behind a heat map.
import type { CatalogueEntry } from "./catalogue";
import { selector } from "./labelSets";

export function suggestedQuery({ name, kind }: CatalogueEntry, window: string): string {
  switch (kind) {
    case "counter":
      return `rate(${selector(name)}[${window}])`;
    case "histogram":
      return `histogram_quantile(0.95, sum by (le) (rate(${selector(`${name}_bucket`)}[${window}])))`;
    case "native":
      return `histogram_quantile(0.95, sum(rate(${selector(name)}[${window}])))`;
    default:
      return selector(name);
  }
}

/** Whether the metric keeps buckets that a heat map can show, and the query that gives them. */
export function bucketQuery({ name, kind }: CatalogueEntry, window: string): string | null {
  if (kind === "histogram") return `sum by (le) (rate(${selector(`${name}_bucket`)}[${window}]))`;
  return kind === "native" ? `sum(rate(${selector(name)}[${window}]))` : null;
}

/** The buckets that a quantile is taken of; any other query gives its own answer. */
export function heatQuery(text: string): string {
  const inside = /^\s*histogram_quantile\s*\(\s*[\d.]+\s*,([\s\S]*)\)\s*$/.exec(text)?.[1];
  return inside !== undefined && closes(inside) ? inside.trim() : text;
}

/** Brackets open before they close: the last one taken off belonged to the first. */
function closes(text: string): boolean {
  let depth = 0;
  for (const sign of text.replace(/"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`[^`]*`/g, "")) {
    if (sign === "(") depth += 1;
    if (sign === ")") depth -= 1;
    if (depth < 0) return false;
  }
  return depth === 0;
}
