// Paints the visible rows of a waterfall: tree column, ruler, bars. Knows nothing of the rows it does not draw.

import type { Size } from "../design/useMeasure";
import { at, CRITICAL, ERROR, nameOf, ORPHAN, serviceOf } from "../model/spanTree";
import { linearTicks } from "../model/ticks";
import { duration as asDuration } from "../model/units";
import { cutText } from "./cutText";
import { sans } from "./tokens";
import { barArea, caretX, indentOf, ROW, RULER, type Scene, timeToX } from "./waterfallScene";

export function paintWaterfall(
  pen: CanvasRenderingContext2D,
  size: Size,
  scene: Scene,
  scroll: number,
): void {
  const { colour } = scene.tokens;
  const first = Math.max(0, Math.floor(scroll / ROW));
  const last = Math.min(scene.rows.length - 1, Math.floor((scroll + size.height - RULER) / ROW));
  pen.fillStyle = colour.surface;
  pen.fillRect(0, 0, size.width, size.height);
  paintGrid(pen, size, scene);
  pen.save();
  pen.beginPath();
  pen.rect(0, RULER, size.width, size.height - RULER);
  pen.clip();
  for (let row = first; row <= last; row += 1) {
    const span = at(scene.rows, row);
    const y = RULER + row * ROW - scroll;
    paintRowGround(pen, size, scene, span, y);
    paintName(pen, scene, span, y);
    paintBar(pen, size, scene, span, y);
  }
  pen.restore();
  pen.fillStyle = colour.line;
  pen.fillRect(0, RULER - 1, size.width, 1);
}

function paintGrid(pen: CanvasRenderingContext2D, size: Size, scene: Scene): void {
  const { colour } = scene.tokens;
  const { left, right } = barArea(scene.column, size.width);
  pen.font = `11px ${sans}`;
  pen.textBaseline = "middle";
  pen.textAlign = "left";
  pen.fillStyle = colour["ink-3"];
  pen.fillText("Service and operation", 12, RULER / 2);
  const wanted = Math.max(2, Math.floor((right - left) / 80));
  for (const tick of linearTicks(scene.view.from, scene.view.to, wanted)) {
    const x = Math.round(timeToX(scene, size.width, tick)) + 0.5;
    pen.fillStyle = colour["line-soft"];
    pen.fillRect(x - 0.5, RULER, 1, size.height - RULER);
    pen.fillStyle = colour["ink-3"];
    if (x < right - 30) pen.fillText(tick === 0 ? "0" : asDuration(tick), x + 4, RULER / 2);
  }
}

function paintRowGround(
  pen: CanvasRenderingContext2D,
  size: Size,
  scene: Scene,
  span: number,
  y: number,
): void {
  const { colour } = scene.tokens;
  const selected = span === scene.selected;
  if (selected || span === scene.hovered) {
    pen.fillStyle = colour.raised;
    pen.globalAlpha = selected ? 1 : 0.6;
    pen.fillRect(0, y, size.width, ROW);
    pen.globalAlpha = 1;
  }
  if (scene.matches.has(span)) {
    pen.fillStyle = colour.accent;
    pen.globalAlpha = 0.16;
    pen.fillRect(0, y, scene.column, ROW);
    pen.globalAlpha = 1;
  }
  if (selected) {
    pen.fillStyle = colour.accent;
    pen.fillRect(0, y, 3, ROW);
  }
}

function paintName(pen: CanvasRenderingContext2D, scene: Scene, span: number, y: number): void {
  const { tree, tokens } = scene;
  const { colour } = tokens;
  const middle = y + ROW / 2;
  const x = caretX(scene, span);
  paintGuides(pen, scene, span, y);
  if (at(tree.descendants, span) > 0)
    paintCaret(pen, x, middle, scene.collapsed.has(span), colour["ink-3"]);
  pen.font = `12px ${sans}`;
  pen.textBaseline = "middle";
  const time = asDuration(at(tree.duration, span));
  const right = scene.column - 12;
  pen.textAlign = "right";
  pen.fillStyle = colour["ink-3"];
  pen.fillText(time, right, middle + 0.5);
  pen.textAlign = "left";
  pen.fillStyle = scene.colours[at(tree.service, span)] ?? colour["ink-3"];
  pen.beginPath();
  pen.arc(x + 19, middle, 4, 0, 7);
  pen.fill();
  let textX = x + 29;
  const room = right - pen.measureText(time).width - 12;
  if (at(tree.status, span) === ERROR) {
    paintErrorSign(pen, textX + 5, middle, colour.bad);
    textX += 15;
  }
  const hidden = scene.collapsed.has(span) ? `  +${at(tree.descendants, span)}` : "";
  pen.fillStyle = at(tree.status, span) === ERROR ? colour.bad : colour.ink;
  const name = cutText(pen, nameOf(tree, span) + hidden, room - textX);
  pen.fillText(name, textX, middle + 0.5);
  const parent = at(tree.parent, span);
  const newService = parent < 0 || at(tree.service, parent) !== at(tree.service, span);
  if (!newService && !(at(tree.flags, span) & ORPHAN)) return;
  const note =
    at(tree.flags, span) & ORPHAN
      ? `${serviceOf(tree, span)} · parent missing`
      : serviceOf(tree, span);
  const noteX = textX + pen.measureText(name).width + 8;
  pen.fillStyle = colour["ink-3"];
  if (room - noteX > 24) pen.fillText(cutText(pen, note, room - noteX), noteX, middle + 0.5);
}

