// The found traces, one row each, drawn only where they show. Arrow keys walk, Enter opens.
import { useVirtualizer } from "@tanstack/react-virtual";
import { type RefObject, useEffect, useMemo, useRef, useState } from "react";
import { Button } from "../../design/Button";
import { SortButton } from "../../design/Sorter";
import { useKeys } from "../../design/useKeys";
import type { TraceSort } from "../../model/filters";
import { exact } from "../../model/units";
import { changeParams } from "../../routes/address";
import { goTo } from "../../routes/Link";
import { toTrace } from "../../routes/links";
import type { TraceList, TraceSummary } from "../../wire/api";
import { TraceRow } from "./TraceRow";

const ROW = 32;
/** The headings lie in the scroller with the rows: both lose the same width to a scroll bar, or none. */
const HEAD = 26;
/** The API gives no more in one answer. */
export const MOST_TRACES = 1000;

type Heading = { label: string; down: TraceSort; up?: TraceSort; className: string };

const headings: readonly (Heading | { label: string; className: string })[] = [
  { label: "Started", down: "newest", up: "oldest", className: "col-when" },
  { label: "Trace", className: "col-name" },
  { label: "Duration", down: "longest", up: "shortest", className: "col-duration" },
  { label: "Spans", down: "most_spans", className: "col-spans num" },
  { label: "Errors", down: "most_errors", className: "col-errors num" },
  { label: "Services", className: "col-services" },
  { label: "Id", className: "col-id" },
];

type TraceResultsProps = { found: TraceList; sort: TraceSort; limit: number };

export function TraceResults({ found, sort, limit }: TraceResultsProps) {
  const { traces } = found;
  const scroller = useRef<HTMLDivElement>(null);
  const [chosen, setChosen] = useState("");
  const { held, waiting } = useHeldWhileReading(traces, scroller, chosen !== "");
  const rows = useVirtualizer({
    count: held.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    scrollMargin: HEAD,
    scrollPaddingStart: HEAD,
    overscan: 12,
  });
  const longest = useMemo(() => usualLongest(held), [held]);
  const walk = (by: number) => {
    const from = held.findIndex(({ trace_id }) => trace_id === chosen);
    const to = Math.min(held.length - 1, Math.max(0, from + by));
    setChosen(held[to]?.trace_id ?? "");
    rows.scrollToIndex(to);
  };
  useKeys({
    ArrowDown: () => walk(1),
    ArrowUp: () => walk(-1),
    j: () => walk(1),
    k: () => walk(-1),
    Enter: () => chosen !== "" && goTo(toTrace(chosen)),
    Escape: () => setChosen(""),
  });
  return (
    <section className="panel trace-results" aria-label="Found traces">
      {waiting > 0 && (
        <button
          type="button"
          className="newer"
          onClick={() => {
            setChosen("");
            scroller.current?.scrollTo({ top: 0 });
          }}
        >
          {waiting} newer
        </button>
      )}
      <div className="trace-scroll" ref={scroller}>
        <div className="trace-row trace-head">
          {headings.map((heading) => (
            <span key={heading.label} className={heading.className}>
              {"down" in heading ? <SortHeading heading={heading} sort={sort} /> : heading.label}
            </span>
          ))}
        </div>
        <ol style={{ height: rows.getTotalSize(), position: "relative" }} aria-label="Traces">
          {rows.getVirtualItems().map((item) => {
            const trace = held[item.index];
            return (
              trace && (
                <TraceRow
                  key={trace.trace_id}
                  trace={trace}
                  top={item.start - HEAD}
                  longest={longest}
                  chosen={trace.trace_id === chosen}
                />
              )
            );
          })}
        </ol>
        {found.traces.length < found.matched && limit < MOST_TRACES && (
          <div className="trace-more">
            <Button
              onClick={() =>
                changeParams({ limit: String(Math.min(MOST_TRACES, limit * 5)) }, "replace")
              }
            >
              Show more of {exact(found.matched)}
            </Button>
          </div>
        )}
      </div>
    </section>
  );
}

function SortHeading({ heading, sort }: { heading: Heading; sort: TraceSort }) {
  const order =
    sort === heading.down ? "descending" : sort === heading.up ? "ascending" : undefined;
  const next = sort === heading.down && heading.up ? heading.up : heading.down;
  return (
    <SortButton
      order={order}
      onSort={() => changeParams({ sort: next === "newest" ? null : next })}
    >
      {heading.label}
    </SortButton>
  );
}

/** The full length of a duration bar: one outlier must not make all others a sliver. */
function usualLongest(traces: readonly TraceSummary[]): number {
  const sorted = traces.map(({ duration }) => duration).sort((a, b) => a - b);
  const most = sorted[sorted.length - 1] ?? 1;
  const usual = sorted[Math.floor(sorted.length * 0.98)] ?? most;
  return Math.max(1, most > usual * 3 ? usual * 1.2 : most);
}

/** While someone has scrolled down or walks the rows, newer answers wait, so that nothing jumps under the eye. */
function useHeldWhileReading(
  traces: readonly TraceSummary[],
  scroller: RefObject<HTMLDivElement | null>,
  walking: boolean,
): { held: readonly TraceSummary[]; waiting: number } {
  const [reading, setReading] = useState(false);
  const shown = useRef(traces);
  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const look = () => setReading(element.scrollTop > ROW);
    element.addEventListener("scroll", look, { passive: true });
    return () => element.removeEventListener("scroll", look);
  }, [scroller]);
  const sameSearch = shown.current.length > 0 && traces.length > 0 && (reading || walking);
  if (!sameSearch || traces.length > shown.current.length * 2) shown.current = traces;
  const newest = shown.current[0]?.trace_id;
  const at = traces.findIndex(({ trace_id }) => trace_id === newest);
  return { held: shown.current, waiting: shown.current === traces ? 0 : Math.max(0, at) };
}
