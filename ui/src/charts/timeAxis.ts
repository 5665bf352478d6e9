// Wall-clock marks under a chart whose x is time in ms.

import { clockTicks } from "../model/ticks";
import { clock, day } from "../model/time";
import { sans, type Tokens } from "./tokens";

export type TimeAxis = {
  from: number;
  to: number;
  left: number;
  right: number;
  top: number;
  bottom: number;
};

export function timeLabel(ms: number, step: number): string {
  if (step >= 86_400_000) return day(ms).slice(5);
  if (step < 1000) return clock(ms, 3);
  if (step < 60_000) return clock(ms);
  return clock(ms).slice(0, 5);
}

/** Hairlines from top to bottom and their labels just under it. */
export function drawTimeAxis(pen: CanvasRenderingContext2D, axis: TimeAxis, tokens: Tokens): void {
  const width = axis.right - axis.left;
  const { ticks, step } = clockTicks(axis.from, axis.to, Math.max(2, Math.floor(width / 110)));
  pen.font = `11px ${sans}`;
  pen.textAlign = "center";
  pen.textBaseline = "top";
  for (const tick of ticks) {
    const x = Math.round(axis.left + ((tick - axis.from) / (axis.to - axis.from)) * width) + 0.5;
    pen.strokeStyle = tokens.colour["line-soft"];
    pen.beginPath();
    pen.moveTo(x, axis.top);
    pen.lineTo(x, axis.bottom);
    pen.stroke();
    if (x < axis.left + 24 || x > axis.right - 24) continue;
    pen.fillStyle = tokens.colour["ink-3"];
    pen.fillText(timeLabel(tick, step), x, axis.bottom + 4);
  }
}
