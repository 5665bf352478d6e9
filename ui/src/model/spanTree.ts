// A trace as typed arrays in depth-first order, and which of its rows show when some are collapsed.
import type { Trace } from "../wire/api";

export type SpanTree = {
  length: number;
  names: string[];
  services: string[];
  ids: string[];
  parent: Int32Array;
  depth: Uint16Array;
  descendants: Int32Array;
  start: Float64Array;
  duration: Float64Array;
  selfTime: Float64Array;
  service: Uint16Array;
  operation: Int32Array;
  kind: Uint8Array;
  status: Uint8Array;
  events: Uint16Array;
  links: Uint16Array;
  logs: Uint16Array;
  /** Bit 0: orphan, bit 1: on the critical path. */
  flags: Uint8Array;
};

export const ORPHAN = 1;
export const CRITICAL = 2;
export const ERROR = 2;

export function spanTree(trace: Trace): SpanTree {
  const { spans } = trace;
  const length = spans.span_id.length;
  const flags = new Uint8Array(length);
  for (let i = 0; i < length; i += 1) {
    flags[i] = (spans.orphan[i] ? ORPHAN : 0) | (spans.critical[i] ? CRITICAL : 0);
  }
  return {
    length,
    names: trace.operations,
    services: trace.services,
    ids: spans.span_id,
    parent: Int32Array.from(spans.parent),
    depth: Uint16Array.from(spans.depth),
    descendants: Int32Array.from(spans.descendants),
    start: Float64Array.from(spans.start),
    duration: Float64Array.from(spans.duration),
    selfTime: Float64Array.from(spans.self_time),
    service: Uint16Array.from(spans.service),
    operation: Int32Array.from(spans.operation),
    kind: Uint8Array.from(spans.kind),
    status: Uint8Array.from(spans.status),
    events: Uint16Array.from(spans.events),
    links: Uint16Array.from(spans.links),
    logs: Uint16Array.from(spans.logs),
    flags,
  };
}

/** One number of a column; past the end it reads as 0. */
export function at(column: ArrayLike<number>, row: number): number {
  return column[row] ?? 0;
}

export function nameOf(tree: SpanTree, span: number): string {
  return tree.names[at(tree.operation, span)] ?? "";
}

export function serviceOf(tree: SpanTree, span: number): string {
  return tree.services[at(tree.service, span)] ?? "";
}

export type Collapsed = ReadonlySet<number>;

/** The spans that show, top to bottom. Linear, and skips what a collapsed span hides in one step. */
export function visibleRows(tree: SpanTree, collapsed: Collapsed): Int32Array {
  const rows = new Int32Array(tree.length);
  let shown = 0;
  for (let i = 0; i < tree.length; i += 1) {
    rows[shown] = i;
    shown += 1;
    if (collapsed.has(i)) i += at(tree.descendants, i);
  }
  return rows.subarray(0, shown);
}

/** Where a span shows; -1 if an ancestor hides it. Rows are ascending, so this is a binary search. */
export function rowOf(rows: Int32Array, span: number): number {
  let low = 0;
  let high = rows.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const found = at(rows, middle);
    if (found === span) return middle;
    if (found < span) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

/** Everything that has children and lies at this depth or deeper is collapsed. */
export function collapsedFrom(tree: SpanTree, depth: number): Set<number> {
  const next = new Set<number>();
  for (let i = 0; i < tree.length; i += 1) {
    if (at(tree.depth, i) >= depth && at(tree.descendants, i) > 0) next.add(i);
  }
  return next;
}

export type Counts = { errors: number; critical: number; perService: Int32Array; deepest: number };

export function countSpans(tree: SpanTree): Counts {
  const perService = new Int32Array(tree.services.length);
  let errors = 0;
  let critical = 0;
  let deepest = 0;
  for (let i = 0; i < tree.length; i += 1) {
    if (at(tree.status, i) === ERROR) errors += 1;
    if (at(tree.flags, i) & CRITICAL) critical += 1;
    deepest = Math.max(deepest, at(tree.depth, i));
    const service = at(tree.service, i);
    perService[service] = at(perService, service) + 1;
  }
  return { errors, critical, perService, deepest };
}

/** The span with the most work of its own, and whether that is more than half of a trace of several spans. */
export function heaviestSpan(
  tree: SpanTree,
  duration: number,
): { span: number; share: number; dominant: boolean } | null {
  let span = -1;
  let most = 0;
  for (let i = 0; i < tree.length; i += 1) {
    const self = at(tree.selfTime, i);
    if (self > most) {
      most = self;
      span = i;
    }
  }
  if (span < 0 || duration <= 0) return null;
  const share = Math.min(1, most / duration);
  return { span, share, dominant: share > 0.5 && tree.length > 1 };
}

/** Rows whose operation, service or span id holds the text, ascending. */
export function findLocally(tree: SpanTree, text: string): number[] {
  const wanted = text.toLowerCase();
  const names = tree.names.map((name) => name.toLowerCase().includes(wanted));
  const services = tree.services.map((name) => name.toLowerCase().includes(wanted));
  const found: number[] = [];
  for (let i = 0; i < tree.length; i += 1) {
    const hit = names[at(tree.operation, i)] || services[at(tree.service, i)];
    if (hit || (wanted.length >= 4 && tree.ids[i]?.includes(wanted))) found.push(i);
  }
  return found;
}
