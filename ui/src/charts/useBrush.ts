// Dragging a rectangle over a chart. A press that does not move is a click.
import { type PointerEvent, useState } from "react";

export type Box = { x0: number; y0: number; x1: number; y1: number };

type BrushHandlers = { onBrush: (box: Box) => void; onClick?: (x: number, y: number) => void };

function ordered(a: { x: number; y: number }, b: { x: number; y: number }): Box {
  return {
    x0: Math.min(a.x, b.x),
    y0: Math.min(a.y, b.y),
    x1: Math.max(a.x, b.x),
    y1: Math.max(a.y, b.y),
  };
}

export function useBrush({ onBrush, onClick }: BrushHandlers) {
  const [box, setBox] = useState<Box | null>(null);
  const onPointerDown = (down: PointerEvent<HTMLElement>) => {
    if (down.button !== 0) return;
    const area = down.currentTarget;
    const place = (event: { clientX: number; clientY: number }) => {
      const edge = area.getBoundingClientRect();
      return {
        x: Math.min(edge.width, Math.max(0, event.clientX - edge.left)),
        y: Math.min(edge.height, Math.max(0, event.clientY - edge.top)),
      };
    };
    const from = place(down);
    let moved = false;
    area.setPointerCapture(down.pointerId);
    const move = (event: globalThis.PointerEvent) => {
      const to = place(event);
      moved ||= Math.abs(to.x - from.x) > 3 || Math.abs(to.y - from.y) > 3;
      if (moved) setBox(ordered(from, to));
    };
    const end = (event: globalThis.PointerEvent) => {
      area.removeEventListener("pointermove", move);
      area.removeEventListener("pointerup", end);
      area.removeEventListener("pointercancel", end);
      setBox(null);
      if (event.type === "pointercancel") return;
      const to = place(event);
      if (moved) onBrush(ordered(from, to));
      else onClick?.(to.x, to.y);
    };
    area.addEventListener("pointermove", move);
    area.addEventListener("pointerup", end);
    area.addEventListener("pointercancel", end);
  };
  return { box, onPointerDown };
}
