// A draggable vertical edge; arrow keys move it too. The width is the caller's to keep.
import type { PointerEvent } from "react";
import "./splitter.css";

type SplitterProps = {
  width: number;
  min: number;
  max: number;
  /** The side of the pane whose width this is: right of it (1) or left of it (-1). */
  direction: 1 | -1;
  label: string;
  onWidth: (width: number) => void;
};

export function Splitter({ width, min, max, direction, label, onWidth }: SplitterProps) {
  const clamp = (next: number) => onWidth(Math.round(Math.min(max, Math.max(min, next))));
  const drag = (down: PointerEvent<HTMLDivElement>) => {
    const edge = down.currentTarget;
    edge.setPointerCapture(down.pointerId);
    const move = (event: globalThis.PointerEvent) =>
      clamp(width + (event.clientX - down.clientX) * direction);
    const end = () => {
      edge.removeEventListener("pointermove", move);
      edge.removeEventListener("pointerup", end);
    };
    edge.addEventListener("pointermove", move);
    edge.addEventListener("pointerup", end);
  };
  return (
    <div
      role="separator"
      aria-orientation="vertical"
      aria-label={label}
      aria-valuenow={width}
      aria-valuemin={min}
      aria-valuemax={max}
      tabIndex={0}
      className="splitter"
      onPointerDown={drag}
      onKeyDown={(event) => {
        if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
        event.preventDefault();
        event.stopPropagation();
        clamp(width + (event.key === "ArrowRight" ? 16 : -16) * direction);
      }}
    />
  );
}
