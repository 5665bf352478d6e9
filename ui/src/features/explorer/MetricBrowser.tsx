// All metrics there are, by name: searched by words and labels, each one click from a first query.
import { useVirtualizer } from "@tanstack/react-virtual";
import { Plus } from "lucide-react";
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from "react";
import { useMetrics } from "../../backend/metrics";
import { useCatalogue } from "../../backend/prometheus";
import { useDebounced } from "../../design/useDebounced";
import { useKeys } from "../../design/useKeys";
import { type CatalogueEntry, found, type MetricKind, readSearch } from "../../model/catalogue";
import { matcher } from "../../model/labelSets";
import type { TimeRange } from "../../model/range";
import { receivedName } from "../../model/received";
import { exact } from "../../model/units";
import { Answered } from "../../panels/States";
import { Link } from "../../routes/Link";
import { toCardinality, toMetric } from "../../routes/links";
import { useParam } from "../../routes/useParam";

type MetricBrowserProps = {
  range: TimeRange;
  /** Writes the first query of a metric: in place of the current one, or as a further one. */
  onPick: (entry: CatalogueEntry, add: boolean) => void;
};

const ROW = 26;

/** `service=cart` narrows to what has it, `service=` to what has the label at all. */
function matchersOf(labels: readonly { label: string; value: string }[]): string[] {
  return labels.map(({ label, value }) =>
    value === "" ? matcher(label, "!=", "") : matcher(label, "=", value),
  );
}

export function MetricBrowser({ range, onPick }: MetricBrowserProps) {
  const [text, setText] = useParam("text");
  const [active, setActive] = useState(0);
  const search = readSearch(text);
  const matchers = useDebounced(matchersOf(search.matchers).join("\u0000"), 250);
  const state = useCatalogue(
    range,
    useMemo(() => matchers.split("\u0000").filter(Boolean), [matchers]),
  );
  const words = search.words.join(" ");
  const entries = useMemo(
    () => found(state.data ?? [], words.split(" ").filter(Boolean)),
    [state.data, words],
  );
  useKeys({ "/": () => document.getElementById("browser-text")?.focus() });
  const at = Math.min(active, entries.length - 1);
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    const entry = entries[at];
    if (event.key === "ArrowDown") setActive(Math.min(entries.length - 1, at + 1));
    else if (event.key === "ArrowUp") setActive(Math.max(0, at - 1));
    else if (event.key === "Enter" && entry) onPick(entry, event.shiftKey);
    else if (event.key === "Escape") event.currentTarget.blur();
    else return;
    event.preventDefault();
  };
  return (
    <aside className="browser" aria-label="Metric browser">
      <input
        id="browser-text"
        className="field browser-text"
        placeholder="Metric, type, unit, label=value…  /"
        aria-label="Find a metric"
        spellCheck={false}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setActive(0);
        }}
        onKeyDown={onKeyDown}
      />
      <Answered state={state} what="metrics">
        {(all) => (
          <>
            <p className="browser-total dim">
              {entries.length < all.length && `${exact(entries.length)} of `}
              {exact(all.length)} metric{all.length === 1 ? "" : "s"}
            </p>
            {entries.length === 0 && all.length + text.length > 0 && (
              <p className="browser-none ink2">
                Nothing here is like that.{" "}
                <button
                  type="button"
                  className="button"
                  data-size="small"
                  onClick={() => setText("")}
                >
                  Show all
                </button>
              </p>
            )}
            <BrowserList entries={entries} active={at} range={range} onPick={onPick} />
          </>
        )}
      </Answered>
    </aside>
  );
}

type BrowserListProps = MetricBrowserProps & { entries: readonly CatalogueEntry[]; active: number };

function BrowserList({ entries, active, range, onPick }: BrowserListProps) {
  const scroll = useRef<HTMLDivElement>(null);
  const received = useMetrics(range, false);
  const raw = useMemo(() => received.data?.metrics.map(({ name }) => name) ?? [], [received.data]);
  const rows = useVirtualizer({
    count: entries.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => ROW,
    overscan: 8,
  });
  useEffect(() => {
    if (active > 0) rows.scrollToIndex(active);
  }, [active, rows]);
  const chosen = entries[active];
  return (
    <>
      <div ref={scroll} className="browser-scroll">
        <ul style={{ height: rows.getTotalSize() }}>
          {rows.getVirtualItems().map(({ index, start }) => {
            const entry = entries[index];
            return (
              entry && (
                <li
                  key={entry.name}
                  style={{ transform: `translateY(${start}px)` }}
                  data-active={index === active}
                >
                  <button
                    type="button"
                    className="browser-row"
                    title={`${entry.name}\n${entry.help || "no help text"}`}
                    onClick={(event) => onPick(entry, event.ctrlKey || event.metaKey)}
                  >
                    <KindSign kind={entry.kind} />
                    <MiddleCut text={entry.name} />
                    <span className="dim browser-unit">{entry.unit === "1" ? "" : entry.unit}</span>
                  </button>
                  <button
                    type="button"
                    className="browser-add"
                    title="Add as a further query"
                    aria-label={`Add ${entry.name}`}
                    onClick={() => onPick(entry, true)}
                  >
                    <Plus size={12} />
                  </button>
                </li>
              )
            );
          })}
        </ul>
      </div>
      {chosen && <Chosen entry={chosen} received={receivedName(chosen.name, raw)} />}
    </>
  );
}

/** Names differ at their ends as often as at their beginnings: what is too long is cut before its last part. */
function MiddleCut({ text }: { text: string }) {
  const at = Math.max(0, text.length - 12);
  return (
    <span className="mono middle-cut">
      <span className="cut">{text.slice(0, at)}</span>
      <span>{text.slice(at)}</span>
    </span>
  );
}

const kindWords: Record<MetricKind, readonly [sign: string, word: string]> = {
  counter: ["C", "counter"],
  gauge: ["G", "gauge"],
  histogram: ["H", "histogram"],
  native: ["N", "native histogram"],
  summary: ["S", "summary"],
  unknown: ["?", "type unknown"],
};

function KindSign({ kind }: { kind: MetricKind }) {
  const [sign, word] = kindWords[kind];
  return (
    <span className="kind" data-kind={kind} title={word}>
      <span aria-hidden>{sign}</span>
      <span className="sr-only">{word}</span>
    </span>
  );
}

/** What is known of the metric that the keys stand on, and where else it can be seen. */
function Chosen({ entry, received }: { entry: CatalogueEntry; received: string | null }) {
  return (
    <div className="browser-chosen">
      <p className="mono cut" title={entry.name}>
        {entry.name}
      </p>
      <p className="ink2">
        {kindWords[entry.kind][1]}
        {entry.unit !== "" && ` · ${entry.unit}`}
      </p>
      {entry.help !== "" && <p className="ink2 browser-help">{entry.help}</p>}
      <p className="browser-links">
        <Link to={toCardinality(entry.name)} className="link">
          Series and labels
        </Link>
        {received && (
          <Link to={toMetric(received)} className="link">
            As received
          </Link>
        )}
      </p>
    </div>
  );
}
