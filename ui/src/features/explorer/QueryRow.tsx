// One query: its letter (which switches it on and off), its editor, what the server said of it, and what can be done with it.
import { CircleAlert, Copy, Info, Pilcrow, TriangleAlert, X } from "lucide-react";
import { lazy, Suspense, useRef, useState } from "react";
import type { CompletionSource } from "../../backend/completion";
import { formatted } from "../../backend/prometheus";
import { Button } from "../../design/Button";
import type { Query } from "../../model/queries";
import { type QueryFault, readFault } from "../../model/queryFault";
import { pastQueries } from "./pastQueries";
import type { Queries } from "./useQueries";

// The editor brings CodeMirror and the grammar: a chunk of its own.
const PromqlEditor = lazy(() =>
  import("../../editor/PromqlEditor").then(({ PromqlEditor }) => ({ default: PromqlEditor })),
);

type QueryRowProps = {
  query: Query;
  queries: Queries;
  source: CompletionSource;
  notes: readonly QueryFault[];
  onRun: () => void;
  onFocus: () => void;
};

export function QueryRow({ query, queries, source, notes, onRun, onFocus }: QueryRowProps) {
  const { letter, on } = query;
  const text = queries.written(query);
  const [told, setTold] = useState<QueryFault | null>(null);
  const recalled = useRef(-1);
  const recall = (direction: 1 | -1) => {
    const past = pastQueries();
    const next = Math.min(past.length - 1, Math.max(0, recalled.current - direction));
    recalled.current = next;
    const found = past[next];
    if (found !== undefined) queries.write(letter, found);
  };
  const format = () => {
    if (text.trim() === "") return;
    formatted(text).then(
      (tidy) => queries.write(letter, tidy),
      (error: unknown) => setTold(readFault("error", error instanceof Error ? error.message : "")),
    );
  };
  const current = told ? [told] : text.trim() === query.text ? notes : [];
  return (
    <div className="query-row" data-off={!on}>
      <button
        type="button"
        className="query-letter"
        aria-pressed={on}
        aria-label={`Query ${letter} ${on ? "on" : "off"}`}
        title={on ? "Switch off" : "Switch on"}
        onClick={() => queries.change(letter, { on: !on })}
      >
        {letter}
      </button>
      <div className="query-text">
        <Suspense fallback={<div className="promql promql-waiting mono">{text}</div>}>
          <PromqlEditor
            text={text}
            label={`Query ${letter}`}
            source={source}
            faults={current}
            onChange={(next) => {
              setTold(null);
              queries.write(letter, next);
            }}
            onRun={() => {
              recalled.current = -1;
              onRun();
            }}
            onRecall={recall}
            onFormat={format}
            onFocus={onFocus}
          />
        </Suspense>
        <Notes notes={current} />
      </div>
      <div className="query-actions">
        <Button
          tone="plain"
          icon
          title="Format (Alt Shift F)"
          aria-label={`Format ${letter}`}
          onClick={format}
        >
          <Pilcrow size={13} />
        </Button>
        <Button
          tone="plain"
          icon
          title="Duplicate"
          aria-label={`Duplicate ${letter}`}
          disabled={queries.full}
          onClick={() => queries.duplicate(letter)}
        >
          <Copy size={13} />
        </Button>
        <Button
          tone="plain"
          icon
          title="Remove"
          aria-label={`Remove ${letter}`}
          onClick={() => queries.remove(letter)}
        >
          <X size={14} />
        </Button>
      </div>
    </div>
  );
}

const signs = {
  error: <CircleAlert size={13} className="bad" aria-hidden />,
  warning: <TriangleAlert size={13} className="warn" aria-hidden />,
  info: <Info size={13} className="dim" aria-hidden />,
};

function Notes({ notes }: { notes: readonly QueryFault[] }) {
  if (notes.length === 0) return null;
  return (
    <div className="query-notes">
      {notes.map(({ severity, message, place }) => (
        <p
          key={`${place?.line}:${place?.column} ${message}`}
          role={severity === "error" ? "alert" : undefined}
        >
          {signs[severity]}
          {place && (
            <span className="mono dim" title="Line and column">
              {place.line}:{place.column}
            </span>
          )}
          <span>{message}</span>
        </p>
      ))}
    </div>
  );
}
