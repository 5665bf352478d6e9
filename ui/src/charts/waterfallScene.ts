// What the waterfall draws from, and the geometry its painter and its pointer handling share.
import type { SpanLogs } from "../model/spanLogs";
import { at, type Collapsed, type SpanTree } from "../model/spanTree";
import type { Tokens } from "./tokens";

export const ROW = 26;
export const RULER = 26;
const PAD = 10;
const INDENT = 14;

export type View = { from: number; to: number };

export type Scene = {
  tree: SpanTree;
  rows: Int32Array;
  collapsed: Collapsed;
  /** Width of the left column. */
  column: number;
  view: View;
  selected: number;
  hovered: number;
  matches: ReadonlySet<number>;
  /** One colour a service, by index. */
  colours: readonly string[];
  deepest: number;
  logs: SpanLogs;
  tokens: Tokens;
};

/** Deep traces indent less, so that names keep at least half of the column. */
export function indentOf(scene: Pick<Scene, "column" | "deepest">): number {
  return Math.min(INDENT, (scene.column * 0.45) / Math.max(1, scene.deepest));
}

export function caretX(scene: Pick<Scene, "tree" | "column" | "deepest">, span: number): number {
  return 8 + at(scene.tree.depth, span) * indentOf(scene);
}

export function barArea(column: number, width: number): { left: number; right: number } {
  return { left: column + PAD, right: width - PAD - 4 };
}

export function timeToX(
  scene: Pick<Scene, "column" | "view">,
  width: number,
  time: number,
): number {
  const { left, right } = barArea(scene.column, width);
  return left + ((time - scene.view.from) / (scene.view.to - scene.view.from)) * (right - left);
}

export function xToTime(scene: Pick<Scene, "column" | "view">, width: number, x: number): number {
  const { left, right } = barArea(scene.column, width);
  return (
    scene.view.from + ((x - left) / Math.max(1, right - left)) * (scene.view.to - scene.view.from)
  );
}

/** Keeps a view inside the trace and no narrower than a microsecond's thousandth part of it. */
export function clampView(from: number, to: number, duration: number): View {
  const least = Math.max(10, duration / 1e6);
  const span = Math.min(duration, Math.max(least, to - from));
  const start = Math.min(Math.max(0, from), duration - span);
  return { from: start, to: start + span };
}

export function zoomAround(view: View, time: number, factor: number, duration: number): View {
  return clampView(time - (time - view.from) * factor, time + (view.to - time) * factor, duration);
}
