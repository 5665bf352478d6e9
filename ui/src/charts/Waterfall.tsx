// The waterfall: one canvas for everything seen, a transparent scroller over it for what is touched and read aloud.
import {
  type PointerEvent,
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import { useMeasure } from "../design/useMeasure";
import { at, rowOf } from "../model/spanTree";
import { paint } from "./Canvas";
import { WaterfallRows } from "./WaterfallRows";
import { paintWaterfall } from "./waterfallPaint";
import {
  barArea,
  caretX,
  clampView,
  ROW,
  RULER,
  type Scene,
  type View,
  xToTime,
  zoomAround,
} from "./waterfallScene";
import "./waterfall.css";

type WaterfallProps = Omit<Scene, "hovered"> & {
  duration: number;
  onView: (view: View) => void;
  onSelect: (span: number) => void;
  onOpen: (span: number) => void;
  onToggle: (span: number) => void;
};

export function Waterfall({
  duration,
  onView,
  onSelect,
  onOpen,
  onToggle,
  ...still
}: WaterfallProps) {
  const [box, size] = useMeasure<HTMLDivElement>();
  const canvas = useRef<HTMLCanvasElement>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const frame = useRef(0);
  const settle = useRef<ReturnType<typeof setTimeout>>(undefined);
  const [hovered, setHovered] = useState(-1);
  const [firstRow, setFirstRow] = useState(0);
  const [band, setBand] = useState<{ left: number; width: number } | null>(null);
  const { tree, rows, collapsed, column, view, selected, matches, colours, deepest, logs, tokens } =
    still;
  const scene: Scene = useMemo(
    () => ({
      tree,
      rows,
      collapsed,
      column,
      view,
      selected,
      matches,
      colours,
      deepest,
      logs,
      tokens,
      hovered,
    }),
    [
      tree,
      rows,
      collapsed,
      column,
      view,
      selected,
      matches,
      colours,
      deepest,
      logs,
      tokens,
      hovered,
    ],
  );

  const draw = useCallback(() => {
    const element = canvas.current;
    if (!element || size.width === 0) return;
    const scroll = scroller.current?.scrollTop ?? 0;
    paint(element, size, (pen) => paintWaterfall(pen, size, scene, scroll));
  }, [scene, size]);
  useLayoutEffect(draw, [draw]);
  const onScroll = () => {
    cancelAnimationFrame(frame.current);
    frame.current = requestAnimationFrame(draw);
    // The rows read aloud follow ten times a second, which keeps React out of most frames.
    settle.current ??= setTimeout(() => {
      settle.current = undefined;
      setFirstRow(Math.floor((scroller.current?.scrollTop ?? 0) / ROW));
    }, 100);
  };
  useEffect(() => () => clearTimeout(settle.current), []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: follow the selection, not every change of the rows
  useEffect(() => {
    const element = scroller.current;
    const row = rowOf(rows, selected);
    if (!element || row < 0) return;
    const top = row * ROW;
    const tall = element.clientHeight;
    if (top < element.scrollTop) element.scrollTop = top - ROW;
    else if (top + ROW > element.scrollTop + tall) element.scrollTop = top - tall + ROW * 2;
  }, [selected]);

  const spanAt = (clientY: number): number => {
    const element = scroller.current;
    if (!element) return -1;
    const y = clientY - element.getBoundingClientRect().top + element.scrollTop;
    const row = Math.floor(y / ROW);
    return row >= 0 && row < rows.length ? at(rows, row) : -1;
  };
  const xOf = (clientX: number) => clientX - (box.current?.getBoundingClientRect().left ?? 0);

  const press = (down: PointerEvent<HTMLDivElement>) => {
    if (down.button !== 0) return;
    const from = xOf(down.clientX);
    // The scroll bar belongs to the browser.
    if (from > (scroller.current?.clientWidth ?? size.width)) return;
    const span = spanAt(down.clientY);
    if (from < column) {
      if (span < 0) return;
      const caret = caretX(scene, span);
      if (at(tree.descendants, span) > 0 && from >= caret - 6 && from <= caret + 14) onToggle(span);
      else onSelect(span);
      return;
    }
    const { left, right } = barArea(column, size.width);
    const inside = (x: number) => Math.min(right, Math.max(left, x));
    let to = from;
    const move = (event: globalThis.PointerEvent) => {
      to = xOf(event.clientX);
      if (Math.abs(to - from) < 4) return;
      const low = Math.min(inside(from), inside(to));
      setBand({ left: low, width: Math.max(inside(from), inside(to)) - low });
    };
    const end = () => {
      window.removeEventListener("pointermove", move);
      window.removeEventListener("pointerup", end);
      setBand(null);
      if (Math.abs(to - from) < 4) {
        if (span >= 0) onSelect(span);
        return;
      }
      const a = xToTime(scene, size.width, inside(Math.min(from, to)));
      const b = xToTime(scene, size.width, inside(Math.max(from, to)));
      onView(clampView(a, b, duration));
    };
    window.addEventListener("pointermove", move);
    window.addEventListener("pointerup", end);
  };

  const wheel = useRef<(event: globalThis.WheelEvent) => void>(() => undefined);
  wheel.current = (event) => {
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      const time = xToTime(scene, size.width, xOf(event.clientX));
      onView(zoomAround(view, time, Math.exp(event.deltaY * 0.0025), duration));
    } else if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
      event.preventDefault();
      const by = ((event.deltaX || event.deltaY) / 800) * (view.to - view.from);
      onView(clampView(view.from + by, view.to + by, duration));
    }
  };
  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    // React's own wheel listeners are passive and could not keep the browser from zooming the page.
    const hear = (event: globalThis.WheelEvent) => wheel.current(event);
    element.addEventListener("wheel", hear, { passive: false });
    return () => element.removeEventListener("wheel", hear);
  }, []);

  return (
    <div ref={box} className="waterfall">
      <canvas ref={canvas} aria-hidden />
      {band && (
        <div
          className="brush"
          style={{ left: band.left, width: band.width, top: RULER, bottom: 0 }}
        />
      )}
      <div
        ref={scroller}
        className="waterfall-scroll"
        style={{ top: RULER }}
        role="tree"
        aria-label="Spans"
        tabIndex={0}
        aria-activedescendant={selected >= 0 ? `span-${selected}` : undefined}
        data-testid="waterfall"
        onScroll={onScroll}
        onPointerDown={press}
        onPointerMove={(event) => setHovered(spanAt(event.clientY))}
        onPointerLeave={() => setHovered(-1)}
        onDoubleClick={(event) => {
          const span = spanAt(event.clientY);
          if (xOf(event.clientX) >= column) onView({ from: 0, to: duration });
          else if (span >= 0) onOpen(span);
        }}
      >
        <div style={{ height: rows.length * ROW, position: "relative" }}>
          <WaterfallRows
            tree={tree}
            rows={rows}
            collapsed={collapsed}
            selected={selected}
            first={Math.max(0, firstRow - 4)}
            count={Math.ceil(size.height / ROW) + 12}
          />
        </div>
      </div>
    </div>
  );
}
