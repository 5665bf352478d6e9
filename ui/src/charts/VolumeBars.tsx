// Stacked bars over time, one colour a band; a brush narrows the time range, hovering counts.
import { type PointerEvent, useCallback, useState } from "react";
import { useMeasure } from "../design/useMeasure";
import { type Band, bands } from "../model/severity";
import { linearTicks } from "../model/ticks";
import { clock } from "../model/time";
import { count } from "../model/units";
import { Canvas, type Draw } from "./Canvas";
import { drawTimeAxis } from "./timeAxis";
import { sans, type Tokens, useTokens } from "./tokens";
import { useBrush } from "./useBrush";

type VolumeBarsProps = {
  start: number;
  step: number;
  counts: Record<Band, number[]>;
  onNarrow: (from: number, to: number) => void;
};

const LEFT = 44;
const RIGHT = 10;
const BOTTOM = 18;
const TOP = 6;

export function VolumeBars({ start, step, counts, onNarrow }: VolumeBarsProps) {
  const tokens = useTokens();
  const [box, size] = useMeasure<HTMLDivElement>();
  const [over, setOver] = useState<number | null>(null);
  const columns = counts.info.length;
  const end = start + step * columns;
  const draw: Draw = useCallback(
    (pen, { width, height }) => {
      const floor = height - BOTTOM;
      drawTimeAxis(
        pen,
        { from: start, to: end, left: LEFT, right: width - RIGHT, top: TOP, bottom: floor },
        tokens,
      );
      const totals = Array.from({ length: columns }, (_, i) => totalAt(counts, i));
      const peak = Math.max(1, ...totals);
      const yOf = (value: number) => floor - (value / peak) * (floor - TOP);
      if (totals.some((total) => total > 0)) drawCounts(pen, peak, yOf, width - RIGHT, tokens);
      const wide = (width - LEFT - RIGHT) / Math.max(1, columns);
      for (let i = 0; i < columns; i += 1) {
        let y = floor;
        for (const band of bands) {
          const value = counts[band][i] ?? 0;
          if (value === 0) continue;
          // A single error among thousands still gets a pixel.
          const tall = Math.max(1, (value / peak) * (floor - TOP));
          pen.fillStyle = tokens.band[band];
          pen.fillRect(LEFT + i * wide, y - tall, Math.max(1, wide - 1), tall);
          y -= tall;
        }
      }
      pen.fillStyle = tokens.colour.line;
      pen.fillRect(LEFT, floor, width - LEFT - RIGHT, 1);
    },
    [counts, columns, start, end, tokens],
  );
  const inner = Math.max(1, size.width - LEFT - RIGHT);
  const timeAt = (x: number) =>
    start + (Math.min(inner, Math.max(0, x - LEFT)) / inner) * (end - start);
  const brush = useBrush({
    onBrush: (b) => onNarrow(timeAt(b.x0), timeAt(b.x1)),
    onClick: (x) => {
      const column = Math.floor((timeAt(x) - start) / step);
      onNarrow(start + column * step, start + (column + 1) * step);
    },
  });
  const hover = (event: PointerEvent<HTMLDivElement>) => {
    const x = event.clientX - event.currentTarget.getBoundingClientRect().left;
    setOver(x < LEFT || x > size.width - RIGHT ? null : Math.floor((timeAt(x) - start) / step));
  };
  return (
    <div ref={box} className="volume-bars">
      <Canvas
        draw={draw}
        label="Log records over time by severity"
        className="volume-canvas"
        onPointerDown={brush.onPointerDown}
        onPointerMove={hover}
        onPointerLeave={() => setOver(null)}
      >
        {brush.box && (
          <div
            className="brush"
            style={{
              left: brush.box.x0,
              width: brush.box.x1 - brush.box.x0,
              top: 0,
              bottom: BOTTOM,
            }}
          />
        )}
        {over !== null && over < columns && !brush.box && (
          <div
            className="tip"
            style={{ top: 2, ...besides(LEFT + ((over + 1) / columns) * inner, size.width) }}
          >
            {clock(start + over * step)} <b>{count(totalAt(counts, over))}</b>
            {bands
              .filter((band) => (counts[band][over] ?? 0) > 0)
              .reverse()
              .map((band) => (
                <span key={band}>
                  {" · "}
                  {band} {count(counts[band][over] ?? 0)}
                </span>
              ))}
          </div>
        )}
      </Canvas>
    </div>
  );
}

/** Hairlines at round counts and what they stand for. */
function drawCounts(
  pen: CanvasRenderingContext2D,
  peak: number,
  yOf: (value: number) => number,
  right: number,
  tokens: Tokens,
): void {
  pen.font = `11px ${sans}`;
  pen.textAlign = "right";
  pen.textBaseline = "middle";
  const wanted = Math.max(2, Math.floor((yOf(0) - yOf(peak)) / 24));
  for (const tick of linearTicks(0, peak, wanted).filter(Number.isInteger)) {
    const y = Math.round(yOf(tick));
    pen.fillStyle = tokens.colour["line-soft"];
    pen.fillRect(LEFT, y, right - LEFT, 1);
    pen.fillStyle = tokens.colour["ink-3"];
    pen.fillText(count(tick), LEFT - 7, y);
  }
}

function totalAt(counts: Record<Band, number[]>, column: number): number {
  return bands.reduce((sum, band) => sum + (counts[band][column] ?? 0), 0);
}

function besides(x: number, width: number): { left: number } | { right: number } {
  return x > width / 2 ? { right: width - x + 14 } : { left: x + 8 };
}