function paintGuides(pen: CanvasRenderingContext2D, scene: Scene, span: number, y: number): void {
  const step = indentOf(scene);
  if (step < 5) return;
  pen.fillStyle = scene.tokens.colour["line-soft"];
  for (let depth = at(scene.tree.depth, span) - 1; depth >= 0; depth -= 1) {
    pen.fillRect(Math.round(12 + depth * step), y, 1, ROW);
  }
}

function paintCaret(
  pen: CanvasRenderingContext2D,
  x: number,
  y: number,
  closed: boolean,
  colour: string,
): void {
  pen.strokeStyle = colour;
  pen.lineWidth = 1.5;
  pen.beginPath();
  if (closed) {
    pen.moveTo(x + 3, y - 3.5);
    pen.lineTo(x + 6.5, y);
    pen.lineTo(x + 3, y + 3.5);
  } else {
    pen.moveTo(x + 1, y - 1.5);
    pen.lineTo(x + 4.5, y + 2);
    pen.lineTo(x + 8, y - 1.5);
  }
  pen.stroke();
  pen.lineWidth = 1;
}

function paintErrorSign(pen: CanvasRenderingContext2D, x: number, y: number, colour: string): void {
  pen.fillStyle = colour;
  pen.beginPath();
  pen.moveTo(x, y - 5);
  pen.lineTo(x + 5.5, y + 4.5);
  pen.lineTo(x - 5.5, y + 4.5);
  pen.closePath();
  pen.fill();
}

function paintBar(
  pen: CanvasRenderingContext2D,
  size: Size,
  scene: Scene,
  span: number,
  y: number,
): void {
  const { tree, tokens } = scene;
  const { left, right } = barArea(scene.column, size.width);
  const start = timeToX(scene, size.width, at(tree.start, span));
  const end = timeToX(scene, size.width, at(tree.start, span) + at(tree.duration, span));
  if (end < left - 1 || start > right + 1) {
    pen.fillStyle = tokens.colour["ink-3"];
    pen.textAlign = end < left ? "left" : "right";
    pen.fillText(end < left ? "‹" : "›", end < left ? left - 4 : right + 4, y + ROW / 2);
    return;
  }
  const x = Math.max(left, Math.min(start, right - 1));
  const width = Math.max(1.5, Math.min(end, right) - x);
  const bad = at(tree.status, span) === ERROR;
  pen.fillStyle = scene.colours[at(tree.service, span)] ?? tokens.colour["ink-3"];
  pen.globalAlpha = span === scene.selected || span === scene.hovered ? 1 : 0.82;
  pen.beginPath();
  pen.roundRect(x, y + 6, width, 11, Math.min(2, width / 2));
  pen.fill();
  pen.globalAlpha = 1;
  if (bad) {
    pen.fillStyle = tokens.colour.bad;
    pen.fillRect(x, y + 6, Math.max(2, Math.min(4, width)), 11);
    pen.strokeStyle = tokens.colour.bad;
    pen.lineWidth = 1.5;
    pen.strokeRect(x + 0.75, y + 6.75, Math.max(0.5, width - 1.5), 9.5);
    pen.lineWidth = 1;
  }
  if (at(tree.flags, span) & CRITICAL) {
    pen.fillStyle = tokens.colour.ink;
    pen.fillRect(x, y + 19, width, 3);
  }
  paintLogDots(pen, size, scene, span, y + 11.5);
}

/** A dot for each log record, at its time. On the bar it is cut out; beside it, it stands for itself. */
function paintLogDots(
  pen: CanvasRenderingContext2D,
  size: Size,
  scene: Scene,
  span: number,
  y: number,
): void {
  const { tree, tokens } = scene;
  const { left, right } = barArea(scene.column, size.width);
  const start = timeToX(scene, size.width, at(tree.start, span));
  const end = timeToX(scene, size.width, at(tree.start, span) + at(tree.duration, span));
  for (const time of scene.logs.get(span) ?? []) {
    const x = timeToX(scene, size.width, time);
    if (x < left - 1 || x > right + 1) continue;
    const onBar = x - 2 >= start && x + 2 <= end;
    pen.fillStyle = onBar ? tokens.colour.ground : tokens.colour["ink-2"];
    pen.beginPath();
    pen.arc(x, y, 2, 0, 7);
    pen.fill();
  }
}
