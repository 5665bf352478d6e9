// The unit of what a query gives, guessed from its text: wrong guesses would mislead, so that doubt means none.
import { unitOfName } from "./catalogue";
import { inUnit } from "./units";

const words = /[a-zA-Z_:][a-zA-Z0-9_:.]*/g;
const perSecond = /\b(rate|irate|deriv)\s*\(/;
const counting = /\b(count|count_values|group|absent|changes|resets|count_over_time|stddev)\b[^_]/;
const quantile = /\bhistogram_(quantile|avg|stddev|sum)\s*\(/;

export type UnitOf = (metric: string) => string;

/** A UCUM unit, with `/s` behind it for rates; "" where nothing is sure. */
export function queryUnit(text: string, known: UnitOf = () => ""): string {
  const bare = text.replace(/"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`[^`]*`/g, '""');
  const names = (
    bare.replace(/\{[^}]*\}|\b(by|without|on|ignoring|group_\w+)\s*\([^)]*\)/g, " ").match(words) ??
    []
  ).filter((word) => word.includes("_") || known(word) !== "");
  const units = [...new Set(names.map((name) => unitOf(name, known)).filter((one) => one !== ""))];
  const divided = /\/(?!\/)/.test(bare);
  if (quantile.test(bare)) return units.length === 1 ? (units[0] ?? "") : "";
  if (divided) return dividedUnit(names, units);
  if (counting.test(bare)) return "";
  const counts = names.some((name) => /_(count|bucket)$/.test(name));
  if (perSecond.test(bare)) {
    // Seconds gained in a second are a share of it, not a time.
    const unit = counts || units.length !== 1 || units[0] === "s" ? "" : (units[0] ?? "");
    return units[0] === "s" && !counts ? "" : `${unit}/s`;
  }
  return !counts && units.length === 1 ? (units[0] ?? "") : "";
}

function unitOf(name: string, known: UnitOf): string {
  return known(name.replace(/_(bucket|sum|count)$/, "")) || known(name) || unitOfName(name);
}

/** A sum over a count is a mean, in the sum's unit; anything else divided is a mere number. */
function dividedUnit(names: readonly string[], units: readonly string[]): string {
  const mean =
    names.some((name) => name.endsWith("_sum")) && names.some((name) => name.endsWith("_count"));
  return mean && units.length === 1 ? (units[0] ?? "") : "";
}

/** Writes values in a unit that may end in `/s`. */
export function unitWriter(unit: string): (value: number) => string {
  if (!unit.endsWith("/s")) return (value) => inUnit(value, unit);
  const head = unit.slice(0, -2);
  return (value) => `${inUnit(value, head)}/s`;
}
