// What the painter puts where, seen through a pen that only remembers.
import { expect, it, vi } from "vitest";
import { paintWaterfall } from "./waterfallPaint";
import { barArea, type Scene } from "./waterfallScene";

// The tokens come from a page, and there is none.
vi.mock("./tokens", () => ({ sans: "sans-serif" }));

function remembering(): { pen: CanvasRenderingContext2D; dots: number[] } {
  const dots: number[] = [];
  const marks: Record<string, unknown> = {
    measureText: (text: string) => ({ width: text.length * 6 }),
    // The dots of logs are the only circles of this size.
    arc: (x: number, _y: number, radius: number) => radius === 2 && dots.push(x),
  };
  const pen = new Proxy(marks, { get: (known, name) => known[String(name)] ?? (() => undefined) });
  return { pen: pen as unknown as CanvasRenderingContext2D, dots };
}

const column = [0];
const scene = {
  tree: {
    length: 1,
    names: ["GET /"],
    services: ["web"],
    ids: ["aa"],
    parent: [-1],
    depth: column,
    descendants: column,
    start: column,
    duration: [1000],
    service: column,
    operation: column,
    status: column,
    flags: column,
    logs: [3],
  },
  rows: Int32Array.of(0),
  collapsed: new Set(),
  column: 300,
  view: { from: 0, to: 1000 },
  selected: -1,
  hovered: -1,
  matches: new Set(),
  colours: ["teal"],
  deepest: 0,
  logs: new Map([[0, [250, 1000, 5000]]]),
  tokens: { theme: "dark", colour: {}, band: {} },
} as unknown as Scene;

it("draws the dot of a log at the log's time, and none outside of the view", () => {
  const { pen, dots } = remembering();
  paintWaterfall(pen, { width: 1000, height: 200 }, scene, 0);
  const { left, right } = barArea(300, 1000);
  expect(dots).toEqual([left + (right - left) / 4, right]);
});
