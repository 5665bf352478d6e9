// The keys of an opened trace.
import type { OpenTrace } from "../../backend/traces";
import { clampView, zoomAround } from "../../charts/waterfallScene";
import { useKeys } from "../../design/useKeys";
import { foldDepth } from "../../model/fold";
import { at, rowOf } from "../../model/spanTree";
import type { TraceState } from "./useTraceState";

/** The match after (or before) a span, around the end. */
export function nextMatch(rows: readonly number[], span: number, direction: 1 | -1): number {
  if (rows.length === 0) return -1;
  if (direction === 1) return rows.find((row) => row > span) ?? rows[0] ?? -1;
  return rows.findLast((row) => row < span) ?? rows[rows.length - 1] ?? -1;
}

export function useTraceKeys(
  trace: OpenTrace,
  state: TraceState,
  matches: readonly number[],
): void {
  const { tree, duration } = trace;
  const { rows, selected, collapsed, select, view } = state;
  const walk = (by: number) => {
    // A selection inside a fold walks on from the fold.
    let from = selected;
    while (from >= 0 && rowOf(rows, from) < 0) from = at(tree.parent, from);
    const row = from < 0 ? -1 : rowOf(rows, from);
    const next = row < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, row + by));
    select(at(rows, next));
  };
  const left = () => {
    if (selected < 0) return;
    if (at(tree.descendants, selected) > 0 && !collapsed.has(selected)) state.toggle(selected);
    else if (at(tree.parent, selected) >= 0) select(at(tree.parent, selected));
  };
  const right = () => {
    if (selected < 0 || at(tree.descendants, selected) === 0) return;
    if (collapsed.has(selected)) state.toggle(selected);
    else select(selected + 1);
  };
  const jump = (direction: 1 | -1) => {
    const span = nextMatch(matches, selected, direction);
    if (span >= 0) select(span);
  };
  const deeper = (by: 1 | -1) => {
    const depth = foldDepth(state.fold) ?? (by === 1 ? 1 : 2);
    state.setFold(`d${Math.max(0, depth + by)}`);
  };
  const backOut = () => {
    if (state.query !== "") state.setQuery("");
    else if (state.panel !== "") state.setPanel("");
    else state.setView({ from: 0, to: duration });
  };
  const zoom = (factor: number) =>
    state.setView(zoomAround(view, (view.from + view.to) / 2, factor, duration));
  useKeys({
    ArrowDown: () => walk(1),
    ArrowUp: () => walk(-1),
    j: () => walk(1),
    k: () => walk(-1),
    PageDown: () => walk(20),
    PageUp: () => walk(-20),
    Home: () => walk(-rows.length),
    End: () => walk(rows.length),
    ArrowLeft: left,
    ArrowRight: right,
    Enter: () => selected >= 0 && state.setPanel("span"),
    c: () => state.setFold("d1"),
    x: () => state.setFold(""),
    C: () => deeper(-1),
    X: () => deeper(1),
    "/": () => document.getElementById("trace-find")?.focus(),
    n: () => jump(1),
    p: () => jump(-1),
    "+": () => zoom(0.5),
    "-": () => zoom(2),
    z: () => {
      const [start, length] = [at(tree.start, selected), at(tree.duration, selected)];
      if (selected >= 0) {
        state.setView(clampView(start - length * 0.1, start + length * 1.1, duration));
      }
    },
    "0": () => state.setView({ from: 0, to: duration }),
    Escape: backOut,
  });
}
