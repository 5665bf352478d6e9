// Which spans of a trace are collapsed, as a short text for the address: `d1,5,9` is "from depth 1 on, but 5 and 9 the other way".
import { collapsedFrom, type SpanTree } from "./spanTree";

type Fold = { depth: number | null; toggled: number[] };

function readFold(text: string): Fold {
  const parts = text.split(",").filter(Boolean);
  const base = /^d(\d{1,4})$/.exec(parts[0] ?? "");
  const toggled = (base ? parts.slice(1) : parts).map(Number).filter(Number.isInteger);
  return { depth: base ? Number(base[1]) : null, toggled };
}

export function foldDepth(text: string): number | null {
  return readFold(text).depth;
}

export function collapsedOf(tree: SpanTree, text: string): Set<number> {
  const { depth, toggled } = readFold(text);
  const collapsed = depth === null ? new Set<number>() : collapsedFrom(tree, depth);
  for (const span of toggled) if (!collapsed.delete(span)) collapsed.add(span);
  return collapsed;
}

export function toggleFold(text: string, spans: readonly number[]): string {
  const { depth, toggled } = readFold(text);
  const next = new Set(toggled);
  for (const span of spans) if (!next.delete(span)) next.add(span);
  return [...(depth === null ? [] : [`d${depth}`]), ...next].join(",");
}
