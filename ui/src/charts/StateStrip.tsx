// How something stood over a time, in equal parts: a cell each, whole for good, sunk for bad, a hairline for unknown.
import { memo } from "react";
import "./stateStrip.css";

type StateStripProps = { states: readonly ("up" | "down" | "none")[]; label: string };

const CELL = 4;
const HEIGHT = 14;

export const StateStrip = memo(function StateStrip({ states, label }: StateStripProps) {
  const cells = (wanted: string, top: number, height: number) =>
    states
      .map((state, i) =>
        state === wanted ? `M${i * CELL} ${top}h${CELL - 1}v${height}h${1 - CELL}z` : "",
      )
      .join("");
  return (
    <svg
      className="state-strip"
      viewBox={`0 0 ${states.length * CELL - 1} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      <title>{label}</title>
      <path d={cells("none", HEIGHT - 1, 1)} className="state-strip-none" />
      <path d={cells("up", 0, HEIGHT)} className="state-strip-up" />
      <path d={cells("down", HEIGHT / 2, HEIGHT / 2)} className="state-strip-down" />
    </svg>
  );
});
