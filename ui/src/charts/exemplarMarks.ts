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
    diamond(u.ctx, x, y, size);
  }
  u.ctx.restore();
}

export function diamond(pen: CanvasRenderingContext2D, x: number, y: number, size: number): void {
  pen.beginPath();
  pen.moveTo(x, y - size);
  pen.lineTo(x + size, y);
  pen.lineTo(x, y + size);
  pen.lineTo(x - size, y);
  pen.closePath();
  pen.fill();
  pen.stroke();
}

export function markAt(u: uPlot, marks: readonly Mark[], x: number, y: number): Mark | null {
  return nearest(marks, (mark) => place(u, mark, false), x, y);
}

/** The mark whose place is closest, if it is close enough to be meant. */
export function nearest(
  marks: readonly Mark[],
  placeOf: (mark: Mark) => { x: number; y: number },
  x: number,
  y: number,
): Mark | null {
  let best: Mark | null = null;
  let distance = REACH ** 2;
  for (const mark of marks) {
    const at = placeOf(mark);
    const away = (at.x - x) ** 2 + (at.y - y) ** 2;
    if (away <= distance) {
      distance = away;
      best = mark;
    }
  }
  return best;
}
