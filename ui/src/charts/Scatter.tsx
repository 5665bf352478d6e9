// Time × duration on a logarithmic scale, one dot a trace, failures red. Click opens, a brush narrows.
import { type PointerEvent, useCallback, useMemo, useState } from "react";
import { useMeasure } from "../design/useMeasure";
import { logTicks } from "../model/ticks";
import { duration as asDuration } from "../model/units";
import { Canvas, type Draw } from "./Canvas";
import { drawTimeAxis } from "./timeAxis";
import { sans, useTokens } from "./tokens";
import { type Box, useBrush } from "./useBrush";

export type Dot = {
  id: string;
  time: number;
  duration: number;
  size: number;
  bad: boolean;
  colour: string;
  text: string;
};

export type Narrowed = { from: number; to: number; low: number; high: number };

type ScatterProps = {
  dots: readonly Dot[];
  from: number;
  to: number;
  /** Traces that started before this were not loaded. */
  loadedFrom?: number;
  onOpen: (id: string) => void;
  onNarrow: (to: Narrowed) => void;
};

const LEFT = 52;
const BOTTOM = 20;
const TOP = 8;
const RIGHT = 10;

export function Scatter({ dots, from, to, loadedFrom, onOpen, onNarrow }: ScatterProps) {
  const tokens = useTokens();
  const [box, size] = useMeasure<HTMLDivElement>();
  const [near, setNear] = useState<Dot | null>(null);
  const scale = useMemo(
    () => makeScale(dots, from, to, size.width, size.height),
    [dots, from, to, size],
  );
  const draw: Draw = useCallback(
    (pen, { width, height }) => {
      const axis = {
        from,
        to,
        left: LEFT,
        right: width - RIGHT,
        top: TOP,
        bottom: height - BOTTOM,
      };
      drawTimeAxis(pen, axis, tokens);
      pen.font = `11px ${sans}`;
      pen.textAlign = "right";
      pen.textBaseline = "middle";
      for (const tick of logTicks(scale.low, scale.high)) {
        const y = Math.round(scale.y(tick)) + 0.5;
        pen.strokeStyle = tokens.colour["line-soft"];
        pen.strokeRect(LEFT, y, width - LEFT - RIGHT, 0);
        pen.fillStyle = tokens.colour["ink-3"];
        pen.fillText(asDuration(tick), LEFT - 7, y);
      }
      for (const dot of dots) if (!dot.bad) drawDot(pen, scale, dot, dot.colour);
      for (const dot of dots) if (dot.bad) drawDot(pen, scale, dot, tokens.colour.bad);
    },
    [dots, from, to, scale, tokens],
  );
  const nearest = (x: number, y: number) => nearestDot(dots, scale, x, y);
  const brush = useBrush({
    onBrush: (b: Box) =>
      onNarrow({
        from: scale.time(b.x0),
        to: scale.time(b.x1),
        low: scale.duration(b.y1),
        high: scale.duration(b.y0),
      }),
    onClick: (x, y) => {
      const hit = nearest(x, y);
      if (hit) onOpen(hit.id);
    },
  });
  const hover = (event: PointerEvent<HTMLDivElement>) => {
    const edge = event.currentTarget.getBoundingClientRect();
    setNear(nearest(event.clientX - edge.left, event.clientY - edge.top));
  };
  return (
    <div ref={box} className="scatter">
      <Canvas
        draw={draw}
        label={`${dots.length} traces by time and duration`}
        className="scatter-canvas"
        data-near={near !== null}
        onPointerDown={brush.onPointerDown}
        onPointerMove={hover}
        onPointerLeave={() => setNear(null)}
      >
        {loadedFrom !== undefined && scale.x(loadedFrom) > LEFT + 4 && (
          <div
            className="not-loaded"
            style={{ left: LEFT, width: scale.x(loadedFrom) - LEFT, top: TOP, bottom: BOTTOM }}
          >
            {scale.x(loadedFrom) - LEFT > 160 && "older ones are not loaded"}
          </div>
        )}
        {brush.box && (
          <div
            className="brush"
            style={{
              left: brush.box.x0,
              top: brush.box.y0,
              width: brush.box.x1 - brush.box.x0,
              height: brush.box.y1 - brush.box.y0,
              borderBlockWidth: 1,
            }}
          />
        )}
        {near && !brush.box && (
          <div
            className="tip"
            style={{
              ...(scale.x(near.time) > size.width - 280
                ? { right: size.width - scale.x(near.time) + 10 }
                : { left: scale.x(near.time) + 10 }),
              top: Math.max(2, Math.min(size.height - 30, scale.y(near.duration) - 12)),
            }}
          >
            <b>{near.text}</b> {asDuration(near.duration)}
          </div>
        )}
      </Canvas>
    </div>
  );
}

type Scale = {
  low: number;
  high: number;
  x: (time: number) => number;
  y: (duration: number) => number;
  time: (x: number) => number;
  duration: (y: number) => number;
};

function makeScale(
  dots: readonly Dot[],
  from: number,
  to: number,
  width: number,
  height: number,
): Scale {
  let low = Number.POSITIVE_INFINITY;
  let high = 0;
  for (const dot of dots) {
    const value = Math.max(1000, dot.duration);
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (!Number.isFinite(low)) [low, high] = [1e6, 1e9];
  low /= 1.5;
  high *= 1.5;
  const inner = Math.max(1, width - LEFT - RIGHT);
  const tall = Math.max(1, height - TOP - BOTTOM);
  const decades = Math.log(high / low);
  return {
    low,
    high,
    x: (time) => LEFT + ((time - from) / (to - from)) * inner,
    y: (duration) => height - BOTTOM - (Math.log(Math.max(1000, duration) / low) / decades) * tall,
    time: (x) => from + ((Math.min(width - RIGHT, Math.max(LEFT, x)) - LEFT) / inner) * (to - from),
    duration: (y) => low * Math.exp(((height - BOTTOM - y) / tall) * decades),
  };
}

function drawDot(pen: CanvasRenderingContext2D, scale: Scale, dot: Dot, colour: string): void {
  pen.globalAlpha = dot.bad ? 0.95 : 0.7;
  pen.fillStyle = colour;
  pen.beginPath();
  pen.arc(scale.x(dot.time), scale.y(dot.duration), dot.size, 0, 7);
  pen.fill();
  pen.globalAlpha = 1;
}

function nearestDot(dots: readonly Dot[], scale: Scale, x: number, y: number): Dot | null {
  let best: Dot | null = null;
  let distance = 12 ** 2;
  for (const dot of dots) {
    const away = (scale.x(dot.time) - x) ** 2 + (scale.y(dot.duration) - y) ** 2;
    if (away < distance) {
      distance = away;
      best = dot;
    }
  }
  return best;
}
