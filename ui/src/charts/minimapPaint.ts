// The whole trace in a strip: lanes from top to bottom, darker where more runs, red where it failed.
import type { Size } from "../design/useMeasure";
import { at, ERROR, type SpanTree } from "../model/spanTree";
import type { Tokens } from "./tokens";

/** Linear in the number of spans: each span adds one edge where it starts and takes one where it ends. */
export function paintMinimap(
  pen: CanvasRenderingContext2D,
  size: Size,
  tree: SpanTree,
  duration: number,
  colours: readonly string[],
  tokens: Tokens,
): void {
  const columns = Math.max(1, Math.floor(size.width));
  const tall = Math.max(1, Math.floor((size.height - 6) / Math.max(1, tree.length)));
  const laneHeight = Math.min(tall, 5);
  const lanes = Math.min(tree.length, Math.max(1, Math.floor((size.height - 6) / laneHeight)));
  const edges = new Int32Array((columns + 1) * lanes);
  const laneService = new Int32Array(lanes).fill(-1);
  const failures: { x: number; y: number }[] = [];
  const scale = columns / Math.max(1, duration);
  for (let i = 0; i < tree.length; i += 1) {
    const lane = Math.floor((i * lanes) / tree.length);
    const from = Math.min(columns - 1, Math.max(0, Math.floor(at(tree.start, i) * scale)));
    const to = Math.min(
      columns,
      Math.max(from + 1, Math.ceil((at(tree.start, i) + at(tree.duration, i)) * scale)),
    );
    const base = lane * (columns + 1);
    edges[base + from] = at(edges, base + from) + 1;
    edges[base + to] = at(edges, base + to) - 1;
    if (at(laneService, lane) < 0) laneService[lane] = at(tree.service, i);
    if (at(tree.status, i) === ERROR && failures.length < 2000) failures.push({ x: from, y: lane });
  }
  for (let lane = 0; lane < lanes; lane += 1) {
    pen.fillStyle = colours[at(laneService, lane)] ?? tokens.colour["ink-3"];
    paintLane(
      pen,
      edges,
      lane * (columns + 1),
      columns,
      3 + lane * laneHeight,
      Math.max(1, laneHeight - (laneHeight > 2 ? 1 : 0)),
    );
  }
  pen.globalAlpha = 1;
  pen.fillStyle = tokens.colour.bad;
  for (const { x, y } of failures) pen.fillRect(x, 3 + y * laneHeight, 3, Math.max(2, laneHeight));
}

function paintLane(
  pen: CanvasRenderingContext2D,
  edges: Int32Array,
  base: number,
  columns: number,
  y: number,
  height: number,
): void {
  let running = 0;
  let from = 0;
  for (let x = 0; x <= columns; x += 1) {
    const change = at(edges, base + x);
    if (change === 0 && x < columns) continue;
    if (running > 0) {
      pen.globalAlpha = Math.min(1, 0.45 + running * 0.12);
      pen.fillRect(from, y, x - from, height);
    }
    running += change;
    from = x;
  }
}
