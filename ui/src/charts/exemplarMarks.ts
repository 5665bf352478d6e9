// Exemplars on a plot: small diamonds; the nearest one under a click is the one meant.
import type uPlot from "uplot";
import type { Tokens } from "./tokens";

export type Mark = {
  time: number;
  value: number;
  traceId: string;
  spanId: string;
  /** Its value has another unit than the axis: it stands on the floor of the plot. */
  floor?: boolean;
};

const REACH = 9;

function place(u: uPlot, mark: Mark, canvas: boolean): { x: number; y: number } {
  const { min, max } = u.scales.y ?? {};
  // What lies above the axis is drawn at its upper edge rather than lost.
  const value = mark.floor ? (min ?? 0) : Math.min(mark.value, max ?? mark.value);
  return { x: u.valToPos(mark.time / 1000, "x", canvas), y: u.valToPos(value, "y", canvas) };
}

export function drawMarks(u: uPlot, marks: readonly Mark[], tokens: Tokens): void {
  const size = 4 * (window.devicePixelRatio || 1);
  u.ctx.save();
  u.ctx.fillStyle = tokens.colour.surface;
  u.ctx.strokeStyle = tokens.colour.accent;
  u.ctx.lineWidth = 1.5 * (window.devicePixelRatio || 1);
  for (const mark of marks) {
    const { x, y } = place(u, mark, true);
    if (x < u.bbox.left || x > u.bbox.left + u.bbox.width) continue;
    u.ctx.beginPath();
    u.ctx.moveTo(x, y - size);
    u.ctx.lineTo(x + size, y);
    u.ctx.lineTo(x, y + size);
    u.ctx.lineTo(x - size, y);
    u.ctx.closePath();
    u.ctx.fill();
    u.ctx.stroke();
  }
  u.ctx.restore();
}

export function markAt(u: uPlot, marks: readonly Mark[], x: number, y: number): Mark | null {
  let best: Mark | null = null;
  let distance = REACH ** 2;
  for (const mark of marks) {
    const at = place(u, mark, false);
    const away = (at.x - x) ** 2 + (at.y - y) ** 2;
    if (away <= distance) {
      distance = away;
      best = mark;
    }
  }
  return best;
}
