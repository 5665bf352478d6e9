// Buckets of a histogram over time: the darker the cell, the more fell into it.
import { type MouseEvent, type PointerEvent, useCallback, useState } from "react";
import { type Size, useMeasure } from "../design/useMeasure";
import type { HeatGrid } from "../model/histogram";
import { clock } from "../model/time";
import { count } from "../model/units";
import { Canvas, type Draw } from "./Canvas";
import { diamond, type Mark, nearest } from "./exemplarMarks";
import { drawTimeAxis } from "./timeAxis";
import { sans, useTokens } from "./tokens";

type HeatMapProps = {
  grid: HeatGrid;
  from: number;
  to: number;
  unit: (value: number) => string;
  marks?: readonly Mark[];
  onMark?: (mark: Mark) => void;
};

const none: readonly Mark[] = [];
const LEFT = 64;
const RIGHT = 12;
const BOTTOM = 20;
const TOP = 6;

export function HeatMap({ grid, from, to, unit, marks = none, onMark }: HeatMapProps) {
  const tokens = useTokens();
  const [box, size] = useMeasure<HTMLDivElement>();
  const [over, setOver] = useState<{ column: number; bucket: number } | null>(null);
  const rows = usedRows(grid);
  const shown = rows.high - rows.low + 1;
  const placeOf = useCallback(
    ({ time, value }: Mark, { width, height }: Size) => {
      const over = grid.bounds.findIndex((bound) => bound >= value);
      const row = Math.min(rows.high, over < 0 ? grid.bounds.length : Math.max(rows.low, over));
      const floor = height - BOTTOM;
      return {
        x: LEFT + ((time - from) / (to - from)) * (width - LEFT - RIGHT),
        y: floor - ((row - rows.low + 0.5) / shown) * (floor - TOP),
      };
    },
    [grid, from, to, rows.low, rows.high, shown],
  );
  const draw: Draw = useCallback(
    (pen, { width, height }) => {
      const floor = height - BOTTOM;
      drawTimeAxis(
        pen,
        { from, to, left: LEFT, right: width - RIGHT, top: TOP, bottom: floor },
        tokens,
      );
      const wide = (grid.width / (to - from)) * (width - LEFT - RIGHT);
      const first = LEFT + ((grid.start - from) / (to - from)) * (width - LEFT - RIGHT);
      pen.save();
      pen.beginPath();
      pen.rect(LEFT, 0, width - LEFT - RIGHT, height);
      pen.clip();
      const tall = (floor - TOP) / shown;
      // Between narrow cells a gap of a pixel would be most of the picture.
      const gap = wide > 9 ? 1 : 0;
      pen.fillStyle = tokens.colour.accent;
      grid.cells.forEach((cell, column) => {
        for (let b = rows.low; b <= rows.high; b += 1) {
          const value = cell[b] ?? 0;
          if (value === 0) continue;
          pen.globalAlpha = 0.12 + 0.88 * Math.sqrt(value / grid.peak);
          pen.fillRect(
            first + column * wide,
            floor - (b - rows.low + 1) * tall,
            Math.max(1, wide - gap) + (gap === 0 ? 0.5 : 0),
            tall - (tall > 9 ? 1 : 0),
          );
        }
      });
      pen.globalAlpha = 1;
      pen.fillStyle = tokens.colour.surface;
      pen.strokeStyle = tokens.colour.ink;
      pen.lineWidth = 1.25;
      for (const mark of marks) {
        const { x, y } = placeOf(mark, { width, height });
        diamond(pen, x, y, 3.5);
      }
      pen.restore();
      pen.font = `11px ${sans}`;
      pen.textAlign = "right";
      pen.textBaseline = "middle";
      pen.fillStyle = tokens.colour["ink-3"];
      const every = Math.max(1, Math.ceil(16 / tall));
      for (let b = rows.low; b < rows.high; b += every) {
        pen.fillText(unit(grid.bounds[b] ?? 0), LEFT - 7, floor - (b - rows.low + 1) * tall);
      }
    },
    [grid, from, to, tokens, unit, rows.low, rows.high, shown, marks, placeOf],
  );
  const click = (event: MouseEvent<HTMLDivElement>) => {
    const edge = event.currentTarget.getBoundingClientRect();
    const at = [event.clientX - edge.left, event.clientY - edge.top] as const;
    const mark = nearest(marks, (one) => placeOf(one, size), ...at);
    if (mark) onMark?.(mark);
  };
  const hover = (event: PointerEvent<HTMLDivElement>) => {
    const edge = event.currentTarget.getBoundingClientRect();
    const share = (event.clientX - edge.left - LEFT) / (size.width - LEFT - RIGHT);
    const column = Math.floor((from + share * (to - from) - grid.start) / grid.width);
    const up = (size.height - BOTTOM - (event.clientY - edge.top)) / (size.height - BOTTOM - TOP);
    const bucket = rows.low + Math.floor(up * shown);
    const inside =
      column >= 0 && column < grid.cells.length && bucket >= rows.low && bucket <= rows.high;
    setOver(inside ? { column, bucket } : null);
  };
  return (
    <div ref={box} className="heat-map">
      <Canvas
        draw={draw}
        label="How many fell into each bucket over time"
        className="heat-canvas"
        onClick={click}
        onPointerMove={hover}
        onPointerLeave={() => setOver(null)}
      >
        {over && (
          <div className="tip" style={{ top: 4, right: 16 }}>
            {clock(grid.start + over.column * grid.width)}{" "}
            {bucketName(grid.bounds, over.bucket, unit)}{" "}
            <b>{count(grid.cells[over.column]?.[over.bucket] ?? 0)}</b>
          </div>
        )}
      </Canvas>
    </div>
  );
}

function usedRows(grid: HeatGrid): { low: number; high: number } {
  let low = grid.bounds.length;
  let high = 0;
  for (const cell of grid.cells) {
    cell.forEach((value, b) => {
      if (value === 0) return;
      low = Math.min(low, b);
      high = Math.max(high, b);
    });
  }
  return low > high ? { low: 0, high: grid.bounds.length } : { low, high: Math.max(high, low + 3) };
}

function bucketName(bounds: number[], bucket: number, unit: (value: number) => string): string {
  const above = bounds[bucket - 1];
  const upTo = bounds[bucket];
  if (above === undefined) return `≤ ${unit(upTo ?? 0)}`;
  return upTo === undefined ? `> ${unit(above)}` : `${unit(above)} – ${unit(upTo)}`;
}
