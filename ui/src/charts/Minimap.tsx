// The trace at a glance, with the visible part as a frame: drag the frame, its edges, or a new one.
import { type PointerEvent, useCallback, useRef } from "react";
import type { SpanTree } from "../model/spanTree";
import { Canvas, type Draw } from "./Canvas";
import { paintMinimap } from "./minimapPaint";
import type { Tokens } from "./tokens";
import { clampView, type View } from "./waterfallScene";
import "./waterfall.css";

type MinimapProps = {
  tree: SpanTree;
  duration: number;
  colours: readonly string[];
  tokens: Tokens;
  view: View;
  onView: (view: View) => void;
};

type Grip = "new" | "move" | "from" | "to";

export function Minimap({ tree, duration, colours, tokens, view, onView }: MinimapProps) {
  const box = useRef<HTMLDivElement>(null);
  const draw: Draw = useCallback(
    (pen, size) => paintMinimap(pen, size, tree, duration, colours, tokens),
    [tree, duration, colours, tokens],
  );
  const whole = view.from <= 0 && view.to >= duration;
  const press = (grip: Grip) => (down: PointerEvent<HTMLElement>) => {
    if (down.button !== 0) return;
    down.stopPropagation();
    const edge = box.current?.getBoundingClientRect();
    if (!edge) return;
    const timeAt = (x: number) => ((x - edge.left) / edge.width) * duration;
    const start = timeAt(down.clientX);
    const move = (event: globalThis.PointerEvent) => {
      const now = timeAt(event.clientX);
      if (grip === "move")
        onView(clampView(view.from + now - start, view.to + now - start, duration));
      else {
        const fixed = grip === "from" ? view.to : grip === "to" ? view.from : start;
        onView(
          clampView(
            Math.max(0, Math.min(fixed, now)),
            Math.min(duration, Math.max(fixed, now)),
            duration,
          ),
        );
      }
    };
    const end = () => {
      window.removeEventListener("pointermove", move);
      window.removeEventListener("pointerup", end);
    };
    window.addEventListener("pointermove", move);
    window.addEventListener("pointerup", end);
  };
  const left = `${(view.from / Math.max(1, duration)) * 100}%`;
  const right = `${(1 - view.to / Math.max(1, duration)) * 100}%`;
  return (
    <div
      ref={box}
      className="minimap"
      role="group"
      aria-label="Minimap"
      data-testid="minimap"
      onPointerDown={press("new")}
      onDoubleClick={() => onView({ from: 0, to: duration })}
    >
      <Canvas draw={draw} label="The whole trace" style={{ height: "100%" }} />
      <div
        className="minimap-view"
        data-whole={whole}
        style={{ left, right }}
        onPointerDown={whole ? undefined : press("move")}
      />
      {!whole && (
        <>
          <div
            className="minimap-edge"
            style={{ left: `calc(${left} - 5px)` }}
            onPointerDown={press("from")}
          />
          <div
            className="minimap-edge"
            style={{ right: `calc(${right} - 5px)` }}
            onPointerDown={press("to")}
          />
        </>
      )}
    </div>
  );
}
