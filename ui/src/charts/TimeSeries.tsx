// Lines over time by uPlot: the theme's colours, unit-aware axes, dots that open a trace, a brush for the range.
import { useEffect, useMemo, useRef } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { useMeasure } from "../design/useMeasure";
import { stacked } from "../model/stack";
import { drawMarks, type Mark, markAt } from "./exemplarMarks";
import { timeLabel } from "./timeAxis";
import { sans, useTokens } from "./tokens";
import "./canvas.css";

export type Line = {
  id: string;
  name: string;
  colour: string;
  times: number[];
  values: (number | null)[];
  shown: boolean;
};

/** How lines are drawn: as such, on top of each other, or as points alone. */
export type Drawn = "lines" | "stacked" | "points";

type TimeSeriesProps = {
  lines: readonly Line[];
  marks?: readonly Mark[];
  from: number;
  to: number;
  unit: (value: number) => string;
  label: string;
  drawn?: Drawn;
  onNarrow: (from: number, to: number) => void;
  onMark?: (mark: Mark) => void;
  onCursor?: (time: number | null) => void;
  /** The line that stands out; the others step back. */
  focused?: string | null;
};

function joined(lines: readonly Line[], drawn: Drawn): uPlot.AlignedData {
  const visible = lines.filter((line) => line.shown && line.times.length > 0);
  if (visible.length === 0) return [[], []];
  const data = uPlot.join(
    visible.map((line) => [line.times.map((ms) => ms / 1000), line.values] as uPlot.AlignedData),
  );
  return drawn === "stacked" ? (stacked(data as never) as uPlot.AlignedData) : data;
}

export function TimeSeries(props: TimeSeriesProps) {
  const { lines, from, to, label, drawn = "lines" } = props;
  const tokens = useTokens();
  const [box, size] = useMeasure<HTMLDivElement>();
  const plot = useRef<uPlot | null>(null);
  const latest = useRef(props);
  latest.current = props;
  const visible = lines.filter((line) => line.shown && line.times.length > 0);
  const shape = `${drawn} ${visible.map((line) => line.id + line.colour).join("|")}`;
  const aligned = useMemo(() => joined(lines, drawn), [lines, drawn]);

  // The plot is built anew only when its set of lines, the theme or its size changes; values flow in below.
  // biome-ignore lint/correctness/useExhaustiveDependencies: `shape` stands for the lines
  useEffect(() => {
    const host = box.current;
    if (!host || size.width === 0 || size.height === 0) return;
    const font = `11px ${sans}`;
    const axis = {
      font,
      stroke: tokens.colour["ink-3"],
      ticks: { show: false },
      grid: { stroke: tokens.colour["line-soft"], width: 1 },
    };
    const made = new uPlot(
      {
        width: size.width,
        height: size.height,
        legend: { show: false },
        padding: [10, 12, 0, 0],
        cursor: {
          drag: { x: true, y: false, setScale: false },
          points: { size: 6 },
          y: false,
        },
        focus: { alpha: 0.2 },
        scales: {
          x: { time: true, range: () => [latest.current.from / 1000, latest.current.to / 1000] },
          y: {
            range: (_, low, high) =>
              padded(drawn === "stacked" && low !== null ? Math.min(0, low) : low, high),
          },
        },
        axes: [
          {
            ...axis,
            size: 24,
            gap: 4,
            space: 90,
            values: (_, ticks) =>
              ticks.map((s) =>
                timeLabel(s * 1000, ((ticks[1] ?? s + 60) - (ticks[0] ?? s)) * 1000),
              ),
          },
          {
            ...axis,
            size: 68,
            gap: 6,
            values: (_, ticks) => ticks.map((value) => latest.current.unit(value)),
          },
        ],
        series: [
          {},
          ...visible.map((line) => ({
            label: line.name,
            stroke: line.colour,
            width: 1.5,
            ...(drawn === "stacked" ? { fill: veil(line.colour) } : {}),
            ...(drawn === "points" ? { paths: () => null } : {}),
            points: {
              show: drawn === "points" || line.times.length < 3,
              ...(drawn === "points"
                ? {}
                : { filter: (u: uPlot, at: number) => lonely([...(u.data[at] ?? [])]) }),
              size: drawn === "points" ? 4 : 5,
              fill: line.colour,
            },
          })),
        ],
        bands:
          drawn === "stacked"
            ? visible.slice(1).map((_, i): uPlot.Band => ({ series: [i + 2, i + 1] }))
            : [],
        hooks: {
          draw: [(u) => drawMarks(u, latest.current.marks ?? [], tokens)],
          setSelect: [
            (u) => {
              if (u.select.width < 4) return;
              const low = u.posToVal(u.select.left, "x") * 1000;
              const high = u.posToVal(u.select.left + u.select.width, "x") * 1000;
              u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
              latest.current.onNarrow(low, high);
            },
          ],
          setCursor: [
            (u) => {
              const at = u.cursor.idx;
              latest.current.onCursor?.(
                at === null || at === undefined ? null : (u.data[0][at] ?? 0) * 1000,
              );
            },
          ],
        },
      },
      aligned,
      host,
    );
    const click = (event: MouseEvent) => {
      const edge = made.over.getBoundingClientRect();
      const mark = markAt(
        made,
        latest.current.marks ?? [],
        event.clientX - edge.left,
        event.clientY - edge.top,
      );
      if (mark) latest.current.onMark?.(mark);
    };
    made.over.addEventListener("click", click);
    plot.current = made;
    return () => {
      made.destroy();
      plot.current = null;
    };
  }, [shape, size, tokens]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the range is read by the scale when the values are set
  useEffect(() => {
    plot.current?.setData(aligned);
  }, [aligned, from, to, props.marks]);

  const focused = visible.findIndex(({ id }) => id === props.focused);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new plot starts without a focus
  useEffect(() => {
    plot.current?.setSeries(focused < 0 ? null : focused + 1, { focus: focused >= 0 });
  }, [focused, shape, size, tokens]);

  return <div ref={box} className="time-series" role="img" aria-label={label} />;
}

/** A colour that what lies behind shines through. */
function veil(colour: string): string {
  return colour.replace(/\)$/, " / 0.35)");
}

/** Points with nothing on either side: no line is drawn to them, so that they need a dot. */
function lonely(values: readonly (number | null | undefined)[]): number[] {
  const known = values.flatMap((value, at) => (value === undefined ? [] : [{ at, value }]));
  return known
    .filter(
      ({ value }, i) =>
        value !== null &&
        (known[i - 1]?.value ?? null) === null &&
        (known[i + 1]?.value ?? null) === null,
    )
    .map(({ at }) => at);
}

function padded(low: number | null, high: number | null): [number, number] {
  if (low === null || high === null || !Number.isFinite(low)) return [0, 1];
  const bottom = low >= 0 && low < high * 0.6 ? 0 : low;
  if (bottom === high)
    return high === 0 ? [0, 1] : [Math.min(0, high * 1.2), Math.max(0, high * 1.2)];
  const room = (high - bottom) * 0.08;
  return [bottom === 0 ? 0 : bottom - room, high + room];
}
