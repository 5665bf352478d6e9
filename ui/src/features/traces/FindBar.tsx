// Find inside the trace: `/` comes here, Enter and n go on, p goes back, Escape clears.
import { ChevronDown, ChevronUp, Search } from "lucide-react";
import { Button } from "../../design/Button";
import { exact } from "../../model/units";
import type { Matches } from "./useMatches";
import { nextMatch } from "./useTraceKeys";
import type { TraceState } from "./useTraceState";

export const FIND_ID = "trace-find";

export function FindBar({ state, matches }: { state: TraceState; matches: Matches }) {
  const { rows } = matches;
  const place = rows.indexOf(state.selected) + 1;
  const go = (direction: 1 | -1) => {
    const span = nextMatch(rows, state.selected, direction);
    if (span >= 0) state.select(span);
  };
  const searching = state.query.trim().length >= 2;
  return (
    <search className="find-bar">
      <Search size={13} className="dim" aria-hidden />
      <input
        id={FIND_ID}
        className="find-field"
        placeholder="Find in trace  /"
        aria-label="Find in trace"
        value={state.query}
        spellCheck={false}
        onChange={(event) => state.setQuery(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter") go(event.shiftKey ? -1 : 1);
          else if (event.key === "Escape") {
            state.setQuery("");
            event.currentTarget.blur();
          } else return;
          event.preventDefault();
        }}
      />
      {searching && (
        <span
          className="find-count"
          role="status"
          title={matches.failed ? "Attributes could not be searched" : undefined}
        >
          {place > 0 ? `${exact(place)} of ` : ""}
          {exact(rows.length)}
          {matches.looking ? "…" : ""}
        </span>
      )}
      <Button
        tone="plain"
        size="small"
        icon
        aria-label="Previous match"
        disabled={rows.length === 0}
        onClick={() => go(-1)}
      >
        <ChevronUp size={13} />
      </Button>
      <Button
        tone="plain"
        size="small"
        icon
        aria-label="Next match"
        disabled={rows.length === 0}
        onClick={() => go(1)}
      >
        <ChevronDown size={13} />
      </Button>
    </search>
  );
}
