// Label sets as people read them: what all share is said once, what differs stands in columns.
import type { LabelSet } from "../wire/prometheus";

const NAME = "__name__";
const plainName = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const plainLabel = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

export function quoted(text: string): string {
  return `"${text.replace(/\\/g, "\\\\").replace(/"/g, '\\"').replace(/\n/g, "\\n")}"`;
}

export function matcher(label: string, operator: string, value: string): string {
  return `${plainLabel.test(label) ? label : quoted(label)}${operator}${quoted(value)}`;
}

/** A selector of PromQL: `name{a="b"}`, with the name inside the braces where it is not a plain word. */
export function selector(name: string, matchers: readonly string[] = []): string {
  if (plainName.test(name)) return matchers.length === 0 ? name : `${name}{${matchers.join(", ")}}`;
  return `{${[...(name === "" ? [] : [quoted(name)]), ...matchers].join(", ")}}`;
}

/** The series as it is written in PromQL; a set without labels is `{}`. */
export function seriesText(set: LabelSet): string {
  const matchers = Object.keys(set)
    .filter((key) => key !== NAME)
    .sort()
    .map((key) => matcher(key, "=", set[key] ?? ""));
  const name = set[NAME] ?? "";
  return name === "" && matchers.length === 0 ? "{}" : selector(name, matchers);
}

export type LabelColumns = { shared: LabelSet; differing: string[] };

/** One set alone differs in nothing, so that all its labels are columns: there is nothing to compare with. */
export function labelColumns(sets: readonly LabelSet[]): LabelColumns {
  const keys = [...new Set(sets.flatMap((set) => Object.keys(set)))].sort(byNameFirst);
  const [first] = sets;
  const same = (key: string) =>
    sets.length > 1 && sets.every((set) => set[key] === first?.[key] && key in set);
  return {
    shared: Object.fromEntries(keys.filter(same).map((key) => [key, first?.[key] ?? ""])),
    differing: keys.filter((key) => !same(key)),
  };
}

function byNameFirst(a: string, b: string): number {
  if (a === NAME || b === NAME) return a === b ? 0 : a === NAME ? -1 : 1;
  return a < b ? -1 : 1;
}
