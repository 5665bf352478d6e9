// Which spans of a trace are collapsed, as a short text for the address: `d1,<span id>,…` is
// "from depth 1 on, but these the other way". Ids, not rows: a trace that still grows moves its rows.
import { at, collapsedFrom, type SpanTree } from "./spanTree";

type Fold = { depth: number | null; toggled: string[] };

function readFold(text: string): Fold {
  const parts = text.split(",").filter(Boolean);
  const base = /^d(\d{1,4})$/.exec(parts[0] ?? "");
  return { depth: base ? Number(base[1]) : null, toggled: base ? parts.slice(1) : parts };
}

export function foldDepth(text: string): number | null {
  return readFold(text).depth;
}

export function collapsedOf(tree: SpanTree, text: string): Set<number> {
  const { depth, toggled } = readFold(text);
  const collapsed = depth === null ? new Set<number>() : collapsedFrom(tree, depth);
  for (const id of toggled) {
    const span = tree.ids.indexOf(id);
    if (span >= 0 && !collapsed.delete(span)) collapsed.add(span);
  }
  return collapsed;
}

export function toggleFold(text: string, ids: readonly string[]): string {
  const { depth, toggled } = readFold(text);
  const next = new Set(toggled);
  for (const id of ids) if (!next.delete(id)) next.add(id);
  return [...(depth === null ? [] : [`d${depth}`]), ...next].join(",");
}

/** The collapsed ancestors that hide a span, innermost first. */
export function hiddenBy(tree: SpanTree, collapsed: ReadonlySet<number>, span: number): string[] {
  const closed: string[] = [];
  if (span < 0) return closed;
  for (let up = at(tree.parent, span); up >= 0; up = at(tree.parent, up)) {
    const id = tree.ids[up];
    if (collapsed.has(up) && id !== undefined) closed.push(id);
  }
  return closed;
}
